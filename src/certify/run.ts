/** The middle of the pipeline: preflight, phases, and leaving everything as it was. Never throws. */

import { IdpactError } from '../core/errors.ts'
import { mayDo } from '../target/consents.ts'
import { cleanup, type LedgerEntry, openLedger } from '../target/ledger.ts'
import type { PreflightReport } from '../target/preflight.ts'
import { guardSettings, restoreLeftovers, type SettingsGuard } from '../target/settings-guard.ts'
import { scenarioEvent } from './assemble.ts'
import type { ScenarioResult } from './collect.ts'
import { isGone, ledgerFileOf, organisationsOf, runContext } from './context.ts'
import { type Course, stopCourse, whyNotRun } from './course.ts'
import type { Phase } from './plan.ts'
import { excuse, excusePhase, findUnreached, type Unreached } from './reach.ts'
import { rerunOf } from './reproduce.ts'
import { type PhaseEvents, runPhases, type Stop } from './run-phases.ts'
import { sanitizer } from './sanitize.ts'
import { introduceToSecond, settingsOfPhases } from './settings.ts'
import type { SuiteScenario } from './suite.ts'

/** Runs what can be run, and puts everything back. What came of it is in the course. */
export const runCourse = async (course: Course): Promise<void> => {
  const { around, options } = course
  const { allow } = around.config
  const [guard, guardOfB] = organisationsOf(around).map((one) =>
    guardSettings(one.target, { file: one.settingsFile, allow }),
  )
  const guards = [guard, guardOfB].filter((one) => one !== undefined)
  const interrupt = (): void => stopCourse(course, interrupted)
  options.signal?.addEventListener('abort', interrupt, { once: true })
  if (options.signal?.aborted === true) interrupt()
  try {
    await tellOfEarlierRuns(course)
    if (await passesPreflight(course)) {
      course.toldDefects = (await around.target.admin?.toldDefects?.()) ?? course.toldDefects
      await runPlan(course, guards)
      if (course.pausedAt !== undefined) await options.onPause?.(course.pausedAt)
    }
  } catch (error) {
    stopCourse(course, crash(error))
  } finally {
    options.signal?.removeEventListener('abort', interrupt)
    for (const one of guards) await putBack(course, one)
    await tidyUp(course)
  }
}

const interrupted: Stop = {
  kind: 'interrupted',
  expected: 'The run goes on to its end.',
  actual: 'The run was interrupted.',
  hint: 'Run it again.',
}

const crash = (error: unknown): Stop => ({
  kind: 'crash',
  expected: 'The run goes on to its end.',
  actual: error instanceof Error ? error.message : String(error),
  hint:
    error instanceof IdpactError && error.hint !== undefined
      ? error.hint
      : 'If this is a bug of idpact, please report it.',
})

/** Settings that a crashed run left changed are put back now; accounts and groups are only told of. */
const tellOfEarlierRuns = async ({ around, options, runId }: Course): Promise<void> => {
  const note = (message: string): void => options.onEvent({ type: 'note', message })
  const { target } = around
  for (const one of organisationsOf(around)) {
    const settings = await restoreLeftovers(one.target, one.settingsFile)
    if (settings.kind === 'restored')
      note(`A run that was cut short (${settings.at}) had left settings changed: they are put back.`)
  }
  if (!target.has('accounts.delete') && !target.has('scim.call')) return
  const left = await openLedger(ledgerFileOf(around), { run: runId, target }).left()
  if (left.length > 0)
    note(`${left.length} accounts and groups of earlier runs are still there; \`idpact cleanup\` removes them.`)
}

const passesPreflight = async (course: Course): Promise<boolean> => {
  const { around, options, subject } = course
  const { preflight } = await import('../target/preflight.ts')
  const seen = await preflight(around.target, { emailDomain: around.config.target.users.emailDomain })
  const failed = seen.ports.filter(({ state }) => state === 'failed')
  if (subject.kind === 'configured')
    for (const { port, message, hint } of seen.ports.filter(({ state }) => state === 'warning'))
      options.onEvent({ type: 'note', message: `${port}: ${message}${hint === undefined ? '' : ` → ${hint}`}` })
  if (failed.length === 0) return true
  const told = failed.map(({ port, message }) => `${port}: ${message}.`)
  const more =
    failed.length === 1
      ? ''
      : ` (and ${failed
          .slice(1)
          .map(({ port }) => port)
          .join(', ')})`
  course.preflightFailure = `${told[0]}${more}`
  stopCourse(course, preflightStop(told.join('\n'), failed))
  return false
}

const preflightStop = (actual: string, failed: PreflightReport['ports']): Stop => ({
  kind: 'preflight',
  expected: 'Every port of the target that idpact.yaml gives can be used.',
  actual,
  hint: [...new Set(failed.flatMap(({ hint }) => hint ?? []))].join(' ') || 'See `idpact check`.',
})

const runPlan = async (course: Course, [guard, guardOfB]: readonly SettingsGuard[]): Promise<void> => {
  const { around, contract, options, runId, controller } = course
  const { target, config } = around
  const mayChange = mayDo(target, config.allow, 'settings')
  const nothing = async (): Promise<void> => {}
  const { seed } = options
  const keep = options.keep === true ? 'all' : options.onPause === undefined ? undefined : 'failed'
  const enter = settingsOfPhases(around, guard?.apply ?? nothing, mayChange)
  await introduceToSecond(around, guardOfB?.apply ?? nothing, mayChange)
  for (const one of await findUnreached(course, enter)) {
    course.unreached.push(one)
    options.onEvent({ type: 'note', message: `${one.actual} → ${one.hint}` })
  }
  await runPhases({
    suite: course.suite,
    plan: course.plan,
    parallel: options.parallel,
    seed: options.seed,
    sanitize: sanitizer({ secrets: config.target.secrets, cutSignatures: !target.loopback }),
    retry: options.retry ?? 0,
    worldParameters: (settings) => ({ idpact: runContext(around, { contract, runId, seed, keep }, settings) }),
    enter,
    isGone: () => isGone(around),
    signal: controller.signal,
    stop: (reason) => stopCourse(course, reason),
    events: eventsOf(course),
    onMessage: (envelope) => void course.messages.push(JSON.stringify(envelope)),
  })
}

const unreachedFor = ({ unreached }: Course, scenario: SuiteScenario): Unreached | undefined =>
  unreached.find(({ scenarios }) => scenarios.includes(scenario))

const eventsOf = (course: Course): PhaseEvents => {
  const { onEvent } = course.options
  let now: Phase | undefined
  return {
    phaseStarted: (phase) => {
      now = phase
      course.settings.push(phase.settings)
      onEvent({ type: 'phase-started', phase: phase.label, scenarios: phase.scenarios.length })
    },
    scenarioStarted: ({ id, name }) => onEvent({ type: 'scenario-started', phase: now?.label ?? '', id, name }),
    scenarioFinished: (scenario, seen) => {
      const result = excuse(seen, unreachedFor(course, scenario))
      course.results.set(scenario, result)
      if (result.status === 'skipped') return
      const { contract, plan, results } = course
      const rerun = (one: SuiteScenario): string => rerunOf(course.options, one)
      const notRunBecause = (one: SuiteScenario): Stop => whyNotRun(course, one)
      onEvent(scenarioEvent(scenario, { contract, plan, results, notRunBecause, rerun }))
      for (const finding of result.findings) onEvent({ type: 'finding', ...finding })
      if (result.failure?.outcome === 'failed') endAtFailure(course, scenario, result)
    },
    phaseFinished: ({ label }) => onEvent({ type: 'phase-finished', phase: label }),
    phaseFailed: (phase, reason) => {
      for (const scenario of phase.scenarios)
        course.phaseFailures.set(scenario, excusePhase(reason, unreachedFor(course, scenario)))
      onEvent({ type: 'note', message: `${phase.label}: ${reason.actual}` })
    },
  }
}

/** With `--fail-fast` and `--step` the first failure ends the run. */
const endAtFailure = (course: Course, scenario: SuiteScenario, { failure, logins }: ScenarioResult): void => {
  const { options, around } = course
  if (failure === undefined || (options.failFast !== true && options.onPause === undefined)) return
  if (course.stopped !== undefined) return
  const { name, uri, line } = scenario
  if (options.onPause !== undefined)
    course.pausedAt = {
      scenario: { name, uri, line },
      failure: { expected: failure.expected, actual: failure.actual },
      console: around.idp.url,
      target: new URL(around.target.address).origin,
      logins: logins.map(({ user, verdict }) => ({ user, verdict })),
    }
  stopCourse(course, firstFailure)
}

const firstFailure: Stop = {
  kind: 'first-failure',
  expected: 'The run goes on to its end.',
  actual: 'The run was to end at the first failure.',
  hint: 'Run it without --fail-fast and --step to see the rest.',
}

/** The embedded SP is thrown away anyway. */
const putBack = async ({ around, leftovers }: Course, guard: SettingsGuard): Promise<void> => {
  if (around.sp !== undefined) return
  try {
    await guard.restore()
  } catch (error) {
    leftovers.push({
      kind: 'setting',
      name: 'settings of the service provider',
      note: `They could not be put back: ${error instanceof Error ? error.message : String(error)}. \`idpact cleanup\` tries again.`,
    })
  }
}

/** What the scenarios of this run made and could not remove. */
const tidyUp = async (course: Course): Promise<void> => {
  const { around, leftovers, runId, options } = course
  if (around.sp !== undefined) return
  const { target, config } = around
  if (options.keep === true) return void leftovers.push(...(await keptOf(course)))
  const ledger = openLedger(ledgerFileOf(around), { run: runId, target })
  const own = async (): Promise<LedgerEntry[]> => (await ledger.left()).filter(({ run }) => run === runId)
  try {
    const keep = config.target.users.fixtures.map(({ email }) => email)
    const { left } = await cleanup(target, { ...ledger, left: own }, { keep })
    for (const { entry, why } of left) leftovers.push({ kind: entry.kind, name: entry.name, note: why })
  } catch (error) {
    leftovers.push({
      kind: 'ledger',
      name: ledger.file,
      note: `What is left could not be found out: ${error instanceof Error ? error.message : String(error)}`,
    })
  }
}

/** What stands at the SP because of `--keep`. */
const keptOf = async ({ around, runId }: Course): Promise<Course['leftovers']> => {
  const left = await openLedger(ledgerFileOf(around), { run: runId, target: around.target }).left()
  return left
    .filter(({ run }) => run === runId)
    .map(({ kind, name }) => ({ kind, name, note: 'Kept, as --keep says; `idpact cleanup` removes it.' }))
}
