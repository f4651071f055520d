/** The course of one run: what it was given, and what has come of it so far. Only `run.ts` changes it. */
import type { Waiver } from '../config/schema.ts'
import type { Contract } from '../contracts/contract.ts'
import type { ReportLeftover } from '../report/model.ts'
import type { ScenarioResult } from './collect.ts'
import { newRunId, planTarget } from './context.ts'
import type { CertifyOptions, PausedAt } from './options.ts'
import { makePlan, type Plan, type Settings } from './plan.ts'
import type { Unreached } from './reach.ts'
import { type Stop, targetGone } from './run-phases.ts'
import type { Subject } from './subject.ts'
import type { Suite, SuiteScenario } from './suite.ts'
import type { Surroundings } from './surroundings.ts'

export interface Course {
  readonly options: CertifyOptions
  readonly subject: Subject
  readonly contract: Contract
  readonly suite: Suite
  readonly around: Surroundings
  readonly chosen: readonly SuiteScenario[]
  readonly plan: Plan
  readonly runId: string
  readonly results: Map<SuiteScenario, ScenarioResult>
  /** Scenarios of phases that the SP could not be set for. */
  readonly phaseFailures: Map<SuiteScenario, Stop>
  /** What the SP itself did not reach when it was tried before the scenarios. */
  readonly unreached: Unreached[]
  /** Settings of the phases that were begun. */
  readonly settings: Settings[]
  readonly leftovers: ReportLeftover[]
  /** Requirements that a reference SP was told to break; known once it answered. */
  toldDefects: readonly string[]
  /** cucumber's messages, a line of JSON each. */
  readonly messages: string[]
  preflightFailure: string | undefined
  /** Why the run ended before everything had run; the first reason stays. */
  stopped: Stop | undefined
  /** Where the run ended that shall wait at the first failure. */
  pausedAt: PausedAt | undefined
  /** Waivers of idpact.yaml, and of a file of their own. */
  readonly waivers: readonly Waiver[]
  /** Ends what is running. */
  readonly controller: AbortController
}

export const newCourse = (
  given: Pick<Course, 'options' | 'subject' | 'suite' | 'around' | 'chosen' | 'waivers'>,
): Course => ({
  ...given,
  contract: given.subject.contract,
  plan: makePlan(given.chosen, given.subject.contract, planTarget(given.around)),
  runId: newRunId(),
  results: new Map(),
  phaseFailures: new Map(),
  unreached: [],
  settings: [],
  leftovers: [],
  toldDefects: given.subject.kind === 'embedded' ? given.subject.defects : [],
  messages: [],
  preflightFailure: undefined,
  stopped: undefined,
  pausedAt: undefined,
  controller: new AbortController(),
})

/** Ends the run; what has not begun is not begun any more. */
export const stopCourse = (course: Course, reason: Stop): void => {
  if (course.stopped !== undefined) return
  course.stopped = reason
  course.options.onEvent({ type: 'stopping', reason: reason.actual })
  course.controller.abort()
}

/** Why a planned scenario has no result. */
export const whyNotRun = (course: Course, scenario: SuiteScenario): Stop =>
  course.phaseFailures.get(scenario) ?? course.stopped ?? targetGone('The scenario was begun, and never ended.')
