import type { LoginEvidence, Outcome } from '../core/evidence.ts'
import { type Html, html } from '../core/html.ts'
import { outcomeWords } from './words.ts'

/** What the page shows beyond report.json. */
export interface ReportDetails {
  /** Logins of a scenario, by its id. */
  logins: ReadonlyMap<string, readonly LoginEvidence[]>
}

const words = new Map(outcomeWords)

export const tone = (outcome: Outcome): 'bad' | 'warn' | 'good' | 'dull' => {
  if (outcome === 'failed') return 'bad'
  if (outcome === 'inconclusive' || outcome === 'warned') return 'warn'
  return outcome === 'passed' ? 'good' : 'dull'
}

export const badge = (outcome: Outcome): Html => html`<span class="badge ${tone(outcome)}">${words.get(outcome)}</span>`
