import { InvalidArgumentError } from 'commander'
import { UsageError } from '../../core/errors.ts'

/** A whole number from 0 on. */
export const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number from 0 on.')
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A length of time in ms: `90s`, `5m`, `2h`, `1d`. @throws UsageError `bad-value` */
export const duration = (text: string): number => {
  const [, count, unit = ''] = /^(\d{1,7})([smhd])$/.exec(text) ?? []
  if (count !== undefined) return Number(count) * (units[unit] ?? 0)
  throw new UsageError(`Expected a length of time, found ${JSON.stringify(text)}`, {
    code: 'bad-value',
    hint: 'Write it such as 90s, 5m, 2h or 1d.',
  })
}
