import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { oauthDefects } from '../../../src/reference-sp/cloudinary/defects/oauth.ts'
import { basic, formsOf, makeAgent, makeWorld, redirectUri, type World } from './support.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterEach(() => {
  expect(world.problems).toEqual([])
  world.service.reset()
  world.break(() => ({}))
})
afterAll(() => world.stop())

const loggedIn = async () => {
  const agent = makeAgent()
  await world.passwordLogin(agent)
  return agent
}

/** Of each requirement, what is seen of a good SP and of one that breaks it. */
const probes: [string, () => Promise<unknown>, unknown, unknown][] = [
  [
    'CLD-SCIM-12',
    async () => {
      const { json } = await world.redeem(await world.authorize())
      return [json['token_type'], json['expires_in'], typeof json['access_token']]
    },
    ['Bearer', 3600, 'string'],
    [undefined, undefined, 'string'],
  ],
  [
    'CLD-SCIM-13',
    async () => {
      const agent = await loggedIn()
      const seen = []
      for (const scope of ['openid offline provision:scim', 'openid']) {
        const page = await agent.follow(await agent.get(world.authorizationUrl({ scope })))
        seen.push('ACCEPT ACCESS' in formsOf(page.body) || new URL(page.location ?? '').searchParams.get('error'))
      }
      return seen
    },
    [true, true],
    ['invalid_scope', true],
  ],
  [
    'CLD-SCIM-14',
    async () => {
      const { clientId } = world.info.oauth
      const redeem = async (headers: Record<string, string>, form: Record<string, string>) => {
        const code = await world.authorize()
        const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
        return (await world.token({ ...fields, ...form }, headers)).status
      }
      return [
        await redeem(basic(clientId, 'wrong'), {}),
        await redeem({}, { client_id: clientId, client_secret: 'wrong' }),
        await redeem(basic('wrong', 'wrong'), {}),
      ]
    },
    [401, 401, 401],
    [200, 200, 401],
  ],
  [
    'CLD-SCIM-15',
    async () => {
      const agent = await loggedIn()
      const url = world.authorizationUrl({ redirect_uri: 'http://evil.test/callback' })
      const page = await agent.follow(await agent.get(url))
      const answer = await agent.follow(await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {}))
      return answer.location === undefined ? page.status : new URL(answer.location).host
    },
    400,
    'evil.test',
  ],
  [
    'CLD-SCIM-16',
    async () => {
      const agent = await loggedIn()
      const answer = await agent.follow(await agent.get(world.authorizationUrl()))
      const nobody = await makeAgent().get(world.authorizationUrl())
      return [new URL(answer.location ?? 'none:').searchParams.has('code'), nobody.location?.includes('code=')]
    },
    [false, false],
    [true, false],
  ],
  [
    'CLD-SCIM-19',
    async () => {
      const { json } = await world.redeem(await world.authorize())
      return 'refresh_token' in json && (await world.refresh(json['refresh_token'] ?? '')).status
    },
    200,
    false,
  ],
]

it('has a probe for every defect', () => {
  expect(probes.map(([id]) => id)).toEqual(oauthDefects.map(({ id }) => id))
})

it.each(probes)('%s is kept, and broken by its defect', async (id, probe, kept, broken) => {
  expect(await probe()).toEqual(kept)
  world.service.reset()
  const defect = oauthDefects.find((one) => one.id === id)
  world.break((rules) => defect?.rules(rules) ?? {})
  expect(await probe()).toEqual(broken)
})
