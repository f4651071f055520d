import { badExpression } from './bad-expression.ts'

/** `source` is what stands in the expression, `at` the index of its first character. */
export type Token = { readonly at: number; readonly source: string } & (
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** `true`, or with its dots `user.email`, `String.join`. */
  | { readonly kind: 'name' }
  | { readonly kind: 'sign' }
  | { readonly kind: 'end' }
)

const space = /\s+/y
const name = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y
const number = /-?\d+(?:\.\d+)?/y
const sign = /==|!=|&&|\|\||[+!?:(),]/y

/**
 * Cuts an expression into tokens; the last one is of kind `end`.
 *
 * @throws UsageError `bad-expression`
 */
export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = []
  let at = 0
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  while (at < text.length) {
    const blank = match(space)
    if (blank !== undefined) at += blank.length
    else {
      const token = match(sign) ?? match(name) ?? match(number)
      const made = token === undefined ? literal(text, at) : tokenOf(text, at, token)
      tokens.push(made)
      at += made.source.length
    }
  }
  return [...tokens, { kind: 'end', at: text.length, source: '' }]
}

const tokenOf = (text: string, at: number, source: string): Token => {
  if (!/^-?\d/.test(source)) return { kind: /^\w/.test(source) ? 'name' : 'sign', at, source }
  const value = Number(source)
  if (!Number.isFinite(value))
    throw badExpression(text, { at, expected: 'a number below 1e308', found: 'a larger one' })
  return { kind: 'number', at, source, value }
}

/**
 * Text in quotes. A quote inside is doubled, as in the Spring Expression Language, which Okta's is a part of, or has a
 * backslash before it; a backslash is written as two.
 */
const literal = (text: string, at: number): Token => {
  const quote = text[at]
  if (quote !== '"' && quote !== "'") throw unknownCharacter(text, at)
  let value = ''
  for (let i = at + 1; i < text.length; i++) {
    const here = text[i]
    const next = text[i + 1]
    if (here === '\\') {
      if (next === undefined || !'"\'\\'.includes(next))
        throw badExpression(text, {
          at: i,
          expected: '\\\\, \\" or \\\'',
          found: `a backslash and ${next === undefined ? 'the end' : JSON.stringify(next)}`,
          guess: 'In a text, write one backslash as two.',
        })
      value += next
      i++
    } else if (here !== quote) value += here
    else if (next === quote) {
      value += quote
      i++
    } else return { kind: 'text', at, source: text.slice(at, i + 1), value }
  }
  throw badExpression(text, {
    at: text.length,
    expected: `the closing ${quote}`,
    found: 'the end',
    guess: `A ${quote} inside a text is doubled.`,
  })
}

const unknownCharacter = (text: string, at: number) => {
  const found = String.fromCodePoint(text.codePointAt(at) ?? 0)
  return badExpression(text, {
    at,
    expected: 'a name, a literal or an operator',
    found: JSON.stringify(found),
    guess: characterGuesses.find(([characters]) => characters.includes(found))?.[1],
  })
}

const characterGuesses: readonly (readonly [string, string])[] = [
  ['=', 'Values are compared by == and !=; nothing can be assigned.'],
  ['<>', 'Of comparisons there are only == and !=.'],
  ['-*/%^', 'Of arithmetic there is only +.'],
  ['&', 'And is written && or AND.'],
  ['|', 'Or is written || or OR.'],
  ['{}', 'A list is written Arrays.flatten("a", "b").'],
  ['[]', 'Elements of a list cannot be picked; Arrays.contains(list, value) asks for one.'],
  ['$#', 'Attributes are written as they are: user.email, with no $ and no brackets.'],
  ['.', 'An attribute is written without spaces around the dot, a number with a digit before it.'],
  ['“”„‘’', 'Quotes are the straight ones: " or \'.'],
]
