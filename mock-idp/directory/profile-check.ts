import { UsageError } from '../../src/core/errors.ts'
import type { OktaAttribute, ProfileValue } from '../admin/profile-shapes.ts'
import { nearest } from '../faults/nearest.ts'
import { attributeOf, hasValue, type LooseProfile } from './profile-values.ts'

/** What is wrong with one attribute of a profile. */
export interface ProfileProblem {
  attribute: string
  kind: 'missing' | 'wrong-type' | 'not-enumerated' | 'unknown'
  /** In words: what was expected and what was found. */
  problem: string
  /** The values of the enumeration, or the names of the attributes that there are; empty when any value will do. */
  allowed: readonly (string | number)[]
  /** The allowed one that was probably meant. */
  nearest?: string | undefined
}

export interface ProfileCheckOptions {
  /**
   * What to do with attributes that are not in the list. `accept` where base attributes stand beside those of the list,
   * as in the profile of an Okta user or group.
   */
  others: 'accept' | 'refuse'
}

/**
 * Checks a profile against the attributes that it may have: types, enumerations, required ones, and names. Empty text and
 * an empty list are as good as missing.
 *
 * @returns one problem for each wrong attribute, in the order of the list; none when the profile is right
 * @example profileProblems([role], { role: 'superuser' }, { others: 'refuse' })[0]?.nearest
 */
export const profileProblems = (
  attributes: readonly OktaAttribute[],
  profile: LooseProfile,
  { others }: ProfileCheckOptions,
): ProfileProblem[] => {
  const wrong = attributes.flatMap((attribute) => problemOf(attribute, attributeOf(profile, attribute.name)))
  return others === 'accept' ? wrong : [...wrong, ...unknownOnes(attributes, profile)]
}

/**
 * As `profileProblems`, for a request that must not go on.
 *
 * @param whose `the Okta user ada@example.test`, `the assignment of ada@example.test to Cloudinary`
 * @throws UsageError `bad-profile`: every problem, what is allowed, and the nearest of it
 */
export const checkProfile = (
  whose: string,
  attributes: readonly OktaAttribute[],
  profile: LooseProfile,
  options: ProfileCheckOptions,
): void => {
  const problems = profileProblems(attributes, profile, options)
  if (problems.length === 0) return
  throw new UsageError(
    `The profile of ${whose} cannot be as it is: ${problems.map(({ attribute, problem }) => `${attribute}: ${problem}`).join('; ')}`,
    { code: 'bad-profile', hint: problems.map(hintOf).join(' ') },
  )
}

const hintOf = ({ attribute, kind, allowed, nearest: near }: ProfileProblem): string => {
  const guess = near === undefined ? '' : `Did you mean ${shown(near)}? `
  if (kind === 'unknown') return `${guess}The attributes are ${list(allowed)}.`
  return `${guess}Give ${attribute} ${allowed.length === 0 ? 'such a value' : `one of ${list(allowed)}`}.`
}

const problemOf = (attribute: OktaAttribute, value: ProfileValue | undefined): ProfileProblem[] => {
  const { name, type, required } = attribute
  const allowed = attribute.enum?.map((one) => one.value) ?? []
  if (!hasValue(value))
    return required
      ? [{ attribute: name, kind: 'missing', problem: `expected ${nouns[type]}, found none`, allowed }]
      : []
  if (!isOfType[type](value))
    return [
      {
        attribute: name,
        kind: 'wrong-type',
        problem: `expected ${nouns[type]}, found ${Array.isArray(value) ? 'a list of ' : ''}${shown(value)}`,
        allowed,
      },
    ]
  if (!attribute.enum) return []
  const known = new Set<unknown>(allowed)
  const stray = [value].flat().find((one) => !known.has(one))
  if (stray === undefined) return []
  return [
    {
      attribute: name,
      kind: 'not-enumerated',
      problem: `expected one of ${list(allowed)}, found ${shown(stray)}`,
      allowed,
      nearest: nearest(String(stray), allowed.slice(0, 1_000).map(String)),
    },
  ]
}

const unknownOnes = (attributes: readonly OktaAttribute[], profile: LooseProfile): ProfileProblem[] => {
  const allowed = attributes.map(({ name }) => name)
  const known = new Set(allowed)
  return Object.keys(profile)
    .filter((name) => !known.has(name) && attributeOf(profile, name) !== undefined)
    .map((name) => ({
      attribute: name,
      kind: 'unknown',
      problem: 'there is no such attribute',
      allowed,
      nearest: nearest(name, allowed),
    }))
}

const nouns: Record<OktaAttribute['type'], string> = {
  string: 'text',
  'string-array': 'a list of texts',
  number: 'a number',
  boolean: 'true or false',
}

const isOfType: Record<OktaAttribute['type'], (value: ProfileValue) => boolean> = {
  string: (value) => typeof value === 'string',
  'string-array': (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
}

const shown = (value: ProfileValue): string => {
  const text = JSON.stringify(Array.isArray(value) ? value.slice(0, 5) : value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

const list = (values: readonly (string | number)[]): string => {
  const some = values.slice(0, 20).map((one) => shown(one))
  const rest = values.length - some.length
  return rest > 0 ? `${some.join(', ')} and ${rest} more` : some.join(', ')
}
