/** A gate for teams with known failures: only what is neither waived nor in the baseline closes it. */
import type { Comparison, Report, ReportVerdict } from '../report/model.ts'
import { exitCodeOf } from './verdict.ts'

/**
 * The verdict with what the gate says. The word stays, because a known failure is a failure; the exit code is that of the
 * run as if what is known had been kept, so 1 means a new failure, and 3 still means that nobody can tell.
 *
 * @param comparison with the baseline; without one, every failure that is not waived is new
 */
export const gated = (
  report: Pick<Report, 'requirements' | 'verdict' | 'run'>,
  comparison: Comparison | undefined,
  { acceptPartial }: { acceptPartial: boolean },
): ReportVerdict => {
  const { requirements, verdict } = report
  const known = new Set(comparison?.stillBroken.filter((id) => !comparison.worse.includes(id)))
  const failures = requirements
    .filter(({ outcome, waiver, id }) => outcome === 'failed' && waiver === undefined && !known.has(id))
    .map(({ id }) => id)
  return {
    ...verdict,
    exitCode: exitCode(report, failures, acceptPartial),
    gate: { passed: failures.length === 0, failures },
  }
}

const exitCode = (
  { requirements, verdict, run }: Pick<Report, 'requirements' | 'verdict' | 'run'>,
  failures: readonly string[],
  acceptPartial: boolean,
): number => {
  if (verdict.interrupted) return verdict.exitCode
  if (failures.length > 0) return exitCodeOf['not-certified']
  const musts = requirements.filter(({ keyword }) => keyword === 'MUST')
  const isUnclear = verdict.word === 'inconclusive' || musts.some(({ outcome }) => outcome === 'inconclusive')
  if (isUnclear) return exitCodeOf.inconclusive
  const isPartial = run.filter !== null || musts.some(({ outcome }) => outcome === 'not-observable')
  return isPartial && !acceptPartial ? exitCodeOf.partial : 0
}
