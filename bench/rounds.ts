/** One thing to be timed: does `operations` of its work, one after the other unless it says otherwise. */
export interface Contestant {
  name: string
  run(operations: number): Promise<void>
}

export interface Result {
  name: string
  /** Median over the rounds of (rate of this one / rate of the first just before it). */
  ratio: number
  /** Lowest and highest of these. */
  range: [number, number]
  /** Median, for orientation: it depends on the machine, the ratio hardly. */
  perSecond: number
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

const rate = async (contestant: Contestant, operations: number): Promise<number> => {
  const start = performance.now()
  await contestant.run(operations)
  return (operations / (performance.now() - start)) * 1000
}

/**
 * Times all contestants in turn, round after round in one process. The first one is the unit: it runs again right
 * before each turn of another, so that whatever slows the machine for a while slows both. Turns are of about the same
 * length.
 */
export const interleave = async (
  contestants: readonly [Contestant, ...Contestant[]],
  options: { rounds: number; msPerTurn: number },
): Promise<Result[]> => {
  const turns = new Map<Contestant, () => Promise<number>>()
  for (const contestant of contestants) {
    await contestant.run(20)
    const operations = Math.max(8, Math.round(((await rate(contestant, 40)) * options.msPerTurn) / 1000))
    turns.set(contestant, () => rate(contestant, operations))
  }
  const [unit, ...others] = contestants
  const unitRates: number[] = []
  const measured = others.map(() => ({ rates: [] as number[], ratios: [] as number[] }))
  for (let round = 0; round < options.rounds; round++)
    for (const [i, other] of others.entries()) {
      const before = (await turns.get(unit)?.()) ?? Number.NaN
      const own = (await turns.get(other)?.()) ?? Number.NaN
      unitRates.push(before)
      measured[i]?.rates.push(own)
      measured[i]?.ratios.push(own / before)
    }
  const result = (name: string, rates: number[], ratios: number[]): Result => ({
    name,
    ratio: median(ratios),
    range: [Math.min(...ratios), Math.max(...ratios)],
    perSecond: median(rates),
  })
  return [
    result(unit.name, unitRates, [1]),
    ...others.map(({ name }, i) => result(name, measured[i]?.rates ?? [], measured[i]?.ratios ?? [])),
  ]
}

/** A table for a terminal: what, ratio with its range, and the rate. */
export const formatResults = (results: readonly Result[]): string => {
  const width = Math.max(...results.map(({ name }) => name.length))
  return results
    .map(({ name, ratio, range, perSecond }) => {
      const spread = `${range[0].toFixed(2)}–${range[1].toFixed(2)}`
      return `${name.padEnd(width)}  ${ratio.toFixed(2).padStart(6)}  ${spread.padStart(12)}  ${perSecond.toFixed(0).padStart(7)}/s`
    })
    .join('\n')
}
