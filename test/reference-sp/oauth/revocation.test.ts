import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { goodRules } from '../../../src/reference-sp/rules/rules.ts'
import type { User } from '../../../src/reference-sp/store/users.ts'
import { createTokens } from '../../../src/reference-sp/tokens.ts'
import { formsOf, makeAgent, makeWorld, type World } from './support.ts'

let world: World
let folder: string
beforeAll(async () => {
  world = await makeWorld()
  folder = await mkdtemp(join(tmpdir(), 'idpact-oauth-'))
})
afterEach(() => {
  expect(world.problems).toEqual([])
  world.service.reset()
  world.time.ahead = 0
})
afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true })
})

const good = async (token: string | undefined): Promise<boolean> =>
  (await world.sp.tokens.verify(token ?? '')) !== undefined

/** A service account that has given access. */
const connect = async (email = 'service@example.test') => {
  const user = world.user({ email })
  const agent = makeAgent()
  await world.samlLogin(agent, user)
  const { json } = await world.redeem(await world.authorize(agent))
  return { user, agent, access: json['access_token'] ?? '', refresh: json['refresh_token'] ?? '' }
}

const inConsole = async (user: User, path: string, fields: Record<string, string>) => {
  const agent = makeAgent()
  await world.passwordLogin(agent)
  expect((await agent.post(`${world.sp.url}/console/users/${user.id}${path}`, fields)).status).toBe(303)
}
const asShown = ({ email, role }: User) => ({ name: 'Ada Lovelace', email, role })

describe('tokens end at once with who gave them', () => {
  it.each<[string, (user: User) => unknown]>([
    ['disabled in the console', (user) => inConsole(user, '', asShown(user))],
    ['disabled by the API', (user) => world.api('PUT', `/users/${user.id}`, { enabled: false })],
    ['disabled anywhere else', (user) => world.sp.store.users.update(user.id, { enabled: false })],
    ['deleted in the console', (user) => inConsole(user, '/delete', {})],
    ['deleted by the API', (user) => world.api('DELETE', `/users/${user.id}`)],
    ['deleted anywhere else', (user) => world.sp.store.users.delete(user.id)],
    ['revoked', (user) => world.sp.tokens.revokeOf(user.id)],
    ['revoked by the settings API', (user) => world.admin('DELETE', `/users/${user.id}/tokens`)],
  ])('%s', async (_how, end) => {
    const { user, access, refresh, agent } = await connect()
    const other = await connect('other@example.test')
    const code = await world.authorize(agent)
    expect(await good(access)).toBe(true)
    await end(user)
    expect(await good(access)).toBe(false)
    expect((await world.refresh(refresh)).json['error']).toBe('invalid_grant')
    expect((await world.redeem(code)).json['error']).toBe('invalid_grant')
    expect(await good(other.access)).toBe(true)
    expect((await world.refresh(other.refresh)).status).toBe(200)
  })

  it('and do not come back with the user', async () => {
    const { user, access, refresh } = await connect()
    await world.api('PUT', `/users/${user.id}`, { enabled: false })
    await world.api('PUT', `/users/${user.id}`, { enabled: true })
    expect(await good(access)).toBe(false)
    expect((await world.refresh(refresh)).status).toBe(400)
    const again = makeAgent()
    await world.samlLogin(again, user)
    expect(await good((await world.redeem(await world.authorize(again))).json['access_token'])).toBe(true)
  })

  it('and not with a change that ends nothing: of the name, the password or the role', async () => {
    const { user, access, refresh } = await connect()
    await inConsole(user, '', { ...asShown(user), name: 'Grace Hopper', role: 'reports', enabled: 'on' })
    expect(await good(access)).toBe(true)
    expect((await world.refresh(refresh)).status).toBe(200)
  })

  it('because a rule says so: by another rule, the token of a disabled user is good', async () => {
    const { id } = world.user({ enabled: false })
    const token = await world.sp.tokens.issue({ userId: id, scopes: ['openid'], lifetimeMs: 60_000 })
    expect(await good(token)).toBe(false)
    const lax = createTokens(world.sp.store, () => ({ ...goodRules, keepsTokens: () => true }))
    expect(await lax.verify(token)).toEqual({ userId: id, scopes: ['openid'] })
  })

  it('also of an answer on its way: revoked between consent and code, there is no code', async () => {
    const { user, agent } = await connect()
    const page = await agent.follow(await agent.get(world.authorizationUrl()))
    const accepted = await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {})
    await world.sp.tokens.revokeOf(user.id)
    const answer = await agent.follow(accepted)
    expect([answer.status, answer.location]).toEqual([400, undefined])
    expect(answer.body).toContain('Start again')
  })
})

describe('what is kept', () => {
  it('no old token works after a reset', async () => {
    const { access, refresh, agent } = await connect()
    const page = await agent.follow(await agent.get(world.authorizationUrl()))
    const issued = await world.sp.tokens.issue({
      userId: world.sp.store.users.findByEmail(world.info.masterAdmin.email)?.id ?? '',
      scopes: ['provision:scim'],
      lifetimeMs: 60_000,
    })
    const code = await world.authorize()
    expect(await good(issued)).toBe(true)
    world.service.reset()
    for (const token of [access, issued]) expect(await good(token)).toBe(false)
    expect((await world.refresh(refresh)).status).toBe(400)
    expect((await world.redeem(code)).status).toBe(400)
    expect((await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {})).status).toBe(400)
    expect(await good((await world.redeem(await world.authorize())).json['access_token'])).toBe(true)
  })

  it('survives a restart, and nobody who reads the file can use it', async () => {
    const database = join(folder, 'sp.sqlite')
    const first = await makeWorld({ database })
    const code = await first.authorize()
    const { json } = await first.redeem(code)
    const waiting = await first.authorize()
    const { oauth } = first.info
    await first.admin('POST', '/settings/oauth/redirect_uris', { uri: 'https://idp.example.test/callback' })
    await first.stop()
    const file = await readFile(database, 'latin1')
    const [access = '', refresh = ''] = [json['access_token'], json['refresh_token']]
    for (const secret of [access, refresh, code, waiting]) expect(file.includes(secret)).toBe(false)

    const second = await makeWorld({ database, redirectUris: ['http://127.0.0.1:9/new'] })
    try {
      const { clientId, clientSecret, redirectUris } = second.info.oauth
      expect([clientId, clientSecret]).toEqual([oauth.clientId, oauth.clientSecret])
      expect(redirectUris).toEqual([
        ...oauth.redirectUris,
        'https://idp.example.test/callback',
        'http://127.0.0.1:9/new',
      ])
      expect(await second.sp.tokens.verify(access)).toBeDefined()
      expect((await second.redeem(waiting)).status).toBe(200)
      const renewed = await second.refresh(refresh)
      expect(renewed.status).toBe(200)
      expect((await second.refresh(refresh)).status).toBe(400)
      expect(await second.sp.tokens.verify(renewed.json['access_token'] ?? '')).toBeUndefined()
    } finally {
      await second.stop()
    }
  })

  it('is removed when its time is over: rows of every kind', async () => {
    const database = join(folder, 'expiry.sqlite')
    const old = await makeWorld({ database })
    try {
      const rows = (): number[] => {
        const db = new DatabaseSync(database, { readOnly: true })
        const counts = ['requests', 'grants', 'tokens'].map((name) =>
          Number(db.prepare(`SELECT COUNT(*) AS n FROM oauth_${name}`).get()?.['n']),
        )
        db.close()
        return counts
      }
      await makeAgent().get(old.authorizationUrl())
      await old.redeem(await old.authorize())
      expect(rows()).toEqual([1, 1, 3])
      old.time.ahead = 31 * 24 * 3600_000
      await makeAgent().get(old.authorizationUrl())
      expect(rows()).toEqual([1, 0, 0])
    } finally {
      await old.stop()
    }
  })
})

describe('verify', () => {
  it.each(['', ' ', 'x', 'x'.repeat(100_000), "' OR 1=1 --", '\u0000', '🙂'])('knows nothing of %j', async (token) => {
    expect(await good(token)).toBe(false)
  })
})
