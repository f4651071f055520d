/**
 * Proves that the suite catches what it claims to: the reference SP is told to get one thing wrong, and scenarios of just
 * that requirement must fail. One SP is reset from defect to defect, instead of a new one being started.
 */
import type { Contract } from '../contracts/contract.ts'
import { UsageError } from '../core/errors.ts'
import { contractOfDefect, type Defect, listDefects } from '../reference-sp/index.ts'
import type { ScenarioResult } from './collect.ts'
import { newRunId, planTarget, runContext } from './context.ts'
import { featurePaths, stepsFile, suiteRoot } from './package-paths.ts'
import { makePlan, requirementsOf } from './plan.ts'
import { runPhases, type Stop } from './run-phases.ts'
import { sanitizer } from './sanitize.ts'
import { introduceToSecond, settingsOfPhases } from './settings.ts'
import { findSubject } from './subject.ts'
import { loadSuite, type Suite, type SuiteScenario } from './suite.ts'
import { openSurroundings, type Surroundings, startIdpWithKeysOf } from './surroundings.ts'

export interface ProofOptions {
  cwd: string
  /** Ids of defects; all when empty. */
  ids: readonly string[]
  /** Only defects of this contract. */
  contract?: string | undefined
  /** Every scenario for each defect, not only those of the requirement that it breaks and the smoke set. */
  full: boolean
  parallel: number
  seed: number
  signal?: AbortSignal | undefined
  onProof(proof: Proof): void
}

/** What came of one defect; `id` is `baseline` for the run of a contract without any. */
export interface Proof {
  /** Of the contract that the defect is one of. */
  contract: string
  id: string
  title: string
  /** Nothing in `problems`. */
  proven: boolean
  /** How many scenarios of its requirement failed. */
  caughtBy: number
  /** How many scenarios could not come to their point, because what they start from is broken. */
  couldNotTell: number
  /** How many scenarios ran. */
  ran: number
  /** What is wrong with the proof, one sentence each. */
  problems: string[]
  durationMs: number
}

/** A handful of good logins from across the suite: what a defect must leave alone. */
const smokeTag = '@smoke'

/**
 * Runs the proofs, one after the other; first without a defect, which must pass everything.
 *
 * @throws UsageError for an id that no defect has
 */
export const proveDefects = async (options: ProofOptions): Promise<Proof[]> => {
  const byContract = Map.groupBy(chosenDefects(options), ({ id }) => contractOfDefect(id) ?? '')
  const proofs: Proof[] = []
  for (const [contract, defects] of byContract) {
    if (options.signal?.aborted === true) break
    proofs.push(...(await proveOfContract(contract, defects, options)))
  }
  return proofs
}

const proveOfContract = async (
  contractId: string,
  defects: readonly Defect[],
  options: ProofOptions,
): Promise<Proof[]> => {
  const subject = await findSubject({ cwd: options.cwd, env: {}, contract: contractId, defects: [], embedded: true })
  const { contract } = subject
  const [suite, around] = await Promise.all([
    loadSuite({ root: suiteRoot(), features: featurePaths(contract.id), steps: [stepsFile()] }),
    openSurroundings({ subject, cwd: options.cwd, settleMs }),
  ])
  try {
    const bench: Bench = { ...options, suite, around, contract }
    const proofs = [await proveBaseline(bench, scenariosOfAny(bench, defects))]
    options.onProof(proofs[0] as Proof)
    for (const defect of defects) {
      if (options.signal?.aborted === true) break
      const proof = await proveDefect(bench, defect)
      options.onProof(proof)
      proofs.push(proof)
    }
    return proofs
  } finally {
    await around.close()
  }
}

/** With a defect, much never comes. The reference SP does everything at once, so there is no use in waiting long. */
const settleMs = 500

interface Bench extends Omit<ProofOptions, 'contract'> {
  suite: Suite
  around: Surroundings
  contract: Contract
}

/** The defects that the options mean. @throws UsageError for an id that no defect has */
export const chosenDefects = ({ ids, contract }: Pick<ProofOptions, 'ids' | 'contract'>): readonly Defect[] => {
  const all = listDefects().filter(({ id }) => contract === undefined || contractOfDefect(id) === contract)
  const unknown = ids.find((id) => !all.some((defect) => defect.id === id))
  if (unknown !== undefined)
    throw new UsageError(`There is no defect "${unknown}".`, {
      code: 'unknown-defect',
      hint: 'A defect has the id of the requirement that it breaks; `idpact defects` lists them.',
    })
  return ids.length === 0 ? all : all.filter(({ id }) => ids.includes(id))
}

/** Requirements whose scenarios may fail under a defect. */
const declaredBy = ({ breaks, alsoFails = [] }: Pick<Defect, 'breaks' | 'alsoFails'>): string[] => [
  breaks,
  ...alsoFails.map(({ requirement }) => requirement),
]

const scenariosOf = ({ suite, contract, full }: Bench, defect: Defect): SuiteScenario[] => {
  return suite.scenarios.filter(
    (scenario) =>
      full || scenario.tags.includes(smokeTag) || requirementsOf(scenario, contract).includes(defect.breaks),
  )
}

const scenariosOfAny = (bench: Bench, defects: readonly Defect[]): SuiteScenario[] => {
  const wanted = new Set(defects.flatMap((defect) => scenariosOf(bench, defect)))
  return bench.suite.scenarios.filter((scenario) => wanted.has(scenario))
}

/** A scenario that ran, with what came of it. */
export interface Ended {
  scenario: SuiteScenario
  result: ScenarioResult
}

interface Seen {
  outcomes: Ended[]
  stopped: string | undefined
  durationMs: number
}

const runWith = async (bench: Bench, scenarios: readonly SuiteScenario[], defects: string[]): Promise<Seen> => {
  const { contract, suite, parallel, seed } = bench
  const started = performance.now()
  // A new mock IdP each time: what one defect left undone there would be tried again at the next.
  const { stateFolder, sp } = bench.around
  // Its keys are the same ones: to make them anew costs more than a dozen scenarios.
  const [idp] = await Promise.all([startIdpWithKeysOf(stateFolder), sp?.reset({ defects })])
  const around = { ...bench.around, idp }
  const runId = newRunId()
  const seen: Seen = { outcomes: [], stopped: undefined, durationMs: 0 }
  const controller = new AbortController()
  const stop = (reason: Stop): void => {
    seen.stopped ??= reason.actual
    controller.abort()
  }
  const onAbort = (): void => stop({ kind: 'interrupted', expected: '', actual: 'interrupted', hint: '' })
  bench.signal?.addEventListener('abort', onAbort, { once: true })
  await introduceToSecond(around, (change) => around.target.b?.admin?.apply(change) ?? Promise.resolve(), true)
  await runPhases({
    suite,
    plan: makePlan(scenarios, contract, planTarget(around)),
    parallel,
    seed,
    retry: 0,
    sanitize: sanitizer({ secrets: [], cutSignatures: false }),
    worldParameters: (settings) => ({ idpact: runContext(around, { contract, runId, seed }, settings) }),
    enter: settingsOfPhases(around, (change) => around.target.admin?.apply(change) ?? Promise.resolve(), true),
    isGone: async () => undefined,
    signal: controller.signal,
    stop,
    events: {
      phaseStarted: () => {},
      scenarioStarted: () => {},
      scenarioFinished: (scenario, result) => void seen.outcomes.push({ scenario, result }),
      phaseFinished: () => {},
      phaseFailed: ({ label }, { actual }) => {
        seen.stopped ??= `${label} could not be set: ${actual}`
      },
    },
  })
  bench.signal?.removeEventListener('abort', onAbort)
  await idp.stop()
  return { ...seen, durationMs: performance.now() - started }
}

const isFailed = ({ failure }: ScenarioResult): boolean => failure?.outcome === 'failed'
const isOpen = ({ status, failure }: ScenarioResult): boolean =>
  status === 'skipped' || (status === 'ended' && failure?.outcome !== 'failed')

/** Our own trouble, and not a history or a twin that the defect spoiled. */
const isTrouble = ({ status, failure }: ScenarioResult): boolean =>
  status === 'skipped' || troubles.has(failure?.code ?? '')
const troubles = new Set(['internal', 'timeout', 'undefined-step', 'ambiguous-step', 'pending-step', 'unreachable'])

const describe = ({ scenario, result }: Ended, contract: Contract): string =>
  `${requirementsOf(scenario, contract).join(' ')} "${scenario.name}" (${scenario.uri}:${scenario.line}): ${result.failure?.actual ?? result.status}`

const proveBaseline = async (bench: Bench, scenarios: readonly SuiteScenario[]): Promise<Proof> => {
  const seen = await runWith(bench, scenarios, [])
  const bad = seen.outcomes.filter(({ result }) => result.status !== 'passed')
  const problems = [
    ...bad.map((one) => `not passed: ${describe(one, bench.contract)}`),
    ...(seen.outcomes.length === 0 ? ['no scenario ran'] : []),
  ]
  return proof(bench, 'baseline', 'No defect: everything passes.', seen, { caughtBy: 0, couldNotTell: 0, problems })
}

const proveDefect = async (bench: Bench, defect: Defect): Promise<Proof> => {
  const seen = await runWith(bench, scenariosOf(bench, defect), [defect.id])
  return proof(bench, defect.id, defect.title, seen, judgeDefect(defect, seen.outcomes, bench.contract))
}

/**
 * Whether what was seen under a defect proves that the suite catches it: a scenario of its requirement fails, and none of
 * a requirement that it does not declare. A scenario that starts from what is broken cannot tell, and says so: that is as
 * it should be. What is inconclusive for a reason of our own spoils the proof.
 */
export const judgeDefect = (
  defect: Pick<Defect, 'breaks' | 'alsoFails'>,
  outcomes: readonly Ended[],
  contract: Contract,
): { caughtBy: number; couldNotTell: number; problems: string[] } => {
  const declared = declaredBy(defect)
  const has = (ids: readonly string[]) => (one: Ended) =>
    requirementsOf(one.scenario, contract).some((id) => ids.includes(id))
  const failed = outcomes.filter(({ result }) => isFailed(result))
  const caught = failed.filter(has([defect.breaks]))
  const spilled = failed.filter((one) => !has(declared)(one))
  const open = outcomes.filter(({ result }) => isOpen(result))
  return {
    caughtBy: caught.length,
    couldNotTell: open.length,
    problems: [
      ...(caught.length === 0 ? [`no scenario of ${defect.breaks} fails`] : []),
      ...spilled.map((one) => `fails too, undeclared: ${describe(one, contract)}`),
      ...open.filter(({ result }) => isTrouble(result)).map((one) => `inconclusive: ${describe(one, contract)}`),
    ],
  }
}

const proof = (
  { contract }: Bench,
  id: string,
  title: string,
  seen: Seen,
  judged: Pick<Proof, 'caughtBy' | 'couldNotTell' | 'problems'>,
): Proof => {
  const problems = seen.stopped === undefined ? judged.problems : [...judged.problems, seen.stopped]
  return {
    ...{ contract: contract.id, id, title },
    ...judged,
    problems,
    proven: problems.length === 0,
    ran: seen.outcomes.length,
    durationMs: Math.round(seen.durationMs),
  }
}
