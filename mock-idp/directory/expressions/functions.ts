import { checkLength, flatten, noMeaning, textOf, type Value } from './values.ts'

/** A function of the expression language: how it is called, and what it does with null. */
export interface ExpressionFunction {
  readonly name: string
  /** For messages: `(separator, text or list, …)`. */
  readonly parameters: string
  readonly least: number
  readonly most: number
  readonly apply: (args: readonly Value[], membership: Membership) => Value
}

/** What functions know besides their arguments. */
export interface Membership {
  readonly groupNames: readonly string[]
}

/** A function of one text: nothing of nothing, else what `make` says. */
const ofText = (name: string, parameters: string, count: number, make: (...texts: Texts) => string) => ({
  name,
  parameters,
  least: count,
  most: count,
  apply: (args: readonly Value[]): Value => {
    const [text = null, second = null, third = null] = args.map((arg) => textOf(name, arg))
    return text === null ? null : make(text, second, third)
  },
})

type Texts = [text: string, second: string | null, third: string | null]

/** Of the names that Okta documents, these are understood. Nulls are taken as Apache's StringUtils takes them. */
export const functions: readonly ExpressionFunction[] = [
  {
    name: 'String.join',
    parameters: '(separator, text or list, …)',
    least: 2,
    most: Number.POSITIVE_INFINITY,
    // What is null is left out together with its separator; nothing to join is null.
    apply: ([first = null, ...others]) => {
      const separator = textOf('String.join', first) ?? ''
      const texts = flatten('String.join', others)
      const length = texts.reduce((sum, one) => sum + one.length + separator.length, 0)
      checkLength('String.join', length - separator.length)
      return texts.length === 0 ? null : texts.join(separator)
    },
  },
  ofText('String.toLowerCase', '(text)', 1, (text) => text.toLowerCase()),
  ofText('String.toUpperCase', '(text)', 1, (text) => text.toUpperCase()),
  // All of it where the search text is not in it; and `substringAfter` then is empty.
  ofText('String.substringBefore', '(text, search)', 2, (text, search) => {
    const at = search === null ? -1 : text.indexOf(search)
    return at < 0 ? text : text.slice(0, at)
  }),
  ofText('String.substringAfter', '(text, search)', 2, (text, search) => {
    const at = search === null ? -1 : text.indexOf(search)
    return at < 0 ? '' : text.slice(at + (search ?? '').length)
  }),
  // All occurrences, and no pattern: a dot is a dot.
  ofText('String.replace', '(text, match, replacement)', 3, (text, match, replacement) => {
    if (match === null || match === '' || replacement === null) return text
    const parts = text.split(match)
    checkLength('String.replace', text.length + (parts.length - 1) * (replacement.length - match.length))
    return parts.join(replacement)
  }),
  {
    name: 'Arrays.contains',
    parameters: '(list, value)',
    least: 2,
    most: 2,
    apply: ([list = null, value = null]) => {
      if (list === null) return false
      if (!Array.isArray(list)) throw noMeaning('Arrays.contains', 'a list', list)
      const wanted = textOf('Arrays.contains', value)
      return wanted !== null && list.includes(wanted)
    },
  },
  {
    name: 'Arrays.flatten',
    parameters: '(text or list, …)',
    least: 1,
    most: Number.POSITIVE_INFINITY,
    apply: (args) => flatten('Arrays.flatten', args),
  },
  {
    name: 'isMemberOfGroupName',
    parameters: '(name)',
    least: 1,
    most: 1,
    apply: ([name = null], { groupNames }) => {
      const wanted = textOf('isMemberOfGroupName', name)
      return wanted !== null && groupNames.includes(wanted)
    },
  },
]

export const functionNames: readonly string[] = functions.map(({ name }) => name)

const byName = new Map(functions.map((one) => [one.name, one]))

export const findFunction = (name: string): ExpressionFunction | undefined => byName.get(name)
