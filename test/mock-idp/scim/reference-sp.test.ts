/** The whole of it against the reference SP: consent over its pages, its tokens, its SCIM server. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMockIdp, type MockIdp, type OrgClient } from '../../../mock-idp/index.ts'
import { type Agent, formsOf, makeAgent, makeWorld, type World } from '../../reference-sp/oauth/support.ts'
import { everyAction } from '../provisioning/okta.ts'

let sp: World
let idp: MockIdp
let org: OrgClient
let appId: string
beforeEach(async () => {
  sp = await makeWorld()
  idp = await createMockIdp({ memory: true }).start()
  org = idp.org()
  const saml = { ssoUrl: 'http://127.0.0.1:9/', audience: 'urn:sp' }
  appId = (await org.applications.create({ label: 'Cloudinary', saml })).id
  const { scim, oauth } = sp.info
  await org.connection.set({
    baseUrl: scim.baseUrl,
    auth: {
      type: 'oauth2',
      tokenUrl: oauth.tokenUrl,
      authorizationUrl: oauth.authorizationUrl,
      clientId: oauth.clientId,
      clientSecret: oauth.clientSecret,
    },
  })
  const uri = (await org.connection.get()).redirectUri
  expect((await sp.admin('POST', '/settings/oauth/redirect_uris', { uri })).status).toBe(200)
  await org.provisioning.set(appId, { actions: everyAction })
})
afterEach(async () => {
  await idp.stop()
  await sp.stop()
})

/** Presses a button of the consent page, and follows the browser back to the mock IdP. */
const answer = async (agent: Agent, button: 'ACCEPT ACCESS' | 'Decline') => {
  const page = await agent.follow(await agent.get(await org.connection.authorizationUrl()))
  const back = await agent.follow(await agent.post(page.url, formsOf(page.body)[button] ?? {}))
  return { url: back.location ?? '', page: await agent.get(back.location ?? '') }
}
const masterAdmin = async (): Promise<Agent> => {
  const agent = makeAgent()
  await sp.passwordLogin(agent)
  return agent
}
const assign = async (name: string) => {
  const email = `${name}@example.test`
  const { id } = await org.users.create({ profile: { login: email, email, firstName: name, lastName: 'Test' } })
  await org.applications.assignUser(appId, id)
  return org.tasks.idle()
}
const idle = { busy: 0, waiting: 0, blocked: 0, failed: 0 }
const has = (name: string) => sp.sp.store.users.findByEmail(`${name}@example.test`) !== undefined

test('consent, refresh, revocation, and consent by another account', async () => {
  expect(await assign('ada')).toEqual({ ...idle, blocked: 1 })
  const declined = await answer(await masterAdmin(), 'Decline')
  expect(declined.page.body).toContain('access_denied')
  expect(await org.connection.get()).toMatchObject({
    state: 'not-authorized',
    problem: expect.stringMatching(/^access_denied/),
  })
  const { url, page } = await answer(await masterAdmin(), 'ACCEPT ACCESS')
  expect(page.status).toBe(200)
  expect(await org.connection.get()).toMatchObject({ state: 'connected' })
  expect(await org.tasks.idle()).toEqual(idle)
  expect(has('ada')).toBe(true)
  await org.connection.test()
  // Opened again, the callback neither works nor sends the code a second time, which would revoke the tokens.
  expect((await makeAgent().get(url)).status).toBe(400)
  await org.connection.test()

  const first = await org.connection.tokens()
  const [master] = sp.sp.store.users.list()
  await sp.admin('POST', `/users/${master?.id}/tokens/expire`)
  const call = { method: 'GET', path: '/Users?startIndex=1&count=2' } as const
  const answers = await Promise.all(Array.from({ length: 50 }, () => org.connection.call(call)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  const second = await org.connection.tokens()
  expect(second.accessToken).not.toBe(first.accessToken)
  expect(second.refreshToken).not.toBe(first.refreshToken)

  await sp.admin('DELETE', `/users/${master?.id}/tokens`)
  expect(await assign('bob')).toEqual({ ...idle, blocked: 1 })
  expect(await org.connection.get()).toMatchObject({
    state: 'needs-reauthentication',
    problem: expect.stringContaining('invalid_grant'),
  })

  const other = sp.user({ email: 'other-admin@example.test' })
  const agent = makeAgent()
  await sp.samlLogin(agent, other)
  expect((await answer(agent, 'ACCEPT ACCESS')).page.status).toBe(200)
  expect(await org.tasks.idle()).toEqual(idle)
  expect(has('bob')).toBe(true)

  // The access is that account's: it ends with it.
  sp.sp.store.users.update(other.id, { enabled: false })
  expect(await assign('carl')).toEqual({ ...idle, blocked: 1 })
  expect(await org.connection.get()).toMatchObject({ state: 'needs-reauthentication' })
  expect(has('carl')).toBe(false)
  expect(sp.problems).toEqual([])
})

test('a client whose secret is wrong is told so, in the words of the SP', async () => {
  const { scim, oauth } = sp.info
  for (const clientAuth of ['basic', 'body'] as const) {
    await org.connection.set({
      baseUrl: scim.baseUrl,
      auth: {
        type: 'oauth2',
        tokenUrl: oauth.tokenUrl,
        authorizationUrl: oauth.authorizationUrl,
        clientId: oauth.clientId,
        clientSecret: 'not the secret',
        clientAuth,
      },
    })
    const { page } = await answer(await masterAdmin(), 'ACCEPT ACCESS')
    expect(page.status).toBe(400)
    expect(page.body).toContain('invalid_client')
    expect(page.body).not.toContain('not the secret')
    expect((await org.connection.get()).state).toBe('not-authorized')
  }
})
