import type { AppAttribute, Mapping, Profile, ProfileValue } from '../admin/profile-shapes.ts'
import { userNameAttribute } from './base-attributes.ts'
import type { ExpressionContext } from './expressions/evaluate.ts'
import { parseExpression } from './expressions/parse.ts'
import { type AssignedGroup, type GroupSource, namesOnGroup, valueOfGroups } from './group-values.ts'
import { mappedValue } from './mapped-value.ts'
import { asType, attributeOf, hasValue, type LooseProfile } from './profile-values.ts'

/** What decides how one application sees one user. */
export interface EffectiveProfileInput {
  /** The application's profile schema. */
  readonly attributes: readonly AppAttribute[]
  /** Okta user → application. */
  readonly mappings: readonly Mapping[]
  /** The Okta user's profile, with `login` and `email`. */
  readonly user: LooseProfile
  /** The application username, as the application's username format gives it. */
  readonly userName: string
  /** What was typed when the person was assigned; left out when only groups assign the application. */
  readonly individual?: LooseProfile | undefined
  /** The groups that assign the application to the user, in order of priority. */
  readonly groups: readonly AssignedGroup[]
  /** Names of all groups that the user is in, for expressions. */
  readonly groupNames: readonly string[]
}

/** Where a value came from. */
export type ValueSource =
  | { readonly kind: 'individual' }
  | { readonly kind: 'application-username' }
  | { readonly kind: 'mapping'; readonly expression: string }
  | ({ readonly kind: 'group' } & GroupSource)
  | { readonly kind: 'groups'; readonly groups: readonly GroupSource[] }

export interface EffectiveProfile {
  /** By variable name; an attribute without a value is left out. */
  readonly values: Profile
  /** Of every value that there is. */
  readonly sources: Readonly<Record<string, ValueSource>>
}

/**
 * The application's profile of a user, and where each value came from: what was typed for this person, else the mapping
 * where it yields a value, else the groups (A-43). Empty text and an empty list are no value. Nothing is checked here:
 * `profileProblems` says whether the outcome is what the schema asks for.
 *
 * @throws UsageError `bad-expression`, `expression-types`, `expression-too-large`, naming the attribute
 * @example
 * effectiveProfile({ attributes: baseAttributes, mappings: defaultMappingsToApplication, user, userName: user.login,
 *   groups: [], groupNames: [] }).sources.email // { kind: 'mapping', expression: 'user.email' }
 */
export const effectiveProfile = (input: EffectiveProfileInput): EffectiveProfile => {
  const { attributes, mappings, user, groupNames } = input
  const context = { user, appUser: appUserOf(input), groupNames }
  const expressions = new Map(mappings.map((mapping) => [mapping.attribute, mapping.expression]))
  const found = attributes.flatMap((attribute) => {
    const explained = explain(attribute, expressions.get(attribute.name), input, context)
    return explained ? [[attribute.name, explained] as const] : []
  })
  // Not by assignment: an attribute may be called __proto__.
  return {
    values: Object.fromEntries(found.map(([name, { value }]) => [name, value])),
    sources: Object.fromEntries(found.map(([name, { source }]) => [name, source])),
  }
}

/** What `appuser.*` reads while the profile is being made: the username, and what was typed. */
const appUserOf = ({ userName, individual = {} }: EffectiveProfileInput): LooseProfile => {
  const typed = attributeOf(individual, userNameAttribute)
  return { ...individual, [userNameAttribute]: hasValue(typed) ? typed : userName }
}

interface Explained {
  readonly value: ProfileValue
  readonly source: ValueSource
}

const explain = (
  attribute: AppAttribute,
  expression: string | undefined,
  { individual, userName, groups }: EffectiveProfileInput,
  context: ExpressionContext,
): Explained | undefined => {
  const typed = individual && attributeOf(individual, attribute.name)
  if (hasValue(typed)) return { value: asType(attribute.type, typed), source: { kind: 'individual' } }
  if (attribute.name === userNameAttribute && hasValue(userName))
    return { value: userName, source: { kind: 'application-username' } }
  const mapped = expression === undefined ? undefined : mappedValue({ attribute: attribute.name, expression }, context)
  if (expression !== undefined && hasValue(mapped))
    return { value: asType(attribute.type, mapped), source: { kind: 'mapping', expression } }
  return fromGroups(attribute, expression, groups)
}

const fromGroups = (
  attribute: AppAttribute,
  expression: string | undefined,
  groups: readonly AssignedGroup[],
): Explained | undefined => {
  if (attribute.scope !== 'GROUP' || groups.length === 0) return undefined
  const mapped = expression === undefined ? undefined : parseExpression(expression)
  const found = valueOfGroups(attribute, namesOnGroup(attribute, mapped), groups)
  if (!found) return undefined
  const [only] = found.groups
  return {
    value: found.value,
    source: only && found.groups.length === 1 ? { kind: 'group', ...only } : { kind: 'groups', groups: found.groups },
  }
}

/**
 * A source in words, for forms and terminals.
 *
 * @example describeSource({ kind: 'mapping', expression: 'user.email' }) // 'mapping user.email'
 */
export const describeSource = (source: ValueSource): string => {
  switch (source.kind) {
    case 'individual':
      return 'typed for this person'
    case 'application-username':
      return 'application username'
    case 'mapping':
      return `mapping ${source.expression}`
    case 'group':
      return `group ${describeGroup(source)}`
    case 'groups':
      return `groups ${source.groups.map(describeGroup).join(', ')}`
  }
}

const describeGroup = ({ name, from, attribute }: GroupSource): string =>
  `${name} (${from === 'form' ? 'typed at its assignment' : `its attribute ${attribute}`})`
