/** One report of several runs: shards of one, and runs made while the service provider was set otherwise. */

import { UsageError } from '../core/errors.ts'
import type { LoginEvidence, Outcome } from '../core/evidence.ts'
import { outcomes } from '../core/evidence.ts'
import { contractNames } from '../report/compare.ts'
import { byHarm } from '../report/harm.ts'
import type { Report, ReportContract, ReportFilter, ReportRequirement, ReportScenario } from '../report/model.ts'
import type { ReportFolder } from '../report/read-folder.ts'
import type { Assembled } from './assemble.ts'
import { mergeParts } from './parts.ts'
import { countOutcomes, judge, requirementOutcome } from './verdict.ts'

export interface Joined extends Assembled {
  messages: string[]
}

/**
 * Joins reports. Of a scenario that several of them have, the run counts in which it ran, and of several such runs the one
 * with the worst outcome; requirements and verdict are worked out anew.
 *
 * @param folders at least two
 * @throws UsageError `reports-differ` where they are not about the same target, contracts and scenarios
 * @example joinReports([await readReportFolder('shard-1', { cwd }), await readReportFolder('shard-2', { cwd })])
 */
export const joinReports = (
  folders: readonly ReportFolder[],
  options: { acceptPartial: boolean; command: string },
): Joined => {
  const [first, ...others] = folders
  if (first === undefined || others.length === 0)
    throw new UsageError('One report alone cannot be joined.', { code: 'too-few', hint: 'Give two or more.' })
  for (const other of others) mustFit(first, other)
  mustBeOnePartition(folders)
  const chosen = chooseScenarios(folders)
  const [one, ...more] = first.report.contracts.map((contract) => partOf(contract, { folders, chosen, options }))
  const whole = mergeParts([one as Assembled, ...more])
  return { ...whole, messages: folders.flatMap(({ messages }) => messages) }
}

const mustFit = (one: ReportFolder, other: ReportFolder): void => {
  const [a, b] = [one.report, other.report]
  const facts: [what: string, a: string, b: string][] = [
    ['the target', a.subject.name, b.subject.name],
    ['the version of the target', a.subject.version ?? 'none', b.subject.version ?? 'none'],
    ['the defects that it was told to have', a.subject.defects.join(', '), b.subject.defects.join(', ')],
    ['the contracts', contractNames(a).join(', '), contractNames(b).join(', ')],
    ['what the contracts ask for', digestsOf(a), digestsOf(b)],
    ['the scenarios', a.suite.featuresSha256.slice(0, 12), b.suite.featuresSha256.slice(0, 12)],
  ]
  const different = facts.find(([, mine, theirs]) => mine !== theirs)
  if (different === undefined) return
  const [what, mine, theirs] = different
  throw new UsageError(`${other.from} does not go with ${one.from}: ${what} differ: ${theirs}, and ${mine}.`, {
    code: 'reports-differ',
    hint: 'Join reports about one version of one target, made by the same idpact. `idpact diff` compares others.',
  })
}

/** Shards of one run: each once, and of as many. */
const mustBeOnePartition = (folders: readonly ReportFolder[]): void => {
  const shards = folders.flatMap(({ report, from }) =>
    report.run.filter?.shard ? [{ ...report.run.filter.shard, from }] : [],
  )
  const [first] = shards
  const other = shards.find(({ of }) => of !== first?.of)
  const twice = shards.find(({ part }, at) => shards.findIndex((one) => one.part === part) < at)
  if (first === undefined || (other === undefined && twice === undefined)) return
  throw new UsageError(
    other === undefined
      ? `Shard ${twice?.part}/${twice?.of} is there twice, also in ${twice?.from}.`
      : `${other.from} is a shard of ${other.of}, and ${first.from} one of ${first.of}.`,
    { code: 'reports-differ', hint: 'Give each shard of one run once.' },
  )
}

/** Which shards are not among them, in a sentence. */
const missingShards = (reports: readonly Report[]): string[] => {
  const shards = reports.flatMap(({ run }) => run.filter?.shard ?? [])
  const of = shards[0]?.of ?? 0
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter(
    (part) => !shards.some((one) => one.part === part),
  )
  return missing.length === 0 || reports.some(({ run }) => run.filter === null)
    ? []
    : [`Missing: shard ${missing.map((part) => `${part}/${of}`).join(', ')}.`]
}

const digestsOf = ({ contracts }: Report): string => contracts.map(({ sha256 }) => sha256.slice(0, 12)).join(', ')

interface Chosen {
  scenario: ReportScenario
  from: ReportFolder
}

const chooseScenarios = (folders: readonly ReportFolder[]): Map<string, Chosen> => {
  const chosen = new Map<string, Chosen>()
  for (const from of folders)
    for (const scenario of from.report.scenarios) {
      const known = chosen.get(scenario.id)
      if (known === undefined || tellsMore(scenario, known.scenario)) chosen.set(scenario.id, { scenario, from })
    }
  return chosen
}

const tellsMore = (one: ReportScenario, other: ReportScenario): boolean => {
  const ran = (scenario: ReportScenario): boolean => scenario.attempts > 0
  if (ran(one) !== ran(other)) return ran(one)
  return outcomes.indexOf(one.outcome) < outcomes.indexOf(other.outcome)
}

interface Given {
  folders: readonly ReportFolder[]
  chosen: ReadonlyMap<string, Chosen>
  options: { acceptPartial: boolean; command: string }
}

/** What all reports together say of one contract. */
const partOf = (contract: ReportContract, { folders, chosen, options }: Given): Assembled => {
  const reports = folders.map(({ report }) => report)
  const [first] = reports as [Report]
  const all = requirementsOf(contract, reports)
  const ids = new Set(all.map(({ id }) => id))
  const isOwn = ({ requirements }: ReportScenario): boolean =>
    requirements.some((id) => ids.has(id)) || (requirements.length === 0 && contract.id === first.contracts[0]?.id)
  const own = [...chosen.values()].filter(({ scenario }) => isOwn(scenario))
  const scenarios = own.map(({ scenario }) => scenario)
  const requirements = all.map((requirement) => again(requirement, scenarios, reports))
  const counts = countOutcomes(requirements.map(({ outcome }) => outcome))
  const unseen = new Set(scenarios.filter(({ outcome }) => outcome === 'not-observable').map(({ id }) => id))
  const notObservable = uniqueBy(
    reports.flatMap((report) => report.notObservable).filter(({ scenario }) => unseen.has(scenario)),
    ({ requirement, scenario }) => `${requirement} ${scenario}`,
  )
  const filter = filterOf(reports)
  const interrupted = reports.some(({ verdict }) => verdict.interrupted)
  const verdict = judge(
    {
      contract,
      requirements: byHarm(requirements, scenarios),
      scenariosRun: scenarios.filter(({ attempts }) => attempts > 0).length,
      filtered: filter !== null,
      interrupted,
      without: [...new Set(notObservable.flatMap(({ without }) => without))],
    },
    options,
  )
  const evidence = [...Map.groupBy(own, ({ from }) => from)].flatMap(([from, runs]) => {
    const files = new Set(runs.flatMap(({ scenario }) => scenario.evidence))
    return from.evidence.filter(({ file }) => files.has(file))
  })
  const logins = new Map<string, readonly LoginEvidence[]>(
    own.map(({ scenario, from }) => [scenario.id, from.logins.get(scenario.id) ?? []]),
  )
  const waiting = reports.flatMap(({ summary }) => summary.waitingForSpMs ?? [])
  return {
    logins,
    evidence,
    report: {
      ...first,
      subject: { ...first.subject, urls: [...new Set(reports.flatMap(({ subject }) => subject.urls))] },
      run: {
        ...first.run,
        id: reports.map(({ run }) => run.id).join('+'),
        startedAt: reports.map(({ run }) => run.startedAt).toSorted()[0] ?? first.run.startedAt,
        finishedAt:
          reports
            .map(({ run }) => run.finishedAt)
            .toSorted()
            .at(-1) ?? first.run.finishedAt,
        command: options.command,
        filter,
        settings: uniqueBy(
          reports.flatMap(({ run }) => run.settings),
          (settings) => JSON.stringify(settings),
        ),
        certifying:
          filter === null && !interrupted && scenarios.every(({ attempts, failure }) => attempts > 0 || !failure),
        configurationSha256: [...new Set(reports.map(({ run }) => run.configurationSha256))].join('+'),
      },
      verdict: { ...verdict, reasons: [...verdict.reasons, ...missingShards(reports)] },
      summary: {
        requirements: counts,
        scenarios: countOutcomes(scenarios.map(({ outcome }) => outcome)),
        durationMs: sum(reports.map(({ summary }) => summary.durationMs)),
        ...(waiting.length === 0 ? {} : { waitingForSpMs: sum(waiting) }),
      },
      contracts: [{ ...contract, verdict: verdict.word, counts }],
      requirements,
      scenarios,
      evidence: evidence.map(({ content: _content, source: _source, ...entry }) => entry),
      notObservable,
      findings: findingsOf(reports, new Set(scenarios.map(({ id }) => id))),
      leftovers: uniqueBy(
        reports.flatMap((report) => report.leftovers),
        ({ kind, name }) => `${kind} ${name}`,
      ),
      history: [],
      reproduce: [...new Set(reports.map(({ reproduce }) => reproduce))].join('\n'),
    },
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

const uniqueBy = <T>(all: readonly T[], key: (one: T) => string): T[] => [
  ...new Map(all.map((one) => [key(one), one])).values(),
]

/** Of the contract, each once, in the order of the contract as far as the reports show it. */
const requirementsOf = (contract: ReportContract, reports: readonly Report[]): ReportRequirement[] => {
  const all = reports.flatMap(({ requirements }) => requirements).filter((one) => one.contract === contract.id)
  const longest = reports.toSorted((a, b) => b.requirements.length - a.requirements.length)[0]
  const order = new Map(longest?.requirements.map(({ id }, index) => [id, index]))
  const place = ({ id }: ReportRequirement): number => order.get(id) ?? order.size
  return uniqueBy(all, ({ id }) => id).toSorted((a, b) => place(a) - place(b))
}

const again = (
  requirement: ReportRequirement,
  scenarios: readonly ReportScenario[],
  reports: readonly Report[],
): ReportRequirement => {
  const own = scenarios.filter(({ requirements }) => requirements.includes(requirement.id))
  const waiver = reports
    .flatMap(({ requirements }) => requirements)
    .find((one) => one.id === requirement.id && one.waiver)
  return {
    ...requirement,
    ...(waiver?.waiver === undefined ? {} : { waiver: waiver.waiver }),
    scenarios: own.map(({ id }) => id),
    outcome: own.length === 0 ? requirement.outcome : outcomeOf(requirement, own),
  }
}

const outcomeOf = (requirement: ReportRequirement, own: readonly ReportScenario[]): Outcome =>
  requirementOutcome({ id: requirement.id, keyword: requirement.keyword, kind: 'sp' }, own)

/** None where one run was of everything, or where all shards are there; else what the first was narrowed to. */
const filterOf = (reports: readonly Report[]): ReportFilter => {
  const filters = reports.map(({ run }) => run.filter)
  if (filters.some((filter) => filter === null)) return null
  const [first] = filters
  if (first === undefined || first === null) return null
  const { shard, ...rest } = first
  const alike = filters.every((filter) => JSON.stringify({ ...filter, shard: undefined }) === JSON.stringify(rest))
  const parts = new Set(
    filters.flatMap((filter) => (filter?.shard?.of === shard?.of ? (filter?.shard?.part ?? []) : [])),
  )
  if (!alike || shard === undefined || parts.size < shard.of) return first
  const isWhole = rest.tags === undefined && rest.requirements.length === 0 && rest.scenarios.length === 0
  return isWhole ? null : rest
}

/** The same finding of several runs is one. */
const findingsOf = (reports: readonly Report[], scenarios: ReadonlySet<string>): Report['findings'] => {
  const groups = Map.groupBy(
    reports.flatMap(({ findings }) => findings),
    ({ code, message }) => `${code} ${message}`,
  )
  return [...groups.values()].flatMap((same) => {
    const [first] = same
    if (first === undefined) return []
    const ids = [...new Set(same.flatMap((one) => one.scenarios))].filter((id) => scenarios.has(id))
    return same.some((one) => one.scenarios.length === 0) || ids.length > 0 ? [{ ...first, scenarios: ids }] : []
  })
}
