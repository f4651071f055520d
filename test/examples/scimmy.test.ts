/** A SCIM server of somebody else takes users and groups from both of Okta's personas. */
import { afterEach, describe, expect, test } from 'vitest'
import { startScimmy } from '../../examples/scimmy/server.ts'
import { createMockIdp } from '../../mock-idp/index.ts'
import { everyAction } from '../mock-idp/provisioning/okta.ts'

const close: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const one of close.splice(0).reverse()) await one()
})

describe.each(['okta', 'okta-oin'] as const)('scimmy-routers with %s', (persona) => {
  test('users and groups come, change and leave', async () => {
    const sp = await startScimmy()
    const idp = await createMockIdp({ memory: true }).start()
    close.push(sp.close, () => idp.stop())
    const org = idp.org()
    await org.connection.set({ baseUrl: sp.baseUrl, auth: { type: 'header', value: 'Bearer secret' } })
    const saml = { ssoUrl: 'http://127.0.0.1:9/acs', audience: 'http://127.0.0.1:9/sp' }
    const app = await org.applications.create({ label: 'Scimmy', saml })
    await org.provisioning.set(app.id, { persona, actions: everyAction })
    await org.connection.test()

    const people = await Promise.all(
      ['ada', 'bob', 'carl'].map((name) =>
        org.users.create({
          profile: { login: `${name}@example.test`, email: `${name}@example.test`, firstName: name, lastName: 'Test' },
        }),
      ),
    )
    const group = await org.groups.create({ profile: { name: 'Team' } })
    for (const { id } of people) await org.groups.addMember(group.id, id)
    await org.applications.assignGroup(app.id, group.id)
    await org.pushedGroups.push(app.id, { groupId: group.id })
    expect(await org.tasks.idle(), JSON.stringify(await org.tasks.list())).toMatchObject({ failed: 0 })
    const named = (name: string) => [...sp.users.values()].find(({ userName }) => userName === `${name}@example.test`)
    const members = () =>
      ([...sp.groups.values()][0]?.['members'] as { value: string }[] | undefined)?.map(({ value }) => value)
    expect(named('ada')).toMatchObject({ active: true, name: { givenName: 'ada' }, externalId: people[0]?.id })
    expect(new Set(members())).toEqual(new Set(sp.users.keys()))

    const [ada, bob] = people
    await org.users.update(ada?.id ?? '', { profile: { lastName: 'King' } })
    await org.groups.removeMember(group.id, bob?.id ?? '')
    expect(await org.tasks.idle(), JSON.stringify(await org.tasks.list())).toMatchObject({ failed: 0 })
    expect(named('ada')).toMatchObject({ name: { familyName: 'King' } })
    expect(named('bob')).toMatchObject({ active: false })
    expect(members()).toHaveLength(2)

    const run = await org.imports.run(app.id)
    expect(run).toMatchObject({ scanned: 3, added: 0 })
  })
})
