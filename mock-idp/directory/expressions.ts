import { UsageError } from '../../src/core/errors.ts'
import type { User } from '../admin/schema.ts'

/** What an expression can read. */
export interface ExpressionContext {
  user: User
  /** The application's profile of the user: the user's own profile, with `userName` as the application username. */
  appUser: Readonly<Record<string, unknown>>
}

/**
 * An expression of Okta's expression language, checked and ready. For now a reference or a literal; the type leaves room
 * for calls and operators.
 */
export type Expression =
  | { kind: 'user'; attribute: string }
  | { kind: 'appuser'; attribute: string }
  | { kind: 'literal'; value: string }

const reference = /^(user|appuser)\.([A-Za-z_][A-Za-z0-9_]*)$/

/**
 * Reads an expression.
 *
 * @param text `user.email`, `appuser.userName`, `"a literal"` (with `\"` and `\\`)
 * @throws UsageError `bad-expression`, with what is understood
 * @example parseExpression('user.department')
 */
export const parseExpression = (text: string): Expression => {
  const trimmed = text.trim()
  const [, kind, attribute] = reference.exec(trimmed) ?? []
  if (attribute !== undefined) return { kind: kind === 'user' ? 'user' : 'appuser', attribute }
  if (/^"(?:[^"\\]|\\["\\])*"$/.test(trimmed))
    return { kind: 'literal', value: trimmed.slice(1, -1).replace(/\\(["\\])/g, '$1') }
  throw new UsageError(`The expression ${JSON.stringify(text)} is not understood`, {
    code: 'bad-expression',
    hint: `Expected user.<attribute>, appuser.<attribute> or "a literal" in double quotes.${guess(trimmed)}`,
  })
}

const guess = (text: string): string => {
  if (/^[A-Za-z_]\w*$/.test(text)) return ` Did you mean user.${text}, or the literal "${text}"?`
  if (/^'.*'$/.test(text)) return ' Literals are in double quotes.'
  if (/[(+?]/.test(text)) return ' Functions, operators and conditions are not supported yet.'
  return ''
}

/** The values of an expression; none when the attribute is missing, null or empty. An array gives one value each. */
export const evaluate = (expression: Expression, { user, appUser }: ExpressionContext): string[] => {
  if (expression.kind === 'literal') return [expression.value]
  const profile: Readonly<Record<string, unknown>> = expression.kind === 'user' ? user.profile : appUser
  const value = Object.hasOwn(profile, expression.attribute) ? profile[expression.attribute] : undefined
  return (Array.isArray(value) ? value : [value])
    .filter((one) => one !== undefined && one !== null && one !== '')
    .map(String)
}
