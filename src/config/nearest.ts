/** Edits (insert, delete, replace, swap of neighbours) between two words; upper and lower case count as the same. */
const distance = (from: string, to: string): number => {
  const [a, b] = [from.toLowerCase(), to.toLowerCase()]
  let before: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row[j] = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      )
    }
    before = previous
    previous = row
  }
  return previous[b.length] ?? 0
}

/**
 * The known name that was probably meant; undefined when none is near (more than a third of its letters differ).
 *
 * @example nearest('acount', ['accounts', 'admin']) // 'accounts'
 */
export const nearest = (found: string, known: readonly string[]): string | undefined => {
  const [best] = known
    .map((name) => ({ name, edits: distance(found.slice(0, 100), name) }))
    .sort((one, other) => one.edits - other.edits)
  return best !== undefined && best.edits <= Math.max(1, Math.ceil(best.name.length / 3)) ? best.name : undefined
}
