import type { Entered } from '../../profile.ts'
import type { VerifiedAssertion } from '../../saml/assertion.ts'
import type { Sp } from '../../sp.ts'
import { attributeNames } from '../rules/attributes.ts'
import { checkAttributes, readAsserted } from './asserted.ts'
import { findForLogin } from './login-only.ts'
import { provision } from './provision.ts'

/** With SAML provisioning the assertion says what the account is; without it, only whose it is. */
export const enter = (sp: Sp, assertion: VerifiedAssertion): Entered => {
  const rules = sp.rules()
  checkAttributes(assertion, rules)
  return rules.provisioningIsOn(sp.store.settings.read())
    ? provision(sp, readAsserted(assertion, sp.accountId, rules, sp.store.users))
    : { user: findForLogin(sp, assertion), created: false }
}

/** Only with a defect that says so; and not for whom no groups are made at all. */
export const makeGroupsTooEarly = (sp: Sp, { attributes }: VerifiedAssertion): void => {
  const [rules, { groups }] = [sp.rules(), sp.store]
  if (!rules.makesGroupsBeforeChecks() || !rules.provisioningIsOn(sp.store.settings.read())) return
  const valuesOf = (wanted: string): readonly string[] => attributes.find(({ name }) => name === wanted)?.values ?? []
  if (rules.groupsFor(valuesOf(attributeNames.role)[0] ?? rules.defaultRole()) === 'ignore') return
  for (const name of valuesOf(attributeNames.groups))
    if (name !== '' && groups.findByName(name) === undefined) groups.create(name)
}
