import { UsageError } from '../../src/core/errors.ts'
import type { Mapping, ProfileValue } from '../admin/profile-shapes.ts'
import { type ExpressionContext, evaluate } from './expressions/evaluate.ts'
import { parseExpression } from './expressions/parse.ts'

/**
 * What a mapping yields; undefined where it has no value.
 *
 * @throws UsageError `bad-expression`, `expression-types`, `expression-too-large`, naming the attribute
 */
export const mappedValue = (
  { attribute, expression }: Mapping,
  context: ExpressionContext,
): ProfileValue | undefined => {
  try {
    return evaluate(parseExpression(expression), context)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`The mapping of ${attribute}: ${error.message}`, { code: error.code, hint: error.hint })
  }
}
