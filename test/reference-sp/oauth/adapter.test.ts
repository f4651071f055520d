import { afterAll, expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { createAdapter } from '../../../src/reference-sp/oauth/adapter.ts'
import { openStore } from '../../../src/reference-sp/store/store.ts'

/** What two requests at the same moment do to oidc-provider's storage, step by step. */
const store = openStore(':memory:', systemClock)
const adapter = createAdapter(store.oauth, () => new Error('used twice'))
const { id: accountId } = store.users.create({
  email: 'ada@example.test',
  firstName: 'Ada',
  lastName: 'Lovelace',
  role: 'admin',
  source: 'api',
})
afterAll(() => store.close())

it.each(['AuthorizationCode', 'RefreshToken'])(
  '%s: both look, both mark it as used, and the grant ends',
  async (kind) => {
    const [grants, tokens, access] = [adapter('Grant'), adapter(kind), adapter('AccessToken')]
    await grants.upsert('g', { jti: 'g', accountId }, 60)
    await tokens.upsert('t', { jti: 't', accountId, grantId: 'g' }, 60)
    for (let request = 0; request < 2; request += 1) {
      expect(await tokens.find('t')).toMatchObject({ jti: 't', grantId: 'g' })
      expect(await tokens.find('t')).not.toHaveProperty('consumed')
    }
    await tokens.consume('t')
    expect(await tokens.find('t')).toMatchObject({ consumed: expect.any(Number) })
    await expect(tokens.consume('t')).rejects.toThrow('used twice')
    expect(await grants.find('g')).toBeUndefined()
    // The first request goes on: what it saves now is good for nothing.
    await access.upsert('a', { jti: 'a', accountId, grantId: 'g', scope: 'openid' }, 60)
    expect(store.oauth.accessToken('a')).toBeUndefined()
  },
)

it('a token is found as what it is, and gone when it is destroyed', async () => {
  await adapter('Grant').upsert('h', { jti: 'h', accountId }, 60)
  for (const kind of ['AuthorizationCode', 'RefreshToken', 'AccessToken'])
    await adapter(kind).upsert(kind, { jti: kind, accountId, grantId: 'h' }, 60)
  expect(await adapter('RefreshToken').find('AccessToken')).toBeUndefined()
  await adapter('RefreshToken').destroy('AccessToken')
  expect(await adapter('AccessToken').find('AccessToken')).toBeDefined()
  await adapter('AccessToken').destroy('AccessToken')
  expect(await adapter('AccessToken').find('AccessToken')).toBeUndefined()
  await adapter('RefreshToken').revokeByGrantId('h')
  expect(await adapter('RefreshToken').find('RefreshToken')).toBeUndefined()
  expect(await adapter('AuthorizationCode').find('AuthorizationCode')).toBeDefined()
})
