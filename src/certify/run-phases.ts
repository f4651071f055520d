/**
 * Runs the phases of a plan, one after the other: settings, then cucumber. Ends early when it is told to, or when the SP
 * is gone, and then says why; what has ended by then is kept.
 */
import { randomUUID } from 'node:crypto'
import { type CollectorEvents, collect, type ScenarioResult } from './collect.ts'
import { type CucumberRun, type Envelope, runOptions, type StepLibrary } from './cucumber.ts'
import type { Phase, Plan, Settings } from './plan.ts'
import { cleanEnvelope, type Sanitize } from './sanitize.ts'
import { runParameter, stopRun } from './stop.ts'
import { nowhere, type Suite, type SuiteScenario } from './suite.ts'

/** Why scenarios were not run, or not to their end. */
export interface Stop {
  kind: 'interrupted' | 'first-failure' | 'target-gone' | 'settings' | 'preflight' | 'metadata-not-reached' | 'crash'
  expected: string
  actual: string
  hint: string
}

export interface PhaseEvents {
  phaseStarted(phase: Phase): void
  scenarioStarted(scenario: SuiteScenario): void
  scenarioFinished(scenario: SuiteScenario, result: ScenarioResult): void
  phaseFinished(phase: Phase): void
  /** The SP could not be set: none of the phase's scenarios ran. The next phase may still do. */
  phaseFailed(phase: Phase, reason: Stop): void
}

export interface PhasesRun {
  suite: Suite
  plan: Plan
  parallel: number
  seed: number
  /** How often a scenario that did not pass is tried again. */
  retry: number
  sanitize: Sanitize
  /** What the steps of a phase get as `this.parameters`. */
  worldParameters(settings: Settings): Record<string, unknown>
  /** Sets the SP; throws when it cannot. */
  enter(settings: Settings): Promise<void>
  /** Asked when a scenario was inconclusive: why the SP can no longer be reached; undefined when it can. */
  isGone(): Promise<string | undefined>
  /** Ends the run, with a {@link Stop} as reason. */
  signal: AbortSignal
  stop(reason: Stop): void
  events: PhaseEvents
  /** Every message, cleaned. */
  onMessage?(envelope: Envelope): void
}

/** A run that can be told to stop by its name. */
type NamedRun = PhasesRun & { name: string }

/** How long a stopped run may take to end the step that it is in. Then it is left to itself. */
const graceMs = 10_000

/** Results go out by `events.scenarioFinished`, so that they are known whatever happens here later. */
export const runPhases = async (phases: PhasesRun): Promise<void> => {
  const run: NamedRun = { ...phases, name: randomUUID() }
  const [first] = run.plan.phases
  if (first === undefined) return
  const tellSteps = (): void => stopRun(run.name)
  run.signal.addEventListener('abort', tellSteps, { once: true })
  try {
    await runHooks(run, first, { ...run.suite.library, afterTestRunHookDefinitions: [] })
    await phaseAfterPhase(run)
    await runHooks(run, first, { ...run.suite.library, beforeTestRunHookDefinitions: [] })
  } finally {
    run.signal.removeEventListener('abort', tellSteps)
  }
}

/** BeforeAll and AfterAll are for the whole run, so they run apart from its scenarios. */
const runHooks = async (run: NamedRun, { settings, scenarios }: Phase, support: StepLibrary): Promise<void> => {
  if (support.beforeTestRunHookDefinitions.length + support.afterTestRunHookDefinitions.length === 0) return
  const [any] = scenarios
  await runOnce(run, { paths: any ? [any.uri] : [], tags: '@idpact-no-such-scenario', support, settings }, {})
}

const phaseAfterPhase = async (run: NamedRun): Promise<void> => {
  for (const phase of run.plan.phases) {
    if (run.signal.aborted) return
    run.events.phaseStarted(phase)
    try {
      await run.enter(phase.settings)
    } catch (error) {
      run.events.phaseFailed(phase, {
        kind: 'settings',
        expected: `The service provider can be set to ${phase.label}.`,
        actual: error instanceof Error ? error.message : String(error),
        hint: 'See what `idpact check` says of the admin port.',
      })
      continue
    }
    if (!run.signal.aborted) await runPhase(run, phase)
    run.events.phaseFinished(phase)
  }
}

/**
 * The scenarios of a phase in lanes that run side by side in this thread: while one waits for the SP, another goes on.
 * Worker threads, cucumber's own way, would load everything anew for each, which costs more than it brings.
 */
const runPhase = async (run: NamedRun, phase: Phase): Promise<void> => {
  const lanes = lanesOf(phase, run.parallel)
  const running = runLanes(run, phase, lanes)
  await Promise.race([running, onceAborted(run.signal).then(() => atMost(running, graceMs))])
}

/** A lane reads the feature files anew, so it should have a few scenarios. */
const lanesOf = ({ scenarios }: Phase, parallel: number): SuiteScenario[][] => {
  const count = Math.max(1, Math.min(parallel, Math.floor(scenarios.length / 2)))
  return Array.from({ length: count }, (_, lane) => scenarios.filter((_, at) => at % count === lane))
}

/** How many scenarios the first lane begins with, before it reads the rest of its own. */
const firstFew = 6

/**
 * One lane begins when the one before it has begun its first scenario, and the first lane with a few: what is read and matched
 * before takes this thread, and nobody should wait for all of it to see the first scenario.
 */
const runLanes = async (run: NamedRun, phase: Phase, lanes: readonly SuiteScenario[][]): Promise<void> => {
  const running: Promise<void>[] = []
  for (const [at, lane] of lanes.entries()) {
    const few = at === 0 && lane.length > 2 * firstFew ? lane.slice(0, firstFew) : lane
    const rest = lane.slice(few.length)
    await new Promise<void>((begun) => {
      const whole = runLane(run, phase, few, begun).then(() => runRest(run, phase, rest))
      running.push(whole.finally(begun))
    })
  }
  await Promise.all(running)
}

const runRest = async (run: NamedRun, phase: Phase, rest: readonly SuiteScenario[]): Promise<void> => {
  if (rest.length > 0 && !run.signal.aborted) await runLane(run, phase, rest, () => {})
}

const runLane = async (
  run: NamedRun,
  { settings }: Phase,
  scenarios: readonly SuiteScenario[],
  begun: () => void,
): Promise<void> => {
  const byPlace = new Map(scenarios.map((scenario) => [`${scenario.uri}:${scenario.line}`, scenario]))
  const scenarioAt = ({ uri, line }: { uri: string; line: number }) => byPlace.get(`${uri}:${line}`)
  const watch = watchTarget(run)
  const support = { ...run.suite.library, beforeTestRunHookDefinitions: [], afterTestRunHookDefinitions: [] }
  await runOnce(
    run,
    { paths: pathsOf(scenarios), support, settings, order: `random:${run.seed}`, retry: run.retry },
    {
      started: (place) => {
        const scenario = scenarioAt(place)
        begun()
        if (scenario) run.events.scenarioStarted(scenario)
      },
      finished: (result) => {
        const scenario = scenarioAt(result)
        if (scenario) run.events.scenarioFinished(scenario, result)
        if (result.failure?.outcome === 'inconclusive') watch()
      },
    },
  )
}
/** `file:3:17:42`: a file with the lines of its scenarios, as cucumber takes them. */
const pathsOf = (scenarios: readonly SuiteScenario[]): string[] =>
  [...Map.groupBy(scenarios, ({ uri }) => uri)].map(([uri, members]) =>
    [uri, ...members.map(({ line }) => line)].join(':'),
  )

type OneRun = Pick<CucumberRun, 'paths' | 'tags' | 'order' | 'retry'> & { support: StepLibrary; settings: Settings }

const runOnce = async (run: NamedRun, one: OneRun, events: CollectorEvents): Promise<void> => {
  const { runCucumber } = await import('@cucumber/cucumber/api')
  const collector = collect(events)
  const onMessage = (envelope: Envelope): void => {
    const cleaned = cleanEnvelope(envelope, run.sanitize)
    run.onMessage?.(cleaned)
    collector.onMessage(cleaned)
  }
  const parameters = { ...run.worldParameters(one.settings), [runParameter]: run.name }
  const options = runOptions({ ...one, worldParameters: parameters as never })
  await runCucumber(options, { cwd: run.suite.root, stdout: nowhere(), stderr: nowhere() }, onMessage)
  const [hook] = collector.hookFailures
  if (hook !== undefined && !run.signal.aborted)
    run.stop({
      kind: 'crash',
      expected: 'The hooks around the run work.',
      actual: hook,
      hint: 'A hook of the steps failed; if it is ours, please report it.',
    })
}

const onceAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const atMost = async (work: Promise<unknown>, ms: number): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, limit])
  clearTimeout(timer)
}

/** One question at a time whether the SP is still there; two bad answers in a row end the run. */
const watchTarget = (run: NamedRun): (() => void) => {
  let asking = false
  const ask = async (): Promise<void> => {
    const first = await run.isGone()
    const reason = first === undefined ? undefined : await run.isGone()
    if (reason !== undefined && !run.signal.aborted) run.stop(targetGone(reason))
  }
  return () => {
    if (asking || run.signal.aborted) return
    asking = true
    void ask().finally(() => {
      asking = false
    })
  }
}

/** The SP went away while the run was going on. */
export const targetGone = (reason: string): Stop => ({
  kind: 'target-gone',
  expected: 'The service provider answers until the end of the run.',
  actual: reason,
  hint: 'Look at its log for what made it stop; then run again.',
})
