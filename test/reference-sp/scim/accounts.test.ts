import { describe, expect, it } from 'vitest'
import { makeAgent } from '../oauth/support.ts'
import { mint } from '../support/idp.ts'
import { sharedIdp } from '../support/world.ts'
import { oktaUser, patchOp, useWorld } from './support.ts'

const sp = useWorld()
const scim: typeof sp.world.scim = (...rest) => sp.world.scim(...rest)
const accounts: typeof sp.world.accounts = (...rest) => sp.world.accounts(...rest)
const byName = async (userName: string) =>
  (await scim('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}&startIndex=1&count=100`)).json

const provisioned = {
  'User.Username': 'ada@example.test',
  'User.FirstName': 'Ada',
  'User.LastName': 'Byron',
  'User.Email': 'ada@example.test',
  'User.CloudinaryRole': 'media_library_user',
  'User.CloudinaryUserGroups': ['Design'],
  'User.CloudinarySubAccounts': ['prod'],
}

/** Who is logged in after a SAML login: the status, and the account. */
const samlLogin = async (attributes?: Record<string, string | readonly string[]>, nameId = 'ada@example.test') => {
  const { info } = sp.world
  const agent = makeAgent()
  const accountId = { 'User.CloudinaryAccountID': sp.world.sp.accountId }
  const message = mint({
    idp: sharedIdp,
    acsUrl: info.acsUrls[0],
    audience: info.audiences[0],
    nameId,
    ...(attributes === undefined ? {} : { attributes: { ...accountId, ...attributes } }),
  })
  await agent.post(info.acsUrls[0], { SAMLResponse: Buffer.from(message).toString('base64') })
  const me = await agent.get(info.sessionUrl)
  return { status: me.status, agent }
}
const provisioning = () => sp.world.admin('PUT', '/settings', { provisioning: true })

describe('one account', () => {
  it('of a user whom the Provisioning API made: found, linked by PUT, and changed in all views', async () => {
    const made = (await accounts('POST', '/users', { name: 'Ada Byron', email: 'ada@example.test', role: 'reports' }))
      .json
    const { totalResults, Resources } = await byName('ada@example.test')
    expect([totalResults, Resources[0].id, Resources[0].role]).toEqual([1, made.id, 'reports'])
    const put = await scim('PUT', `/Users/${made.id}`, { ...Resources[0], role: 'billing', externalId: '00u1' })
    expect([put.status, put.json.externalId]).toEqual([200, '00u1'])
    expect((await accounts('GET', `/users/${made.id}`)).json).toMatchObject({ role: 'billing', providers: ['api'] })
    await accounts('PUT', `/users/${made.id}`, { name: 'Ada King' })
    expect((await byName('ada@example.test')).Resources[0].displayName).toBe('Ada King')
    expect((await accounts('GET', '/users')).json.users).toHaveLength(2)
  })

  it('of a user whom SAML made, with groups and environments', async () => {
    await provisioning()
    expect((await samlLogin(provisioned)).status).toBe(200)
    const { totalResults, Resources } = await byName('ADA@example.test')
    expect(totalResults).toBe(1)
    expect(Resources[0]).toMatchObject({ role: 'media_library_user', product_environments: ['prod'] })
    const group = (await scim('GET', '/Groups?filter=displayName%20eq%20%22Design%22')).json.Resources[0]
    expect(group.members).toEqual([expect.objectContaining({ value: Resources[0].id, display: 'ada@example.test' })])
    const renamed = patchOp({ op: 'replace', value: { id: group.id, displayName: 'Art' } })
    expect((await scim('PATCH', `/Groups/${group.id}`, renamed)).status).toBe(200)
    expect((await accounts('GET', '/user_groups')).json.user_groups).toMatchObject([{ id: group.id, name: 'Art' }])
  })

  it('of a user whom SCIM made, who then logs in with SAML, with and without provisioning', async () => {
    const { id } = (await scim('POST', '/Users', oktaUser({ role: 'reports' }))).json
    expect((await samlLogin()).status).toBe(200)
    expect((await scim('GET', `/Users/${id}`)).json).toMatchObject({
      role: 'reports',
      product_environments: ['prod', 'dev'],
    })
    await provisioning()
    expect((await samlLogin({ ...provisioned, 'User.LastName': 'King' })).status).toBe(200)
    const after = (await scim('GET', `/Users/${id}`)).json
    expect(after).toMatchObject({ displayName: 'Ada King', role: 'media_library_user', product_environments: ['prod'] })
    expect(sp.world.sp.store.users.count()).toBe(2)
  })

  it('with a userName that is no e-mail address is that of User.Username', async () => {
    const { id } = (await scim('POST', '/Users', oktaUser({ userName: 'ada' }))).json
    await provisioning()
    expect((await samlLogin({ ...provisioned, 'User.Username': 'ada', 'User.Email': 'new@example.test' })).status).toBe(
      200,
    )
    expect((await scim('GET', `/Users/${id}`)).json.emails[0].value).toBe('new@example.test')
  })
})

describe('active:false', () => {
  it('ends sessions and logins of every kind, and active:true gives the same account back', async () => {
    const user = (await scim('POST', '/Users', oktaUser())).json
    const { agent } = await samlLogin()
    const me = async () => (await agent.get(sp.world.info.sessionUrl)).status
    expect(await me()).toBe(200)
    const off = await scim('PUT', `/Users/${user.id}`, { ...user, active: false })
    expect([off.status, off.json.active, await me()]).toEqual([200, false, 401])
    expect((await samlLogin()).status).toBe(401)
    await provisioning()
    expect((await samlLogin(provisioned)).status).toBe(401)
    expect((await byName('ada@example.test')).Resources[0]).toMatchObject({ id: user.id, active: false })
    const on = await scim('PUT', `/Users/${user.id}`, { ...off.json, active: true })
    expect([on.json.id, on.json.active]).toEqual([user.id, true])
    expect((await samlLogin(provisioned)).status).toBe(200)
  })

  it('ends the password of who has one', async () => {
    const { email, password = '' } = sp.world.info.masterAdmin
    const { id } = (await byName(email)).Resources[0]
    const login = async () => {
      const agent = makeAgent()
      await agent.post(sp.world.info.passwordLoginUrl, { email, password })
      return (await agent.get(sp.world.info.sessionUrl)).status
    }
    expect(await login()).toBe(200)
    await scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { active: false } }))
    expect(await login()).toBe(401)
  })
})

it('a password that is pushed opens nothing', async () => {
  const { password, userName } = oktaUser()
  const { id } = (await scim('POST', '/Users', oktaUser())).json
  await scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { password: 'another one' } }))
  for (const tried of [password, 'another one']) {
    const agent = makeAgent()
    expect((await agent.post(sp.world.info.passwordLoginUrl, { email: userName, password: tried })).status).toBe(401)
  }
})
