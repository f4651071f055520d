/** What earlier runs came to: each report remembers those before it, so a trend needs no file of its own. */
import { contractNames } from './compare.ts'
import type { PastRun, Report } from './model.ts'
import { readReport } from './read.ts'

/** How many earlier runs a report remembers. */
export const longestHistory = 30

/** The report that a folder holds; undefined where there is none, or none that can be read. */
export const reportIn = (folder: string): Promise<Report | undefined> => readReport(folder).catch(() => undefined)

/**
 * The history of a report that replaces an earlier one in its folder. Runs of a part, and of something else, are no points
 * of a trend.
 */
export const historyAfter = (earlier: Report | undefined, now: Report): PastRun[] => {
  if (earlier === undefined || !isSameSubject(earlier, now)) return []
  return [...earlier.history, ...(earlier.run.certifying ? [pastRun(earlier)] : [])].slice(-longestHistory)
}

const isSameSubject = (a: Report, b: Report): boolean =>
  a.subject.name === b.subject.name &&
  a.subject.embedded === b.subject.embedded &&
  contractNames(a).join() === contractNames(b).join()

export const pastRun = ({ run, subject, verdict, summary }: Report): PastRun => ({
  run: run.id,
  startedAt: run.startedAt,
  ...(subject.version === undefined ? {} : { version: subject.version }),
  verdict: verdict.word,
  requirements: summary.requirements,
  durationMs: summary.durationMs,
})
