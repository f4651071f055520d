import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Json, makeWorld, type World } from './support/world.ts'

let world: World
const email = 'ada@example.test'

beforeAll(async () => {
  world = await makeWorld()
})
beforeEach(() => world.settings({ provisioning: true }))
afterEach(() => world.sp.reset())
afterAll(() => world.sp.stop())

const groupsOf = (user: Json | undefined): string[] =>
  ((user?.['groups'] ?? []) as Json[]).map((group) => String(group['name']))
const environmentsOf = async (user: Json | undefined): Promise<unknown> => {
  if (user?.['all_sub_accounts'] === true) return 'all'
  const { json } = await world.api('GET', `/users/${user?.['id']}/sub_accounts`)
  return (json['sub_accounts'] as Json[]).map((one) => one['cloud_name'])
}
/** Everything that a refused login must leave alone. */
const snapshot = async () => ({
  users: await world.users(),
  groups: (await world.api('GET', '/user_groups?extended_details=true')).json,
  environments: (await world.api('GET', '/sub_accounts')).json,
})
const expectRefused = async (
  change: Parameters<World['provision']>[0],
  code: string,
  nameId?: string,
): Promise<void> => {
  const before = await snapshot()
  const { answer, code: found, who } = await world.provision(change, nameId)
  expect({ status: answer.status, code: found, who }).toEqual({ status: 400, code, who: undefined })
  expect(await snapshot()).toEqual(before)
}

describe('the first login', () => {
  it('makes the account and logs in', async () => {
    expect((await world.provision({})).who).toBe(email)
    expect(await world.user(email)).toMatchObject({
      name: 'Ada Lovelace',
      first_name: 'Ada',
      last_name: 'Lovelace',
      role: 'media_library_user',
      enabled: true,
      pending: false,
      all_sub_accounts: true,
      groups: [],
      providers: ['saml'],
    })
  })

  it.each([
    'master_admin',
    'admin',
    'technical_admin',
    'billing',
    'reports',
    'media_library_admin',
    'media_library_user',
  ])('stores the role %s as it is', async (role) => {
    const { browser } = await world.provision({ 'User.CloudinaryRole': role })
    expect(await world.whoAmI(browser)).toMatchObject({ email, role, source: 'saml', two_factor: false })
  })

  it.each([['User.CloudinaryAccountID'], ['User.Username'], ['User.FirstName'], ['User.Email']])(
    'is refused without %s, also when it is empty or in another case',
    async (name) => {
      await expectRefused({ [name]: undefined }, 'ATTRIBUTE_MISSING', email)
      await expectRefused({ [name]: '' }, 'ATTRIBUTE_MISSING', email)
      const value = world.attributes()[name] ?? ''
      await expectRefused({ [name]: undefined, [name.toLowerCase()]: value }, 'ATTRIBUTE_MISSING', email)
    },
  )

  it('does not need a last name, and can take it away', async () => {
    expect((await world.provision({ 'User.LastName': undefined })).who).toBe(email)
    await world.provision({})
    expect((await world.user(email))?.['name']).toBe('Ada Lovelace')
    await world.provision({ 'User.LastName': undefined })
    expect((await world.user(email))?.['name']).toBe('Ada Lovelace')
    await world.provision({ 'User.LastName': '' })
    expect((await world.user(email))?.['name']).toBe('Ada')
  })

  it('is refused for values that cannot be', async () => {
    await expectRefused({ 'User.CloudinaryAccountID': 'another-account' }, 'ACCOUNT_ID_MISMATCH')
    await expectRefused({ 'User.Email': 'nobody' }, 'EMAIL_INVALID')
    await expectRefused({ 'User.Username': ['a', 'b'] }, 'ATTRIBUTE_AMBIGUOUS')
    await expectRefused({ 'User.LastName': ['a', 'b'] }, 'ATTRIBUTE_AMBIGUOUS')
    await expectRefused({ 'User.CloudinaryRole': ['reports', 'admin'] }, 'ATTRIBUTE_AMBIGUOUS')
    for (const role of ['superuser', 'ADMIN', 'Admin', 'admin ', ''])
      await expectRefused({ 'User.CloudinaryRole': role }, 'ROLE_UNKNOWN')
    await expectRefused({ 'User.CloudinarySubAccounts': ['prod', 'nowhere'] }, 'ENVIRONMENT_UNKNOWN')
    await expectRefused({ 'User.CloudinarySubAccounts': ['PROD'] }, 'ENVIRONMENT_UNKNOWN')
    await expectRefused({ 'User.CloudinarySubAccounts': '' }, 'ENVIRONMENTS_EMPTY')
  })

  it('passes over attributes that it does not know, and NameFormats', async () => {
    expect((await world.provision({ 'Group.Permissions': 'all', department: 'x' })).who).toBe(email)
    for (const nameFormat of [
      'urn:oasis:names:tc:SAML:2.0:attrname-format:basic',
      'urn:oasis:names:tc:SAML:2.0:attrname-format:uri',
      null,
    ])
      expect((await world.login({ attributes: world.attributes(), nameFormat })).who).toBe(email)
  })

  it('takes User.Email, where the NameID is another address', async () => {
    expect((await world.provision({}, 'other@example.test')).who).toBe(email)
  })
})

describe('which account', () => {
  it('is that of the user name, whatever else changes', async () => {
    await world.provision({})
    const { id } = (await world.user(email)) ?? {}
    const change = {
      'User.Email': 'countess@example.test',
      'User.FirstName': 'Augusta',
      'User.LastName': 'King',
      'User.CloudinaryRole': 'reports',
    }
    expect((await world.provision(change)).who).toBe('countess@example.test')
    expect(await world.user('countess@example.test')).toMatchObject({ id, name: 'Augusta King', role: 'reports' })
    expect(await world.user(email)).toBeUndefined()
  })

  it('is that of the e-mail address, for an account that was there before; and is bound to the user name', async () => {
    const { id } = (await world.api('POST', '/users', { name: 'Ada', email: email.toUpperCase(), role: 'reports' }))
      .json
    expect((await world.provision({})).who).toBe(email)
    await world.provision({ 'User.Email': 'new@example.test' })
    expect(await world.user('new@example.test')).toMatchObject({ id, role: 'reports', providers: ['api'] })
    expect((await world.users()).length).toBe(2)
  })

  it('is never that of another user name: the address is taken', async () => {
    await world.provision({})
    await world.provision({ 'User.Username': 'ext-2', 'User.Email': 'bob@example.test' })
    await expectRefused({ 'User.Username': 'ext-3' }, 'EMAIL_TAKEN')
    await expectRefused({ 'User.Username': 'ext-2', 'User.Email': email.toUpperCase() }, 'EMAIL_TAKEN')
  })

  it('is a new one where the e-mail address is the user name and both change', async () => {
    await world.provision({ 'User.Username': email })
    await world.provision({ 'User.Username': 'b@example.test', 'User.Email': 'b@example.test' })
    expect((await world.user(email))?.['id']).not.toBe((await world.user('b@example.test'))?.['id'])
  })
})

describe('later logins', () => {
  it('need every mandatory attribute too, and change nothing without', async () => {
    await world.provision({})
    for (const name of ['User.CloudinaryAccountID', 'User.Username', 'User.FirstName', 'User.Email'])
      await expectRefused({ [name]: undefined, 'User.CloudinaryRole': 'reports' }, 'ATTRIBUTE_MISSING', email)
  })

  it('keep what is not sent, and overwrite a role that was set here', async () => {
    await world.provision({ 'User.CloudinaryRole': 'reports', 'User.CloudinarySubAccounts': ['dev'] })
    await world.provision({})
    const user = await world.user(email)
    expect([user?.['role'], await environmentsOf(user)]).toEqual(['reports', ['dev']])
    await world.api('PUT', `/users/${user?.['id']}`, { role: 'admin' })
    await world.provision({ 'User.CloudinaryRole': 'reports' })
    expect((await world.user(email))?.['role']).toBe('reports')
  })

  it('do not let a disabled account in, nor enable it; a deleted one is made again', async () => {
    await world.provision({})
    const id = (await world.user(email))?.['id']
    await world.api('PUT', `/users/${id}`, { enabled: false })
    await expectRefused({}, 'USER_DISABLED')
    await world.api('DELETE', `/users/${id}`)
    expect((await world.provision({})).who).toBe(email)
    expect((await world.user(email))?.['id']).not.toBe(id)
  })
})

describe('groups', () => {
  it('are joined and left with the list; those that do not exist are made; an empty list leaves all', async () => {
    const { id } = (await world.api('POST', '/user_groups', { name: 'Design' })).json
    await world.provision({ 'User.CloudinaryUserGroups': ['Design', 'design', 'Print'] })
    expect(groupsOf(await world.user(email))).toEqual(['Design', 'Print', 'design'])
    expect((await world.group('Design'))?.['id']).toBe(id)
    await world.provision({ 'User.CloudinaryUserGroups': ['Print'] })
    expect(groupsOf(await world.user(email))).toEqual(['Print'])
    await world.provision({})
    expect(groupsOf(await world.user(email))).toEqual(['Print'])
    await world.provision({ 'User.CloudinaryUserGroups': '' })
    expect(groupsOf(await world.user(email))).toEqual([])
    expect(await world.group('Design')).toMatchObject({ id, users: [] })
  })

  it.each(['master_admin', 'admin', 'technical_admin', 'billing', 'reports', 'media_library_admin'])(
    'are ignored for %s: not joined, and not made',
    async (role) => {
      await world.api('POST', '/user_groups', { name: 'Design' })
      await world.provision({ 'User.CloudinaryRole': role, 'User.CloudinaryUserGroups': ['Design', 'Unborn'] })
      expect(groupsOf(await world.user(email))).toEqual([])
      expect(await world.group('Unborn')).toBeUndefined()
    },
  )

  it('stay as they are when the role changes to one that has none', async () => {
    await world.provision({ 'User.CloudinaryUserGroups': ['Design'] })
    await world.provision({ 'User.CloudinaryRole': 'reports', 'User.CloudinaryUserGroups': ['Print'] })
    expect(groupsOf(await world.user(email))).toEqual(['Design'])
  })
})

describe('product environments', () => {
  it('are limited to those listed, and follow the list', async () => {
    await world.provision({ 'User.CloudinarySubAccounts': ['prod', 'dev'] })
    expect(await environmentsOf(await world.user(email))).toEqual(['prod', 'dev'])
    await world.provision({ 'User.CloudinarySubAccounts': ['dev'] })
    expect(await environmentsOf(await world.user(email))).toEqual(['dev'])
    await world.provision({ 'User.CloudinarySubAccounts': '' })
    expect(await environmentsOf(await world.user(email))).toEqual(['dev'])
    await expectRefused({ 'User.CloudinarySubAccounts': ['nowhere'] }, 'ENVIRONMENT_UNKNOWN')
  })

  it('are all, those made later too, where nothing is sent, and for a master_admin always', async () => {
    await world.provision({})
    await world.provision({
      'User.Username': 'm',
      'User.Email': 'm@example.test',
      'User.CloudinaryRole': 'master_admin',
      'User.CloudinarySubAccounts': ['dev'],
    })
    await world.api('POST', '/sub_accounts', { name: 'Later' })
    const users = await Promise.all([email, 'm@example.test'].map((address) => world.user(address)))
    expect(users.map((user) => [user?.['all_sub_accounts'], user?.['sub_account_count']])).toEqual([
      [true, 4],
      [true, 4],
    ])
  })
})

describe('without provisioning', () => {
  beforeEach(() => world.settings({ provisioning: false }))

  it('only the NameID counts, and nothing is applied', async () => {
    await world.api('POST', '/users', { name: 'Ada', email, role: 'reports' })
    const before = await world.user(email)
    expect((await world.login({ nameId: email.toUpperCase() })).who).toBe(email)
    const change = { 'User.FirstName': 'Other', 'User.CloudinaryRole': 'admin', 'User.Email': 'other@example.test' }
    expect((await world.provision(change, email)).who).toBe(email)
    const { last_login: _before, pending: _p, status: _s, ...same } = before ?? {}
    expect(await world.user(email)).toMatchObject(same)
  })

  it('somebody unknown stays unknown', () => expectRefused({}, 'USER_UNKNOWN'))
})
