import type { NewProvisioning } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { createMockIdp, type MockIdp, type MockIdpOptions, type OrgClient } from '../../../mock-idp/index.ts'
import { line, type ScimServer, type Seen, startScimServer } from '../scim/scim-server.ts'

export const everyAction = {
  createUsers: true,
  updateUsers: true,
  deactivateUsers: true,
  syncPassword: true,
  pushGroups: true,
  importUsers: true,
}

/** A mock Okta with one application that provisions to a SCIM server. */
export const startOkta = async (
  instead: Parameters<typeof startScimServer>[0] = () => undefined,
  settings: NewProvisioning = {},
  options: MockIdpOptions = {},
) => {
  const sp: ScimServer = await startScimServer(instead)
  const idp: MockIdp = await createMockIdp({ memory: true, ...options }).start()
  const org: OrgClient = idp.org()
  await org.connection.set({ baseUrl: sp.baseUrl, auth: { type: 'header', value: 'Bearer abc' } })
  const app = await org.applications.create({
    label: 'Cloud',
    saml: { ssoUrl: `${sp.origin}/acs`, audience: `${sp.origin}/sp` },
  })
  await org.provisioning.set(app.id, { actions: everyAction, ...settings })

  const person = (name: string, more: Readonly<Record<string, string | number | boolean | string[]>> = {}) =>
    org.users.create({
      profile: {
        ...{ login: `${name}@example.test`, email: `${name}@example.test`, firstName: name, lastName: 'Test' },
        ...more,
      },
    })
  return {
    sp,
    idp,
    org,
    app,
    person,
    /** A person who is assigned, once the SP knows. */
    assigned: async (name: string, more: Readonly<Record<string, string | number | boolean | string[]>> = {}) => {
      const user = await person(name, more)
      await org.applications.assignUser(app.id, user.id)
      await org.tasks.idle()
      return user
    },
    group: async (name: string, ...members: { id: string }[]) => {
      const group = await org.groups.create({ profile: { name } })
      for (const { id } of members) await org.groups.addMember(group.id, id)
      return group
    },
    /** What was sent since the last look, once nothing is queued any more: `PUT /Users/<ada@example.test>`. */
    sent: async (): Promise<string[]> => {
      await org.tasks.idle()
      return sp.taken().map((one) => named(sp, one))
    },
    userAt: (name: string) => sp.userNamed(`${name}@example.test`),
    close: async () => {
      await idp.stop()
      await sp.close()
    },
  }
}

export type Okta = Awaited<ReturnType<typeof startOkta>>

/** Ids are random: users and groups by their names, lookups by what is looked for. */
const named = (sp: ScimServer, request: Seen): string => {
  const names = [...sp.users.values(), ...sp.groups.values()].map(({ id, userName, displayName }) => [
    id,
    String(userName ?? displayName).replace('@example.test', ''),
  ])
  const text = decodeURIComponent(line(request))
    .replace(/\?filter=(\S+) eq "([^"]*)".*/, '?$1=$2')
    .replace('@example.test', '')
  return names.reduce((at, [id = '', name = '']) => at.replaceAll(id, name), text)
}
