import type { LoginEvidence, Outcome } from '../core/evidence.ts'
import { type Html, html } from '../core/html.ts'
import type { Report, ReportScenario } from './model.ts'

/** What the page shows beyond report.json. */
export interface ReportDetails {
  /** Logins of a scenario, by its id. */
  logins: ReadonlyMap<string, readonly LoginEvidence[]>
  /** The command that runs this scenario alone, in the same way. */
  rerun: (scenario: ReportScenario) => string
}

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
const words = new Map(outcomeWords)

export const tone = (outcome: Outcome): 'bad' | 'warn' | 'good' | 'dull' => {
  if (outcome === 'failed') return 'bad'
  if (outcome === 'inconclusive' || outcome === 'warned') return 'warn'
  return outcome === 'passed' ? 'good' : 'dull'
}

export const badge = (outcome: Outcome): Html => html`<span class="badge ${tone(outcome)}">${words.get(outcome)}</span>`

export const minutes = (ms: number): string =>
  ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`

/** `, 42 % of it waiting for the service provider`. */
export const share = ({ durationMs, waitingForSpMs }: Report['summary']): string =>
  waitingForSpMs === undefined || durationMs === 0
    ? ''
    : `, ${Math.round((100 * waitingForSpMs) / durationMs)} % of it waiting for the service provider`
