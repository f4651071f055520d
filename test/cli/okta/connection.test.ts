import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { double } from './engine-double.ts'
import { type Okta, startOkta } from './start.ts'

const secret = 'marker-5ecr3t'
const baseUrl = 'https://sp.test/scim/v2'
const oauth = [
  ...['--token-url', 'https://sp.test/token', '--authorization-url', 'https://sp.test/auth?scope=openid offline'],
  ...['--client-id', 'me'],
]

describe('idpact okta connection', () => {
  it.each([
    ['basic', ['set-basic', baseUrl, '--username', 'scim'], 'password', { username: 'scim', password: secret }],
    ['header', ['set-header', baseUrl, '--header', 'X-Token'], 'token', { name: 'X-Token', value: secret }],
    ['oauth2', ['set-oauth2', baseUrl, ...oauth], 'client-secret', { clientId: 'me', clientSecret: secret }],
  ])('is set for %s, with a secret from three places that is printed nowhere', async (type, args, name, auth) => {
    const { attempt } = await startOkta()
    const ways = [
      await attempt(['okta', 'connection', ...args, `--${name}`, secret]),
      await attempt(['okta', 'connection', ...args, `--${name}-env`, 'S'], { env: { S: secret } }),
      await attempt(['okta', 'connection', ...args, `--${name}-stdin`, '--json'], { stdin: `${secret}\nmore` }),
    ]
    for (const { code, stdout, stderr } of ways) {
      expect(code).toBe(0)
      expect(stdout).toContain(baseUrl)
      expect(stdout + stderr).not.toContain(secret)
    }
    expect(double.settings).toMatchObject({ baseUrl, auth: { type, ...auth } })
    const shown = await attempt(['okta', 'connection', 'show'])
    expect(shown.stdout).toMatch(/^redirect URI +http:\/\/127\.0\.0\.1:9\/callback$/m)
    expect(shown.stdout).not.toContain(secret)
  })

  it.each([
    [[], /Expected one of --password, --password-env and --password-stdin, found 0/],
    [['--password', secret, '--password-env', 'S'], /found 2/],
    [['--password-env', 'NONE'], /the environment variable NONE/],
    [['--password-stdin'], /in stdin/],
  ])('refuses %j for a secret', async (given, message) => {
    const { attempt } = await startOkta()
    const args = ['okta', 'connection', 'set-basic', baseUrl, '--username', 'scim', ...given]
    const { code, stderr } = await attempt(args, { env: { S: secret } })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain(secret)
    expect(double.settings).toBeUndefined()
  })

  it('is tested; what the service provider says ends with exit code 3', async () => {
    const { okta, attempt } = await startOkta()
    expect(await okta('connection', 'test')).toBe('The service provider answers.\n')
    double.testProblem = 'The service provider answered 401'
    expect(await attempt(['okta', 'connection', 'test'])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('answered 401'),
    })
  })

  it('is authorized at a URL, and removed', async () => {
    const { okta, attempt } = await startOkta()
    await attempt(['okta', 'connection', 'set-oauth2', baseUrl, ...oauth, '--client-secret', secret])
    expect(await okta('connection', 'authorize')).toBe('http://127.0.0.1:9/authorize\n')
    await okta('connection', 'remove')
    expect((await attempt(['okta', 'connection', 'show'])).code).toBe(2)
  })

  it('sends a new password on only where Sync Password is on', async () => {
    const { okta, attempt } = await startOkta()
    const args = ['okta', 'password', 'ada@example.test', '--password-env', 'P']
    expect((await attempt(args, { env: { P: secret } })).stderr).toContain('provisioning on sync-password')
    await okta('provisioning', 'on', 'sync-password')
    const { code, stdout } = await attempt(args, { env: { P: secret } })
    expect(code).toBe(0)
    expect(stdout).not.toContain(secret)
    await okta('tasks', 'wait')
    expect(double.ran).toMatchObject([{ kind: 'password', payload: { password: secret } }])
  })
})

describe('idpact connect', () => {
  let server: Server | undefined
  afterEach(() => server?.close())

  /** A place to consent at: whoever comes has consented, or declined. */
  const consentAt = async ({ org }: Okta, after: Partial<typeof double>): Promise<void> => {
    await org.connection.set({
      baseUrl,
      auth: {
        type: 'oauth2',
        tokenUrl: 'https://sp.test/token',
        authorizationUrl: 'https://sp.test/auth',
        clientId: 'me',
        clientSecret: secret,
      },
    })
    server = createServer((_req, res) => {
      Object.assign(double, after)
      res.end()
    })
    await new Promise<void>((done) => server?.listen(0, '127.0.0.1', done))
    double.authorizationUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/authorize`
  }

  const folder = (module: string): string => {
    const cwd = mkdtempSync(join(tmpdir(), 'idpact-connect-'))
    writeFileSync(join(cwd, 'consent.mjs'), module)
    return cwd
  }
  const visiting = 'export default async (url) => { await fetch(url) }\n'
  const connect = ['connect', '--consent', 'consent.mjs']

  it('consents by a module', async () => {
    const okta = await startOkta()
    await consentAt(okta, { state: 'connected' })
    const { code, stdout, stderr } = await okta.attempt(connect, { cwd: folder(visiting) })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${baseUrl} is connected\n`, stderr: '' })
    double.authorizationUrl = 'nowhere'
    expect((await okta.attempt(connect, { cwd: folder(visiting) })).stdout).toBe(`${baseUrl} is connected\n`)
  })

  it('ends with exit code 3 when consent was declined, or the module throws', async () => {
    const okta = await startOkta()
    await consentAt(okta, { problem: 'access_denied' })
    expect(await okta.attempt(connect, { cwd: folder(visiting) })).toMatchObject({
      code: 3,
      stdout: `${baseUrl} is not-authorized: access_denied\n`,
    })
    const cwd = folder("export default () => { throw new Error('no such button') }\n")
    expect(await okta.attempt(connect, { cwd })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no such button'),
    })
  })

  it('prints the URL for a browser, and says so when nobody consented in time', async () => {
    const okta = await startOkta()
    await consentAt(okta, {})
    const { code, stderr } = await okta.attempt(['connect', '--timeout', '1'])
    expect(code).toBe(3)
    expect(stderr).toContain(double.authorizationUrl)
    expect(stderr).toMatch(/Nobody consented within 1 seconds/)
  })

  it('takes tokens from the environment, and says where rotated ones are', async () => {
    const okta = await startOkta()
    await consentAt(okta, {})
    const env = { A: 'access-token', R: 'refresh-token' }
    const args = ['connect', '--access-token-env', 'A', '--refresh-token-env', 'R', '--expires-in', '60']
    const { code, stdout, stderr } = await okta.attempt(args, { env })
    expect(code).toBe(0)
    expect(double.tokens).toEqual({ accessToken: 'access-token', refreshToken: 'refresh-token', expiresInSeconds: 60 })
    expect(stderr).toMatch(/rotates.*only in the mock IdP/)
    expect(stdout + stderr).not.toMatch(/access-token|refresh-token/)
  })

  it.each([
    [['--access-token-env', 'NONE'], /environment variable NONE is not set/],
    [['--refresh-token-env', 'R'], /--access-token-env/],
    [['--access-token-env', 'R', '--consent', 'x.mjs'], /Tokens and a consent/],
    [['--consent', 'none.mjs'], /none\.mjs cannot be loaded/],
    [['--consent', 'consent.mjs'], /function as default, found undefined/],
    [['--timeout', 'soon'], /whole number of seconds/],
  ])('refuses %j', async (args, message) => {
    const okta = await startOkta()
    await consentAt(okta, {})
    const cwd = folder('export const a = 1\n')
    const { code, stderr } = await okta.attempt(['connect', ...args], { cwd, env: { R: 'token' } })
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
