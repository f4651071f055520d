import { UsageError } from '../../../src/core/errors.ts'
import type { ProfileValue } from '../../admin/profile-shapes.ts'
import { attributeOf, hasValue, type LooseProfile } from '../profile-values.ts'
import { shown } from './bad-expression.ts'
import type { Expression, Node } from './syntax.ts'
import { addNumbers, checkLength, noMeaning, type Value } from './values.ts'

/** What an expression can read. */
export interface ExpressionContext {
  /** The Okta user's profile. */
  readonly user: LooseProfile
  /** The application's profile of the user. */
  readonly appUser: LooseProfile
  /** The Okta group's profile, where there is one group that is meant. */
  readonly group?: LooseProfile | undefined
  /** Names of all groups that the user is in, for `isMemberOfGroupName`. */
  readonly groupNames: readonly string[]
}

/**
 * The value of an expression; undefined when it has none. What users lack is no error: a missing attribute is null, null
 * adds nothing to a sum (Okta does not say; the word "null" in somebody's name helps nobody), is false as a condition,
 * and equals only null. Comparison is exact, in type and case.
 *
 * @throws UsageError `expression-types` where an operation has no meaning for what it is given (text as a condition, a
 * list as a term), `expression-too-large` where the value would exceed what an attribute may have
 * @example evaluate(parseExpression('user.firstName + "!"'), { user: { firstName: 'Ada' }, appUser: {}, groupNames: [] })
 */
export const evaluate = (expression: Expression, context: ExpressionContext): ProfileValue | undefined => {
  try {
    return valueIn(expression.root, context) ?? undefined
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const { message, code, hint } = error
    throw new UsageError(`The expression ${shown(expression.text)} has no value: ${message}`, { code, hint })
  }
}

/**
 * The values of a SAML attribute: one for each element of a list; none when the expression has no value or an empty one.
 *
 * @throws as `evaluate`
 */
export const valuesOf = (expression: Expression, context: ExpressionContext): string[] => {
  const value = evaluate(expression, context)
  return (Array.isArray(value) ? value : [value]).filter(hasValue).map(String)
}

const valueIn = (node: Node, context: ExpressionContext): Value => {
  switch (node.kind) {
    case 'literal':
      return node.value
    case 'attribute':
      return attributeOf(context[node.of] ?? {}, node.name) ?? null
    case 'call':
      return node.called.apply(
        node.args.map((arg) => valueIn(arg, context)),
        context,
      )
    case 'sum':
      return node.terms.map((term) => valueIn(term, context)).reduce(added)
    case 'and':
      return node.terms.every((term) => isTrue('&&', valueIn(term, context)))
    case 'or':
      return node.terms.some((term) => isTrue('||', valueIn(term, context)))
    case 'not':
      return !isTrue('!', valueIn(node.operand, context))
    case 'equal':
      return isSame(valueIn(node.left, context), valueIn(node.right, context))
    case 'unequal':
      return !isSame(valueIn(node.left, context), valueIn(node.right, context))
    case 'choice': {
      const chosen = node.branches.find(({ condition }) => isTrue('?', valueIn(condition, context)))
      return valueIn(chosen ? chosen.value : node.otherwise, context)
    }
  }
}

const isTrue = (operator: string, value: Value): boolean => {
  if (value === null) return false
  if (typeof value !== 'boolean') throw noMeaning(operator, 'true or false', value)
  return value
}

const added = (a: Value, b: Value): Value => {
  if (a === null) return b
  if (b === null) return a
  if (typeof a === 'number' && typeof b === 'number') return addNumbers(a, b)
  for (const one of [a, b]) if (Array.isArray(one)) throw noMeaning('+', 'texts or numbers', one)
  if (typeof a !== 'string' && typeof b !== 'string') throw noMeaning('+', 'texts or numbers', b)
  const text = `${a}${b}`
  checkLength('+', text.length)
  return text
}

const isSame = (a: Value, b: Value): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((one, i) => one === b[i]) : a === b
