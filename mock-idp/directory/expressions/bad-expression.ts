import { UsageError } from '../../../src/core/errors.ts'
import { functionNames } from './functions.ts'

/** Where in an expression something is wrong, and what. */
export interface Fault {
  /** Index of the first character that is not understood. */
  at: number
  expected: string
  found: string
  /** What was probably meant. */
  guess?: string | undefined
}

/** @returns UsageError `bad-expression`: what was expected and found at which position, and all that is understood */
export const badExpression = (text: string, { at, expected, found, guess }: Fault): UsageError =>
  new UsageError(
    `The expression ${shown(text)} is not understood: expected ${expected} at position ${at + 1}, found ${found}`,
    { code: 'bad-expression', hint: guess === undefined ? understood : `${guess} ${understood}` },
  )

const understood = `Understood are user.<attribute>, appuser.<attribute>, group.<attribute>, "text", numbers, true, false, null, \
+ == != && || ! ?: and brackets, and the functions ${functionNames.join(', ')}.`

/** For messages: as JSON, and not longer than a line or two. */
export const shown = (text: string): string => JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)
