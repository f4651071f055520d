import { type Filter, parse } from 'scim2-parse-filter'
import { isExact, isJson, namesOf } from './attribute-names.ts'
import { refuse } from './scim-error.ts'

/** A filter that was read: what it asks for, and whether a resource fits it. */
export interface ScimFilter {
  /** `userName eq "ada"` and nothing else: what an index can answer. */
  equality: { attribute: string; value: string } | undefined
  fits(resource: unknown): boolean
}

const maxLength = 2_000
const maxDepth = 20
const maxTerms = 100

/**
 * Reads a filter (RFC 7644 3.4.2.2). The parser is scim2-parse-filter's; the evaluator is ours, since that one compares
 * with case throughout, mixes elements of a list up, and knows no URN in front of a name.
 *
 * @throws ScimError 400 `invalidFilter`
 */
export const readFilter = (text: string): ScimFilter => {
  const invalid = (why: string): never => refuse(400, `The filter cannot be read: ${why}.`, 'invalidFilter')
  if (text.length > maxLength) return invalid(`it has more than ${maxLength} characters`)
  // Texts are taken out before the parser sees them: it decodes no escape but \" and fails on a backslash at the end.
  const values: string[] = []
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, (literal) => {
    try {
      values.push(JSON.parse(literal) as string)
    } catch {
      return invalid(`${literal.slice(0, 50)} is no JSON text`)
    }
    return `"${values.length - 1}"`
  })
  const depth = deepest(bare)
  if (depth > maxDepth) return invalid(`it is nested deeper than ${maxDepth} levels`)
  if ((bare.match(/\b(?:and|or|not)\b/gi) ?? []).length > maxTerms) return invalid(`it has more than ${maxTerms} terms`)
  // The parser rewrites this to something else.
  if (/\]\s*\./.test(bare)) return invalid('a filter in brackets must be the end of its attribute')
  if (/\bnot\s+[^(\s]/i.test(bare)) return invalid('not must be followed by parentheses')
  const tree = parsed(bare) ?? invalid('the grammar is that of RFC 7644, figure 1')
  const only = tree.op === 'eq' ? tree : undefined
  const names = only === undefined ? [] : namesOf(only.attrPath)
  const value = only === undefined ? undefined : literal(only.compValue, values)
  return {
    equality:
      names.length === 1 && typeof value === 'string' && names[0] !== undefined
        ? { attribute: names[0], value }
        : undefined,
    fits: (resource) => fits(tree, resource, values, []),
  }
}

const parsed = (text: string): Filter | undefined => {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

const deepest = (text: string): number => {
  let [depth, most] = [0, 0]
  for (const char of text) {
    if (char === '(' || char === '[') most = Math.max(most, ++depth)
    else if (char === ')' || char === ']') depth--
  }
  return most
}

type Value = string | number | boolean | null

/** A text stands for its number in the list of those that were taken out. */
const literal = (value: Value, values: readonly string[]): Value =>
  typeof value === 'string' ? (values[Number(value)] ?? value) : value

/** @param within names of the attribute whose elements are looked at */
const fits = (filter: Filter, resource: unknown, values: readonly string[], within: readonly string[]): boolean => {
  switch (filter.op) {
    case 'and':
      return filter.filters.every((one) => fits(one, resource, values, within))
    case 'or':
      return filter.filters.some((one) => fits(one, resource, values, within))
    case 'not':
      return !fits(filter.filter, resource, values, within)
    case '[]': {
      const names = namesOf(filter.attrPath)
      // One element must have it all.
      return at(resource, names).some((element) => fits(filter.valFilter, element, values, names))
    }
    case 'pr':
      return valuesAt(resource, namesOf(filter.attrPath)).some((value) => value !== null && value !== '')
    default: {
      const names = namesOf(filter.attrPath)
      const found = valuesAt(resource, names)
      const wanted = literal(filter.compValue, values)
      const exact = isExact([...within, ...names])
      if (filter.op === 'ne') return !found.some((value) => compare('eq', value, wanted, exact))
      return found.some((value) => compare(filter.op, value, wanted, exact))
    }
  }
}

/** Everything at a path; a list stands for its elements. */
const at = (resource: unknown, names: readonly string[]): unknown[] => {
  if (Array.isArray(resource)) return resource.flatMap((element) => at(element, names))
  const [name, ...rest] = names
  if (name === undefined) return resource === undefined ? [] : [resource]
  return isJson(resource) && Object.hasOwn(resource, name) ? at(resource[name], rest) : []
}

/** What is compared: a complex element without a name stands for its `value`. */
const valuesAt = (resource: unknown, names: readonly string[]): unknown[] =>
  at(resource, names).map((one) => (isJson(one) && 'value' in one ? one['value'] : one))

const compare = (op: string, found: unknown, wanted: Value, exact: boolean): boolean => {
  if (typeof found === 'boolean' && typeof wanted === 'string')
    // Entra's way to write it.
    return op === 'eq' && String(found) === wanted.toLowerCase()
  if (typeof found !== 'string' || typeof wanted !== 'string')
    return op === 'eq' ? found === wanted : ordered(op, found, wanted)
  const [a, b] = isTime(found) && isTime(wanted) ? [found, wanted] : [fold(found, exact), fold(wanted, exact)]
  switch (op) {
    case 'eq':
      return isTime(a) && isTime(b) ? Date.parse(a) === Date.parse(b) : a === b
    case 'co':
      return a.includes(b)
    case 'sw':
      return a.startsWith(b)
    case 'ew':
      return a.endsWith(b)
    default:
      return isTime(a) && isTime(b) ? ordered(op, Date.parse(a), Date.parse(b)) : ordered(op, a, b)
  }
}

const fold = (text: string, exact: boolean): string => (exact ? text : text.toLowerCase())
const isTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)

const ordered = (op: string, a: unknown, b: unknown): boolean => {
  const comparable =
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
  if (!comparable) return false
  switch (op) {
    case 'gt':
      return a > b
    case 'ge':
      return a >= b
    case 'lt':
      return a < b
    case 'le':
      return a <= b
    default:
      return false
  }
}
