/** The reference SP's SCIM server, driven by the mock Okta: what an administrator does there shows in the account. */
import { afterEach, describe, expect, test } from 'vitest'
import { createMockIdp, type MockIdp, type OrgClient } from '../../../mock-idp/index.ts'
import { everyAction } from '../../mock-idp/provisioning/okta.ts'
import { type ScimWorld, startScim } from './world.ts'

let world: ScimWorld
let idp: MockIdp
let org: OrgClient
let appId: string
const core = 'urn:ietf:params:scim:schemas:core:2.0:User'

const start = async (persona: 'okta' | 'okta-oin') => {
  world = await startScim()
  idp = await createMockIdp({ memory: true }).start()
  org = idp.org()
  await org.connection.set({
    baseUrl: world.info.scim.baseUrl,
    auth: { type: 'header', value: `Bearer ${world.token}` },
  })
  const app = await org.applications.create({
    label: 'Cloudinary',
    saml: { ssoUrl: 'http://127.0.0.1:9/', audience: 'urn:sp' },
  })
  appId = app.id
  await org.provisioning.set(app.id, {
    persona,
    actions: everyAction,
    attributes: [
      { name: 'role', externalNamespace: core },
      { name: 'product_environments', type: 'string-array', externalNamespace: core },
    ],
    mappings: ['role', 'product_environments'].map((attribute) => ({ attribute, expression: `user.${attribute}` })),
  })
  await org.connection.test()
}
afterEach(async () => {
  await idp.stop()
  await world.stop()
})

const person = (name: string, more: Record<string, string | string[]> = {}) =>
  org.users.create({
    profile: {
      login: `${name}@example.test`,
      email: `${name}@example.test`,
      firstName: name,
      lastName: 'Test',
      ...more,
    },
  })
const idle = async () => {
  const counts = await org.tasks.idle()
  expect(counts, JSON.stringify(await org.tasks.list())).toMatchObject({ failed: 0, blocked: 0, waiting: 0 })
}

describe.each(['okta', 'okta-oin'] as const)('as %s', (persona) => {
  test('users: created, updated, deactivated, activated again', async () => {
    await start(persona)
    const ada = await person('ada', { role: 'reports', product_environments: ['prod', 'dev'] })
    await org.applications.assignUser(appId, ada.id)
    await idle()
    const account = await world.accountOf('ada@example.test')
    expect(account).toMatchObject({
      name: 'ada Test',
      role: 'reports',
      enabled: true,
      all_sub_accounts: false,
      sub_account_count: 2,
    })
    await org.users.update(ada.id, { profile: { lastName: 'King', role: 'admin', product_environments: null } })
    await idle()
    expect(await world.accountOf('ada@example.test')).toMatchObject({ id: account.id, name: 'ada King', role: 'admin' })
    await org.applications.unassignUser(appId, ada.id)
    await idle()
    expect(await world.accountOf('ada@example.test')).toMatchObject({ id: account.id, enabled: false, role: 'admin' })
    await org.applications.assignUser(appId, ada.id)
    await idle()
    expect(await world.accountOf('ada@example.test')).toMatchObject({ id: account.id, enabled: true })
  })

  test('groups: created, filled, changed, pushed now, deleted', async () => {
    await start(persona)
    const people = await Promise.all(['ada', 'bob', 'carl'].map((name) => person(name)))
    const group = await org.groups.create({ profile: { name: 'Team' } })
    for (const { id } of people) await org.groups.addMember(group.id, id)
    await org.applications.assignGroup(appId, group.id)
    const pushed = await org.pushedGroups.push(appId, { groupId: group.id })
    await idle()
    const groups = async () => (await world.api('GET', '/user_groups?extended_details=true')).json.user_groups
    const emails = async () =>
      (await groups())[0].users.map(({ email }: { email: string }) => email.split('@')[0]).sort()
    expect(await groups()).toMatchObject([{ name: 'Team' }])
    expect(await emails()).toEqual(['ada', 'bob', 'carl'])
    await org.groups.removeMember(group.id, people[1]?.id ?? '')
    await org.groups.update(group.id, { profile: { name: 'Crew' } })
    await idle()
    expect(await groups()).toMatchObject([{ name: 'Crew' }])
    expect(await emails()).toEqual(['ada', 'carl'])
    expect(await world.accountOf('bob@example.test')).toMatchObject({ enabled: false })
    const [{ id, users }] = await groups()
    await world.api('DELETE', `/user_groups/${id}/users/${users[0].id}`)
    await org.pushedGroups.pushNow(appId, pushed.id)
    await idle()
    expect(await emails()).toEqual(['ada', 'carl'])
    await org.pushedGroups.unlink(appId, pushed.id, { deleteAtSp: true })
    await idle()
    expect(await groups()).toEqual([])
    expect(await world.accountOf('ada@example.test')).toMatchObject({ enabled: true })
  })

  test('imports: accounts of the console come to Okta, and are updated from there', async () => {
    await start(persona)
    for (let i = 0; i < 120; i++)
      await world.api('POST', '/users', { name: `P${i} Test`, email: `p${i}@example.test`, role: 'billing' })
    expect(await org.imports.run(appId)).toMatchObject({ scanned: 121, added: 121 })
    const candidate = (await org.imports.candidates(appId)).find(({ userName }) => userName === 'p7@example.test')
    const { userId } = await org.imports.confirm(appId, candidate?.id ?? '', { action: 'create' })
    await org.users.update(userId, { profile: { lastName: 'King' } })
    await idle()
    expect(await world.accountOf('p7@example.test')).toMatchObject({
      name: 'P7 King',
      role: 'billing',
      id: candidate?.externalId,
    })
  })
})
