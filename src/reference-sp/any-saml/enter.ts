import { refuse } from '../login-refused.ts'
import type { Entered } from '../profile.ts'
import type { VerifiedAssertion } from '../saml/assertion.ts'
import type { Sp } from '../sp.ts'

/** What is longer is refused, and never cut off (IIP-G02 asks for 256). */
const mostCharacters = 256

/**
 * The user of a verified assertion, made where there is none.
 *
 * @throws LoginRefused where the NameID is missing, blank, too long, or of another service provider
 */
export const enter = (sp: Sp, { nameId }: VerifiedAssertion): Entered => {
  const rules = sp.rules()
  const name = rules.readName(nameId?.value ?? '')
  if (name.trim() === '') refuse('NAME_ID_MISSING')
  if (name !== name.trim() || name.length > mostCharacters)
    refuse('NAME_ID_FORMAT', 'It is too long, or has white space around it.')
  if (
    nameId?.spNameQualifier !== undefined &&
    nameId.spNameQualifier !== sp.acs[0].audience &&
    !rules.acceptsForeignName()
  )
    refuse('NAME_ID_FORMAT', 'It is qualified by another service provider.')
  const found = sp.store.users.list().find(({ email }) => email === name)
  if (found !== undefined) return { user: found, created: false }
  const user = sp.store.users.create({ email: name, firstName: name, lastName: '', role: 'user', source: 'saml' })
  return { user, created: true }
}
