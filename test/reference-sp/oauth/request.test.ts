import { createHash } from 'node:crypto'
import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mostRequests } from '../../../src/reference-sp/store/oauth.ts'
import { formsOf, makeAgent, makeWorld, redirectUri, type World } from './support.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterEach(() => {
  expect(world.problems).toEqual([])
  world.service.reset()
})
afterAll(() => world.stop())

const ask = (change?: Record<string, string | undefined>) => makeAgent().get(world.authorizationUrl(change))
const parameters = (location: string | undefined) => {
  const { searchParams, hash } = new URL(location ?? 'none:')
  // Answers to what asks for tokens come in the fragment (OAuth 2.0 Multiple Response Types 5).
  return Object.fromEntries([...searchParams, ...new URLSearchParams(hash.slice(1))])
}

describe('redirect URIs', () => {
  it.each([
    ['another host', 'http://evil.test/oauth/callback?org=1'],
    ['another port of a loopback host', 'http://127.0.0.1:10/oauth/callback?org=1'],
    ['another name of the loopback host', 'http://localhost:9/oauth/callback?org=1'],
    ['another scheme', 'https://127.0.0.1:9/oauth/callback?org=1'],
    ['a path below', 'http://127.0.0.1:9/oauth/callback/x?org=1'],
    ['a path that goes there', 'http://127.0.0.1:9/x/../oauth/callback?org=1'],
    ['another case', 'http://127.0.0.1:9/OAuth/callback?org=1'],
    ['another query', 'http://127.0.0.1:9/oauth/callback?org=1&x=1'],
    ['no query', 'http://127.0.0.1:9/oauth/callback'],
    ['a fragment', `${redirectUri}#x`],
    ['user information', 'http://127.0.0.1:9@evil.test/oauth/callback?org=1'],
    ['the address of this SP itself', 'self'],
    ['a script', 'javascript:alert(1)'],
    ['markup', '"><script>alert(1)</script>'],
    ['no URI', 'callback'],
  ])('%s is not a registered one: a page, and no redirect', async (_what, uri) => {
    const answer = await ask({ redirect_uri: uri === 'self' ? world.sp.url : uri })
    expect([answer.status, answer.location]).toEqual([400, undefined])
    expect(answer.headers['content-type']).toContain('text/html')
    expect(answer.body).toContain('invalid_redirect_uri')
    expect(answer.body).toContain('idpact reference SP')
    expect(answer.body).not.toContain('<script')
  })

  it('are not followed for an error either: not one that is missing, and not one that is not registered', async () => {
    for (const change of [{ redirect_uri: undefined }, { redirect_uri: 'http://evil.test/', scope: 'unknown' }]) {
      const answer = await ask(change)
      expect([answer.status, answer.location]).toEqual([400, undefined])
    }
  })

  it('none is registered by default, so nobody is sent anywhere', async () => {
    const bare = await makeWorld({ redirectUris: [] })
    try {
      const answer = await makeAgent().get(bare.authorizationUrl())
      expect([answer.status, answer.location]).toEqual([400, undefined])
      expect(answer.body).toContain('invalid_redirect_uri')
    } finally {
      await bare.stop()
    }
  })
})

describe('scopes', () => {
  it('come with the URL as the documentation writes it: a query already, with raw spaces', async () => {
    expect(world.info.oauth.authorizationUrl).toBe(`${world.sp.url}/oauth2/auth?scope=openid offline provision:scim`)
  })

  it.each(['openid%20offline%20provision%3Ascim', 'openid+offline+provision:scim', 'provision:scim%20openid+offline'])(
    'are three in %s',
    async (query) => {
      const agent = makeAgent()
      await world.passwordLogin(agent)
      const url = world.authorizationUrl({ scope: undefined })
      const page = await agent.follow(await agent.get(url.replace('?', `?scope=${query}&`)))
      const done = await agent.follow(await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {}))
      const { json } = await world.redeem(parameters(done.location)['code'] ?? '')
      expect(json['scope']?.split(' ').sort()).toEqual(['offline', 'openid', 'provision:scim'])
    },
  )

  it('can be fewer, and then the token is good for these only', async () => {
    const { json } = await world.redeem(await world.authorize(makeAgent(), { scope: 'openid' }))
    expect(await world.sp.tokens.verify(json['access_token'] ?? '')).toMatchObject({ scopes: ['openid'] })
  })

  it.each([
    undefined,
    '',
    'admin',
    'provision:scim admin',
    'OPENID',
    'offline_access',
    'openid  offline',
    'a"b',
    '__proto__',
  ])('%j is told to the client as invalid_scope', async (scope) => {
    const answer = await ask({ scope })
    expect(answer.location?.startsWith('http://127.0.0.1:9/oauth/callback?org=1&')).toBe(true)
    expect(parameters(answer.location)).toMatchObject({ error: 'invalid_scope', state: 'a b&c' })
  })
})

describe('a request that is wrong', () => {
  it.each<[string, Record<string, string | undefined>, string]>([
    ['no response_type', { response_type: undefined }, 'invalid_request'],
    ['the implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ['a hybrid flow', { response_type: 'code id_token', nonce: 'n' }, 'unsupported_response_type'],
    ['an unknown prompt', { prompt: 'create' }, 'invalid_request'],
    ['a challenge that is none', { code_challenge: 'x', code_challenge_method: 'S256' }, 'invalid_request'],
    ['a plain challenge', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
    ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
    ['a request by reference', { request_uri: 'http://127.0.0.1:1/' }, 'request_uri_not_supported'],
    ['a max_age that is none', { max_age: 'soon' }, 'invalid_request'],
  ])('%s: the client is told, with its state', async (_what, change, error) => {
    const answer = await ask(change)
    expect(parameters(answer.location)).toMatchObject({ error, state: 'a b&c', org: '1' })
    expect(parameters(answer.location)).not.toHaveProperty('code')
  })

  it.each([
    ['no client', { client_id: undefined }],
    ['an unknown client', { client_id: 'x' }],
    ['a client with markup for a name', { client_id: '<script>' }],
  ])('%s: a page, and no redirect', async (_what, change) => {
    const answer = await ask(change)
    expect([answer.status, answer.location]).toEqual([400, undefined])
    expect(answer.body).not.toContain('<script')
  })

  it.each(['client_id', 'redirect_uri', 'scope', 'state', 'response_type'])('%s twice', async (name) => {
    const url = new URL(world.authorizationUrl())
    url.searchParams.append(name, url.searchParams.get(name) ?? '')
    const answer = await makeAgent().get(url.href)
    // Whom to tell is not clear where these two are not.
    if (name === 'client_id' || name === 'redirect_uri')
      expect([answer.status, answer.location]).toEqual([400, undefined])
    else expect(parameters(answer.location)).toMatchObject({ error: 'invalid_request' })
  })

  it('too long for us, or for HTTP, is refused, and one with a long state is not', async () => {
    expect(parameters((await ask({ state: 'x'.repeat(6_000), scope: 'x' })).location)['state']).toHaveLength(6_000)
    const long = await ask({ state: 'x'.repeat(9_000) })
    expect([long.status, long.location]).toEqual([414, undefined])
    expect((await ask({ state: 'x'.repeat(50_000) })).status).toBe(431)
    const many = Array.from({ length: 900 }, (_, i) => `p${i}=1`).join('&')
    expect((await makeAgent().get(`${world.authorizationUrl()}&${many}`)).status).toBe(303)
  })

  it('by POST, or at a path that there is not, is not answered', async () => {
    expect((await makeAgent().post(world.authorizationUrl(), {})).status).toBe(404)
    expect((await makeAgent().get(`${world.sp.url}/oauth2/token`)).status).toBe(404)
    for (const path of ['request', 'device/auth', 'session/end', 'session/end/confirm', 'me', 'reg'])
      for (const under of ['', '/oauth2'])
        expect((await makeAgent().post(`${world.sp.url}${under}/${path}`, {})).status, path).toBe(404)
  })

  it('for a consent or a continuation that never was is answered with a page', async () => {
    const agent = makeAgent()
    await world.passwordLogin(agent)
    for (const path of ['consent', 'auth']) {
      const answer = await agent.get(`${world.sp.url}/oauth2/${path}/${'x'.repeat(43)}`)
      expect([answer.status, answer.location]).toEqual([400, undefined])
      expect(answer.body).toContain('idpact reference SP')
    }
  })
})

it('many requests are kept up to a bound, and the latest still works', async () => {
  const { oauth } = world.sp.store
  const first = makeAgent()
  const forgotten = await first.get(world.authorizationUrl())
  for (let i = 0; i < mostRequests; i += 1) oauth.saveRequest(`other ${i}`, {}, 60_000)
  expect(oauth.request('other 0')).toBeDefined()
  expect((await first.follow(forgotten)).status).toBe(400)
  const agent = makeAgent()
  expect(await world.authorize(agent)).toMatch(/^[\w-]{43}$/)
})

it('one browser can have several at once, and answers each', async () => {
  const agent = makeAgent()
  await world.passwordLogin(agent)
  const pages = []
  for (const state of ['1', '2', '3'])
    pages.push(await agent.follow(await agent.get(world.authorizationUrl({ state }))))
  for (const [i, page] of [...pages.entries()].reverse()) {
    const done = await agent.follow(await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {}))
    expect(parameters(done.location)).toMatchObject({ state: String(i + 1), code: expect.any(String) })
  }
})

it('one by another name of the host is led to our own, where the cookies are', async () => {
  const port = new URL(world.sp.url).port
  const answer = await request(world.authorizationUrl(), { headers: { host: `localhost:${port}` } })
  await answer.body.dump()
  expect([answer.statusCode, answer.headers['location']]).toEqual([302, world.authorizationUrl()])
})

it('response_mode=form_post is a page whose one script is allowed to post it', async () => {
  const agent = makeAgent()
  await world.passwordLogin(agent)
  const page = await agent.follow(await agent.get(world.authorizationUrl({ response_mode: 'form_post' })))
  const done = await agent.follow(await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {}))
  expect(done.body).toContain(`action="${redirectUri}"`)
  expect(done.body).toMatch(/name="code" value="[\w-]{43}"/)
  const script = /<script>(.*?)<\/script>/s.exec(done.body)?.[1] ?? ''
  const hash = createHash('sha256').update(script).digest('base64')
  expect(done.headers['content-security-policy']).toContain(`'sha256-${hash}'`)
})

it('a client can discover what there is', async () => {
  const answer = await fetch(`${world.sp.url}/.well-known/openid-configuration`)
  expect(await answer.json()).toMatchObject({
    issuer: world.sp.url,
    authorization_endpoint: `${world.sp.url}/oauth2/auth`,
    token_endpoint: world.info.oauth.tokenUrl,
    jwks_uri: `${world.sp.url}/oauth2/jwks`,
    scopes_supported: ['openid', 'offline', 'provision:scim'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  })
})
