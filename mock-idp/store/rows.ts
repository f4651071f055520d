import type { SQLOutputValue } from 'node:sqlite'
import { IdpactError, UsageError } from '../../src/core/errors.ts'

export type Row = Record<string, SQLOutputValue>

export const text = (row: Row, column: string): string => String(row[column] ?? '')

/** JSON that this store wrote itself, after it was checked with the schema of its type. */
export const json = <T>(row: Row, column: string): T => JSON.parse(text(row, column)) as T

/**
 * As `json`, for settings that many rows or many reads have in common: the same text is parsed once, so whoever gets the
 * value must not change it.
 */
export const sharedJson = <T>(row: Row, column: string): T => {
  const source = text(row, column)
  const known = parsed.get(source)
  if (known !== undefined) return known as T
  const value = JSON.parse(source) as T
  if (parsed.size >= 1_000) parsed.clear()
  parsed.set(source, value)
  return value
}

const parsed = new Map<string, unknown>()

/** Turns SQLite's refusal of a second row with the same name into a sentence for the caller. */
export const unique = <T>(what: string, hint: string, work: () => T): T => {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('UNIQUE constraint failed'))
      throw new UsageError(`${what} exists already`, { code: 'already-exists', hint, cause })
    throw cause
  }
}

/** What was asked for is not there. The control API answers 404. */
export class NotFoundError extends IdpactError {
  constructor(what: string, hint: string) {
    super(`There is no ${what}`, { code: 'not-found', hint })
  }
}
