/** What differs between two reports: of requirements, and of the scenarios of those that were broken before. */
import { UsageError } from '../core/errors.ts'
import type { Comparison, Report, ReportRequirement, ReportScenario } from './model.ts'

type Kept = 'kept' | 'broken' | 'unknown'

const stateOf = ({ outcome }: ReportRequirement): Kept => {
  if (outcome === 'failed' || outcome === 'warned') return 'broken'
  return outcome === 'inconclusive' || outcome === 'not-observable' ? 'unknown' : 'kept'
}

/** A scenario wherever its file has moved it: lines change, names don't. */
const nameOf = ({ uri, rule, name, phase }: ReportScenario): string => [uri, rule, name, phase].join('\n')

const brokenScenarios = (report: Report, requirement: string): Set<string> =>
  new Set(
    report.scenarios
      .filter(({ requirements, outcome }) => requirements.includes(requirement) && /^(?:failed|warned)$/.test(outcome))
      .map(nameOf),
  )

/**
 * Compares a report with an earlier one of the same contracts.
 *
 * @throws UsageError `other-contract` where they are about different contracts, or versions of one
 * @example compareReports(baseline, report).broken // ['CLD-PROV-12']
 */
export const compareReports = (earlier: Report, now: Report): Comparison => {
  mustBeOfSameContracts(earlier, now)
  const before = new Map(earlier.requirements.map((one) => [one.id, one]))
  const after = new Map(now.requirements.map((one) => [one.id, one]))
  const where = (holds: (was: Kept, is: Kept, id: string) => boolean): string[] =>
    now.requirements.flatMap((requirement) => {
      const was = before.get(requirement.id)
      return was !== undefined && holds(stateOf(was), stateOf(requirement), requirement.id) ? [requirement.id] : []
    })
  const isWorse = (id: string): boolean => {
    const known = brokenScenarios(earlier, id)
    return [...brokenScenarios(now, id)].some((name) => !known.has(name))
  }
  return {
    baseline: {
      run: earlier.run.id,
      startedAt: earlier.run.startedAt,
      target: earlier.subject.name,
      ...(earlier.subject.version === undefined ? {} : { version: earlier.subject.version }),
      suite: earlier.suite.version,
      verdict: earlier.verdict.word,
    },
    broken: where((was, is) => was !== 'broken' && is === 'broken'),
    worse: where((was, is, id) => was === 'broken' && is === 'broken' && isWorse(id)),
    mended: where((was, is) => was === 'broken' && is === 'kept'),
    stillBroken: where((was, is) => was === 'broken' && is === 'broken'),
    lost: where((was, is) => was !== 'unknown' && is === 'unknown'),
    added: now.requirements.flatMap(({ id }) => (before.has(id) ? [] : [id])),
    gone: earlier.requirements.flatMap(({ id }) => (after.has(id) ? [] : [id])),
    same: {
      suite: earlier.suite.featuresSha256 === now.suite.featuresSha256,
      contracts: digests(earlier) === digests(now),
      configuration: earlier.run.configurationSha256 === now.run.configurationSha256,
    },
  }
}

const digests = ({ contracts }: Report): string =>
  contracts
    .map(({ sha256 }) => sha256)
    .toSorted()
    .join(' ')

/** `cloudinary@1`, in order. */
export const contractNames = ({ contracts }: Report): string[] =>
  contracts.map(({ id, version }) => `${id}@${version}`).toSorted()

const mustBeOfSameContracts = (earlier: Report, now: Report): void => {
  const [a, b] = [contractNames(earlier).join(', '), contractNames(now).join(', ')]
  if (a === b) return
  throw new UsageError(`The earlier report is about ${a}, and this one about ${b}: they cannot be compared.`, {
    code: 'other-contract',
    hint: `Give a report about ${b}.`,
  })
}
