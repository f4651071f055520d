import { createHash, createPublicKey, verify } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { basic, makeAgent, makeWorld, redirectUri, type World } from './support.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterEach(() => {
  expect(world.problems).toEqual([])
  world.service.reset()
  world.time.ahead = 0
})
afterAll(() => world.stop())

const good = async (token: string | undefined): Promise<boolean> =>
  (await world.sp.tokens.verify(token ?? '')) !== undefined
const masterAdminId = (): string => world.sp.store.users.findByEmail(world.info.masterAdmin.email)?.id ?? ''
/** The fields of a client that sends its secret in the form. */
const inForm = (secret = world.info.oauth.clientSecret, id = world.info.oauth.clientId) => ({
  client_id: id,
  client_secret: secret,
})

describe('a code', () => {
  it('is good for an access token, a refresh token and an ID Token', async () => {
    const { status, headers, json } = await world.redeem(await world.authorize())
    expect(status).toBe(200)
    expect(headers.get('content-type')).toContain('application/json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      id_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid offline provision:scim',
    })
    expect(await world.sp.tokens.verify(json['access_token'] ?? '')).toEqual({
      userId: masterAdminId(),
      scopes: ['openid', 'offline', 'provision:scim'],
    })
    for (const other of ['refresh_token', 'id_token']) expect(await good(json[other])).toBe(false)
  })

  it('comes with an ID Token that its key verifies', async () => {
    const code = await world.authorize(makeAgent(), { nonce: 'n-1', max_age: '3600' })
    const { id_token: token = '' } = (await world.redeem(code)).json
    const [header = '', claims = '', signature = ''] = token.split('.')
    const { keys } = (await (await fetch(`${world.sp.url}/oauth2/jwks`)).json()) as { keys: Record<string, string>[] }
    expect(keys).toHaveLength(1)
    expect(keys[0]).not.toHaveProperty('d')
    const key = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' })
    const signed = Buffer.from(`${header}.${claims}`)
    const options = { key, dsaEncoding: 'ieee-p1363' } as const
    expect(verify('sha256', signed, options, Buffer.from(signature, 'base64url'))).toBe(true)
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: world.sp.url,
      aud: world.info.oauth.clientId,
      sub: masterAdminId(),
      nonce: 'n-1',
    })
  })

  it('is taken with the secret in the form too, and not with both', async () => {
    const code = await world.authorize()
    expect(await world.redeem(code, inForm())).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
    const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    expect((await world.token({ ...fields, ...inForm() }, {})).status).toBe(200)
  })

  it('is not taken from whoever does not know the secret, and then still is from the client', async () => {
    const { clientId, clientSecret } = world.info.oauth
    const other = await makeWorld()
    const foreign = other.info.oauth
    await other.stop()
    const code = await world.authorize()
    const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
    for (const [headers, form] of [
      [basic(clientId, 'wrong'), {}],
      [basic(clientId, clientSecret.toUpperCase()), {}],
      [basic(clientId, `${clientSecret}x`), {}],
      [basic('wrong', clientSecret), {}],
      [basic(clientId, foreign.clientSecret), {}],
      [basic(foreign.clientId, foreign.clientSecret), {}],
      [{}, inForm('wrong')],
      [{}, inForm(foreign.clientSecret)],
      [{}, inForm(foreign.clientSecret, foreign.clientId)],
      [{}, { client_id: clientId }],
    ] as [Record<string, string>, Record<string, string>][]) {
      const answer = await world.token({ ...fields, ...form }, headers)
      expect([answer.status, answer.json['error']]).toEqual([401, 'invalid_client'])
      expect(answer.headers.has('www-authenticate')).toBe('authorization' in headers)
    }
    expect((await world.redeem(code)).status).toBe(200)
  })

  it('is good once: when it comes again, what was given for it ends', async () => {
    const code = await world.authorize()
    const { json } = await world.redeem(code)
    expect(await good(json['access_token'])).toBe(true)
    expect(await world.redeem(code)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    expect(await good(json['access_token'])).toBe(false)
    expect((await world.refresh(json['refresh_token'] ?? '')).json['error']).toBe('invalid_grant')
  })

  it('that comes twice at the same time ends too: no token of it is good', async () => {
    const code = await world.authorize()
    const answers = await Promise.all([world.redeem(code), world.redeem(code)])
    expect(answers.some(({ status }) => status === 400)).toBe(true)
    for (const { json } of answers) expect(await good(json['access_token'])).toBe(false)
  })

  it('is good for the redirect URI that it was sent to', async () => {
    const code = await world.authorize()
    for (const redirect_uri of ['http://127.0.0.1:9/', '']) {
      const answer = await world.redeem(code, { redirect_uri })
      expect([answer.status, answer.json['error']]).toEqual([400, redirect_uri ? 'invalid_grant' : 'invalid_request'])
    }
  })

  it('is too old after ten minutes', async () => {
    const code = await world.authorize()
    world.time.ahead = 10 * 60_000
    expect(await world.redeem(code)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
  })

  it('with a challenge needs its verifier; without one it takes none (RFC 7636)', async () => {
    const verifier = 'v'.repeat(43)
    const code_challenge = createHash('sha256').update(verifier).digest('base64url')
    const challenged = { code_challenge, code_challenge_method: 'S256' }
    for (const [change, field, status] of [
      [challenged, verifier, 200],
      [challenged, 'w'.repeat(43), 400],
      [challenged, '', 400],
      [{}, verifier, 400],
    ] as [Record<string, string>, string, number][]) {
      const code = await world.authorize(makeAgent(), change)
      expect((await world.redeem(code, { code_verifier: field })).status).toBe(status)
    }
  })
})

describe('a refresh token', () => {
  const connected = async () => (await world.redeem(await world.authorize())).json

  it('renews access, and is replaced by another', async () => {
    const first = await connected()
    const second = await world.refresh(first['refresh_token'] ?? '')
    expect(second).toMatchObject({
      status: 200,
      json: { token_type: 'Bearer', expires_in: 3600, scope: first['scope'] },
    })
    expect(second.json['refresh_token']).not.toBe(first['refresh_token'])
    expect(await good(second.json['access_token'])).toBe(true)
    expect(await good(first['access_token'])).toBe(true)
    const third = await world.refresh(second.json['refresh_token'] ?? '')
    expect(third.status).toBe(200)
  })

  it('that was replaced and comes again ends everything of its grant, and of no other', async () => {
    const first = await connected()
    const other = await connected()
    const second = (await world.refresh(first['refresh_token'] ?? '')).json
    expect(await world.refresh(first['refresh_token'] ?? '')).toMatchObject({
      status: 400,
      json: { error: 'invalid_grant' },
    })
    expect((await world.refresh(second['refresh_token'] ?? '')).status).toBe(400)
    for (const { access_token: token } of [first, second]) expect(await good(token)).toBe(false)
    expect(await good(other['access_token'])).toBe(true)
  })

  it('that comes twice at the same time was used twice: nothing of its grant is good', async () => {
    const { refresh_token: token = '', access_token: access } = await connected()
    const answers = await Promise.all([world.refresh(token), world.refresh(token)])
    expect(answers.some(({ status }) => status === 400)).toBe(true)
    for (const one of [access, ...answers.map(({ json }) => json['access_token'])]) expect(await good(one)).toBe(false)
    for (const { json } of answers) expect((await world.refresh(json['refresh_token'] ?? 'none')).status).toBe(400)
  })

  it('renews access that has expired, for as long as somebody refreshes', async () => {
    let tokens = await connected()
    for (const day of [20, 40, 60, 80]) {
      world.time.ahead = day * 24 * 3600_000
      expect(await good(tokens['access_token'])).toBe(false)
      tokens = (await world.refresh(tokens['refresh_token'] ?? '')).json
      expect(await good(tokens['access_token'])).toBe(true)
    }
    world.time.ahead += 30 * 24 * 3600_000
    expect((await world.refresh(tokens['refresh_token'] ?? '')).json['error']).toBe('invalid_grant')
  })

  it('can ask for less, not for more', async () => {
    const { refresh_token: token = '' } = await connected()
    const less = await world.refresh(token, { scope: 'openid' })
    expect(less).toMatchObject({ status: 200, json: { scope: 'openid' } })
    expect(await world.sp.tokens.verify(less.json['access_token'] ?? '')).toMatchObject({ scopes: ['openid'] })
    const small = (await world.redeem(await world.authorize(makeAgent(), { scope: 'openid offline' }))).json
    expect(await world.refresh(small['refresh_token'] ?? '', { scope: 'openid provision:scim' })).toMatchObject({
      status: 400,
      json: { error: 'invalid_scope' },
    })
  })

  it('is given for the scope offline only', async () => {
    const { json } = await world.redeem(await world.authorize(makeAgent(), { scope: 'openid provision:scim' }))
    expect(json).not.toHaveProperty('refresh_token')
  })

  it('is worth nothing without the secret, and no other token is one', async () => {
    const { refresh_token: token = '', access_token: access = '' } = await connected()
    const fields = { grant_type: 'refresh_token', refresh_token: token }
    expect((await world.token(fields, basic(world.info.oauth.clientId, 'wrong'))).status).toBe(401)
    for (const wrong of [access, 'x', 'x'.repeat(10_000)]) expect((await world.refresh(wrong)).status).toBe(400)
    expect((await world.refresh(token)).status).toBe(200)
  })
})

describe('how long', () => {
  it('an access token lives is a setting, for those that are given from then on', async () => {
    const long = (await world.redeem(await world.authorize())).json
    await world.admin('PUT', '/settings/oauth', { accessTokenSeconds: 60 })
    const { json } = await world.redeem(await world.authorize())
    expect(json['expires_in']).toBe(60)
    world.time.ahead = 60_000
    expect([await good(json['access_token']), await good(long['access_token'])]).toEqual([false, true])
    expect((await world.refresh(json['refresh_token'] ?? '')).json['expires_in']).toBe(60)
  })
})

describe('a token request that is wrong', () => {
  const post = async (body: string, headers: Record<string, string> = {}) => {
    const { clientId, clientSecret } = world.info.oauth
    const answer = await fetch(world.info.oauth.tokenUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...basic(clientId, clientSecret),
        ...headers,
      },
      body,
    })
    return { status: answer.status, json: (await answer.json()) as Record<string, string> }
  }

  it.each([
    ['nothing', '', {}],
    ['no grant type', 'code=x', {}],
    ['no code', `grant_type=authorization_code&redirect_uri=${encodeURIComponent(redirectUri)}`, {}],
    ['no refresh token', 'grant_type=refresh_token', {}],
    ['a parameter twice', 'grant_type=refresh_token&refresh_token=a&refresh_token=b', {}],
    ['JSON', '{"grant_type":"refresh_token"}', { 'content-type': 'application/json' }],
    ['half a megabyte', `grant_type=refresh_token&refresh_token=${'x'.repeat(500_000)}`, {}],
    ['credentials that are none', 'grant_type=refresh_token&refresh_token=x', { authorization: 'Basic %%%' }],
    ['another scheme', 'grant_type=refresh_token&refresh_token=x', { authorization: 'Bearer x' }],
    ['a page of another site', 'grant_type=refresh_token&refresh_token=x', { origin: 'https://evil.test' }],
  ])('%s', async (_what, body, headers) => {
    expect(await post(body, headers)).toMatchObject({ status: 400, json: { error: 'invalid_request' } })
  })

  it.each(['password', 'client_credentials', 'implicit', '__proto__'])('the grant type %s', async (type) => {
    expect(await post(`grant_type=${type}&username=a&password=b`)).toMatchObject({
      status: 400,
      json: { error: 'unsupported_grant_type' },
    })
  })

  it('is answered with JSON, whatever the client would rather have (RFC 6749 5.2)', async () => {
    const java = { accept: 'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2' }
    expect((await post('grant_type=refresh_token&refresh_token=x', java)).json['error']).toBe('invalid_grant')
  })
})
