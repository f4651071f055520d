import { UsageError } from '../../src/core/errors.ts'
import type { SamlSettings } from '../admin/schema.ts'

export type GroupFilter = SamlSettings['groupAttributeStatements'][number]['filter']

/**
 * A test of group names, as Okta's group attribute statements have it. `REGEX` must match the whole name.
 *
 * @throws UsageError `bad-regex` or `costly-regex`
 */
export const groupFilter = ({ type, value }: GroupFilter): ((name: string) => boolean) => {
  if (type === 'STARTS_WITH') return (name) => name.startsWith(value)
  if (type === 'EQUALS') return (name) => name === value
  if (type === 'CONTAINS') return (name) => name.includes(value)
  const regex = boundedRegex(value)
  return (name) => regex.test(name)
}

const maxPattern = 200
/** Ways in which a name can be tried against a pattern; a name has at most 255 characters. */
const maxWays = 5_000_000

/**
 * A regular expression that cannot run for long. JavaScript's engine backtracks, so its worst case is the product of the
 * choices in the pattern: that product is limited, and a choice inside of something repeated is refused.
 */
const boundedRegex = (pattern: string): RegExp => {
  const refuse = (code: string, why: string) =>
    new UsageError(`The group filter /${pattern}/ ${why}`, {
      code,
      hint: 'Use a simpler pattern, such as Dev.* or (dev|qa)-[a-z]+, or several group attribute statements.',
    })
  if (pattern.length > maxPattern) throw refuse('costly-regex', `is longer than ${maxPattern} characters`)
  let compiled: RegExp
  try {
    compiled = new RegExp(`^(?:${pattern})$`, 'su')
  } catch (cause) {
    throw refuse('bad-regex', `is not a regular expression: ${cause instanceof Error ? cause.message : cause}`)
  }
  const ways = choices(pattern)
  if (ways === undefined)
    throw refuse('costly-regex', 'repeats something that has choices inside, which can run for ever')
  if (ways > maxWays) throw refuse('costly-regex', 'has too many repetitions, which together can run for very long')
  return compiled
}

const token =
  /\\(?:[pPuk]\{[^}]*\}|k<[^>]*>|u[0-9a-fA-F]{4}|.)|\[(?:\\.|[^\]\\])*\]|\(\?(?:<?[=!]|<[^>]+>|[a-z-]*:)|\(|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}\??|./gsu

/** The product of the choices of a valid pattern; undefined if a choice is repeated. */
const choices = (pattern: string): number | undefined => {
  const open: { ways: number; branches: number }[] = [{ ways: 1, branches: 1 }]
  let last = 1
  for (const [part] of pattern.matchAll(token)) {
    const here = open.at(-1)
    if (!here) return undefined
    if (part.startsWith('(')) {
      open.push({ ways: 1, branches: 1 })
      last = 1
    } else if (part === ')') {
      open.pop()
      last = here.ways * here.branches
      const outer = open.at(-1)
      if (outer) outer.ways *= last
    } else if (part === '|') {
      here.branches++
      last = 1
    } else if (/^(?:[*+?]\??|\{\d+(?:,\d*)?\}\??)$/.test(part)) {
      const times = repetitions(part)
      if (times.max > 1 && last > 1) return undefined
      here.ways *= times.ways
    } else last = 1
  }
  return (open[0]?.ways ?? 1) * (open[0]?.branches ?? 1)
}

const longest = 256

const repetitions = (part: string): { ways: number; max: number } => {
  if (part.startsWith('?')) return { ways: 2, max: 1 }
  if (part.startsWith('*') || part.startsWith('+')) return { ways: longest, max: longest }
  const [, min = '0', comma, max] = /^\{(\d+)(,?)(\d*)\}/.exec(part) ?? []
  const most = Math.min(longest, comma === '' ? Number(min) : max === '' || max === undefined ? longest : Number(max))
  return { ways: Math.max(1, most - Number(min) + 1), max: most }
}
