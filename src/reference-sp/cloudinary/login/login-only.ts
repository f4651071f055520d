import { refuse } from '../../login-refused.ts'
import type { VerifiedAssertion } from '../../saml/assertion.ts'
import type { Sp } from '../../sp.ts'
import type { User } from '../../store/users.ts'
import { attributeNames } from '../rules/attributes.ts'

/**
 * SAML login without provisioning: the NameID is the e-mail address of an account that exists, and nothing else counts.
 *
 * @throws LoginRefused for someone unknown or disabled.
 */
export const findForLogin = (sp: Sp, assertion: VerifiedAssertion): User => {
  const rules = sp.rules()
  const email = rules.emailAtLogin(assertion) ?? refuse('NAME_ID_MISSING')
  const user = sp.store.users.findByEmail(email) ?? createUnknown(sp, email)
  if (!user.enabled && !sp.rules().disabledMayLogIn(user)) refuse('USER_DISABLED')
  if (!rules.mayUseSaml(user)) refuse('USER_NOT_SAML')
  return rules.appliesAttributesAtLogin() ? applyAttributes(sp, user, assertion) : user
}

// What follows happens only with a defect that says so.

const createUnknown = (sp: Sp, email: string): User => {
  if (!sp.rules().createsUnknownAtLogin()) return refuse('USER_UNKNOWN')
  return sp.store.users.create({ email, firstName: email, lastName: '', role: 'media_library_user', source: 'saml' })
}

const applyAttributes = (sp: Sp, user: User, assertion: VerifiedAssertion): User => {
  const value = (name: string): string | undefined =>
    assertion.attributes.find((attribute) => attribute.name === name)?.values[0]
  return sp.store.users.update(user.id, {
    firstName: value(attributeNames.firstName) ?? user.firstName,
    lastName: value(attributeNames.lastName) ?? user.lastName,
    role: value(attributeNames.role) ?? user.role,
  })
}
