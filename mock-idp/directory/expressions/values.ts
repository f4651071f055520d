import { UsageError } from '../../../src/core/errors.ts'
import type { ProfileValue } from '../../admin/profile-shapes.ts'

/** What parts of an expression evaluate to. A missing attribute is null. */
export type Value = ProfileValue | null

/** As much as an attribute may have; an expression could otherwise multiply what it is given without end. */
const longestText = 10_000
const longestList = 10_000

const hint = 'Change the expression, or the value or type of the attributes that it reads.'

/** @returns UsageError `expression-types`: an operation was given what it has no meaning for */
export const noMeaning = (what: string, expected: string, found: Value): UsageError =>
  new UsageError(`${what} takes ${expected}, and was given ${kindOf(found)}`, { code: 'expression-types', hint })

const kindOf = (value: Value): string => {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  // The kind and not the value, which may be nobody's business.
  return typeof value === 'string' ? 'text' : `a ${typeof value}`
}

/** @throws UsageError `expression-too-large` */
export const checkLength = (what: string, length: number): void => {
  if (length > longestText) throw tooLarge(what, `${longestText} characters`)
}

/**
 * Texts and lists as one list, without nulls.
 *
 * @throws UsageError `expression-too-large`
 */
export const flatten = (what: string, values: readonly Value[]): string[] => {
  const count = values.reduce<number>((sum, value) => sum + (Array.isArray(value) ? value.length : 1), 0)
  if (count > longestList) throw tooLarge(what, `${longestList} elements`)
  return values
    .flat()
    .filter((one) => one !== null)
    .map(String)
}

/** @throws UsageError `expression-too-large` */
export const addNumbers = (a: number, b: number): number => {
  if (!Number.isFinite(a + b)) throw tooLarge('+', '1.8e308')
  return a + b
}

const tooLarge = (what: string, most: string): UsageError =>
  new UsageError(`${what} gives more than ${most}`, { code: 'expression-too-large', hint })

/**
 * A value as text: numbers and booleans as they are written, null for null.
 *
 * @throws UsageError `expression-types` for a list
 */
export const textOf = (what: string, value: Value): string | null => {
  if (Array.isArray(value)) throw noMeaning(what, 'text', value)
  return value === null ? null : String(value)
}
