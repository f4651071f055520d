/** What a verb answers with: `data` for `--json`, and one of the others for people. */
export interface Answer {
  data: unknown
  /** A sentence or two. */
  text?: string
  /** A short table: the first row is its head. */
  rows?: readonly (readonly string[])[]
  /** Printed instead of a table that would have no rows. */
  none?: string
  exitCode?: number
}

/** A sentence, and the same as data where a script wants more than that. */
export const said = (text: string, data: unknown = { done: true }): Answer => ({ text, data })

/**
 * A table of things: one row each.
 *
 * @param columns head of the column → its text for one thing
 * @example table(users, { login: ({ profile }) => profile.login }, 'No users.')
 */
export const table = <T>(
  things: readonly T[],
  columns: Readonly<Record<string, (thing: T) => unknown>>,
  none: string,
): Answer => ({
  data: things,
  rows: [Object.keys(columns), ...things.map((thing) => Object.values(columns).map((of) => shown(of(thing))))],
  none,
})

/** Names with their values, one a line. */
export const facts = (values: Readonly<Record<string, unknown>>, data: unknown = values): Answer => ({
  data,
  rows: Object.entries(values).map(([name, value]) => [name, shown(value)]),
})

/** A value in a line of text: a list is joined, nothing is a dash. */
export const shown = (value: unknown): string => {
  if (value === undefined || value === null || value === '') return '–'
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(shown).join(', ')
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value)
}

export const asText = ({ text, rows, none }: Answer): string => {
  if (rows === undefined) return text === undefined ? '' : `${text}\n`
  if (none !== undefined && rows.length === 1) return `${none}\n`
  // The last column may be as long as it likes: nothing stands behind it.
  const cells = rows.map((row) => row.map((cell, column) => (column < row.length - 1 ? clipped(cell) : cell)))
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return `${text === undefined ? '' : `${text}\n\n`}${lines.join('\n')}\n`
}

const widest = 60

const clipped = (cell: string): string => (cell.length > widest ? `${cell.slice(0, widest - 1)}…` : cell)
