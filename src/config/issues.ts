/** Turns what the schema found wrong into what a person can mend: where, what was expected, what is allowed. */
import type { z } from 'zod'
import { ConfigError } from '../core/errors.ts'
import type { Problem } from './environment.ts'
import { allowedKeys } from './json-schema.ts'
import { nearest } from './nearest.ts'
import { type Path, valueAt, type YamlSource } from './yaml-source.ts'

type Issue = z.core.$ZodIssue

const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'nothing (null)'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  return (
    { string: 'text', number: 'a number', boolean: 'true or false', bigint: 'a number' }[String(typeof value)] ?? '?'
  )
}

const kindNames: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

const typeHints: Record<string, string> = {
  number: 'Put it in quotes.',
  boolean: 'Write on or off, or put it in quotes.',
}

const named = (path: Path): string => (path.length === 0 ? 'the file' : path.join('.'))

const didYouMean = (found: string, allowed: readonly string[]): string => {
  const guess = nearest(found, allowed)
  return guess === undefined ? '' : `; did you mean ${guess}?`
}

const invalidType = (issue: Extract<Issue, { code: 'invalid_type' }>, path: Path, source: YamlSource): Problem => {
  const found = valueAt(source.value, path)
  const expected = kindNames[issue.expected] ?? issue.expected
  const where = source.where(path)
  if (found === undefined)
    return { code: 'missing-key', where, message: `${named(path)} is missing; expected ${expected}` }
  return {
    code: 'wrong-type',
    where,
    message: `${named(path)} must be ${expected}, and is ${kindOf(found)}`,
    hint: issue.expected === 'string' ? typeHints[typeof found] : undefined,
  }
}

/** The branch of a union that comes closest to what was written: the one whose complaint lies deepest. */
const closest = (branches: readonly (readonly Issue[])[]): readonly Issue[] =>
  branches.toSorted((one, other) => {
    const depth = (issues: readonly Issue[]): number =>
      Math.max(...issues.map((issue) => issue.path.length * 2 + (issue.code === 'invalid_type' ? 0 : 1)))
    return depth(other) - depth(one)
  })[0] ?? []

type AllowedKeys = (path: Path, file: unknown) => string[]

const problemsOf = (issue: Issue, base: Path, source: YamlSource, keysOf: AllowedKeys): Problem[] => {
  const path = [...base, ...issue.path]
  const where = source.where(path)
  const found = valueAt(source.value, path)
  switch (issue.code) {
    case 'invalid_type':
      return [invalidType(issue, path, source)]
    case 'unrecognized_keys': {
      const allowed = keysOf(path, source.value)
      return issue.keys.map((key) => ({
        code: 'unknown-key',
        where: source.whereKey(path, key),
        message: `${[...path, key].join('.')} is unknown${didYouMean(key, allowed)}`,
        hint: `Allowed in ${named(path)}: ${allowed.join(', ')}.`,
      }))
    }
    case 'invalid_value': {
      const allowed = issue.values.map(String)
      // What stands in the file is shown, not what the environment put there.
      const word = typeof found === 'string' ? `, and is ${found}${didYouMean(found, allowed)}` : ''
      const message = found === undefined ? 'is missing; expected' : 'must be one of'
      return [{ code: 'unknown-value', where, message: `${named(path)} ${message} ${allowed.join(', ')}${word}` }]
    }
    case 'invalid_union': {
      if (issue.errors.length > 0)
        return closest(issue.errors).flatMap((inner) => problemsOf(inner, path, source, keysOf))
      const allowed = ('options' in issue && Array.isArray(issue.options) ? issue.options : []).map(String)
      const word = typeof found === 'string' ? `, and is ${found}${didYouMean(found, allowed)}` : ', and is missing'
      return [{ code: 'unknown-value', where, message: `${named(path)} must be one of ${allowed.join(', ')}${word}` }]
    }
    case 'too_small':
      return [{ code: 'bad-value', where, message: `${named(path)} ${tooSmall(issue)}` }]
    case 'too_big':
      return [{ code: 'bad-value', where, message: `${named(path)} must be at most ${issue.maximum}` }]
    default:
      return [{ code: 'bad-value', where, message: `${named(path)} ${issue.message}` }]
  }
}

const tooSmall = (issue: Extract<Issue, { code: 'too_small' }>): string => {
  if (issue.origin === 'array') return 'must not be an empty list'
  if (issue.origin === 'string') return 'must not be empty'
  return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`
}

/** Unknown keys come first: a misspelt one is also the reason why another is missing. */
export const problemsOfSchema = (error: z.ZodError, source: YamlSource, keysOf: AllowedKeys = allowedKeys): Problem[] =>
  error.issues
    .flatMap((issue) => problemsOf(issue, [], source, keysOf))
    .toSorted((one, other) => Number(other.code === 'unknown-key') - Number(one.code === 'unknown-key'))

const mostShown = 10

/**
 * One error for all that is wrong in the file, each on a line of its own; its code is the first one's.
 */
export const configError = (problems: readonly [Problem, ...Problem[]]): ConfigError => {
  const [first] = problems
  if (problems.length === 1)
    return new ConfigError(`${first.where} ${first.message}`, { code: first.code, hint: first.hint })
  const shown = problems.slice(0, mostShown).map(({ where, message, hint }) => {
    const more = hint === undefined ? '' : ` (${hint})`
    return `  ${where} ${message}${more}`
  })
  const rest = problems.length - shown.length
  return new ConfigError(
    [`${problems.length} things are wrong:`, ...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])].join('\n'),
    { code: first.code },
  )
}
