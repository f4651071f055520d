import { hasAllEnvironments } from '../environments.ts'
import type { Sp } from '../sp.ts'
import { splitName, type User, type UserChange } from '../store/users.ts'
import { isJson, type Json } from './attribute-names.ts'
import { patched } from './patch.ts'
import { readUser, type UserInput } from './read-user.ts'
import { userNameOf, userResource } from './resource.ts'
import { refuse } from './scim-error.ts'

/** Users of SCIM are the accounts that there are: nothing is kept beside them. */

export const findUser = (sp: Sp, id: string): User =>
  sp.store.users.find(id) ?? refuse(404, `There is no user ${id.slice(0, 100)}.`)

/** @throws ScimError 409 `uniqueness` where a user name or an e-mail address is somebody else's */
const refuseTaken = (sp: Sp, input: UserInput, own?: User): void => {
  const { users } = sp.store
  const other = (found: readonly User[]): boolean => found.some(({ id }) => id !== own?.id)
  if (other(users.findAllByUserName(input.userName)))
    refuse(409, `There is a user with the userName ${input.userName} already.`, 'uniqueness')
  if (other(users.findAllByEmail(input.email)))
    refuse(409, `There is a user with the e-mail address ${input.email} already.`, 'uniqueness')
}

export const createUser = (sp: Sp, body: Json): User => {
  const rules = sp.rules()
  const input = readUser(sp, body)
  if (rules.scimUserNameIsUnique()) refuseTaken(sp, input)
  const role = input.role ?? rules.defaultRole()
  const environments =
    input.environments ?? (rules.scimAllEnvironmentsByDefault() || !rules.environmentsFor(role) ? 'all' : [])
  const user = sp.store.users.create({
    externalId: input.userName,
    scimExternalId: input.externalId ?? undefined,
    email: input.email,
    ...(input.name ?? splitName(input.email.split('@')[0] ?? '')),
    role,
    enabled: input.active ?? true,
    source: 'scim',
    allEnvironments: environments === 'all',
  })
  if (environments !== 'all') sp.store.environments.setOfUser(user.id, environments)
  rules.scimWrote(user)
  return user
}

/** What a PUT or a PATCH leaves out stays as it is. @returns undefined where the account is gone by it */
export const writeUser = (sp: Sp, before: User, body: Json): User | undefined => {
  const rules = sp.rules()
  const input = readUser(sp, body)
  refuseTaken(sp, input, before)
  const deactivates = input.active === false && before.enabled
  if (input.active === true && !before.enabled && !rules.csmReactivates(before))
    refuse(409, 'This user was deactivated.', 'uniqueness')
  if (deactivates && rules.scimDeactivation() === 'delete') {
    sp.store.users.delete(before.id)
    return undefined
  }
  const ignored =
    rules.scimDeactivation() === 'ignore' || !rules.scimDeactivates(sp.store.groups.ofUser(before.id).length)
  const active = deactivates && ignored ? undefined : input.active
  const user = sp.store.users.update(before.id, {
    ...(input.userName === userNameOf(before) && before.externalId !== undefined ? {} : { externalId: input.userName }),
    ...(input.externalId === undefined ? {} : { scimExternalId: input.externalId ?? undefined }),
    email: input.email,
    ...(rules.scimAppliesNames() ? input.name : {}),
    ...(input.role === undefined || !rules.scimUpdatesRole() ? {} : { role: input.role, roleSetLocally: false }),
    ...(active === undefined ? {} : { enabled: active }),
    ...environmentChange(sp, before, input),
  })
  if (input.environments !== undefined && input.environments !== 'all')
    sp.store.environments.setOfUser(user.id, input.environments)
  if (active === false) sp.store.logins.endSessionsOf(user.id)
  rules.scimWrote(user)
  return user
}

const environmentChange = (sp: Sp, before: User, { environments }: UserInput): UserChange => {
  // Whose environments are all gone is answered with an empty list: sent back, it must not open all of them.
  const none = !hasAllEnvironments(sp, before) && sp.store.environments.ofUser(before.id).length === 0
  return environments === undefined || (environments === 'all' && none)
    ? {}
    : { allEnvironments: environments === 'all' }
}

export const patchUser = (sp: Sp, before: User, body: Json): User | undefined => {
  const current = userResource(sp, before)
  const after = patched(current, body)
  // Removed, and not only left out: the account's defaults are what is left.
  const role = current['role'] !== undefined && after['role'] === undefined ? { role: sp.rules().defaultRole() } : {}
  const name = sp.rules().scimEnvironmentsName()
  const environments = current[name] !== undefined && after[name] === undefined ? { [name]: null } : {}
  // A name in parts is the one that counts: displayName and formatted were made of it.
  const { displayName: _, ...rest } = after
  const externalId =
    current['externalId'] !== undefined && after['externalId'] === undefined ? { externalId: null } : {}
  const named = isJson(after['name']) && JSON.stringify(after['name']) !== JSON.stringify(current['name'])
  const display = after['displayName'] !== current['displayName'] && !named
  return writeUser(sp, before, {
    ...(display ? { ...after, name: {} } : rest),
    ...role,
    ...environments,
    ...externalId,
  })
}
