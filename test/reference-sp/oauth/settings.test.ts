import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startReferenceSp } from '../../../src/reference-sp/index.ts'
import { makeAgent, makeWorld, redirectUri, type World } from './support.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterEach(() => {
  expect(world.problems).toEqual([])
  world.service.reset()
})
afterAll(() => world.stop())

const masterAdminId = (): string => world.sp.store.users.findByEmail(world.info.masterAdmin.email)?.id ?? ''
const callback = 'https://idp.example.test/admin/app/cpc/x/oauth/callback'

describe('what is set over the settings API', () => {
  it('is read, changed in part, and put back', async () => {
    const before = (await world.admin('GET', '/settings/oauth')).json
    expect(before).toEqual({ redirectUris: [redirectUri], accessTokenSeconds: 3600 })
    expect((await world.admin('PUT', '/settings/oauth', { accessTokenSeconds: 5 })).json).toEqual({
      redirectUris: [redirectUri],
      accessTokenSeconds: 5,
    })
    expect((await world.admin('PUT', '/settings/oauth', before)).json).toEqual(before)
  })

  it('a redirect URI can be added, and one that was there stays', async () => {
    for (const uri of [callback, callback, redirectUri])
      expect(await world.admin('POST', '/settings/oauth/redirect_uris', { uri })).toMatchObject({
        status: 200,
        json: { redirectUris: [redirectUri, callback] },
      })
    const agent = makeAgent()
    await world.passwordLogin(agent)
    const page = await agent.follow(await agent.get(world.authorizationUrl({ redirect_uri: callback })))
    expect(page.body).toContain('ACCEPT ACCESS')
    await world.admin('PUT', '/settings/oauth', { redirectUris: [] })
    expect((await agent.get(world.authorizationUrl())).status).toBe(400)
    world.service.reset()
    expect((await world.admin('GET', '/settings/oauth')).json['redirectUris']).toEqual([redirectUri])
  })

  it.each<[string, unknown]>([
    ['a text for the list', { redirectUris: redirectUri }],
    ['a number in it', { redirectUris: [1] }],
    ['a path', { redirectUris: ['/callback'] }],
    ['another scheme', { redirectUris: ['javascript:alert(1)'] }],
    ['a fragment', { redirectUris: [`${redirectUri}#`] }],
    ['user information', { redirectUris: ['http://a:b@127.0.0.1/'] }],
    ['a very long one', { redirectUris: [`http://127.0.0.1/${'x'.repeat(2_000)}`] }],
    ['very many', { redirectUris: Array.from({ length: 101 }, (_, i) => `http://127.0.0.1/${i}`) }],
    ['no lifetime', { accessTokenSeconds: 0 }],
    ['half a second', { accessTokenSeconds: 0.5 }],
    ['a year', { accessTokenSeconds: 31_536_000 }],
    ['a lifetime as a text', { accessTokenSeconds: '60' }],
    ['another setting', { redirectUri }],
    ['a list', []],
  ])('%s is refused, and nothing has changed', async (_what, body) => {
    const { status, json } = await world.admin('PUT', '/settings/oauth', body)
    expect([status, json['error']]).toEqual([400, { message: expect.any(String) }])
    expect((await world.admin('GET', '/settings/oauth')).json).toEqual({
      redirectUris: [redirectUri],
      accessTokenSeconds: 3600,
    })
  })

  it('needs the token', async () => {
    for (const [method, path] of [
      ['GET', '/settings/oauth'],
      ['POST', '/users/x/tokens'],
      ['DELETE', '/users/x/tokens'],
    ] as const)
      expect((await fetch(`${world.info.admin.baseUrl}${path}`, { method })).status).toBe(401)
  })

  it('is shown in the console, without the secret', async () => {
    const agent = makeAgent()
    await world.passwordLogin(agent)
    const { body } = await agent.get(`${world.sp.url}/console/settings`)
    const { clientId, clientSecret, authorizationUrl, tokenUrl } = world.info.oauth
    for (const text of [clientId, authorizationUrl, tokenUrl, redirectUri]) expect(body).toContain(text)
    expect(body).not.toContain(clientSecret)
  })
})

describe('tokens over the settings API', () => {
  it('are issued, with all scopes or some, for as long as asked', async () => {
    const path = `/users/${masterAdminId()}/tokens`
    const verify = async (body: unknown) =>
      world.sp.tokens.verify(String((await world.admin('POST', path, body)).json['token']))
    expect(await verify({})).toEqual({ userId: masterAdminId(), scopes: ['openid', 'offline', 'provision:scim'] })
    expect((await verify({ scopes: ['openid'], lifetimeMs: 60_000 }))?.scopes).toEqual(['openid'])
    expect((await verify({ scopes: [] }))?.scopes).toEqual([])
    for (const lifetimeMs of [0, -1]) expect(await verify({ lifetimeMs })).toBeUndefined()
  })

  it('expire on demand, and can be renewed then', async () => {
    const { json } = await world.redeem(await world.authorize())
    const path = `/users/${masterAdminId()}/tokens`
    expect((await world.admin('POST', `${path}/expire`)).json).toEqual({ expired: 1 })
    expect(await world.sp.tokens.verify(json['access_token'] ?? '')).toBeUndefined()
    const renewed = await world.refresh(json['refresh_token'] ?? '')
    expect(await world.sp.tokens.verify(renewed.json['access_token'] ?? '')).toBeDefined()
    expect((await world.admin('DELETE', path)).json).toEqual({ revoked: 1 })
    expect((await world.refresh(renewed.json['refresh_token'] ?? '')).status).toBe(400)
    expect((await world.admin('DELETE', path)).json).toEqual({ revoked: 0 })
  })

  it.each([
    [{ scopes: ['admin'] }, 400],
    [{ scopes: 'openid' }, 400],
    [{ lifetimeMs: '1' }, 400],
    [{ lifetimeMs: 1.5 }, 400],
    [{ lifetime: 1 }, 400],
  ])('are not for %j', async (body, status) => {
    expect((await world.admin('POST', `/users/${masterAdminId()}/tokens`, body)).status).toBe(status)
  })

  it('are nobody’s who is not there', async () => {
    for (const [method, path] of [
      ['POST', '/users/x/tokens'],
      ['POST', '/users/x/tokens/expire'],
      ['DELETE', '/users/x/tokens'],
    ] as const)
      expect((await world.admin(method, path, {})).status).toBe(404)
    await expect(world.sp.tokens.issue({ userId: 'x', scopes: [], lifetimeMs: 1 })).rejects.toMatchObject({
      name: 'UsageError',
      code: 'unknown-user',
    })
  })
})

describe('the options of the SP', () => {
  it('say what is registered and how long tokens live, and the info says where everything is', async () => {
    const sp = await startReferenceSp({ redirectUris: [callback, callback], accessTokenSeconds: 90 })
    try {
      expect(sp.info.oauth).toEqual({
        authorizationUrl: `${sp.url}/oauth2/auth?scope=openid offline provision:scim`,
        tokenUrl: `${sp.url}/oauth2/token`,
        clientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        clientSecret: expect.stringMatching(/^[\w-]{32}$/),
        redirectUris: [callback],
      })
      const before = sp.info.oauth
      await sp.reset()
      expect(sp.info.oauth).toEqual(before)
    } finally {
      await sp.stop()
    }
  })

  it.each([{ redirectUris: ['callback'] }, { accessTokenSeconds: 0 }, { accessTokenSeconds: Number.NaN }])(
    'are refused before anything starts: %j',
    async (options) => {
      await expect(startReferenceSp(options)).rejects.toMatchObject({ name: 'UsageError', code: 'bad-oauth-settings' })
    },
  )
})
