/** One report over several contracts: what each came to, side by side, and the gravest verdict over all. */
import type { Report, ReportVerdict, VerdictWord } from '../report/model.ts'
import type { Assembled } from './assemble.ts'
import { addCounts } from './verdict.ts'

/** The gravest first. */
const gravity: readonly VerdictWord[] = ['not-certified', 'inconclusive', 'partial', 'certified']

/**
 * Joins the parts of a run, one for each contract. Of one part it is that part.
 *
 * @param parts at least one, in the order in which they ran
 * @example mergeParts([cloudinary, imagekit, cloudsmith]).report.verdict.word
 */
export const mergeParts = (parts: readonly [Assembled, ...Assembled[]]): Assembled => {
  const [first, ...others] = parts
  if (others.length === 0) return first
  const reports = parts.map(({ report }) => report)
  const last = reports.at(-1) ?? first.report
  return {
    logins: new Map(parts.flatMap(({ logins }) => [...logins])),
    evidence: parts.flatMap(({ evidence }) => evidence),
    report: {
      ...first.report,
      suite: { ...first.report.suite, featuresSha256: reports.map(({ suite }) => suite.featuresSha256).join('+') },
      subject: subjectOf(reports),
      run: {
        ...first.report.run,
        finishedAt: last.run.finishedAt,
        settings: reports.flatMap(({ run }) => run.settings),
        certifying: reports.every(({ run }) => run.certifying),
        configurationSha256: reports.map(({ run }) => run.configurationSha256).join('+'),
      },
      verdict: verdictOf(reports),
      summary: summaryOf(reports),
      contracts: reports.flatMap(({ contracts }) => contracts),
      requirements: reports.flatMap(({ requirements }) => requirements),
      scenarios: reports.flatMap(({ scenarios }) => scenarios),
      evidence: reports.flatMap(({ evidence }) => evidence),
      notObservable: reports.flatMap(({ notObservable }) => notObservable),
      findings: reports.flatMap(({ findings }) => findings),
      leftovers: reports.flatMap(({ leftovers }) => leftovers),
    },
  }
}

const subjectOf = (reports: readonly Report[]): Report['subject'] => {
  const subjects = reports.map(({ subject }) => subject)
  return {
    ...(subjects[0] as Report['subject']),
    name: 'the embedded reference SPs',
    urls: [...new Set(subjects.flatMap(({ urls }) => urls))],
    defects: [...new Set(subjects.flatMap(({ defects }) => defects))],
  }
}

const verdictOf = (reports: readonly Report[]): ReportVerdict => {
  const worst = reports.toSorted((a, b) => gravity.indexOf(a.verdict.word) - gravity.indexOf(b.verdict.word))[0]
  const { word, exitCode } = (worst as Report).verdict
  const titleOf = ({ contracts }: Report): string => contracts.map(({ title }) => title).join(', ')
  const ofWord = reports.filter(({ verdict }) => verdict.word === word)
  const scopes = reports.flatMap(({ verdict }) => verdict.scope ?? [])
  return {
    word,
    sentence:
      word === 'certified'
        ? `It keeps all that was promised in ${reports.length} contracts: ${kept(reports)} requirements kept.`
        : ofWord.map((report) => `${titleOf(report)}. ${report.verdict.sentence}`).join(' '),
    ...(word === 'partial' && scopes.length > 0 ? { scope: scopes.join('; ') } : {}),
    reasons: reports.flatMap((report) => report.verdict.reasons.map((reason) => `${titleOf(report)}. ${reason}`)),
    exitCode: Math.max(exitCode, ...reports.map(({ verdict }) => (verdict.interrupted ? verdict.exitCode : 0))),
    interrupted: reports.some(({ verdict }) => verdict.interrupted),
  }
}

const kept = (reports: readonly Report[]): number =>
  reports
    .flatMap(({ requirements }) => requirements)
    .filter(({ outcome }) => outcome === 'passed' || outcome === 'informed').length

const summaryOf = (reports: readonly Report[]): Report['summary'] => {
  const all = reports.map(({ summary }) => summary)
  const waiting = all.map(({ waitingForSpMs }) => waitingForSpMs ?? 0)
  return {
    requirements: addCounts(all.map(({ requirements }) => requirements)),
    scenarios: addCounts(all.map(({ scenarios }) => scenarios)),
    durationMs: all.reduce((sum, { durationMs }) => sum + durationMs, 0),
    ...(all.some(({ waitingForSpMs }) => waitingForSpMs !== undefined)
      ? { waitingForSpMs: waiting.reduce((sum, ms) => sum + ms, 0) }
      : {}),
  }
}
