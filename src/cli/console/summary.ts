/** The end of a run, for people; fits a screen whatever happened. */
import type { Report, ReportRequirement } from '../../report/model.ts'
import { minutes, outcomeWords, share, verdictTitles } from '../../report/words.ts'
import type { Paint } from './paint.ts'

const most = 5

/**
 * @param files paths as the user should see them
 * @example summaryText(report, { page: 'reports/latest/report.html' }, paint)
 */
export const summaryText = (
  report: Report,
  files: { page: string; certificate?: string | undefined },
  paint: Paint,
): string => {
  const { verdict, subject, summary, findings, leftovers } = report
  const loud = { certified: paint.good, partial: paint.warn, 'not-certified': paint.bad, inconclusive: paint.warn }
  const lines = [
    '',
    `${paint.bold(loud[verdict.word](verdictTitles[verdict.word]))}  ${subject.name}${subject.version === undefined ? '' : ` ${subject.version}`}`,
    verdict.sentence,
    ...verdict.reasons
      .filter((reason) => !/ broken: /.test(reason) && !verdict.sentence.includes(reason.slice(1)))
      .map((reason) => `  ${reason}`),
    '',
    ...row('broken', brokenLines(report)),
    ...row('requirements', [countsText(summary.requirements)]),
    ...row('scenarios', [countsText(summary.scenarios)]),
    ...row('not observed', needLines(report)),
    ...row('findings', some(findings.map(({ message }) => message))),
    ...row(
      'leftovers',
      leftovers.length === 0
        ? []
        : [`${leftovers.length} things are left at the service provider; the report lists them`],
    ),
    ...row('baseline', comparisonLines(report)),
    ...row('gate', gateLines(report, paint)),
    ...row('time', [`${minutes(summary.durationMs)}${share(summary)}`]),
    ...row('report', [files.page]),
    ...row('certificate', files.certificate === undefined ? [] : [files.certificate]),
    '',
  ]
  return lines.join('\n')
}

const row = (title: string, values: readonly string[]): string[] =>
  values.map((value, at) => `  ${(at === 0 ? title : '').padEnd(13)} ${value}`)

/** As many as fit, and how many more there are. */
const some = (all: readonly string[]): string[] =>
  all.length <= most ? [...all] : [...all.slice(0, most - 1), `and ${all.length - most + 1} more`]

const brokenLines = ({ requirements }: Report): string[] =>
  some(requirements.filter(({ outcome }) => outcome === 'failed').map(brokenLine))

const brokenLine = ({ id, title, waiver }: ReportRequirement): string =>
  `${id}  ${title}${waiver === undefined ? '' : ` (waived by ${waiver.approver} until ${waiver.expires})`}`

const needLines = ({ notObservable }: Report): string[] =>
  some(
    [...new Map(notObservable.map(({ needs, how }) => [needs.join(', '), how]))].map(
      ([need, how]) => `${need}: ${how.split('. ')[0]}`,
    ),
  )

const comparisonLines = ({ comparison }: Report): string[] => {
  if (comparison === undefined) return []
  const counts = [
    [comparison.broken.length, 'newly broken'],
    [comparison.worse.length, 'worse'],
    [comparison.mended.length, 'mended'],
    [comparison.stillBroken.length, 'still broken'],
    [comparison.lost.length, 'no longer told'],
    [comparison.added.length, 'new'],
    [comparison.gone.length, 'gone'],
  ] as const
  const told = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)
  const since = `since ${comparison.baseline.startedAt.slice(0, 10)}`
  const other = comparison.same.contracts ? [] : ['the contracts ask for something else than then']
  return [`${told.join(', ') || 'nothing changed'} ${since}`, ...other]
}

const gateLines = ({ verdict: { gate } }: Report, paint: Paint): string[] => {
  if (gate === undefined) return []
  return [gate.passed ? paint.good('open: nothing new is broken') : paint.bad(`closed by ${gate.failures.join(', ')}`)]
}

const countsText = (counts: Report['summary']['scenarios']): string =>
  outcomeWords
    .filter(([outcome]) => counts[outcome] > 0)
    .toReversed()
    .map(([outcome, word]) => `${counts[outcome]} ${word}`)
    .join(', ') || 'none'
