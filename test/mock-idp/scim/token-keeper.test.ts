/** One holder of the tokens: whoever calls, whenever the server refuses, whatever happens at the same time. */
import { afterEach, expect, test } from 'vitest'
import type { Credential } from '../../../mock-idp/scim/credential.ts'
import { refresh } from '../../../mock-idp/scim/oauth-client.ts'
import { createTokenKeeper, type TokenKeeperParts } from '../../../mock-idp/scim/token-keeper.ts'
import { createTransport } from '../../../mock-idp/scim/transport.ts'
import type { Tokens } from '../../../mock-idp/store/connections.ts'
import { startTokenServer, type TokenServer } from './token-server.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const start = async (options: Parameters<typeof startTokenServer>[0] = {}, parts: Partial<TokenKeeperParts> = {}) => {
  const sp: TokenServer = await startTokenServer(options)
  const world = {
    sp,
    time: 1_000_000,
    stored: { accessToken: 'a0', refreshToken: 'r0', obtainedAt: 0, expiresAt: 2_000_000 } as Tokens | undefined,
    problems: [] as string[],
    /** What was stored and sent, in its order. */
    events: [] as string[],
  }
  sp.at.refreshTokens.add('r0')
  const keeper: Credential = createTokenKeeper({
    load: () => world.stored,
    save: (tokens) => {
      world.stored = tokens
      world.events.push(`stored ${tokens.accessToken}`)
    },
    expired: (problem) => {
      world.stored = undefined
      world.problems.push(problem)
    },
    refresh: (token) => refresh(sp.settings, token, { now: world.time, timeoutMs: 5_000 }),
    now: () => world.time,
    ...parts,
  })
  const transport = createTransport({
    baseUrl: sp.server.baseUrl,
    timeoutMs: 5_000,
    credential: {
      ...keeper,
      header: async () => {
        const proof = await keeper.header()
        world.events.push(`sent ${proof.value.slice('Bearer '.length)}`)
        return proof
      },
    },
  })
  open.push(transport.close, sp.close)
  return {
    ...{ world, sp, keeper },
    /** The status of a call. */
    call: async () => (await transport.send({ method: 'GET', path: '/Users', headers: {} })).status,
  }
}

const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, work))
const all = (count: number, status: number) => Array.from({ length: count }, () => status)

test('a good token is used as it is', async () => {
  const { sp, call } = await start()
  sp.at.good.add('a0')
  expect(await times(3, call)).toEqual(all(3, 200))
  expect(sp.refreshes()).toBe(0)
})

test('fifty calls at once with a token that has ended make one refresh', async () => {
  const { world, sp, call } = await start()
  world.time = 2_000_000
  expect(await times(50, call)).toEqual(all(50, 200))
  expect(sp.refreshes()).toBe(1)
  expect(world.stored).toMatchObject({ accessToken: 'a1', refreshToken: 'r1' })
})

test('fifty calls at once that are all refused make one refresh', async () => {
  const { world, sp, call } = await start()
  expect(await times(50, call)).toEqual(all(50, 200))
  expect(sp.refreshes()).toBe(1)
  expect(world.problems).toEqual([])
})

test('a token is renewed a little before its end, one of some seconds not with each call', async () => {
  const { world, sp, call } = await start({ seconds: 5 })
  sp.at.good.add('a0')
  world.time = 2_000_000 - 10_001
  await call()
  expect(sp.refreshes()).toBe(0)
  world.time += 1
  await call()
  expect(sp.refreshes()).toBe(1)
  world.time += 4_000
  await call()
  expect(sp.refreshes()).toBe(1)
  world.time += 500
  await call()
  expect(sp.refreshes()).toBe(2)
})

test('a refresh that takes longer than the new token lives makes one more, not one for each caller', async () => {
  const { world, sp, call } = await start({ seconds: 60 })
  world.time = 2_000_000
  let takes = 60_000
  sp.at.before = async () => {
    world.time += takes
    takes = 0
  }
  expect(await times(20, call)).toEqual(all(20, 200))
  expect(sp.refreshes()).toBe(2)
})

test('who comes back with a token that is no longer the current one gets the current one', async () => {
  const { sp, keeper, call } = await start()
  const { value: late } = await keeper.header()
  expect(await call()).toBe(200)
  expect(await keeper.renew(late)).toBe(true)
  expect((await keeper.header()).value).toBe('Bearer a1')
  expect(sp.refreshes()).toBe(1)
})

test('what is new is stored before it is used', async () => {
  const { world, call } = await start()
  await call()
  expect(world.events).toEqual(['sent a0', 'stored a1', 'sent a1'])
})

test('a token that could not be stored is not used', async () => {
  const { sp, call } = await start(
    {},
    {
      save: () => {
        throw new Error('the disk is full')
      },
    },
  )
  await expect(call()).rejects.toThrow('the disk is full')
  expect(sp.server.seen.map(({ headers }) => headers['authorization'])).not.toContain('Bearer a1')
})

test('refreshed again and again, by a server that rotates and one that does not', async () => {
  for (const rotates of [true, false]) {
    const { world, sp, call } = await start({ rotates })
    for (let i = 1; i <= 5; i++) {
      sp.at.good.clear()
      expect(await times(5, call)).toEqual(all(5, 200))
      expect(world.stored).toMatchObject({ accessToken: `a${i}`, refreshToken: rotates ? `r${i}` : 'r0' })
    }
    expect(sp.refreshes()).toBe(5)
  }
})

test('revoked: all callers are told in the words of the server, and it is asked once', async () => {
  const { world, sp, call } = await start()
  sp.endGrant()
  const told = await Promise.allSettled(Array.from({ length: 20 }, call))
  expect(sp.refreshes()).toBe(1)
  for (const one of told)
    expect(one).toMatchObject({
      status: 'rejected',
      reason: { kind: 'unauthorized', message: expect.stringMatching(/^The connection (must be|is not) auth/) },
    })
  expect(world.problems).toEqual([expect.stringMatching(/400 invalid_grant: the grant was revoked$/)])
  await expect(call()).rejects.toMatchObject({ kind: 'unauthorized' })
  expect(sp.refreshes()).toBe(1)
})

test('an access token without a refresh token is used until it is refused', async () => {
  const { world, sp, call } = await start()
  world.stored = { accessToken: 'a0', expiresAt: 1 }
  sp.at.good.add('a0')
  expect(await call()).toBe(200)
  sp.endGrant()
  await expect(call()).rejects.toMatchObject({ kind: 'unauthorized' })
  expect(world.problems).toEqual(['the access token has ended, and there is no refresh token'])
})

test('a server that refuses the new token too', async () => {
  const { world, sp, call } = await start()
  sp.at.scim = () => ({ status: 401 })
  expect(await call()).toBe(401)
  expect(sp.refreshes()).toBe(1)
  expect(world.problems).toEqual([expect.stringMatching(/refused the access token \(401\), and a new one too/)])
})

test.each([
  ['nobody there', 'reset' as const, 'connection'],
  ['trouble', { status: 503 }, 'server-error'],
  ['too many requests', { status: 429, headers: { 'retry-after': '3' } }, 'rate-limited'],
])('%s at the token endpoint changes nothing, and the next call tries again', async (_name, answer, kind) => {
  const { world, sp, call } = await start()
  sp.at.instead = () => answer
  const before = world.stored
  await expect(call()).rejects.toMatchObject({ kind })
  expect(world.stored).toBe(before)
  expect(world.problems).toEqual([])
  sp.at.instead = undefined
  expect(await call()).toBe(200)
})

test.each([
  ['succeeds', false],
  ['is refused', true],
])('a consent that comes while a refresh is under way wins, when the refresh %s', async (_name, revoked) => {
  const { world, sp, call } = await start()
  if (revoked) sp.endGrant()
  sp.at.before = async () => {
    world.stored = { accessToken: 'anew', refreshToken: 'r-anew' }
    sp.at.good.add('anew')
  }
  expect(await call()).toBe(200)
  expect(world.stored).toEqual({ accessToken: 'anew', refreshToken: 'r-anew' })
  expect(world.problems).toEqual([])
})

test('nobody has consented, or something is known of why there is no token', async () => {
  const none = { load: () => undefined }
  const { keeper } = await start({}, none)
  await expect(keeper.header()).rejects.toMatchObject({
    kind: 'unauthorized',
    message: expect.stringMatching(/nobody has consented/),
    hint: expect.stringMatching(/idpact connect/),
  })
  const { keeper: other } = await start({}, { ...none, problem: () => 'access_denied' })
  await expect(other.header()).rejects.toThrow('The connection is not authorised: access_denied')
})
