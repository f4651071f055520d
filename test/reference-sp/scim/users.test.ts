import { describe, expect, it } from 'vitest'
import { roles } from '../../../src/reference-sp/cloudinary/roles.ts'
import { enterpriseUrn, oktaUser, patchOp, person, userUrn, useWorld } from './support.ts'

const sp = useWorld()
const scim: typeof sp.world.scim = (...rest) => sp.world.scim(...rest)
const make = async (change?: Record<string, unknown>) => {
  const answer = await scim('POST', '/Users', oktaUser(change))
  expect([answer.status, answer.json?.detail]).toEqual([201, undefined])
  return answer.json
}
const read = async (id: string) => (await scim('GET', `/Users/${id}`)).json
const account = async (id: string) => (await sp.world.accounts('GET', `/users/${id}`)).json
const filtered = async (filter: string) => (await scim('GET', `/Users?filter=${encodeURIComponent(filter)}`)).json

describe("Okta's create", () => {
  it('makes the account, with Location, ETag and a body that has everything but the password', async () => {
    const answer = await scim('POST', '/Users', oktaUser())
    expect(answer.status).toBe(201)
    expect(answer.headers.get('content-type')).toMatch(/^application\/scim\+json/)
    const { id, meta } = answer.json
    expect(answer.json).toEqual({
      schemas: [userUrn],
      id: expect.any(String),
      externalId: '00u1234567890abcdefg',
      userName: 'ada@example.test',
      name: { formatted: 'Ada Byron', familyName: 'Byron', givenName: 'Ada' },
      displayName: 'Ada Byron',
      emails: [{ value: 'ada@example.test', type: 'work', primary: true }],
      active: true,
      groups: [],
      role: 'admin',
      product_environments: ['prod', 'dev'],
      meta: {
        resourceType: 'User',
        created: expect.any(String),
        lastModified: expect.any(String),
        location: `${sp.world.info.scim.baseUrl}/Users/${id}`,
        version: answer.headers.get('etag'),
      },
    })
    expect(answer.headers.get('location')).toBe(meta.location)
    expect(await read(id)).toEqual(answer.json)
    expect(await account(id)).toMatchObject({ role: 'admin', all_sub_accounts: false, providers: ['scim'] })
    expect(sp.world.sp.store.users.find(id)?.passwordHash).toBeUndefined()
  })

  it.each(roles)('takes the role %s by POST and by PUT', async (role) => {
    const { id } = await make({ role })
    const other = await make(person('bob'))
    const put = await scim('PUT', `/Users/${other.id}`, { ...other, role })
    expect([(await read(id)).role, put.json.role, (await account(other.id)).role]).toEqual([role, role, role])
  })

  it.each([
    [{ role: 'superuser' }, 400, 'invalidValue', 'superuser'],
    [{ role: ['admin'] }, 400, 'invalidValue', 'role'],
    [{ product_environments: ['prod', 'nowhere'] }, 400, 'invalidValue', 'nowhere'],
    [{ product_environments: 'prod' }, 400, 'invalidValue', 'product_environments'],
    [{ userName: undefined }, 400, 'invalidValue', 'userName'],
    [{ userName: 'a\u0000@example.test' }, 400, 'invalidValue', 'userName'],
    [{ userName: '\ud800@example.test' }, 400, 'invalidValue', 'userName'],
    [{ userName: 'ada', emails: [] }, 400, 'invalidValue', 'emails'],
    [{ emails: [{ value: 'nobody' }] }, 400, 'invalidValue', 'nobody'],
    [{ active: 'perhaps' }, 400, 'invalidValue', 'active'],
    [{ name: 'Ada' }, 400, 'invalidValue', 'name'],
  ])('refuses %j', async (change, status, scimType, named) => {
    const { json, ...answer } = await scim('POST', '/Users', oktaUser(change))
    expect([answer.status, json.status, json.scimType]).toEqual([status, String(status), scimType])
    expect(json.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:Error'])
    expect(json.detail).toContain(named)
    expect(sp.world.sp.store.users.findByEmail('ada@example.test')).toBeUndefined()
  })

  it.each([
    ['the userName, in another case', { userName: 'ADA@example.test', externalId: 'x', emails: [{ value: 'a@b.c' }] }],
    ['the e-mail address', { userName: 'other', externalId: 'x' }],
  ])('refuses a duplicate of %s with 409', async (_what, change) => {
    await make()
    const { status, json } = await scim('POST', '/Users', oktaUser(change))
    expect([status, json.status, json.scimType]).toEqual([409, '409', 'uniqueness'])
  })

  it('gives a user without a role the weakest, and without environments all of them', async () => {
    for (const [name, environments] of [
      ['a', undefined],
      ['b', null],
      ['c', []],
    ] as const) {
      const { id, ...user } = await make(person(name, { role: undefined, product_environments: environments }))
      expect([user.role, user.product_environments]).toEqual(['media_library_user', undefined])
      expect(await account(id)).toMatchObject({ all_sub_accounts: true })
    }
  })

  it('passes over what is not known here', async () => {
    const more = { nickName: 'A', phoneNumbers: [{ value: '1' }], addresses: null, roles: [] }
    const user = await make({ ...more, [enterpriseUrn]: { department: 'D' }, __proto__: { x: 1 } })
    for (const name of [...Object.keys(more), enterpriseUrn, 'locale', 'password'])
      expect(user).not.toHaveProperty(name)
  })

  it('takes names of attributes in any case', async () => {
    const { userName: _u, externalId: _e, ...rest } = oktaUser()
    const user = (await scim('POST', '/Users', { ...rest, USERNAME: 'ada@example.test', NAME: { GIVENNAME: 'A' } }))
      .json
    expect(user).toMatchObject({ userName: 'ada@example.test', name: { givenName: 'A' } })
  })

  it('takes attributes below the core URN only where a setting says so', async () => {
    const nested = (name: string) =>
      person(name, { role: undefined, product_environments: undefined, [userUrn]: { role: 'billing' } })
    expect((await make(nested('a'))).role).toBe('media_library_user')
    await sp.world.admin('PUT', '/settings', { scimNestedCore: true })
    const user = await make(nested('b'))
    expect(user.role).toBe('billing')
    const patched = await scim(
      'PATCH',
      `/Users/${user.id}`,
      patchOp({ op: 'add', value: { [userUrn]: { role: 'reports' } } }),
    )
    expect(patched.json.role).toBe('reports')
  })
})

describe('PUT', () => {
  it('takes what GET gave, and changes what was changed in it', async () => {
    const before = await make()
    const same = await scim('PUT', `/Users/${before.id}`, before)
    expect([same.status, same.json.meta.version]).toEqual([200, before.meta.version])
    const put = await scim('PUT', `/Users/${before.id}`, {
      ...before,
      name: { givenName: 'Ada', familyName: 'King' },
      userName: 'ada.king',
      role: 'billing',
      product_environments: ['staging'],
    })
    expect(put.json).toMatchObject({
      id: before.id,
      userName: 'ada.king',
      displayName: 'Ada King',
      role: 'billing',
      product_environments: ['staging'],
      emails: before.emails,
    })
    expect(await account(before.id)).toMatchObject({ name: 'Ada King', role: 'billing', sub_account_count: 1 })
    expect((await filtered('userName eq "ada@example.test"')).totalResults).toBe(0)
  })

  it('keeps what is left out, and takes null and an empty list for "none"', async () => {
    const { id } = await make()
    const kept = (await scim('PUT', `/Users/${id}`, { schemas: [userUrn], userName: 'ada@example.test' })).json
    expect(kept).toMatchObject({
      role: 'admin',
      product_environments: ['prod', 'dev'],
      externalId: '00u1234567890abcdefg',
    })
    expect(kept).toMatchObject({ active: true, displayName: 'Ada Byron' })
    const none = {
      userName: 'ada@example.test',
      externalId: null,
      product_environments: [],
      name: { givenName: 'Ada' },
    }
    const cleared = (await scim('PUT', `/Users/${id}`, none)).json
    for (const name of ['externalId', 'product_environments']) expect(cleared).not.toHaveProperty(name)
    expect([cleared.displayName, cleared.role]).toEqual(['Ada', 'admin'])
  })

  it('never widens somebody whose environments are all gone by sending back what GET gave', async () => {
    const user = await make({ product_environments: ['dev'] })
    const { environments } = sp.world.sp.store
    environments.delete(environments.list().find(({ cloudName }) => cloudName === 'dev')?.id ?? '')
    const before = await read(user.id)
    expect(before.product_environments).toEqual([])
    expect((await scim('PUT', `/Users/${user.id}`, before)).json.product_environments).toEqual([])
  })

  it('refuses a name that somebody else has, and changes nothing', async () => {
    const [ada, bob] = [await make(), await make(person('bob'))]
    const { status, json } = await scim('PUT', `/Users/${bob.id}`, { ...bob, role: 'reports', userName: ada.userName })
    expect([status, json.scimType]).toEqual([409, 'uniqueness'])
    expect(await read(bob.id)).toEqual(bob)
    expect((await scim('PUT', '/Users/nobody', ada)).status).toBe(404)
  })
})

describe('PATCH', () => {
  const patch = (id: string, ...operations: unknown[]) => scim('PATCH', `/Users/${id}`, patchOp(...operations))

  it.each([
    ['Okta, without a path', { op: 'replace', value: { active: false } }],
    ['Entra, a text', { op: 'Replace', path: 'active', value: 'False' }],
    ['Entra with its flag', { op: 'replace', path: 'active', value: false }],
    ['the path with the URN', { op: 'REPLACE', path: `${userUrn}:active`, value: 'false' }],
  ])('deactivates: %s', async (_name, operation) => {
    const { id } = await make()
    const { status, json } = await patch(id, operation)
    expect([status, json.active]).toEqual([200, false])
    expect(await account(id)).toMatchObject({ enabled: false })
    expect((await patch(id, { op: 'replace', value: { active: true } })).json.active).toBe(true)
  })

  it('takes dotted keys and those with a URN, and filters of elements, as Entra sends them', async () => {
    const { id } = await make()
    const { json } = await patch(
      id,
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@example.test' },
      { op: 'Replace', path: 'name.familyName', value: 'King' },
      {
        op: 'replace',
        value: {
          'name.givenName': 'Augusta',
          [`${enterpriseUrn}:employeeNumber`]: '77',
          [`${userUrn}:role`]: 'reports',
        },
      },
      { op: 'Add', path: `${enterpriseUrn}:manager`, value: '1' },
      { op: 'Add', path: 'roles', value: [{ value: '{"id":"1"}' }] },
      { op: 'Add', path: 'addresses[type eq "work"].locality', value: 'London' },
    )
    expect(json).toMatchObject({
      emails: [{ value: 'new@example.test', type: 'work', primary: true }],
      name: { formatted: 'Augusta King' },
      role: 'reports',
    })
  })

  it('makes an element that its filter does not find, and leaves the primary one alone', async () => {
    const { id } = await make()
    const { status, json } = await patch(id, { op: 'replace', path: 'emails[type eq "home"].value', value: 'h@x.test' })
    expect([status, json.emails[0].value]).toEqual([200, 'ada@example.test'])
  })

  it('adds to and removes from the environments', async () => {
    const { id } = await make()
    const environments = async (...operations: unknown[]) => (await patch(id, ...operations)).json.product_environments
    const path = 'product_environments'
    expect(await environments({ op: 'add', path, value: ['staging', 'dev'] })).toEqual(['prod', 'staging', 'dev'])
    expect(await environments({ op: 'remove', path, value: ['prod'] })).toEqual(['staging', 'dev'])
    expect(await environments({ op: 'replace', path, value: ['dev'] })).toEqual(['dev'])
    expect(await environments({ op: 'replace', path: 'name.givenName', value: 'A' })).toEqual(['dev'])
    expect(await environments({ op: 'remove', path })).toBeUndefined()
    expect(await account(id)).toMatchObject({ all_sub_accounts: true })
  })

  it.each([
    [{ op: 'replace', path: 'emails[', value: 'x' }, 'invalidPath'],
    [{ op: 'add', path: `${'a.'.repeat(20_000)}a`, value: 1 }, 'invalidPath'],
    [{ op: 'add', value: { [`${'a.'.repeat(20)}a`]: 1 } }, 'invalidPath'],
    [{ op: 'replace', path: 'userName[value eq "x"]', value: 'x' }, 'invalidValue'],
    [{ op: 'replace', path: 'emails[type eq work].value', value: 'x' }, 'invalidFilter'],
    [{ op: 'replace', path: 'emails[type ne "work"].value', value: 'x' }, 'noTarget'],
    [{ op: 'replace', path: 'id', value: 'x' }, 'mutability'],
    [{ op: 'add', path: 'groups', value: [{ value: 'x' }] }, 'mutability'],
    [{ op: 'remove', path: 'userName' }, 'invalidValue'],
    [{ op: 'remove' }, 'noTarget'],
    [{ op: 'move', path: 'userName', value: 'x' }, 'invalidSyntax'],
    [{ op: 'replace', path: 'userName' }, 'invalidSyntax'],
    [{ op: 'replace', value: 'x' }, 'invalidValue'],
    [{ op: 'replace', path: 'role', value: 'superuser' }, 'invalidValue'],
  ])('refuses %j, with all operations before it', async (operation, scimType) => {
    const before = await make()
    const { status, json } = await patch(before.id, { op: 'replace', path: 'name.givenName', value: 'X' }, operation)
    expect([status, json.scimType]).toEqual([400, scimType])
    expect(await read(before.id)).toEqual(before)
  })

  it('refuses a message that is none', async () => {
    const { id } = await make()
    for (const body of [{ Operations: [] }, patchOp(), {}])
      expect((await scim('PATCH', `/Users/${id}`, body)).json.scimType).toBe('invalidSyntax')
  })
})

describe('DELETE', () => {
  it('removes the account', async () => {
    const { id } = await make()
    const answer = await scim('DELETE', `/Users/${id}`)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect((await scim('GET', `/Users/${id}`)).status).toBe(404)
    expect((await scim('DELETE', `/Users/${id}`)).status).toBe(404)
    expect((await sp.world.accounts('GET', `/users/${id}`)).status).toBe(404)
  })
})

describe('versions', () => {
  it('are compared with If-Match and If-None-Match', async () => {
    const before = await make()
    const { version } = before.meta
    const at = `/Users/${before.id}`
    const ifMatch = (tag: string) => ({ headers: { 'if-match': tag } })
    expect((await scim('GET', at, undefined, { headers: { 'if-none-match': version } })).status).toBe(304)
    const changed = await scim('PUT', at, { ...before, role: 'reports' }, ifMatch(version))
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, changed.json.meta.version])
    expect(changed.json.meta.version).not.toBe(version)
    for (const [method, body] of [
      ['PUT', before],
      ['PATCH', patchOp({ op: 'remove', path: 'x' })],
      ['DELETE', undefined],
    ] as const)
      expect((await scim(method, at, body, ifMatch(version))).status).toBe(412)
    expect((await scim('GET', at, undefined, { headers: { 'if-none-match': version } })).status).toBe(200)
    expect((await scim('DELETE', at, undefined, ifMatch(`"x", ${changed.json.meta.version}`))).status).toBe(204)
  })
})
