/** The mock Okta as a client of OAuth 2: what it sends, and what it makes of what a token endpoint answers. */
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { authorizationUrl, exchangeCode, type OAuthSettings, refresh } from '../../../mock-idp/scim/oauth-client.ts'
import { type Answer, type ScimServer, type Seen, startScimServer } from './scim-server.ts'

let server: ScimServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const settings = (more: Partial<OAuthSettings> = {}): OAuthSettings => ({
  type: 'oauth2',
  tokenUrl: `${server?.origin ?? 'https://sp.test'}/token`,
  authorizationUrl: 'https://sp.test/oauth2/auth?scope=openid offline provision:scim',
  clientId: 'okta client',
  clientSecret: 's3cret: 100%+ü',
  clientAuth: 'basic',
  ...more,
})

describe('the authorization URL', () => {
  const own = { redirectUri: 'https://idp.test/cb?a=1&b=2', state: 'a b+c' }
  const parametersOf = (url: string) => [...new URL(url).searchParams]
  const ours = [
    ['response_type', 'code'],
    ['client_id', 'okta client'],
    ['redirect_uri', 'https://idp.test/cb?a=1&b=2'],
    ['state', 'a b+c'],
  ]

  test('keeps the query that is there, raw spaces and all', () => {
    const url = authorizationUrl(settings(), own)
    expect(url).toBe(
      'https://sp.test/oauth2/auth?scope=openid%20offline%20provision%3Ascim&response_type=code&client_id=okta%20client&redirect_uri=https%3A%2F%2Fidp.test%2Fcb%3Fa%3D1%26b%3D2&state=a%20b%2Bc',
    )
    expect(parametersOf(url)).toEqual([['scope', 'openid offline provision:scim'], ...ours])
  })

  test.each([
    ['no query', 'https://sp.test/auth', []],
    ['an empty query', 'https://sp.test/auth?', []],
    ['encoded already', 'https://sp.test/auth?scope=openid%20offline', [['scope', 'openid offline']]],
    ['encoded as a form', 'https://sp.test/auth?scope=openid+offline', [['scope', 'openid offline']]],
    ['our own names', 'https://sp.test/auth?state=x&client_id=y&state=z&audience=q', [['audience', 'q']]],
    ['a fragment', 'https://sp.test/auth?audience=q#top', [['audience', 'q']]],
    ['a question mark in a value', 'https://sp.test/auth?x=a?b', [['x', 'a?b']]],
    ['a broken escape', 'https://sp.test/a%zz?x=%zz', [['x', '%zz']]],
  ])('of an address with %s', (_name, configured, kept) => {
    const url = authorizationUrl(settings({ authorizationUrl: configured }), own)
    expect(parametersOf(url)).toEqual([...kept, ...ours])
    expect(url).not.toContain('#')
  })

  test.each(['javascript:alert(1)', 'sp.test/auth', '/auth'])('is none of %s', (configured) => {
    expect(() => authorizationUrl(settings({ authorizationUrl: configured }), own)).toThrow(
      expect.objectContaining({ code: 'bad-authorization-url' }),
    )
  })
})

const context = { now: 1_000_000, timeoutMs: 5_000 }
const answering = async (answer: (request: Seen) => Answer | 'hang' | 'reset'): Promise<ScimServer> => {
  server = await startScimServer(answer)
  return server
}
const good: Answer = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: { access_token: 'a1', token_type: 'Bearer', expires_in: 60, refresh_token: 'r1', id_token: 'not.looked.at' },
}
const formIn = (seen: Seen | undefined) => Object.fromEntries(new URLSearchParams(String(seen?.body)))

describe('what is sent', () => {
  test('a code, with the client in the header, each half form-encoded', async () => {
    const { seen } = await answering(() => good)
    const tokens = await exchangeCode(settings(), { code: 'c&d', redirectUri: 'https://idp.test/cb' }, context)
    expect(tokens).toEqual({ accessToken: 'a1', refreshToken: 'r1', obtainedAt: 1_000_000, expiresAt: 1_060_000 })
    expect(seen[0]).toMatchObject({
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        authorization: `Basic ${btoa('okta+client:s3cret%3A+100%25%2B%C3%BC')}`,
      },
    })
    expect(formIn(seen[0])).toEqual({
      grant_type: 'authorization_code',
      code: 'c&d',
      redirect_uri: 'https://idp.test/cb',
    })
  })

  test('a refresh token, with the client in the body', async () => {
    const { seen } = await answering(() => good)
    await refresh(settings({ clientAuth: 'body' }), 'r0', context)
    expect(seen[0]?.headers['authorization']).toBeUndefined()
    expect(formIn(seen[0])).toEqual({
      grant_type: 'refresh_token',
      refresh_token: 'r0',
      client_id: 'okta client',
      client_secret: 's3cret: 100%+ü',
    })
  })
})

describe('what is made of the answer', () => {
  const refreshing = () => refresh(settings(), 'the-old-refresh-token', context)

  test('a server that rotates, and one that does not', async () => {
    await answering(() => good)
    expect((await refreshing()).refreshToken).toBe('r1')
    await server?.close()
    await answering(() => ({ status: 200, body: { access_token: 'a2', token_type: 'bearer' } }))
    expect(await refreshing()).toEqual({
      accessToken: 'a2',
      refreshToken: 'the-old-refresh-token',
      obtainedAt: 1_000_000,
      expiresAt: undefined,
    })
  })

  test('a lifetime that is written as text', async () => {
    await answering(() => ({ status: 200, body: { access_token: 'a', token_type: 'bearer', expires_in: '10' } }))
    expect((await refreshing()).expiresAt).toBe(1_010_000)
  })

  test.each([
    ['invalid_grant', 400, 'unauthorized', /refused with 400 invalid_grant: it was revoked$/],
    ['invalid_client', 401, 'refused', /refused with 401 invalid_client: it was revoked$/],
    ['slow_down', 429, 'rate-limited', /429 slow_down/],
    ['server_error', 503, 'server-error', /503 server_error/],
  ])('the error %s with %i', async (error, status, kind, message) => {
    await answering(() => ({
      status,
      headers: { 'retry-after': '7' },
      body: { error, error_description: 'it was revoked' },
    }))
    await expect(refreshing()).rejects.toMatchObject({
      kind,
      status,
      retryAfter: '7',
      message: expect.stringMatching(message),
    })
  })

  test.each([
    [
      'HTML with 200',
      { status: 200, body: '<h1>Sign in</h1>' },
      'bad-answer',
      /"<h1>Sign in<\/h1>", which is not JSON/,
    ],
    ['HTML with 500', { status: 500, body: '<h1>Oops</h1>' }, 'server-error', /refused with 500 "<h1>Oops<\/h1>"/],
    ['JSON that is no object', { status: 200, body: '[1]' }, 'bad-answer', /not with tokens/],
    ['no access token', { status: 200, body: { token_type: 'bearer' } }, 'bad-answer', /access_token: /],
    [
      'a token with a line break',
      { status: 200, body: { access_token: 'a\r\nx: y', token_type: 'bearer' } },
      'bad-answer',
      /access_token: expected printable ASCII/,
    ],
    [
      'another type of token',
      { status: 200, body: { access_token: 'a', token_type: 'mac' } },
      'bad-answer',
      /token_type: expected Bearer/,
    ],
    [
      'a lifetime that is none',
      { status: 200, body: { access_token: 'a', token_type: 'bearer', expires_in: -1 } },
      'bad-answer',
      /expires_in: /,
    ],
    ['10 MB', { status: 200, body: Buffer.alloc(10_000_000, 32) }, 'bad-answer', /more than 64 kB/],
    ['a reset', 'reset' as const, 'connection', /could not be reached: (ECONNRESET|UND_ERR_SOCKET)/],
  ])('%s', async (_name, answer, kind, message) => {
    await answering(() => answer as Answer)
    await expect(refreshing()).rejects.toMatchObject({ kind, message: expect.stringMatching(message) })
  })

  test('a redirect is not followed: the secret goes nowhere else', async () => {
    const { seen } = await answering(({ url }) =>
      url === '/token' ? { status: 307, headers: { location: '/elsewhere' } } : good,
    )
    await expect(refreshing()).rejects.toMatchObject({
      kind: 'redirect',
      message: expect.stringMatching(/307, a redirect to \/elsewhere/),
    })
    expect(seen.map(({ url }) => url)).toEqual(['/token'])
  })

  test('a server that never answers, and one that never ends its answer', async () => {
    await answering(() => 'hang')
    const slow = { ...context, timeoutMs: 30 }
    const late = { kind: 'timeout', message: expect.stringMatching(/did not answer within 0\.03 s/) }
    await expect(refresh(settings(), 'r', slow)).rejects.toMatchObject(late)
    const dripping = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{')
    })
    await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve))
    const { port } = dripping.address() as { port: number }
    await expect(
      refresh(settings({ tokenUrl: `http://127.0.0.1:${port}/token` }), 'r', { ...context, timeoutMs: 300 }),
    ).rejects.toMatchObject({ kind: 'timeout' })
    dripping.close()
  })

  test('nobody there', async () => {
    const { origin } = await answering(() => good)
    await server?.close()
    await expect(refresh(settings({ tokenUrl: `${origin}/token` }), 'r', context)).rejects.toMatchObject({
      kind: 'connection',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test.each([
    ['words', (said: string) => ({ status: 400, body: { error: 'bad', error_description: said } })],
    ['text', (said: string) => ({ status: 400, body: said })],
    ['text with 200', (said: string) => ({ status: 200, body: said })],
    ['redirect', (said: string) => ({ status: 302, headers: { location: `/x?${said}` } })],
  ])('no secret that a server repeats is shown: in its %s', async (_name, answer) => {
    const secrets = { clientSecret: 'my-own-secret' }
    await answering((request) => answer(`got ${String(request.body)} from my-own-secret`))
    const error: Error = await refresh(settings({ ...secrets, clientAuth: 'body' }), 'refresh-1', context).then(
      () => expect.unreachable(),
      (thrown: Error) => thrown,
    )
    expect(error.message).toContain('[redacted]')
    expect(error.message).not.toMatch(/my-own-secret|refresh-1/)
  })
})
