import { afterEach, describe, expect, test } from 'vitest'
import { line } from '../scim/scim-server.ts'
import { everyAction, type Okta, startOkta } from './okta.ts'

let okta: Okta
afterEach(() => okta.close())

const withPersona = async (persona: 'okta' | 'okta-oin' = 'okta') => {
  okta = await startOkta(undefined, { persona })
  return okta
}

describe('assigning', () => {
  test('looks the person up, and creates whom the SP does not know', async () => {
    const { assigned, sent, userAt } = await withPersona()
    const ada = await assigned('ada')
    expect(await sent()).toEqual(['GET /Users?userName=ada', 'POST /Users'])
    expect(userAt('ada')).toMatchObject({
      ...{ userName: 'ada@example.test', externalId: ada.id, active: true, locale: 'en-US', displayName: 'ada Test' },
      ...{ name: { givenName: 'ada', familyName: 'Test' }, groups: [] },
      emails: [{ primary: true, type: 'work', value: 'ada@example.test' }],
    })
  })

  test('links whom the SP knows, and pushes the profile', async () => {
    const { assigned, sent, sp, userAt } = await withPersona()
    sp.users.set('known', { id: 'known', userName: 'ada@example.test', nickName: 'A', active: true })
    await assigned('ada')
    expect(await sent()).toEqual(['GET /Users?userName=ada', 'GET /Users/ada', 'PUT /Users/ada'])
    expect(userAt('ada')).toMatchObject({ id: 'known', nickName: 'A', name: { givenName: 'ada' } })
  })

  test.each([
    ['okta', ['GET /Users/ada', 'PUT /Users/ada']],
    ['okta-oin', ['PATCH /Users/ada']],
  ] as const)('%s activates one that is inactive', async (persona, activation) => {
    const { assigned, sent, sp, userAt } = await withPersona(persona)
    sp.users.set('known', { id: 'known', userName: 'ada@example.test', active: false })
    await assigned('ada')
    expect(await sent()).toEqual(['GET /Users?userName=ada', 'GET /Users/ada', 'PUT /Users/ada', ...activation])
    expect(userAt('ada')).toMatchObject({ active: true })
  })

  test('two people are never linked to one user', async () => {
    const { org, app, assigned, sp } = await withPersona()
    await assigned('ada')
    const other = await org.users.create({ profile: { login: 'ada2@example.test', email: 'a@example.test' } })
    await org.applications.assignUser(app.id, other.id, { profile: { userName: 'ada@example.test' } })
    expect(await org.tasks.idle()).toMatchObject({ failed: 1 })
    expect((await org.tasks.list())[0]?.problem).toMatch(
      /is linked to ada@example.test already; ada2@example.test was not/,
    )
    expect(sp.users.size).toBe(1)
  })

  test('of a person who is not active yet waits for the activation', async () => {
    const { org, app, sent } = await withPersona()
    const ada = await org.users.create({ profile: { login: 'a@b.test', email: 'a@b.test' }, status: 'STAGED' })
    await org.applications.assignUser(app.id, ada.id)
    expect(await sent()).toEqual([])
    await org.users.update(ada.id, { status: 'ACTIVE' })
    expect(await sent()).toEqual(['GET /Users?userName=a@b.test', 'POST /Users'])
  })
})

describe('changing', () => {
  test('a profile is pushed by GET and PUT, and only if the SP would see a change', async () => {
    const { org, assigned, sent, userAt } = await withPersona('okta-oin')
    const ada = await assigned('ada')
    await sent()
    await org.users.update(ada.id, { profile: { lastName: 'King' } })
    expect(await sent()).toEqual(['GET /Users/ada', 'PUT /Users/ada'])
    expect(userAt('ada')).toMatchObject({ name: { givenName: 'ada', familyName: 'King' } })
    await org.users.update(ada.id, { profile: { mobilePhone: '1' } })
    expect(await sent()).toEqual([])
  })

  test('a userName is changed in place', async () => {
    const { org, assigned, sp, userAt } = await withPersona()
    const ada = await assigned('ada')
    const { id } = userAt('ada') ?? {}
    await org.users.update(ada.id, { profile: { login: 'king@example.test' } })
    await org.tasks.idle()
    expect([...sp.users.values()]).toMatchObject([{ id, userName: 'king@example.test' }])
  })

  test('what changes while a call is under way is not lost', async () => {
    let changed = false
    okta = await startOkta(async ({ method }) => {
      if (method !== 'PUT' || changed) return undefined
      changed = true
      await okta.org.users.update(ada.id, { profile: { lastName: 'Byron' } })
      return undefined
    })
    const ada = await okta.assigned('ada', { lastName: 'Byron' })
    await okta.org.users.update(ada.id, { profile: { lastName: 'King' } })
    await okta.org.tasks.idle()
    expect(changed).toBe(true)
    expect(okta.userAt('ada')).toMatchObject({ name: { familyName: 'Byron' } })
  })

  test('who is deleted while a call is under way leaves nothing behind', async () => {
    okta = await startOkta(async ({ method }) => {
      if (method === 'POST') await okta.org.users.remove(ada.id)
      return undefined
    })
    const ada = await okta.person('ada')
    await okta.org.applications.assignUser(okta.app.id, ada.id)
    expect(await okta.sent()).toEqual(['GET /Users?userName=ada', 'POST /Users'])
    expect(await okta.org.tasks.list()).toEqual([])
  })
})

describe.each(['okta', 'okta-oin'] as const)('leaving, as %s', (persona) => {
  const deactivation = persona === 'okta' ? ['GET /Users/ada', 'PUT /Users/ada'] : ['PATCH /Users/ada']

  test('unassigned, deactivated, or out of the assigned group: active false', async () => {
    const { org, app, assigned, group, person, sent, userAt } = await withPersona(persona)
    const ada = await assigned('ada')
    await sent()
    await org.applications.unassignUser(app.id, ada.id)
    expect(await sent()).toEqual(deactivation)
    expect(userAt('ada')).toMatchObject({ active: false })
    const team = await group('Team', ada)
    await org.applications.assignGroup(app.id, team.id)
    await sent()
    expect(userAt('ada')).toMatchObject({ active: true })
    await org.groups.removeMember(team.id, ada.id)
    expect(await sent()).toEqual(deactivation)
    await org.groups.addMember(team.id, ada.id)
    await sent()
    await org.users.update(ada.id, { status: 'DEPROVISIONED' })
    expect(await sent()).toEqual(deactivation)
    expect(userAt('ada')).toMatchObject({ active: false })
    await person('somebody else')
    expect(await sent()).toEqual([])
  })

  test('suspended, or deleted: nothing is sent', async () => {
    const { org, assigned, sent, userAt } = await withPersona(persona)
    const ada = await assigned('ada')
    await sent()
    await org.users.update(ada.id, { status: 'SUSPENDED' })
    await org.users.update(ada.id, { status: 'ACTIVE' })
    await org.users.remove(ada.id)
    expect(await sent()).toEqual([])
    expect(userAt('ada')).toMatchObject({ active: true })
  })

  test('leaving one of two groups that assign changes nothing', async () => {
    const { org, app, person, group, sent } = await withPersona(persona)
    const ada = await person('ada')
    const [one, two] = [await group('One', ada), await group('Two', ada)]
    await org.applications.assignGroup(app.id, one.id)
    await org.applications.assignGroup(app.id, two.id)
    await sent()
    await org.groups.removeMember(one.id, ada.id)
    expect(await sent()).toEqual([])
    await org.groups.remove(two.id)
    expect(await sent()).toEqual(deactivation)
  })

  test('assigned again: the same user, active', async () => {
    const { org, app, assigned, sp, userAt } = await withPersona(persona)
    const ada = await assigned('ada')
    const { id } = userAt('ada') ?? {}
    await org.applications.unassignUser(app.id, ada.id)
    await org.applications.assignUser(app.id, ada.id)
    await org.tasks.idle()
    expect([...sp.users.values()]).toMatchObject([{ id, active: true }])
  })
})

describe('switches', () => {
  test.each([
    ['createUsers', 'an assignment'],
    ['updateUsers', 'a change'],
    ['deactivateUsers', 'an unassignment'],
    ['syncPassword', 'a password'],
  ] as const)('%s off: %s tells nothing', async (off, _what) => {
    okta = await startOkta()
    const { org, app, assigned, sent } = okta
    const ada = await assigned('ada')
    const bob = await okta.person('bob')
    await sent()
    await org.provisioning.set(app.id, { actions: { ...everyAction, [off]: false } })
    const does = {
      createUsers: () => org.applications.assignUser(app.id, bob.id),
      updateUsers: () => org.users.update(ada.id, { profile: { lastName: 'King' } }),
      deactivateUsers: () => org.applications.unassignUser(app.id, ada.id),
      syncPassword: () => org.provisioning.setPassword(app.id, ada.id, 'N3w'),
    }
    await does[off]()
    expect(await sent()).toEqual([])
    await org.provisioning.set(app.id, { actions: everyAction })
    expect((await sent()).length > 0).toBe(off === 'updateUsers')
  })

  test('people who were assigned before are provisioned on request', async () => {
    okta = await startOkta(undefined, { actions: {} })
    const { org, app, person, sent } = okta
    for (const name of ['ada', 'bob']) await org.applications.assignUser(app.id, (await person(name)).id)
    await org.provisioning.set(app.id, { actions: everyAction })
    expect(await sent()).toEqual([])
    expect(await org.provisioning.provisionAssigned(app.id)).toBe(2)
    expect((await sent()).filter((one) => one === 'POST /Users')).toHaveLength(2)
  })
})

test('the schema changed after the assignment reaches who is linked', async () => {
  const { org, app, assigned, sent, userAt } = await withPersona()
  await assigned('ada', { role: 'admin' })
  await sent()
  await org.provisioning.set(app.id, {
    actions: everyAction,
    attributes: [{ name: 'role', externalNamespace: 'urn:ietf:params:scim:schemas:core:2.0:User' }],
    mappings: [{ attribute: 'role', expression: 'user.role' }],
  })
  expect(await sent()).toEqual(['GET /Users/ada', 'PUT /Users/ada'])
  expect(userAt('ada')).toMatchObject({ role: 'admin' })
})

test('an attribute in a namespace of its own, and one without', async () => {
  const { org, app, assigned, sp } = await withPersona()
  await org.provisioning.set(app.id, {
    actions: everyAction,
    attributes: [
      { name: 'desk', externalNamespace: 'urn:example:office' },
      { name: 'secret' },
      {
        name: 'kind',
        externalName: "roles.^[type=='Primary'].value",
        externalNamespace: 'urn:ietf:params:scim:schemas:core:2.0:User',
      },
    ],
    mappings: ['desk', 'secret', 'kind'].map((attribute) => ({ attribute, expression: `user.${attribute}` })),
  })
  await assigned('ada', { desk: '4b', secret: 'x', kind: 'boss' })
  const [user] = sp.users.values()
  expect(user).toMatchObject({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:example:office'],
    'urn:example:office': { desk: '4b' },
    roles: [{ type: 'Primary', value: 'boss' }],
  })
  expect(JSON.stringify(user)).not.toContain('secret')
})

test('the password is in a request of its own, and in no journal', async () => {
  const { org, app, assigned, sp } = await withPersona('okta-oin')
  const ada = await assigned('ada')
  sp.taken()
  await org.provisioning.setPassword(app.id, ada.id, 'S3cret-passw0rd')
  await org.tasks.idle()
  expect(sp.taken().map(({ body, ...one }) => [line({ body, ...one }), body])).toMatchObject([
    [expect.stringMatching(/^PATCH/), { Operations: [{ op: 'replace', value: { password: 'S3cret-passw0rd' } }] }],
  ])
  expect(JSON.stringify(await org.journal.read())).not.toContain('S3cret-passw0rd')
})
