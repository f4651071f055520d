import type { LoginEvidence, Outcome } from '../../core/evidence.ts'
import { type Html, html } from '../../core/html.ts'
import type { Report, ReportRequirement, ReportScenario } from '../model.ts'
import { outcomeWords } from '../words.ts'

/** What the page shows beyond report.json. */
export interface ReportDetails {
  /** Logins of a scenario, by its id. */
  logins: ReadonlyMap<string, readonly LoginEvidence[]>
}

const words = new Map(outcomeWords)
export const wordOf = (outcome: Outcome): string => words.get(outcome) ?? outcome

export const tone = (outcome: Outcome): 'bad' | 'warn' | 'good' | 'dull' => {
  if (outcome === 'failed') return 'bad'
  if (outcome === 'inconclusive' || outcome === 'warned') return 'warn'
  return outcome === 'passed' ? 'good' : 'dull'
}

/** A sign for each outcome, so that no colour is needed to tell them apart. */
export const signs: Readonly<Record<Outcome, string>> = {
  failed: '✕',
  inconclusive: '?',
  'not-observable': '◌',
  warned: '!',
  informed: 'i',
  'not-applicable': '–',
  passed: '✓',
}

export const badge = (outcome: Outcome): Html => html`<span class="badge ${tone(outcome)}">${words.get(outcome)}</span>`

/** What nobody has to do anything about. */
export const isKept = ({ outcome }: ReportRequirement): boolean =>
  outcome === 'passed' || outcome === 'informed' || outcome === 'not-applicable'

/** Outcomes whose scenarios are shown with everything, the worst first. */
export const troubleGroups = [
  ['failed', 'What is broken'],
  ['inconclusive', 'What could not be told'],
  ['warned', 'What should be better'],
] as const

export const isTrouble = ({ outcome }: ReportScenario): boolean => troubleGroups.some(([group]) => group === outcome)

/** `2026-11-30 17:47:29 UTC`. */
export const moment = (instant: string): string => `${instant.slice(0, 19).replace('T', ' ')} UTC`

/** `enforce=on`, where the settings of the SP were not the usual ones. */
export const phaseText = ({ phase }: ReportScenario): string =>
  phase === '' || phase === 'defaults' ? '' : `with ${phase}`

/** Areas of all contracts that have requirements in the report, in order. */
export const areasOf = ({
  contracts,
  requirements,
}: Report): { contract: string; id: string; title: string; requirements: ReportRequirement[] }[] =>
  contracts.flatMap((contract) =>
    contract.areas.flatMap(({ id, title }) => {
      const own = requirements.filter((one) => one.contract === contract.id && one.area === id)
      return own.length === 0 ? [] : [{ contract: contract.id, id, title, requirements: own }]
    }),
  )
