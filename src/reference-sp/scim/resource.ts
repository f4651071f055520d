import { createHash } from 'node:crypto'
import { hasAllEnvironments } from '../environments.ts'
import { coreUser } from '../rules/scim.ts'
import type { Sp } from '../sp.ts'
import type { Group } from '../store/groups.ts'
import { fullName, type User } from '../store/users.ts'
import { coreGroup, type Json } from './attribute-names.ts'

export type ResourceType = 'Users' | 'Groups'

const instant = (ms: number): string => new Date(ms).toISOString()

/** A weak tag of what the resource says (RFC 7644 3.14): another one exactly when something has changed. */
const versionOf = (resource: Json): string =>
  `W/"${createHash('sha256').update(JSON.stringify(resource)).digest('base64url').slice(0, 20)}"`

const withMeta = (sp: Sp, type: ResourceType, resource: Json, times: Json): Json => ({
  ...resource,
  meta: {
    resourceType: type === 'Users' ? 'User' : 'Group',
    ...times,
    location: locationOf(sp, type, String(resource['id'])),
    version: versionOf(resource),
  },
})

export const locationOf = (sp: Sp, type: ResourceType, id: string): string =>
  `${sp.url}/scim/v2/${type}/${encodeURIComponent(id)}`

/** SCIM's userName of an account that something else made is its external id, or else its e-mail address. */
export const userNameOf = (user: User): string => user.externalId ?? user.email

/** An account as a SCIM User (RFC 7643 4.1), with `role` and `product_environments` at the top level. */
export const userResource = (sp: Sp, user: User): Json => {
  const rules = sp.rules()
  const { firstName, lastName } = rules.scimShowsName(user)
  const groups = sp.store.groups.ofUser(user.id)
  const custom = {
    role: rules.scimRoleShown(user.role),
    ...environmentsShown(sp, user),
  }
  return withMeta(
    sp,
    'Users',
    {
      schemas: [rules.scimSchema(coreUser)],
      id: user.id,
      ...(user.scimExternalId !== undefined && { externalId: user.scimExternalId }),
      userName: userNameOf(user),
      name: { formatted: fullName({ firstName, lastName }), givenName: firstName, familyName: lastName },
      displayName: fullName({ firstName, lastName }),
      emails: [{ value: user.email, type: 'work', primary: true }],
      active: user.enabled,
      ...(rules.scimShowsCustomAttributes() ? custom : {}),
      groups: groups.map(({ id, name }) => ({
        value: id,
        display: name,
        $ref: locationOf(sp, 'Groups', id),
        type: 'direct',
      })),
    },
    { created: instant(user.createdAt), lastModified: instant(user.updatedAt) },
  )
}

/** Left out where the account may use them all. */
const environmentsShown = (sp: Sp, user: User): Json => {
  if (hasAllEnvironments(sp, user)) return {}
  const names = sp.store.environments.ofUser(user.id).map((id) => sp.store.environments.find(id)?.cloudName)
  return { [sp.rules().scimEnvironmentsName()]: names }
}

/** A user group as a SCIM Group (RFC 7643 4.2). */
export const groupResource = (sp: Sp, group: Group): Json =>
  withMeta(
    sp,
    'Groups',
    {
      schemas: [sp.rules().scimSchema(coreGroup)],
      id: group.id,
      displayName: group.name,
      members: sp
        .rules()
        .scimMembersShown(sp.store.groups.members(group.id))
        .flatMap((id) => {
          const user = sp.store.users.find(id)
          return user === undefined
            ? []
            : [{ value: id, display: userNameOf(user), type: 'User', $ref: locationOf(sp, 'Users', id) }]
        }),
    },
    { created: instant(group.createdAt) },
  )

export const tagOf = (resource: Json): string => String((resource['meta'] as Json)['version'])
