import { refuse } from '../../login-refused.ts'
import type { Entered } from '../../profile.ts'
import type { Sp } from '../../sp.ts'
import { emailKey, type User, type UserChange } from '../../store/users.ts'
import type { Asserted } from '../rules/provisioning.ts'
import { applyEnvironments, initialEnvironments } from './environments.ts'
import { applyGroups } from './groups.ts'

/**
 * Makes or updates the account of someone who logs in, inside the caller's transaction. Attributes that were not sent
 * leave the account as it is; defaults are for new accounts.
 *
 * @throws LoginRefused for a disabled account, an e-mail address that is another account's, and whatever
 * groups and environments refuse.
 */
export const provision = (sp: Sp, asserted: Asserted): Entered => {
  const { users } = sp.store
  const found = sp.rules().findAccount(asserted, {
    byExternalId: users.findAllByExternalId,
    byEmail: users.findAllByEmail,
    all: users.list,
  })
  return found === undefined
    ? { user: create(sp, asserted), created: true }
    : { user: update(sp, found, asserted), created: false }
}

const create = (sp: Sp, asserted: Asserted): User => {
  const rules = sp.rules()
  if (rules.emailIsTaken(sp.store.users.findAllByEmail(asserted.email))) refuse('EMAIL_TAKEN')
  const role = asserted.role ?? rules.defaultRole()
  const environments = initialEnvironments(sp, role, asserted.environments)
  const user = sp.store.users.create({
    externalId: asserted.username,
    email: asserted.email,
    firstName: asserted.firstName,
    lastName: asserted.lastName ?? '',
    role,
    source: 'saml',
    allEnvironments: environments === 'all',
  })
  if (environments !== 'all') sp.store.environments.setOfUser(user.id, environments)
  if (asserted.groups !== undefined) applyGroups(sp, user, asserted.groups)
  return user
}

const update = (sp: Sp, before: User, asserted: Asserted): User => {
  const rules = sp.rules()
  if (!before.enabled && !rules.disabledMayLogIn(before)) refuse('USER_DISABLED')
  if (!rules.mayUseSaml(before)) refuse('USER_NOT_SAML')
  const emailChanges = emailKey(asserted.email) !== emailKey(before.email)
  if (emailChanges && !rules.emailMayChange()) refuse('EMAIL_CHANGED')
  if (emailChanges && sp.store.users.findAllByEmail(asserted.email).some(({ id }) => id !== before.id))
    refuse('EMAIL_TAKEN')

  const hadGroups = sp.store.groups.ofUser(before.id).length > 0
  const hadEnvironments = sp.store.environments.ofUser(before.id).length > 0
  const user = sp.store.users.update(before.id, changeOf(sp, before, asserted))
  if (asserted.groups !== undefined && rules.updates('groups')) applyGroups(sp, user, asserted.groups)
  if (asserted.environments !== undefined && rules.updates('environments'))
    applyEnvironments(sp, user, asserted.environments)
  const lost = {
    groups: hadGroups && (asserted.groups ?? []).length === 0,
    environments: hadEnvironments && (asserted.environments ?? []).length === 0,
  }
  return rules.disablesAccount(lost) ? sp.store.users.update(user.id, { enabled: false }) : user
}

const changeOf = (sp: Sp, before: User, asserted: Asserted): UserChange => {
  const rules = sp.rules()
  const takesRole = asserted.role !== undefined && rules.updates('role') && !rules.keepsLocalRole(before)
  return {
    ...(before.externalId === undefined && rules.bindsExternalId() ? { externalId: asserted.username } : {}),
    ...(rules.updates('email') ? { email: asserted.email } : {}),
    ...(rules.updates('name') ? { firstName: asserted.firstName, lastName: asserted.lastName ?? before.lastName } : {}),
    ...(takesRole && asserted.role !== undefined ? { role: asserted.role, roleSetLocally: false } : {}),
  }
}
