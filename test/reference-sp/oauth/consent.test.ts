import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { totpCode } from '../../../src/reference-sp/totp.ts'
import { formsOf, makeAgent, makeWorld, redirectUri, type World } from './support.ts'

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

/** An agent on the page that asks, logged in as the master_admin. */
const asked = async (change: Record<string, string | undefined> = {}) => {
  const agent = makeAgent()
  await world.passwordLogin(agent)
  const page = await agent.follow(await agent.get(world.authorizationUrl(change)))
  return { agent, page, forms: formsOf(page.body) }
}
const parameters = (location: string | undefined) => Object.fromEntries(new URL(location ?? 'none:').searchParams)

describe('who is logged in is asked', () => {
  it('by way of the login page where nobody is, and comes back', async () => {
    const agent = makeAgent()
    const login = await agent.follow(await agent.get(world.authorizationUrl()))
    expect(new URL(login.url).pathname).toBe('/login')
    const { email, password = '' } = world.info.masterAdmin
    const { next = '' } = formsOf(login.body)['Log in'] ?? {}
    const wrong = await agent.post(world.info.passwordLoginUrl, { email, password: 'wrong', next })
    expect([wrong.status, formsOf(wrong.body)['Log in']?.['next']]).toEqual([401, next])
    const page = await agent.follow(await agent.post(world.info.passwordLoginUrl, { email, password, next }))
    expect(page.status).toBe(200)
    for (const text of [email, 'ACCEPT ACCESS', 'openid', 'offline', 'provision:scim'])
      expect(page.body).toContain(text)
  })

  it('comes back after a second factor too, and after one that was wrong', async () => {
    const { id } = world.sp.store.users.findByEmail(world.info.masterAdmin.email) ?? { id: '' }
    const { json } = await world.admin('PUT', `/users/${id}/two_factor`, { enabled: true })
    const agent = makeAgent()
    const login = await agent.follow(await agent.get(world.authorizationUrl()))
    const { email, password = '' } = world.info.masterAdmin
    const next = formsOf(login.body)['Log in']?.['next'] ?? ''
    const otp = await agent.post(world.info.passwordLoginUrl, { email, password, next })
    const wrong = await agent.post(`${world.sp.url}/login/otp`, { ...formsOf(otp.body)['Log in'], code: '000000x' })
    const code = totpCode(String(json['secret']), Date.now())
    const right = await agent.post(`${world.sp.url}/login/otp`, { ...formsOf(wrong.body)['Log in'], code })
    expect((await agent.follow(right)).body).toContain('ACCEPT ACCESS')
  })

  it('comes back after a SAML login too: the IdP returns the RelayState', async () => {
    const user = world.user()
    const agent = makeAgent()
    const login = await agent.follow(await agent.get(world.authorizationUrl()))
    const next = formsOf(login.body)['Continue']?.['next'] ?? ''
    const start = await agent.get(`${world.sp.url}/login/sso?${new URLSearchParams({ email: user.email, next })}`)
    const relayState = new URL(start.location ?? '').searchParams.get('RelayState') ?? ''
    expect(Buffer.byteLength(relayState)).toBeLessThanOrEqual(80)
    const page = await agent.follow(await world.samlLogin(agent, user, relayState))
    expect(page.body).toContain('ACCEPT ACCESS')
  })

  it.each(['//evil.test/', 'https://evil.test/', '/\\evil.test', 'javascript:alert(1)', `/${'x'.repeat(100)}`])(
    'leads home, or to a path of ours, from a login for %s',
    async (next) => {
      const agent = makeAgent()
      const { email, password = '' } = world.info.masterAdmin
      const answer = await agent.post(world.info.passwordLoginUrl, { email, password, next })
      expect(new URL(answer.location ?? '').origin).toBe(world.sp.url)
      const query = new URLSearchParams({ email, next })
      const start = await agent.get(`${world.sp.url}/login/sso?${query}`)
      expect(new URL(start.location ?? '').searchParams.has('RelayState')).toBe(false)
    },
  )

  it('each time, whatever was accepted before, and keeps no session beside that of the SP', async () => {
    const agent = makeAgent()
    await world.authorize(agent)
    expect((await agent.jar.getCookies(world.authorizationUrl())).map(({ key }) => key)).toEqual(['sp_session'])
    const again = await agent.follow(await agent.get(world.authorizationUrl()))
    expect(again.body).toContain('ACCEPT ACCESS')
    await agent.post(`${world.sp.url}/logout`, {})
    expect(new URL((await agent.follow(await agent.get(world.authorizationUrl()))).url).pathname).toBe('/login')
  })

  it('again for a login of its own, or one that is recent enough, where the client asks for that', async () => {
    const { email, password = '' } = world.info.masterAdmin
    const agent = makeAgent()
    await world.passwordLogin(agent)
    world.time.ahead = 60_000
    const young = await agent.follow(await agent.get(world.authorizationUrl({ max_age: '61' })))
    const old = await agent.follow(await agent.get(world.authorizationUrl({ max_age: '59' })))
    expect([young, old].map(({ url }) => new URL(url).pathname.split('/')[1])).toEqual(['oauth2', 'login'])
    world.time.ahead = -60_000
    await world.passwordLogin(agent)
    const again = await agent.follow(await agent.get(world.authorizationUrl({ prompt: 'login' })))
    expect(new URL(again.url).pathname).toBe('/login')
    world.time.ahead = 0
    const next = formsOf(again.body)['Log in']?.['next'] ?? ''
    const page = await agent.follow(await agent.post(world.info.passwordLoginUrl, { email, password, next }))
    const done = await agent.follow(await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {}))
    expect(parameters(done.location)).toMatchObject({ code: expect.any(String) })
  })

  it('or the client is told that nobody may be asked', async () => {
    const agent = makeAgent()
    await world.passwordLogin(agent)
    const answer = await agent.get(world.authorizationUrl({ prompt: 'none' }))
    expect(parameters(answer.location)).toMatchObject({ error: 'login_required', state: 'a b&c' })
  })
})

describe('the answer', () => {
  it('yes sends a code, with the state, to where the request said', async () => {
    const { agent, page, forms } = await asked()
    const answer = await agent.follow(await agent.post(page.url, forms['ACCEPT ACCESS'] ?? {}))
    expect(answer.location?.startsWith('http://127.0.0.1:9/oauth/callback?')).toBe(true)
    expect(parameters(answer.location)).toEqual({
      org: '1',
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: 'a b&c',
      iss: world.sp.url,
    })
  })

  it('no sends access_denied, and no code', async () => {
    const { agent, page, forms } = await asked()
    const answer = await agent.follow(await agent.post(page.url, forms['Decline'] ?? {}))
    expect(parameters(answer.location)).toMatchObject({ error: 'access_denied', state: 'a b&c' })
    expect(parameters(answer.location)).not.toHaveProperty('code')
  })

  it('is given once: the same form sent again leads nowhere', async () => {
    const { agent, page, forms } = await asked()
    await agent.follow(await agent.post(page.url, forms['ACCEPT ACCESS'] ?? {}))
    const again = await agent.post(page.url, forms['ACCEPT ACCESS'] ?? {})
    expect([again.status, again.location]).toEqual([400, undefined])
    expect(again.body).toContain('Start again')
  })

  it.each<[string, (fields: Record<string, string>) => Record<string, string>, Record<string, string>, number]>([
    ['another site', (fields) => fields, { origin: 'https://evil.test' }, 403],
    ['another port of this host', (fields) => fields, { origin: 'http://127.0.0.1:9' }, 403],
    ['nowhere', (fields) => fields, { origin: 'null' }, 403],
    ['a page that is not ours', ({ decision = '' }) => ({ decision }), {}, 403],
    ['a guesser', (fields) => ({ ...fields, token: 'A'.repeat(43) }), {}, 403],
    ['somebody who is undecided', ({ token = '' }) => ({ token, decision: 'maybe' }), {}, 400],
    ['somebody who sends nothing', () => ({}), {}, 403],
    ['somebody who sends a lot', (fields) => ({ ...fields, x: 'x'.repeat(5_000) }), {}, 413],
  ])('is not taken from %s', async (_who, change, headers, status) => {
    const { agent, page, forms } = await asked()
    const answer = await agent.post(page.url, change(forms['ACCEPT ACCESS'] ?? {}), headers)
    expect([answer.status, answer.location]).toEqual([status, undefined])
    // It was not the request: the person can still say yes.
    const yes = await agent.follow(await agent.post(page.url, forms['ACCEPT ACCESS'] ?? {}))
    expect(parameters(yes.location)).toHaveProperty('code')
  })

  it('is not taken from another browser, which does not even see the question', async () => {
    const { page, forms } = await asked()
    const other = makeAgent()
    await world.passwordLogin(other)
    expect((await other.get(page.url)).status).toBe(400)
    expect((await other.post(page.url, forms['ACCEPT ACCESS'] ?? {})).status).toBe(400)
    const resume = await other.get(page.url.replace('/consent/', '/auth/'))
    expect([resume.status, resume.location]).toEqual([400, undefined])
    expect(resume.body).toContain('Access was not given')
  })

  it('is not taken for one user from the page that another was shown', async () => {
    const { agent, page, forms } = await asked()
    await world.samlLogin(agent, world.user())
    const answer = await agent.post(page.url, forms['ACCEPT ACCESS'] ?? {})
    expect([answer.status, answer.location]).toEqual([403, undefined])
  })

  it('is not asked for where the client expects another user', async () => {
    const { id_token: hint } = (await world.redeem(await world.authorize())).json
    const agent = makeAgent()
    await world.samlLogin(agent, world.user())
    const answer = await agent.follow(await agent.get(world.authorizationUrl({ id_token_hint: hint })))
    expect(parameters(answer.location)).toMatchObject({ error: 'login_required', state: 'a b&c' })
    await world.passwordLogin(agent)
    const page = await agent.follow(await agent.get(world.authorizationUrl({ id_token_hint: hint })))
    expect(page.body).toContain('ACCEPT ACCESS')
    const forged = await agent.get(world.authorizationUrl({ id_token_hint: `${hint?.split('.')[0]}.e30.x` }))
    expect(parameters(forged.location)).toMatchObject({ error: 'invalid_request' })
  })

  it('counts for nothing when the user is gone, or is disabled, before the code is sent', async () => {
    for (const end of [
      (id: string) => world.sp.store.users.update(id, { enabled: false }),
      (id: string) => world.sp.store.users.delete(id),
    ]) {
      const user = world.user()
      const agent = makeAgent()
      await world.samlLogin(agent, user)
      const page = await agent.follow(await agent.get(world.authorizationUrl()))
      const accepted = await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {})
      end(user.id)
      const answer = await agent.follow(accepted)
      expect(answer.location).toBeUndefined()
      world.sp.store.users.delete(user.id)
    }
  })
})

describe('who may say yes', () => {
  it.each([
    ['master_admin', true],
    ['admin', true],
    ['technical_admin', false],
    ['billing', false],
    ['reports', false],
    ['media_library_admin', false],
    ['media_library_user', false],
  ])('%s: %s', async (role, may) => {
    const agent = makeAgent()
    await world.samlLogin(agent, world.user({ role }))
    const page = await agent.follow(await agent.get(world.authorizationUrl()))
    const forms = formsOf(page.body)
    expect([page.status, 'ACCEPT ACCESS' in forms]).toEqual(may ? [200, true] : [403, false])
    const yes = await agent.post(page.url, { ...forms['Decline'], decision: 'accept' })
    expect(yes.status).toBe(may ? 303 : 403)
    if (may) return
    const no = await agent.follow(await agent.post(page.url, forms['Decline'] ?? {}))
    expect(parameters(no.location)).toMatchObject({ error: 'access_denied' })
  })

  it('nobody who is disabled, with a session that is still there', async () => {
    const user = world.user()
    const agent = makeAgent()
    await world.samlLogin(agent, user)
    world.sp.store.users.update(user.id, { enabled: false })
    expect((await agent.follow(await agent.get(world.authorizationUrl()))).status).toBe(403)
  })
})

it('is a page that no other site can frame, with no script, and the redirect URI is where forms end', async () => {
  const { page } = await asked()
  expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(page.headers['content-security-policy']).toContain("default-src 'none'")
  expect(page.headers['cache-control']).toBe('no-store')
  expect(page.body).not.toContain(redirectUri)
})
