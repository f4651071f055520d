import { randomInt } from 'node:crypto'
import type { AppAttribute, Profile, ProfileValue } from '../admin/profile-shapes.ts'
import { coreUserNamespace } from '../directory/base-attributes.ts'
import { hasValue, type LooseProfile } from '../directory/profile-values.ts'
import { isObject, type Json, readAt, writeAt } from './external-name.ts'

/** A user's profile at one application, and its schema. */
export interface UserProfile {
  attributes: readonly AppAttribute[]
  values: Profile
}

/** An attribute without a namespace is not sent (support.okta.com, "custom attribute not available"). */
const isSent = ({ externalNamespace }: AppAttribute): boolean => externalNamespace !== undefined

/**
 * The body of a create, as Okta sends it. `password` is in it whether passwords are synchronised or not: a placeholder
 * of eight letters and digits.
 *
 * @param externalId the Okta user's id
 * @example newUserResource({ attributes: baseAttributes, values: { userName: 'ada@example.test' } }, { externalId: '00u…' })
 */
export const newUserResource = (
  profile: UserProfile,
  { externalId, password = randomPassword() }: { externalId: string; password?: string | undefined },
): Json => {
  const resource = withProfile({ schemas: [coreUserNamespace] }, profile, [])
  return { ...resource, externalId, groups: [], password, active: true }
}

/**
 * The body of an update by PUT: what the SP answered to GET, with the profile written over it. What the SP made of it
 * besides is sent back as it came, and what the SP leaves out of its answers is lost, as with Okta.
 *
 * @param before names of attributes that the SP was last told a value of: those without one now are taken out
 */
export const mergedUserResource = (current: Json, profile: UserProfile, before: readonly string[]): Json =>
  withProfile(current, profile, before)

const withProfile = (start: Json, { attributes, values }: UserProfile, before: readonly string[]): Json => {
  let resource = start
  for (const attribute of attributes) {
    if (!isSent(attribute)) continue
    const value = Object.hasOwn(values, attribute.name) ? values[attribute.name] : undefined
    if (value === undefined && !before.includes(attribute.name)) continue
    resource = written(resource, attribute, value)
  }
  return resource
}

const written = (resource: Json, attribute: AppAttribute, value: ProfileValue | undefined): Json => {
  const { name, externalName = name, externalNamespace = coreUserNamespace } = attribute
  // Read at the top level by service providers; Okta's own article has it nested under the URN (CLD-SCIM-20).
  if (externalNamespace === coreUserNamespace) return withPrimaryEmail(writeAt(resource, externalName, value))
  const { [externalNamespace]: old, ...others } = resource
  const extension = writeAt(isObject(old) ? old : {}, externalName, value)
  if (Object.keys(extension).length === 0) return others
  return { ...resource, [externalNamespace]: extension, schemas: withSchema(resource['schemas'], externalNamespace) }
}

const withSchema = (schemas: unknown, urn: string): unknown[] => {
  const known = Array.isArray(schemas) ? schemas : []
  return known.includes(urn) ? known : [...known, urn]
}

/** Okta marks its only e-mail address as the primary one. */
const withPrimaryEmail = (resource: Json): Json => {
  const { emails } = resource
  if (!Array.isArray(emails) || emails.length !== 1) return resource
  const [only] = emails
  return isObject(only) && only['primary'] === undefined
    ? { ...resource, emails: [{ primary: true, ...only }] }
    : resource
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Eight letters and digits without a symbol, as Okta's placeholder (and refused by many rules for passwords). */
export const randomPassword = (): string => Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')

/**
 * The application's profile of a user of the SP, by variable names; attributes that the SP does not answer with are left
 * out. Values of another type than the schema has are left out too: an import must not make a profile that no form takes.
 */
export const profileOf = (resource: Json, attributes: readonly AppAttribute[]): LooseProfile =>
  Object.fromEntries(
    attributes.flatMap((attribute) => {
      if (!isSent(attribute)) return []
      const { name, type, externalName = name, externalNamespace = coreUserNamespace } = attribute
      const holder = externalNamespace === coreUserNamespace ? resource : resource[externalNamespace]
      const value = typed(type, readAt(holder, externalName))
      return hasValue(value) ? [[name, value]] : []
    }),
  )

const typed = (type: AppAttribute['type'], value: unknown): ProfileValue | undefined => {
  if (type === 'string-array')
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined
  return typeof value === (type === 'number' ? 'number' : type) ? (value as ProfileValue) : undefined
}
