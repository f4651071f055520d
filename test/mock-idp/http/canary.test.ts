import { expect, it } from 'vitest'
import { get, startIdp } from './helpers.ts'

it('the canary says its own name, and who called it is in the journal', async () => {
  const idp = await startIdp()
  const answer = await get(`${idp.url}/default/canary/abc123`, { 'user-agent': 'an XML parser' })
  expect(await answer.text()).toBe('idpact-canary-abc123')
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
  const { entries } = await idp.org().journal.read()
  expect(entries.filter(({ kind }) => kind === 'canary-called')).toMatchObject([
    { summary: expect.stringContaining('an XML parser'), details: { canary: 'abc123' } },
  ])
  expect((await get(`${idp.url}/nobody/canary/abc123`)).status).toBe(404)
})
