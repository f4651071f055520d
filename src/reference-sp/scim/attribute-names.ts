import { coreUser } from '../rules/scim.ts'
import { refuse } from './scim-error.ts'

export const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group'

export type Json = Record<string, unknown>

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const known = [
  ...['schemas', 'id', 'externalId', 'meta', 'userName', 'name', 'displayName', 'emails', 'active', 'groups', 'role'],
  ...['product_environments', 'password', 'members', 'givenName', 'familyName', 'formatted', 'value', 'display'],
  ...['type', 'primary', '$ref', 'resourceType', 'created', 'lastModified', 'location', 'version'],
]
const canonical = new Map(known.map((name) => [name.toLowerCase(), name]))

/** Attribute names are not case-sensitive (RFC 7643 2.1): the way that this server writes one. */
export const canonicalName = (name: string): string => canonical.get(name.toLowerCase()) ?? name

const maxPath = 500
const maxNames = 16

/**
 * An attribute path as names; the URN of a core schema in front says nothing (RFC 7644 3.10).
 *
 * @throws ScimError 400 `invalidPath` for one that is longer than any attribute could be
 */
export const namesOf = (path: string): string[] => {
  if (path.length > maxPath) return refuse(400, `An attribute path has ${maxPath} characters at most.`, 'invalidPath')
  const lower = path.toLowerCase()
  for (const urn of [coreUser, coreGroup])
    if (lower.startsWith(`${urn.toLowerCase()}:`)) return namesOf(path.slice(urn.length + 1))
  // Another URN has dots in it that are no separators: it is one name, of nothing that is known here.
  if (lower.startsWith('urn:')) return [path]
  const names = path.split('.').map(canonicalName)
  return names.length > maxNames
    ? refuse(400, `An attribute path has ${maxNames} names at most.`, 'invalidPath')
    : names
}

/** Compared with upper and lower case (`caseExact` in RFC 7643, and the account's own values). */
const exact = new Set(['id', 'externalId', 'role', 'product_environments', 'value', '$ref', 'version'])

/** Whether values of an attribute are compared with their case: e-mail addresses and user names are not. */
export const isExact = (names: readonly string[]): boolean =>
  exact.has(names.at(-1) ?? '') && !(names[0] === 'emails' && names[1] === 'value')
