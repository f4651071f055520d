import { IdpactError } from '../src/core/errors.ts'
import type { Failure } from '../src/core/evidence.ts'

/** Ends a scenario with an outcome other than passed. What it means is in `failure`, for the report and for people. */
export class StepFailure extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    const hint = failure.hint === undefined ? '' : `\n  hint:     ${failure.hint}`
    super(`${failure.outcome} (${failure.code})\n  expected: ${failure.expected}\n  actual:   ${failure.actual}${hint}`)
    this.name = 'StepFailure'
    this.failure = failure
  }
}

type Details = Omit<Failure, 'outcome'>

/** The SP broke the requirement. */
export const failed = (details: Details): StepFailure => new StepFailure({ outcome: 'failed', ...details })

/** It cannot be told whether the SP keeps the requirement: a twin that is not let in, an SP that cannot be asked. */
export const inconclusive = (details: Details): StepFailure => new StepFailure({ outcome: 'inconclusive', ...details })

/** The target lacks a way to reach or to see something. */
export const notObservable = (details: Details): StepFailure =>
  new StepFailure({ outcome: 'not-observable', ...details })

/** The service provider does not do what the scenario is about, as was seen in this run. */
export const notApplicable = (details: Details): StepFailure =>
  new StepFailure({ outcome: 'not-applicable', ...details })

/**
 * What an error of a step means for the scenario; undefined for errors that are a bug (of idpact, or of a user's own
 * step), which stay what they are.
 */
export const failureOf = (error: unknown): Failure | undefined => {
  if (error instanceof StepFailure) return error.failure
  if (!(error instanceof IdpactError)) return undefined
  return {
    outcome: 'inconclusive',
    code: error.code,
    expected: 'The service provider and the mock IdP can be asked.',
    actual: error.message,
    hint: error.hint,
  }
}
