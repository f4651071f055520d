import { coreUser } from '../rules/scim.ts'
import type { Sp } from '../sp.ts'
import { splitName } from '../store/users.ts'
import { isJson, type Json, namesOf } from './attribute-names.ts'
import { invalidValue } from './scim-error.ts'

/** What a message says of a user, read and checked. Undefined: it does not say. */
export interface UserInput {
  userName: string
  email: string
  name: { firstName: string; lastName: string } | undefined
  role: string | undefined
  /** Ids of product environments; `all` where the message has an empty list, or null. */
  environments: readonly string[] | 'all' | undefined
  active: boolean | undefined
  /** Null: taken away. */
  externalId: string | null | undefined
}

const maxText = 256

/**
 * Reads a User of a POST or PUT, or what a PATCH made of one. What is unknown here is ignored (CLD-SCIM-40): Okta sends
 * locale, password and more.
 *
 * @throws ScimError 400 `invalidValue`, naming the attribute
 */
export const readUser = (sp: Sp, body: Json): UserInput => {
  const resource = canonical(body)
  const rules = sp.rules()
  if (rules.scimRefusesUnknown()) refuseUnknown(resource)
  const userName = text(resource, 'userName') ?? invalidValue('userName is required.')
  const email = emailOf(resource['emails']) ?? userName
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254)
    return invalidValue(
      `An e-mail address is required, as the primary entry of emails or as the userName: ${JSON.stringify(email)} is none.`,
    )
  const custom = customAttributes(sp, resource)
  const name = nameOf(resource)
  if (rules.scimNeedsNames() && (!name?.firstName || !name.lastName))
    return invalidValue('name.givenName and name.familyName are required.')
  return {
    userName,
    email,
    name,
    role: roleOf(sp, custom['role']),
    environments: environmentsOf(sp, custom[rules.scimEnvironmentsName()]),
    active: flag(resource['active']),
    externalId: resource['externalId'] === null ? null : text(resource, 'externalId'),
  }
}

/** A name in its parts, else one that is in one piece. */
const nameOf = (resource: Json): UserInput['name'] => {
  const { name } = resource
  if (name !== undefined && name !== null && !isJson(name))
    return invalidValue('name must be an object with its parts.')
  const parts = isJson(name) ? canonical(name) : {}
  const [firstName, lastName] = [text(parts, 'givenName'), text(parts, 'familyName')]
  if (firstName !== undefined || lastName !== undefined) return { firstName: firstName ?? '', lastName: lastName ?? '' }
  const whole = text(resource, 'displayName') ?? text(parts, 'formatted')
  return whole === undefined ? undefined : splitName(whole)
}

const canonical = (resource: Json): Json =>
  Object.fromEntries(Object.entries(resource).map(([name, value]) => [namesOf(name).join('.'), value]))

/** At the top level; also from an object under the core URN where the account's setting says so. */
const customAttributes = (sp: Sp, resource: Json): Json => {
  const nested = resource[coreUser]
  const top = sp.rules().scimReadsTopLevel() ? resource : {}
  return sp.store.settings.read().scimNestedCore && isJson(nested) ? { ...top, ...canonical(nested) } : top
}

const text = (resource: Json, name: string): string | undefined => {
  const value = resource[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > maxText)
    return invalidValue(`${name} must be text of ${maxText} characters at most.`)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused.
  if (!value.isWellFormed() || /[\u0000-\u001f\u007f]/.test(value))
    return invalidValue(`${name} must be text without control characters and halves of characters.`)
  return value
}

/** Entra writes booleans as text. */
const flag = (value: unknown): boolean | undefined => {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'boolean') return value
  const written = typeof value === 'string' ? value.toLowerCase() : ''
  return written === 'true' ? true : written === 'false' ? false : invalidValue('active must be true or false.')
}

/** The primary address, else the one for work, else the first. */
const emailOf = (emails: unknown): string | undefined => {
  if (emails === undefined || emails === null) return undefined
  if (!Array.isArray(emails) || emails.length > 100)
    return invalidValue('emails must be a list of 100 entries at most.')
  const entries = emails.filter(isJson).map(canonical)
  const best =
    entries.find(({ primary }) => flag(primary) === true) ?? entries.find(({ type }) => type === 'work') ?? entries[0]
  return best && text(best, 'value')
}

const roleOf = (sp: Sp, value: unknown): string | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') return invalidValue('role must be one text.')
  return sp.rules().scimRole(value) ?? invalidValue(`There is no role ${JSON.stringify(value.slice(0, maxText))}.`)
}

const environmentsOf = (sp: Sp, value: unknown): UserInput['environments'] => {
  if (value === undefined) return undefined
  if (value === null || (Array.isArray(value) && value.length === 0)) return 'all'
  if (!Array.isArray(value) || value.length > 1_000 || !value.every((one) => typeof one === 'string'))
    return invalidValue('product_environments must be a list of cloud names.')
  const rules = sp.rules()
  const known = sp.store.environments.list()
  const ids = value.flatMap((name: string) => {
    const found = known.find(({ cloudName }) => rules.sameName(cloudName, name))
    if (found) return [found.id]
    return rules.refusesUnknownEnvironments()
      ? invalidValue(`There is no product environment ${JSON.stringify(name.slice(0, maxText))}.`)
      : []
  })
  return [...new Set(ids)]
}

/** Only with a defect. */
const refuseUnknown = (resource: Json): void => {
  const unknown = Object.keys(resource).find((name) => name.startsWith('urn:') && name !== coreUser)
  if (unknown !== undefined) invalidValue(`There is no extension ${unknown}.`)
}
