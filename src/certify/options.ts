import type { BrowserMode } from '../target/browser.ts'
import type { CertifyEvent } from './events.ts'
import type { CommandOptions } from './reproduce.ts'
import type { SubjectOptions } from './subject.ts'
import type { SuiteLocation } from './suite.ts'

/** Where to look while a run waits at a failure. */
export interface PausedAt {
  scenario: { name: string; uri: string; line: number }
  failure: { expected: string; actual: string }
  /** The mock IdP's console. */
  console: string
  /** The service provider. */
  target: string
  /** Who had logged in, or tried to: NameID, and what came of it. */
  logins: readonly { user: string; verdict: string }[]
}

/** A certification run, as the command line or a test asks for it. */
export interface CertifyOptions extends CommandOptions, SubjectOptions {
  /** Folder of the report, relative to `cwd`. */
  out: string
  /** Exit code 0 for a verdict of `partial`. */
  acceptPartial: boolean
  /** File with waivers, for a target without an idpact.yaml; beside those of idpact.yaml. Relative to `cwd`. */
  waivers?: string | undefined
  /** An earlier report to compare with: a report.json or its folder, relative to `cwd`. */
  baseline?: string | undefined
  /** `new`: the exit code is 1 only for failures that are neither waived nor in the baseline. */
  gate?: 'new' | undefined
  /** Ends the run at the first failure. */
  failFast?: boolean | undefined
  /** How often a scenario that did not pass is tried again. */
  retry?: number | undefined
  /** Leaves what the scenarios made at the SP, for somebody to look at; `idpact cleanup` removes it later. */
  keep?: boolean | undefined
  /** Called at the first failure, with everything of it still there; the run ends when it resolves. */
  onPause?: ((place: PausedAt) => Promise<void>) | undefined
  /** The user agent is a real Chromium. */
  browser?: BrowserMode | undefined
  /** A target that idpact.yaml calls a production environment is tested all the same. */
  production?: boolean | undefined
  /** The command line as it was given, for the report. */
  command: string
  /** Ends the run early: settings are put back, and the report is written. */
  signal?: AbortSignal | undefined
  /** Other feature files and steps than ours. */
  suite?: SuiteLocation | undefined
  onEvent(event: CertifyEvent): void
}
