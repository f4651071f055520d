import { refuse } from '../login-refused.ts'
import type { Entered } from '../profile.ts'
import type { VerifiedAssertion } from '../saml/assertion.ts'
import type { Sp } from '../sp.ts'
import type { User } from '../store/users.ts'
import { syncGroups } from './group-sync.ts'

/**
 * The member of a verified assertion: signed up at the first login, known by the e-mail address after it.
 *
 * @throws LoginRefused where the address or, at sign-up, a name is missing, and for who was de-provisioned
 */
export const enter = (sp: Sp, assertion: VerifiedAssertion): Entered => {
  const rules = sp.rules()
  const nameId = assertion.nameId?.value ?? ''
  if (nameId === '') refuse('NAME_ID_MISSING')
  const email = rules.csmEmail(nameId, assertion.attributes)
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) refuse('EMAIL_INVALID')
  const found = sp.store.users.findByEmail(email)
  if (found !== undefined && !found.enabled && !rules.disabledMayLogIn(found)) refuse('USER_DISABLED')
  const names = namesOf(sp, assertion)
  const user = found === undefined ? signUp(sp, email, names) : sp.store.users.update(found.id, names)
  const teams = syncGroups(sp, user, assertion.attributes)
  if (rules.csmNeedsTeam() && teams === 0) refuse('USER_UNKNOWN', 'No team is mapped to this user.')
  return { user, created: found === undefined }
}

type Names = Partial<Pick<User, 'firstName' | 'lastName'>>

const namesOf = (sp: Sp, assertion: VerifiedAssertion): Names => {
  if (!sp.rules().csmTakesNames()) return { firstName: 'Unnamed', lastName: 'Member' }
  const one = (wanted: string): string | undefined => {
    const values = assertion.attributes.filter(({ name }) => name === wanted).flatMap((attribute) => attribute.values)
    if (values.length > 1) return refuse('ATTRIBUTE_AMBIGUOUS', `${wanted} has ${values.length} values.`)
    return values[0]?.trim() === '' ? undefined : values[0]
  }
  const [firstName, lastName] = [one('FirstName'), one('LastName')]
  return {
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
  }
}

const signUp = (sp: Sp, email: string, { firstName, lastName }: Names): User => {
  const missing = [firstName === undefined && 'FirstName', lastName === undefined && 'LastName'].filter(Boolean)
  if (firstName === undefined || lastName === undefined)
    return refuse('ATTRIBUTE_MISSING', `Missing: ${missing.join(', ')}.`)
  return sp.store.users.create({ email, firstName, lastName, role: 'Member', source: 'saml' })
}
