import { refuse } from '../login-refused.ts'
import type { Entered } from '../profile.ts'
import type { VerifiedAssertion } from '../saml/assertion.ts'
import type { Checked } from '../saml/checks.ts'
import type { Sp } from '../sp.ts'
import { emailKey, type User } from '../store/users.ts'
import type { AssertedUser, MandatoryField } from './rules.ts'

/**
 * Registers the user of a verified assertion, or stores what has changed about them.
 *
 * @throws LoginRefused where the assertion lacks something, or names another organisation
 */
export const enter = (sp: Sp, assertion: VerifiedAssertion, checked: Checked): Entered => {
  const rules = sp.rules()
  const asserted = readAsserted(sp, assertion)
  const { users } = sp.store
  const found = rules.ikFind(asserted, { byEmail: users.findByEmail, all: users.list })
  if (!acceptsFlow(sp, checked, found !== undefined)) refuse('FLOW_NOT_ACCEPTED')
  if (found !== undefined) return { user: update(sp, found, asserted), created: false }
  if (!rules.ikRegisters()) refuse('USER_UNKNOWN')
  return { user: register(sp, asserted), created: true }
}

const acceptsFlow = (sp: Sp, { inResponseTo }: Checked, known: boolean): boolean =>
  inResponseTo === undefined ? sp.rules().ikAcceptsUnsolicited(known) : sp.rules().ikAcceptsSolicited()

const readAsserted = (sp: Sp, assertion: VerifiedAssertion): AssertedUser => {
  const rules = sp.rules()
  const email = assertion.nameId?.value ?? ''
  if (email === '') refuse('NAME_ID_MISSING')
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) refuse('EMAIL_INVALID')
  const one = (field: MandatoryField): string => {
    const values = assertion.attributes
      .filter(({ name }) => name === field)
      .flatMap((attribute) => attribute.values)
      .filter((value) => value.trim() !== '')
    if (values.length > 1) return refuse('ATTRIBUTE_AMBIGUOUS', `${field} has ${values.length} values.`)
    return values[0] ?? rules.ikFallback(field, email) ?? refuse('ATTRIBUTE_MISSING', `Missing: ${field}.`)
  }
  if (!rules.ikNamesOrganisation(one('imagekit_id'), sp)) refuse('ACCOUNT_ID_MISMATCH')
  const role = rules.ikAcceptedRole(one('imagekit_role')) ?? refuse('ROLE_UNKNOWN')
  return { email, fullName: one('full_name'), role }
}

const register = (sp: Sp, { email, fullName, role }: AssertedUser): User => {
  const rules = sp.rules()
  return sp.store.users.create({
    email,
    firstName: rules.ikName(fullName),
    lastName: '',
    role: rules.ikRole(role),
    enabled: rules.ikIsActiveAtOnce(),
    source: 'saml',
  })
}

const update = (sp: Sp, before: User, { email, fullName, role }: AssertedUser): User => {
  const rules = sp.rules()
  if (!before.enabled) refuse('USER_DISABLED')
  const change = {
    ...(emailKey(email) === emailKey(before.email) ? {} : { email }),
    ...(rules.ikUpdatesName() ? { firstName: rules.ikName(fullName), lastName: '' } : {}),
    ...(rules.ikUpdatesRole(before.role, role) ? { role: rules.ikRole(role) } : {}),
  }
  const user = sp.store.users.update(before.id, change)
  return rules.ikMakesAnew() && user.updatedAt === before.updatedAt ? anew(sp, user) : user
}

/** Only with a defect. */
const anew = (sp: Sp, { id, ...user }: User): User => {
  sp.store.users.delete(id)
  return sp.store.users.create(user)
}
