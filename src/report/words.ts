/** How outcomes, times and shares read, on the page and on the terminal. */
import type { Outcome } from '../core/evidence.ts'
import type { Report } from './model.ts'

/** Outcomes as people read them, the worst first. */
export const outcomeWords: readonly [Outcome, string][] = [
  ['failed', 'failed'],
  ['inconclusive', 'inconclusive'],
  ['not-observable', 'not observable'],
  ['warned', 'warned'],
  ['informed', 'informed'],
  ['not-applicable', 'not applicable'],
  ['passed', 'passed'],
]
export const verdictTitles = {
  certified: 'Certified',
  partial: 'Partially certified',
  'not-certified': 'Not certified',
  inconclusive: 'Inconclusive',
} as const

export const minutes = (ms: number): string =>
  ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`

/** `, 42 % of it waiting for the service provider`. */
export const share = ({ durationMs, waitingForSpMs }: Report['summary']): string =>
  waitingForSpMs === undefined || durationMs === 0
    ? ''
    : `, ${Math.round((100 * waitingForSpMs) / durationMs)} % of it waiting for the service provider`
