import type { AppAttribute, ProfileValue } from '../admin/profile-shapes.ts'

/** A profile as it may come from a store or a request: an attribute that is null or left out has no value. */
export type LooseProfile = Readonly<Record<string, ProfileValue | null | undefined>>

/** The attribute's value; undefined when it has none, also for what every JavaScript object inherits. */
export const attributeOf = (profile: LooseProfile, name: string): ProfileValue | undefined =>
  (Object.hasOwn(profile, name) ? profile[name] : undefined) ?? undefined

/** Empty text and an empty list count as no value: a form that was left empty says nothing. */
export const hasValue = (value: ProfileValue | null | undefined): value is ProfileValue =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)

/**
 * The value in the attribute's type where nothing is lost by that (7 and "7", one text and a list of it), else as it is:
 * `profileProblems` then says what is wrong with it. A schema may change after its values were typed, and the group's
 * attribute need not have the type of the application's.
 */
export const asType = (type: AppAttribute['type'], value: ProfileValue): ProfileValue => {
  if (Array.isArray(value)) return value
  switch (type) {
    case 'string':
      return String(value)
    case 'string-array':
      return [String(value)]
    case 'number':
      return typeof value === 'string' && numeral.test(value) ? Number(value) : value
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value
  }
}

// Fifteen digits come back as they were written; more would not.
const numeral = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?$/
