/** From results to the report: who ran, what came of it, what that means for each requirement. */
import type { Waiver } from '../config/schema.ts'
import type { Contract, Requirement } from '../contracts/contract.ts'
import { contractDigest } from '../contracts/digest.ts'
import type { Finding, LoginEvidence, Outcome } from '../core/evidence.ts'
import { packageVersion } from '../core/package-root.ts'
import { type EvidenceFile, evidenceFiles } from '../report/evidence.ts'
import { byHarm } from '../report/harm.ts'
import {
  type Report,
  type ReportFailure,
  type ReportFinding,
  type ReportLeftover,
  type ReportNotObservable,
  type ReportRequirement,
  type ReportScenario,
  reportSchemaVersion,
} from '../report/model.ts'
import type { ScenarioFailure, ScenarioResult } from './collect.ts'
import type { ScenarioEvent } from './events.ts'
import { type Decided, type Plan, requirementsOf, type Settings } from './plan.ts'
import type { Unreached } from './reach.ts'
import type { Stop } from './run-phases.ts'
import type { SuiteScenario } from './suite.ts'
import { countOutcomes, judge, requirementOutcome, scenarioOutcome } from './verdict.ts'

/** Everything that is known at the end of a run, however it ended. */
export interface Known {
  contract: Contract
  subject: Report['subject']
  run: Omit<Report['run'], 'settings' | 'certifying'>
  waivers: readonly Waiver[]
  featuresSha256: string
  cucumberVersion: string
  /** Scenarios that were chosen, in the order of the feature files. */
  scenarios: readonly SuiteScenario[]
  plan: Plan
  results: ReadonlyMap<SuiteScenario, ScenarioResult>
  /** Settings of the phases that were begun, in order. */
  settings: readonly Settings[]
  /** Settings that nobody stated and nobody can see. */
  assumed?: Settings | undefined
  /** Why a scenario that was planned has no result. */
  notRunBecause(scenario: SuiteScenario): Stop
  /** The command that runs one scenario again. */
  rerun(scenario: SuiteScenario): string
  preflightFailure?: string | undefined
  /** What the SP itself did not reach. */
  unreached?: readonly Unreached[] | undefined
  interrupted: boolean
  /** What ended the run early, other than the user. */
  endedBecause?: string | undefined
  acceptPartial: boolean
  leftovers: readonly ReportLeftover[]
  durationMs: number
  waitingForSpMs?: number | undefined
  reproduce: string
}

export interface Assembled {
  report: Report
  logins: Map<string, readonly LoginEvidence[]>
  evidence: EvidenceFile[]
}

const severities = { MUST: 'high', SHOULD: 'medium', MAY: 'low' } as const

/** Makes the report. Pure but for the version of Node. */
export const assemble = (known: Known): Assembled => {
  const evidence: EvidenceFile[] = []
  const logins = new Map<string, readonly LoginEvidence[]>()
  const scenarios = known.scenarios.map((scenario): ReportScenario => {
    const result = known.results.get(scenario)
    const shown = reportScenario(scenario, known)
    const files = evidenceFiles(scenario.id, result?.logins ?? [], { apart: shown.outcome !== 'passed' })
    evidence.push(...files)
    logins.set(scenario.id, result?.logins ?? [])
    return { ...shown, evidence: files.map(({ file }) => file) }
  })
  const requirements = reportRequirements(known, scenarios)
  const ranked = byHarm(requirements, scenarios)
  const counts = countOutcomes(requirements.map(({ outcome }) => outcome))
  const verdict = judge(
    {
      contract: known.contract,
      requirements: ranked,
      loose: looseOf(scenarios),
      scenariosRun: [...known.results.values()].filter(({ status }) => status !== 'skipped').length,
      preflightFailure: known.preflightFailure,
      filtered: known.run.filter !== null,
      interrupted: known.interrupted,
      endedBecause: known.endedBecause,
      without: without(known),
    },
    { acceptPartial: known.acceptPartial },
  )
  const { id, version, title, areas } = known.contract
  const report: Report = {
    schemaVersion: reportSchemaVersion,
    suite: { name: 'idpact', version: packageVersion(), featuresSha256: known.featuresSha256 },
    runner: {
      node: process.versions.node,
      cucumber: known.cucumberVersion,
      platform: `${process.platform}-${process.arch}`,
    },
    subject: known.subject,
    run: {
      ...known.run,
      settings: known.settings.map((settings) => ({ ...settings })),
      certifying: known.run.filter === null && !known.interrupted && known.endedBecause === undefined,
    },
    verdict,
    summary: {
      requirements: counts,
      scenarios: countOutcomes(scenarios.map(({ outcome }) => outcome)),
      durationMs: Math.round(known.durationMs),
      ...(known.waitingForSpMs === undefined ? {} : { waitingForSpMs: Math.round(known.waitingForSpMs) }),
    },
    contracts: [
      {
        ...{ id, version, title, verdict: verdict.word, counts },
        areas: areas.map((area) => ({ ...area })),
        sha256: contractDigest(known.contract),
      },
    ],
    requirements,
    scenarios: toldFirst(scenarios, known.subject.defects),
    evidence: evidence.map(({ content: _, ...entry }) => entry),
    notObservable: known.plan.decided.filter(isNotObservable).flatMap((decided) => notObservable(decided, known)),
    findings: findingsOf(known),
    leftovers: [...known.leftovers],
    history: [],
    reproduce: known.reproduce,
  }
  return { report, logins, evidence }
}

const looseOf = (scenarios: readonly ReportScenario[]): { failed: number; inconclusive: number } => {
  const loose = scenarios.filter(({ requirements }) => requirements.length === 0)
  return {
    failed: loose.filter(({ outcome }) => outcome === 'failed').length,
    inconclusive: loose.filter(({ outcome }) => outcome === 'inconclusive').length,
  }
}

/** What is needed to say what came of one scenario. */
type KnownOfScenario = Pick<Known, 'contract' | 'plan' | 'results' | 'notRunBecause' | 'rerun'>

/** A scenario that has ended, for those who watch the run. */
export const scenarioEvent = (scenario: SuiteScenario, known: KnownOfScenario): ScenarioEvent => {
  const { id, name, uri, line, requirements, outcome, phase, durationMs, attempts, failure, rerun } = reportScenario(
    scenario,
    known,
  )
  const tested = known.contract.requirements.filter((requirement) => requirements.includes(requirement.id))
  return {
    type: 'scenario-finished',
    ...{ phase, id, name, uri, line, requirements, outcome, durationMs, attempts, rerun },
    gains: tested.flatMap(({ gain }) => gain ?? []),
    ...(failure === undefined ? {} : { failure }),
    quotes: tested.map(({ source }) => source.quote),
  }
}

const reportScenario = (scenario: SuiteScenario, known: KnownOfScenario): ReportScenario => {
  const { contract, plan, results, notRunBecause } = known
  const decided = plan.decided.find((one) => one.scenario === scenario)
  const result = results.get(scenario)
  const requirements = requirementsOf(scenario, contract)
  const raw = rawOutcome(decided, result)
  const failure = result?.failure ?? (raw === 'inconclusive' ? notBegun(notRunBecause(scenario)) : undefined)
  // What to look at first is the contract's to say; what the step saw comes after it.
  const own = raw === 'failed' ? hintOf(requirements, contract) : undefined
  const hints = [
    own !== undefined && failure?.hint?.startsWith(own.slice(0, 20)) ? undefined : own,
    failure?.hint,
  ].filter((one) => one !== undefined)
  const twin = result?.logins.findLast(({ role }) => role === 'twin')
  const shownFailure = (one: Omit<ScenarioFailure, 'outcome'>, hint: string | undefined): ReportFailure => ({
    ...{ step: one.step, expected: one.expected, actual: one.actual, code: one.code },
    ...(hint === undefined || hint === '' ? {} : { hint }),
    ...(one.clause === undefined ? {} : { clause: one.clause }),
  })
  return {
    id: scenario.id,
    feature: scenario.feature,
    rule: scenario.rule,
    name: scenario.name,
    uri: scenario.uri,
    line: scenario.line,
    tags: [...scenario.tags],
    requirements,
    steps: [...scenario.steps],
    outcome: scenarioOutcome({ outcome: raw, requirements }, contract),
    phase: result === undefined ? '' : (plan.phases.find((phase) => phase.scenarios.includes(scenario))?.label ?? ''),
    attempts: result?.attempts ?? 0,
    durationMs: Math.round(result?.durationMs ?? 0),
    ...(decided === undefined ? {} : { reason: decided.reason }),
    ...(failure === undefined ? {} : { failure: shownFailure(failure, hints.join(' ')) }),
    earlier: (result?.earlier ?? []).map((one) => shownFailure(one, one.hint)),
    ...(twin === undefined ? {} : { twin: { user: twin.user, verdict: twin.verdict, faults: [...twin.faults] } }),
    observations: (result?.observations ?? []).map(({ subject, value }) => ({ subject, value })),
    rerun: known.rerun(scenario),
    evidence: [],
  }
}

const notBegun = ({ kind, expected, actual, hint }: Stop) => ({
  step: '(not begun)',
  code: kind,
  expected,
  actual,
  hint,
})

/** Before it is known how much the requirement weighs. */
const rawOutcome = (decided: Decided | undefined, result: ScenarioResult | undefined): Outcome => {
  if (decided !== undefined) return decided.outcome
  if (result === undefined || result.status === 'skipped') return 'inconclusive'
  if (result.status === 'ended') return result.failure?.outcome ?? 'inconclusive'
  return result.observations.length > 0 ? 'informed' : 'passed'
}

const hintOf = (requirements: readonly string[], contract: Contract): string | undefined =>
  contract.requirements.find(({ id }) => requirements.includes(id))?.hint

/** Whether a run was to be of everything, alone or together with other shards. */
const isOfEverything = ({ run: { filter } }: Known): boolean =>
  filter === null || (filter.tags === undefined && filter.requirements.length + filter.scenarios.length === 0)

/** Those of the chosen scenarios; in a run of everything also those that no scenario tests, with the reason. */
const reportRequirements = (known: Known, scenarios: readonly ReportScenario[]): ReportRequirement[] =>
  known.contract.requirements.flatMap((requirement) => {
    const own = scenarios.filter(({ requirements }) => requirements.includes(requirement.id))
    if (own.length === 0 && (!isOfEverything(known) || requirement.notTestedBecause === undefined)) return []
    return [reportRequirement(requirement, own, known)]
  })

const reportRequirement = (
  requirement: Requirement,
  own: readonly ReportScenario[],
  { contract, waivers }: Pick<Known, 'contract' | 'waivers'>,
): ReportRequirement => ({
  id: requirement.id,
  title: requirement.statement,
  keyword: requirement.keyword,
  severity: requirement.severity ?? severities[requirement.keyword],
  ...(requirement.gain === undefined ? {} : { gain: requirement.gain }),
  contract: contract.id,
  area: requirement.area,
  source: { ...requirement.source },
  outcome: requirementOutcome(requirement, own),
  scenarios: own.map(({ id }) => id),
  ...(requirement.notTestedBecause === undefined ? {} : { notTestedBecause: requirement.notTestedBecause }),
  ...waiverOf(requirement, waivers),
})

const waiverOf = ({ id }: Requirement, waivers: readonly Waiver[]): Pick<ReportRequirement, 'waiver'> => {
  const found = waivers.find(({ requirement }) => requirement === id)
  if (found === undefined) return {}
  const { reason, approver, expires } = found
  return { waiver: { reason, approver, expires } }
}

const isNotObservable = ({ outcome }: Decided): boolean => outcome === 'not-observable'

const notObservable = ({ scenario, needs, how }: Decided, { contract }: Known): ReportNotObservable[] =>
  requirementsOf(scenario, contract).map((requirement) => ({
    ...{ requirement, scenario: scenario.id, needs: [...needs], how },
    without: wordsOf(needs, contract),
  }))

/** What a scope says that is missing, in the words of the contract where it has some. */
const wordsOf = (needs: readonly string[], contract: Contract): string[] => [
  ...new Set(needs.map((need) => contract.settings[need.split('=')[0] ?? '']?.title ?? need)),
]

/** What a partial verdict leaves out. */
const without = ({ plan, contract }: Known): string[] =>
  wordsOf(
    plan.decided.filter(isNotObservable).flatMap(({ needs }) => needs),
    contract,
  )

/** What a reference SP was told to break comes before what else breaks with it. */
const toldFirst = (scenarios: readonly ReportScenario[], told: readonly string[]): ReportScenario[] => {
  const place = ({ requirements }: ReportScenario): number => (requirements.some((id) => told.includes(id)) ? 0 : 1)
  return scenarios.toSorted((a, b) => place(a) - place(b))
}

const passedOnRetry: Finding = {
  code: 'passed-on-retry',
  severity: 'medium',
  message: 'It passed only when it was tried again: the service provider, or the way to it, is not reliable.',
}

/** The same finding of several scenarios is one. */
const findingsOf = ({ results, assumed = {}, unreached = [] }: Known): ReportFinding[] => {
  const merged = new Map<string, ReportFinding>()
  const add = ({ code, severity, message }: Finding, scenarios: readonly string[]): void => {
    const key = `${code} ${message}`
    const known = merged.get(key)
    if (known) known.scenarios.push(...scenarios)
    else merged.set(key, { code, severity, message, scenarios: [...scenarios] })
  }
  const granted = Object.entries(assumed).map(([key, value]) => `${key}=${value}`)
  if (granted.length > 0)
    add(
      {
        code: 'settings-assumed',
        severity: 'info',
        message: `Taken for granted, because idpact cannot set it and nothing says so: ${granted.join(', ')}. If the service provider is set otherwise, say it under target.settings in idpact.yaml.`,
      },
      [],
    )
  for (const { code, actual, hint, scenarios } of unreached)
    add(
      { code, severity: 'medium', message: `${actual} ${hint}` },
      scenarios.map(({ id }) => id),
    )
  for (const [scenario, result] of results) {
    for (const finding of result.findings) add(finding, [scenario.id])
    if (result.status === 'passed' && result.earlier.length > 0) add(passedOnRetry, [scenario.id])
  }
  return [...merged.values()]
}
