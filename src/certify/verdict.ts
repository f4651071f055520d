/**
 * What the results mean (docs: outcomes and verdict). Pure, and the only place that knows the rules:
 *
 * - a broken MUST fails, a broken SHOULD warns, a MAY informs;
 * - a requirement has the worst outcome of its scenarios;
 * - the verdict is the first that applies: not-certified, inconclusive, partial, certified.
 */
import type { Contract, Keyword, Requirement } from '../contracts/contract.ts'
import { type Outcome, outcomes } from '../core/evidence.ts'
import type { OutcomeCounts, ReportVerdict, VerdictWord, Waiver } from '../report/model.ts'

/** Outcome of one scenario before it is known how much its requirement weighs. */
export interface ScenarioOutcome {
  outcome: Outcome
  /** Ids of the requirements that it tests. */
  requirements: readonly string[]
}

const byKeyword: Readonly<Record<Keyword, Outcome>> = { MUST: 'failed', SHOULD: 'warned', MAY: 'informed' }
const weight: readonly Keyword[] = ['MUST', 'SHOULD', 'MAY']

const worstOf = (all: readonly Outcome[]): Outcome | undefined => outcomes.find((outcome) => all.includes(outcome))

/** What a scenario's outcome means for a requirement of this keyword. */
const weigh = (outcome: Outcome, keyword: Keyword): Outcome => (outcome === 'failed' ? byKeyword[keyword] : outcome)

/**
 * A failure counts as the gravest of the scenario's requirements. A requirement that no service provider can break is
 * about the mock IdP: breaking that is our own trouble.
 */
export const scenarioOutcome = (raw: ScenarioOutcome, contract: Contract): Outcome => {
  if (raw.outcome !== 'failed') return raw.outcome
  const tested = contract.requirements.filter(({ id }) => raw.requirements.includes(id))
  if (tested.length > 0 && tested.every(isAboutUs)) return 'inconclusive'
  return byKeyword[weight.find((keyword) => tested.some((requirement) => requirement.keyword === keyword)) ?? 'MUST']
}

type Weighed = Pick<Requirement, 'id' | 'keyword' | 'kind' | 'violation'>

const isAboutUs = ({ kind, violation }: Weighed): boolean => kind === 'idp' && violation === undefined

/**
 * The worst outcome of its scenarios. Those that don't apply say nothing about it, unless there is nothing else: of the
 * scenarios for two choices that a target may declare, only one ever applies.
 */
export const requirementOutcome = (requirement: Weighed, scenarios: readonly ScenarioOutcome[]): Outcome => {
  const all = scenarios
    .filter(({ requirements }) => requirements.includes(requirement.id))
    .map(({ outcome }) => (isAboutUs(requirement) && outcome === 'failed' ? 'inconclusive' : outcome))
    .map((outcome) => weigh(outcome, requirement.keyword))
  return worstOf(all.filter((outcome) => outcome !== 'not-applicable')) ?? 'not-applicable'
}

export const countOutcomes = (all: readonly Outcome[]): OutcomeCounts => {
  const counts: OutcomeCounts = {
    failed: 0,
    inconclusive: 0,
    'not-observable': 0,
    warned: 0,
    informed: 0,
    'not-applicable': 0,
    passed: 0,
  }
  for (const outcome of all) counts[outcome] += 1
  return counts
}

export const addCounts = (all: readonly OutcomeCounts[]): OutcomeCounts => {
  const sum = countOutcomes([])
  for (const counts of all) for (const outcome of outcomes) sum[outcome] += counts[outcome]
  return sum
}

export interface JudgedRequirement {
  id: string
  keyword: Keyword
  outcome: Outcome
  waiver?: Waiver | undefined
}

export interface Evidence {
  contract: Pick<Contract, 'title'>
  requirements: readonly JudgedRequirement[]
  /** Of scenarios that test no requirement, as people write them beside a contract: how many failed, and of how many nobody can tell. */
  loose?: { failed: number; inconclusive: number } | undefined
  /** How many scenarios were really run to their end. */
  scenariosRun: number
  /** Why the preflight failed. */
  preflightFailure?: string | undefined
  filtered: boolean
  interrupted: boolean
  /** What ended the run before everything had run, other than the user: the SP is gone, a bug of ours. */
  endedBecause?: string | undefined
  /** What could not be set or seen, in words for a scope: `Enforce SAML login`. */
  without: readonly string[]
}

export const exitCodeOf: Readonly<Record<VerdictWord, number>> = {
  'not-certified': 1,
  inconclusive: 3,
  partial: 4,
  certified: 0,
}
const interruptedExitCode = 130

/**
 * The verdict on a run: the first that applies.
 *
 * @param options.acceptPartial the exit code of `partial` becomes 0; the word stays
 * @example judge({ contract, requirements, scenariosRun: 140, filtered: false, interrupted: false, without: [] }).word
 */
export const judge = (evidence: Evidence, options: { acceptPartial: boolean }): ReportVerdict => {
  const word = wordOf(evidence)
  const scope = word === 'partial' ? scopeOf(evidence) : undefined
  return {
    word,
    sentence: sentenceOf(word, evidence, scope),
    ...(scope === undefined ? {} : { scope }),
    reasons: reasonsOf(evidence),
    exitCode: evidence.interrupted
      ? interruptedExitCode
      : word === 'partial' && options.acceptPartial
        ? 0
        : exitCodeOf[word],
    interrupted: evidence.interrupted,
  }
}

const musts = ({ requirements }: Evidence, outcome: Outcome): string[] =>
  requirements.filter((r) => r.keyword === 'MUST' && r.outcome === outcome).map(({ id }) => id)

const waived = ({ requirements }: Evidence): string[] =>
  requirements.filter(({ waiver }) => waiver !== undefined).map(({ id }) => id)

const wordOf = (evidence: Evidence): VerdictWord => {
  const { failed = 0, inconclusive = 0 } = evidence.loose ?? {}
  if (musts(evidence, 'failed').length > 0 || failed > 0) return 'not-certified'
  if (evidence.preflightFailure !== undefined || evidence.interrupted) return 'inconclusive'
  if (musts(evidence, 'inconclusive').length > 0 || inconclusive > 0 || evidence.scenariosRun === 0)
    return 'inconclusive'
  if (evidence.filtered || waived(evidence).length > 0 || musts(evidence, 'not-observable').length > 0) return 'partial'
  return 'certified'
}

const isKept = ({ outcome }: JudgedRequirement): boolean => outcome === 'passed' || outcome === 'informed'

const scopeOf = (evidence: Evidence): string => {
  const { contract, filtered } = evidence
  const without = [...evidence.without, ...waived(evidence).map((id) => `${id} (waived)`)]
  const left = without.length === 0 ? '' : ` without ${without.join(', ')}`
  return `${filtered ? 'the chosen scenarios of ' : ''}${contract.title}${left}`
}

const some = (ids: readonly string[]): string =>
  ids.length <= 3 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')} and ${ids.length - 3} more`

const requirementsWord = (count: number): string => (count === 1 ? '1 requirement' : `${count} requirements`)

const sentenceOf = (word: VerdictWord, evidence: Evidence, scope: string | undefined): string => {
  const { contract, requirements } = evidence
  const kept = requirements.filter(isKept).length
  if (word === 'certified') return `It keeps all that was promised: ${contract.title}, ${requirementsWord(kept)} kept.`
  if (word === 'partial')
    return `Nothing is broken, but not everything was ${waived(evidence).length > 0 ? 'held to' : 'tested'}. Certified is ${scope}.`
  if (word === 'not-certified') {
    const broken = musts(evidence, 'failed')
    if (broken.length === 0) return `${scenariosWord(evidence.loose?.failed ?? 0)} failed.`
    return `It breaks ${requirementsWord(broken.length)} that it must keep: ${some(broken)}.`
  }
  return `Nobody can tell yet: ${lowerFirst(reasonsOf(evidence)[0] ?? 'no scenario ran.')}`
}

const scenariosWord = (count: number): string => (count === 1 ? '1 scenario' : `${count} scenarios`)

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

const reasonsOf = (evidence: Evidence): string[] => {
  const failed = musts(evidence, 'failed')
  const open = musts(evidence, 'inconclusive')
  const unseen = musts(evidence, 'not-observable')
  const unclear = evidence.loose?.inconclusive ?? 0
  const taken = waived(evidence)
  const idle = evidence.requirements.filter((one) => one.waiver !== undefined && isKept(one)).map(({ id }) => id)
  const lines: [applies: boolean, reason: string][] = [
    [failed.length > 0, `${requirementsWord(failed.length)} broken: ${failed.join(', ')}.`],
    [evidence.preflightFailure !== undefined, `The preflight failed: ${evidence.preflightFailure}`],
    [evidence.interrupted, 'The run was stopped before everything had run.'],
    [evidence.endedBecause !== undefined, `The run ended early: ${evidence.endedBecause}`],
    [open.length > 0, `${requirementsWord(open.length)} inconclusive: ${some(open)}.`],
    [unclear > 0, `${scenariosWord(unclear)} inconclusive.`],
    [evidence.scenariosRun === 0 && evidence.preflightFailure === undefined, 'No scenario ran.'],
    [evidence.filtered, 'Only a part was chosen to run.'],
    [taken.length > 0, `${requirementsWord(taken.length)} waived: ${some(taken)}.`],
    [idle.length > 0, `${requirementsWord(idle.length)} waived for nothing, because kept: ${some(idle)}.`],
    [unseen.length > 0, `${requirementsWord(unseen.length)} could not be observed: ${some(unseen)}.`],
  ]
  return lines.filter(([applies]) => applies).map(([, reason]) => reason)
}
