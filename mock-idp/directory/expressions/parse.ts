import { badExpression } from './bad-expression.ts'
import { findFunction } from './functions.ts'
import { functionGuess, missingOperator, nameGuess } from './guesses.ts'
import { type Branch, type Expression, isProfileName, type Node, profileNames } from './syntax.ts'
import { type Token, tokensOf } from './tokens.ts'

/** An expression comes from outside: longer or deeper ones are refused before they cost anything. */
export const expressionLimits = { length: 10_000, depth: 64 } as const

/**
 * Reads an expression of the documented part of Okta's expression language. Precedence as in the Spring Expression
 * Language, on which Okta's is based: `?:`, then `||`, `&&`, `==` and `!=`, `+`, `!`. AND, OR, TRUE, FALSE and NULL may
 * be in either case.
 *
 * @param text at most 10,000 characters, with brackets and calls at most 64 deep
 * @throws UsageError `bad-expression`: what was found at which position, what is understood, and the nearest name
 * @example parseExpression('user.department == "Sales" ? "billing" : user.cld_role')
 * @see developer.okta.com, Okta Expression Language overview
 */
export const parseExpression = (text: string): Expression => {
  const known = remembered.get(text)
  if (known) return known
  const expression = { text, root: read(text) }
  if (text.length <= rememberedLength) {
    const [oldest] = remembered.keys()
    if (remembered.size >= rememberedCount && oldest !== undefined) remembered.delete(oldest)
    remembered.set(text, expression)
  }
  return expression
}

/** The same few expressions are evaluated for every user; reading one costs many times as much as evaluating it. */
const remembered = new Map<string, Expression>()
const rememberedCount = 2_000
const rememberedLength = 1_000

const read = (text: string): Node => {
  if (text.length > expressionLimits.length)
    throw badExpression(text, {
      at: expressionLimits.length,
      expected: `the end (of at most ${expressionLimits.length} characters)`,
      found: `${text.length - expressionLimits.length} more`,
    })
  const tokens = tokensOf(text)
  let next = 0
  let depth = 0

  const peek = (): Token => tokens[next] ?? { kind: 'end', at: text.length, source: '' }
  const take = (): Token => {
    const token = peek()
    next++
    return token
  }
  /** Takes the next token if it is one of these signs or words. */
  const takes = (...sources: readonly string[]): boolean => {
    const { kind, source } = peek()
    const found = (kind === 'sign' || kind === 'name') && sources.includes(source.toUpperCase())
    if (found) next++
    return found
  }
  const refuse = (token: Token, expected: string, guess?: string) =>
    badExpression(text, {
      at: token.at,
      expected,
      found: token.kind === 'end' ? 'the end' : cut(token.source),
      guess,
    })
  const must = (sign: string, expected: string): void => {
    if (!takes(sign)) throw refuse(peek(), expected, missingOperator(peek()))
  }
  const deeper = <T>(inner: () => T): T => {
    if (++depth > expressionLimits.depth)
      throw refuse(peek(), `brackets, calls and ! at most ${expressionLimits.depth} deep`)
    const result = inner()
    depth--
    return result
  }

  const chain = (kind: 'sum' | 'and' | 'or', of: () => Node, ...signs: readonly string[]): Node => {
    const terms = [of()]
    while (takes(...signs)) terms.push(of())
    const [only] = terms
    return only && terms.length === 1 ? only : { kind, terms }
  }

  const choice = (): Node => {
    const branches: Branch[] = []
    let otherwise = either()
    while (takes('?')) {
      const condition = otherwise
      const value = deeper(choice)
      must(':', ': and the value for "else"')
      branches.push({ condition, value })
      otherwise = either()
    }
    return branches.length === 0 ? otherwise : { kind: 'choice', branches, otherwise }
  }
  const either = (): Node => chain('or', both, '||', 'OR')
  const both = (): Node => chain('and', comparison, '&&', 'AND')
  const comparison = (): Node => {
    const left = sum()
    if (takes('==')) return { kind: 'equal', left, right: sum() }
    if (takes('!=')) return { kind: 'unequal', left, right: sum() }
    return left
  }
  const sum = (): Node => chain('sum', operand, '+')
  const operand = (): Node => (takes('!') ? { kind: 'not', operand: deeper(operand) } : primary())
  const primary = (): Node => {
    const token = take()
    if (token.kind === 'text' || token.kind === 'number') return { kind: 'literal', value: token.value }
    if (token.kind === 'name') {
      if (takes('(')) return call(token)
      return named(token)
    }
    if (token.source === '(') {
      const inner = deeper(choice)
      must(')', 'an operator or )')
      return inner
    }
    throw refuse(token, 'a value')
  }

  const call = (token: Token): Node => {
    const called = findFunction(token.source)
    if (!called) throw refuse(token, 'the name of a function', functionGuess(cut(token.source)))
    const args: Node[] = []
    if (!takes(')')) {
      do args.push(deeper(choice))
      while (takes(','))
      must(')', 'an operator, a comma or )')
    }
    if (args.length < called.least || args.length > called.most)
      throw refuse(token, `${called.name}${called.parameters}`, `It was given ${args.length} of them.`)
    return { kind: 'call', called, args }
  }

  const named = (token: Token): Node => {
    const word = words[token.source.toLowerCase()]
    if (word !== undefined) return { kind: 'literal', value: word }
    const [first = '', name, ...more] = token.source.split('.')
    if (name !== undefined && more.length === 0 && isProfileName(first))
      return { kind: 'attribute', of: profileNames[first], name }
    throw refuse(token, 'a value', nameGuess(cut(token.source)))
  }

  const root = choice()
  if (peek().kind !== 'end') throw refuse(peek(), 'an operator or the end', missingOperator(peek()))
  return root
}

/** A name or a literal may be as long as an expression; a message may not. */
const cut = (source: string): string => source.slice(0, 100)

const words: Readonly<Record<string, boolean | null>> = Object.assign(Object.create(null), {
  true: true,
  false: false,
  null: null,
})
