import { describe, expect, it } from 'vitest'
import { startSmtpSink } from '../../src/target/outbox/smtp-sink.ts'
import { preflight } from '../../src/target/preflight.ts'
import { fakeProvisioningApi, key, secret } from './fake-provisioning-api.ts'
import { hostile, sendJson, serve } from './servers.ts'
import { open } from './targets.ts'

const options = { emailDomain: 'example.test' }

const targetAt = async (url: string, http: { timeoutMs?: number } = {}, secrets: string[] = []) => {
  const api = {
    driver: 'cloudinary-provisioning-api',
    baseUrl: url,
    accountId: 'acc/1',
    key: 'marker-key',
    secret: 'marker-secret',
  } as const
  return open(
    {
      http,
      saml: { acs: `${url}/acs`, audience: 'urn:sp', start: `${url}/login?email={email}` },
      session: { url: `${url}/me`, identity: '/email' },
      passwordLogin: { driver: 'http', url: `${url}/password` },
      accounts: api,
      admin: { driver: 'reference', baseUrl: `${url}/admin/api`, token: 'marker-token' },
      outbox: { driver: 'http', baseUrl: url, read: { url: '/mail' } },
      scim: { baseUrl: `${url}/scim/v2`, auth: { type: 'header', value: 'Bearer marker-token' } },
    },
    {},
    secrets,
  )
}

describe('an SP that behaves badly is a finding, not an exception', () => {
  it.each([
    ['down', 'unreachable'],
    ['hangs', 'timeout'],
    ['hangs in the middle', 'timeout'],
    ['closes the connection', 'reset'],
    ['closes it in the middle', 'reset'],
    ['speaks something else', 'not-http'],
    ['redirects for ever', 'redirect-loop'],
    ['sends 50 MB', 'too-large'],
    ['answers 429', 'rate-limited'],
    ['answers 500', 'server-error'],
    ['is not HTML', 'not-html'],
  ])('%s: %s', async (name, code) => {
    const url = (await hostile[name]?.()) ?? ''
    const target = await targetAt(url, name.startsWith('hangs') ? { timeoutMs: 60 } : {}, [
      'marker-key',
      'marker-secret',
      'marker-token',
    ])
    const report = await preflight(target, options)
    const found = Object.fromEntries(report.ports.map(({ port, ...rest }) => [port, rest]))
    expect(report.ports).toHaveLength(8)
    expect(report.ok).toBe(false)
    expect(found['acs']).toMatchObject({
      code,
      message: expect.stringContaining(url),
      hint: expect.stringMatching(/\w/),
    })
    // What breaks the ACS breaks the APIs too, each in its words.
    for (const port of ['accounts', 'admin', 'outbox']) expect(found[port]?.state).toBe('failed')
    // A SCIM server is asked without a credential: what must be a refusal is answered as if it were none.
    const taken = code === 'redirect-loop' || code === 'not-html'
    expect(found['scim']?.state).toBe(taken ? 'warning' : 'failed')
    expect(JSON.stringify(report)).not.toContain('marker')
  })
})

describe('an SP that is there', () => {
  it('shows what can be observed, and how to observe the rest', async () => {
    const api = await fakeProvisioningApi()
    const sink = await startSmtpSink()
    const url = await serve((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://x')
      response.sendDate = false
      response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString())
      if (pathname === '/acs') response.writeHead(400).end('no Response')
      else if (pathname === '/login') response.writeHead(302, { location: '/idp?SAMLRequest=x' }).end()
      else if (pathname === '/me') sendJson(response, 401, {})
      else if (pathname === '/password') response.writeHead(401).end()
      else if (pathname === '/scim/v2/Users') sendJson(response, 401, { status: '401' })
      else response.end('the IdP')
    })
    const target = await open(
      {
        saml: { acs: `${url}/acs`, audience: 'urn:sp', start: `${url}/login?email={email}` },
        session: { url: `${url}/me`, identity: '/email' },
        passwordLogin: { driver: 'http', url: `${url}/password` },
        accounts: { driver: 'cloudinary-provisioning-api', baseUrl: api.baseUrl, accountId: 'acc/1', key, secret },
        outbox: { driver: 'smtp' },
        scim: { baseUrl: `${url}/scim/v2/`, auth: { type: 'header', value: 'Bearer x' } },
      },
      { outboxUrl: sink.url },
    )
    const report = await preflight(target, options)
    await sink.stop()
    expect(report.ok).toBe(true)
    expect(report.ports.map(({ port, state, code }) => `${port}: ${state} ${code}`)).toEqual([
      'acs: ok reached',
      'start: ok reached',
      'session: ok reached',
      'passwordLogin: ok reached',
      'accounts: ok reached',
      'admin: absent absent',
      'outbox: ok reached',
      'scim: ok reached',
    ])
    expect(report.ports[4]?.message).toContain('prod, staging')
    expect(report.ports[5]?.hint).toMatch(/Give target\.admin/)
    expect(report.verbs.find(({ verb }) => verb === 'admin.enforce')).toMatchObject({
      available: false,
      how: expect.stringMatching(/enforce/),
    })
    expect(report.verbs.find(({ verb }) => verb === 'accounts.find')).toEqual({
      verb: 'accounts.find',
      title: 'reading one account',
      available: true,
    })
    expect(Math.round((report.clockOffsetMs ?? 0) / 100_000)).toBe(36)
    expect(api.users.size).toBe(0)
  })

  it('sees a target that cannot tell who is logged in, or lets everybody in', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/acs') response.writeHead(404).end()
      else sendJson(response, 200, request.url === '/mail' ? [{ to: 'x' }] : { email: 'always@example.test', id: '1' })
    })
    const report = await preflight(
      await open({
        saml: { acs: `${url}/acs`, audience: 'urn:sp', start: `${url}/login?email={email}` },
        session: { url: `${url}/me`, identity: '/email' },
        passwordLogin: { driver: 'http', url: `${url}/password` },
        scim: { baseUrl: `${url}/scim/v2`, auth: { type: 'header', value: 'Bearer x' } },
      }),
      options,
    )
    expect(report.ports.map(({ port, code }) => `${port}: ${code}`)).toEqual([
      'acs: not-found',
      'start: no-authn-request',
      'session: always-logged-in',
      'passwordLogin: anyone-logs-in',
      'accounts: absent',
      'admin: absent',
      'outbox: absent',
      'scim: open',
    ])
    expect(report.ok).toBe(false)
  })

  it('says where the SCIM server is not', async () => {
    const url = await serve((_, response) => response.writeHead(404).end())
    const target = await open({ scim: { baseUrl: `${url}/scm`, auth: { type: 'header', value: 'Bearer x' } } })
    const { ports } = await preflight(target, options)
    expect(ports.find(({ port }) => port === 'scim')).toMatchObject({
      state: 'failed',
      code: 'not-found',
      message: expect.stringContaining(`${url}/scm/Users`),
    })
  })
})
