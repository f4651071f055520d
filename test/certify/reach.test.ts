import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { startReferenceSp } from '../../src/reference-sp/index.ts'
import type { Report } from '../../src/report/model.ts'
import { folderForReferenceSp } from './fixtures/reference-target.ts'
import { certifyIn, folderFor, freePort, type SmallSp, startSmallSp } from './fixtures/small-sp.ts'

const outcomesOf = (report: Report): Record<string, string> =>
  Object.fromEntries(report.scenarios.map(({ name, outcome }) => [name, outcome]))

/** What else a report finds is another test's matter. */
const ofReach = ({ findings }: Report) => findings.filter(({ code }) => code.endsWith('-not-reached'))

describe('the metadata URL', () => {
  let sp: SmallSp
  beforeEach(async () => {
    sp = await startSmallSp()
  })
  afterEach(() => sp.stop())

  /** Answers as it always does; `onUrl` is what the SP does with the URL that it is told. */
  const toldTheUrl = (onUrl: (url: string) => Promise<number>): void => {
    sp.answer = async (request, response) => {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      const told = request.url === '/admin/metadata-url'
      const usual = request.url === '/me' ? 401 : request.url === '/acs' ? 400 : 200
      const status = told ? await onUrl((JSON.parse(body) as { url: string }).url) : usual
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
    }
  }

  it('is not fetched: what is missing for want of it is not held against the service provider', async () => {
    toldTheUrl(async () => 200)
    const { report, events } = await certifyIn(await folderFor(sp.url), 'reach.feature')
    expect(outcomesOf(report)).toEqual({
      'Something is missing': 'inconclusive',
      'Somebody was let in': 'failed',
      'Nothing is missing': 'passed',
      'Something else is missing': 'failed',
    })
    const missing = report.scenarios.find(({ name }) => name === 'Something is missing')
    expect(missing?.failure).toMatchObject({
      code: 'metadata-not-reached',
      actual: expect.stringMatching(/did not reach the mock IdP at 127\.0\.0\.1:\d+: it was told the URL/),
      hint: expect.stringContaining('Set idp.publicUrl'),
    })
    expect(ofReach(report)).toMatchObject([
      { code: 'metadata-not-reached', scenarios: [expect.anything(), expect.anything(), expect.anything()] },
    ])
    expect(events).toContainEqual({ type: 'note', message: expect.stringContaining('idp.publicUrl') })
  })

  it('cannot be taken: the phase does not begin, and the report says why', async () => {
    toldTheUrl(async () => 502)
    const { report } = await certifyIn(await folderFor(sp.url), 'reach.feature')
    const rests = report.scenarios.filter(({ requirements }) => requirements.includes('CLD-SAML-04'))
    expect(rests.map(({ outcome }) => outcome)).toEqual(['inconclusive', 'inconclusive', 'inconclusive'])
    expect(rests[0]?.failure).toMatchObject({
      code: 'metadata-not-reached',
      actual: expect.stringMatching(/does not take the URL: .*502/),
    })
  })

  it('is fetched: then the scenarios judge', async () => {
    toldTheUrl(async (url) => (await fetch(url)).status)
    const { report } = await certifyIn(await folderFor(sp.url), 'reach.feature')
    expect(outcomesOf(report)).toMatchObject({ 'Something is missing': 'failed', 'Nothing is missing': 'passed' })
    expect(ofReach(report)).toEqual([])
  })

  it('is not told where settings must not be touched: that is said, and not that something was not reached', async () => {
    const cwd = await folderFor(sp.url)
    const saved = { target: 'https://other.example.test/acs', at: '2026-01-01T00:00:00.000Z', snapshot: {} }
    await writeFile(join(cwd, '.idpact', 'settings-before.json'), JSON.stringify(saved))
    const { report } = await certifyIn(cwd, 'reach.feature')
    expect(ofReach(report)).toEqual([])
    expect(report.scenarios[0]?.failure).toMatchObject({ code: 'settings', actual: expect.stringMatching(/other\./) })
    expect(sp.seen.filter((one) => one.startsWith('PUT'))).toEqual([])
  })

  it('is not asked of a service provider that no scenario needs it of', async () => {
    const filter = { requirements: ['CLD-SAML-05'], scenarios: [] }
    const { report } = await certifyIn(await folderFor(sp.url), 'reach.feature', { filter })
    expect(ofReach(report)).toEqual([])
    expect(sp.seen).not.toContain('PUT /admin/metadata-url')
  })
})

describe('a reference SP of its own', () => {
  const certifyReferenceSp = async (requirements: string[], { defects = [] as string[], deaf = false } = {}) => {
    const outboxPort = await freePort()
    const smtp = { host: '127.0.0.1', port: deaf ? await freePort() : outboxPort }
    const sp = await startReferenceSp({ smtp, defects })
    onTestFinished(() => sp.stop())
    const cwd = await folderForReferenceSp(sp.info, outboxPort)
    const { report } = await certifyIn(cwd, '', { suite: undefined, filter: { requirements, scenarios: [] } })
    const { baseUrl, accountId } = sp.info.provisioningApi
    const accounts = `${baseUrl.replace(/\/accounts.*$/, '')}/accounts/${accountId}/users`
    const users = await fetch(accounts, { headers: { authorization: basic(sp.info) } })
    return { report, left: await users.text() }
  }
  const basic = ({ provisioningApi: { key, secret } }: { provisioningApi: { key: string; secret: string } }): string =>
    `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`

  it('reaches both: everything passes, and nothing is left there', async () => {
    const { report, left } = await certifyReferenceSp(['CLD-SAML-04', 'CLD-SAML-10'])
    expect(Object.values(outcomesOf(report)).every((outcome) => outcome === 'passed')).toBe(true)
    expect(ofReach(report)).toEqual([])
    expect(report.leftovers).toEqual([])
    expect(left).toContain('"users"')
    expect(left).not.toContain('-reach@')
  })

  it('does not reach the outbox: a missing invitation is not held against it', async () => {
    const { report, left } = await certifyReferenceSp(['CLD-SAML-10'], { deaf: true })
    expect(report.requirements).toMatchObject([{ id: 'CLD-SAML-10', outcome: 'inconclusive' }])
    expect(report.scenarios[0]?.failure).toMatchObject({
      code: 'mail-not-reached',
      actual: expect.stringMatching(/No mail of the service provider reached the outbox at 127\.0\.0\.1:\d+/),
      hint: expect.stringContaining('target.outbox'),
    })
    expect(ofReach(report)).toContainEqual(expect.objectContaining({ code: 'mail-not-reached' }))
    expect(left).not.toContain('-reach@')
  })

  it('reaches both and breaks its word: that stays its failure', async () => {
    const { report } = await certifyReferenceSp(['CLD-SAML-04', 'CLD-SAML-10'], {
      defects: ['CLD-SAML-04', 'CLD-SAML-10'],
    })
    expect(report.verdict.exitCode).toBe(1)
    expect(report.requirements).toMatchObject([{ outcome: 'failed' }, { outcome: 'failed' }])
  })
})
