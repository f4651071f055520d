import { stringify } from 'yaml'
import { samlSettings } from '../admin/schema.ts'
import type { Store } from '../store/store.ts'

/** An org's directory as the YAML that `--directory` reads; defaults are left out. */
export const exportDirectoryYaml = (store: Store, org: string): string => {
  const users = store.users.list(org)
  const loginOf = new Map(users.map(({ id, profile }) => [id, profile.login]))
  const groups = store.groups.list(org)
  const nameOf = new Map(groups.map(({ id, profile }) => [id, profile.name]))
  const [userAttributes, groupAttributes] = [store.orgs.attributes(org, 'user'), store.orgs.attributes(org, 'group')]
  const directory = {
    ...((userAttributes.length > 0 || groupAttributes.length > 0) && {
      attributes: { users: userAttributes, groups: groupAttributes },
    }),
    users: users.map(({ status, profile: { login, email, ...rest } }) => ({
      login,
      ...(email !== login && { email }),
      ...rest,
      ...(status !== 'ACTIVE' && { status }),
    })),
    groups: groups.map(({ id, profile }) => ({
      ...profile,
      members: store.groups.members(id).map((user) => user.profile.login),
    })),
    applications: store.applications.list(org).map(({ id, label, status, everyone, saml }) => ({
      label,
      ...(status !== 'ACTIVE' && { status }),
      saml: withoutDefaults(saml),
      ...provisioningOf(store, id),
      assign: everyone
        ? 'everyone'
        : {
            users: store.applications.userIds(id).map((user) => loginOf.get(user)),
            groups: store.applications.groupIds(id).map((group) => nameOf.get(group)),
          },
    })),
  }
  return `# A directory of the idpact mock IdP: start it with "idpact idp --directory FILE".\n${stringify(directory, { lineWidth: 0 })}`
}

const provisioningOf = (store: Store, applicationId: string): object => {
  const record = store.provisioning.get(applicationId)
  return record === undefined ? {} : { provisioning: record.settings }
}

const defaults: Readonly<Record<string, unknown>> = samlSettings.parse({ ssoUrl: 'http://x.test', audience: 'x' })

const withoutDefaults = (saml: object): object =>
  Object.fromEntries(
    Object.entries(saml).filter(
      ([key, value]) =>
        key === 'ssoUrl' || key === 'audience' || JSON.stringify(value) !== JSON.stringify(defaults[key]),
    ),
  )
