/** What a run tells while it goes on: the same for a terminal, for a log, and for `--json`. JSON only. */
import type { Finding, Outcome } from '../core/evidence.ts'
import type { Report, ReportScenario } from '../report/model.ts'

export interface ScenarioEvent {
  type: 'scenario-finished'
  phase: string
  id: string
  name: string
  uri: string
  line: number
  requirements: readonly string[]
  outcome: Outcome
  durationMs: number
  /** How often it was tried. */
  attempts: number
  failure?: ReportScenario['failure']
  /** What an attacker gains by what is broken. */
  gains: readonly string[]
  /** The sentences of the documentation that the scenario rests on. */
  quotes: readonly string[]
  /** The command that runs just this. */
  rerun: string
}

export type CertifyEvent =
  | { type: 'started'; runId: string; subject: string; contract: string; embedded: boolean }
  /** Something that a person should know now: leftovers of an earlier run, a port that a step will miss. */
  | { type: 'note'; message: string }
  | { type: 'planned'; phases: readonly { label: string; scenarios: number }[]; notRun: number }
  | { type: 'phase-started'; phase: string; scenarios: number }
  | { type: 'scenario-started'; phase: string; id: string; name: string }
  | ScenarioEvent
  | { type: 'phase-finished'; phase: string }
  | ({ type: 'finding' } & Finding)
  | { type: 'stopping'; reason: string }
  | {
      type: 'finished'
      verdict: Report['verdict']
      summary: Report['summary']
      /** Absolute path of the folder of the report. */
      folder: string
    }
