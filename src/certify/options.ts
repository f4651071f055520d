import type { CertifyEvent } from './events.ts'
import type { CommandOptions } from './reproduce.ts'
import type { SubjectOptions } from './subject.ts'
import type { SuiteLocation } from './suite.ts'

/** A certification run, as the command line or a test asks for it. */
export interface CertifyOptions extends CommandOptions, SubjectOptions {
  /** Folder of the report, relative to `cwd`. */
  out: string
  /** Exit code 0 for a verdict of `partial`. */
  acceptPartial: boolean
  /** The command line as it was given, for the report. */
  command: string
  /** Ends the run early: settings are put back, and the report is written. */
  signal?: AbortSignal | undefined
  /** Other feature files and steps than ours. */
  suite?: SuiteLocation | undefined
  onEvent(event: CertifyEvent): void
}
