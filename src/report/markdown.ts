/** The report as Markdown, short: for the page of a CI job and for comments on a change. */
import type { Report, ReportRequirement, ReportScenario } from './model.ts'
import { minutes, outcomeWords, verdictTitles } from './words.ts'

const most = 20

/**
 * @example await appendFile(process.env.GITHUB_STEP_SUMMARY, renderMarkdown(report))
 */
export const renderMarkdown = (report: Report): string => {
  const { verdict, subject, contracts, summary, comparison } = report
  const about = contracts.map(({ id, version }) => `\`${id}@${version}\``).join(', ')
  const sections = [
    `## ${marks[verdict.word]} ${verdictTitles[verdict.word]}: ${escaped(subject.name)}${subject.version === undefined ? '' : ` ${escaped(subject.version)}`}`,
    `${escaped(verdict.sentence)} Against ${about}, in ${minutes(summary.durationMs)}.`,
    ...(verdict.gate === undefined
      ? []
      : [
          verdict.gate.passed
            ? '**The gate is open**: nothing is broken that is not waived or known.'
            : `**The gate is closed** by ${verdict.gate.failures.join(', ')}.`,
        ]),
    countsTable(report),
    ...broken(report),
    ...(comparison === undefined || comparison.mended.length === 0 ? [] : [`Mended: ${comparison.mended.join(', ')}.`]),
    ...notObserved(report),
    `Run it again: \`${report.reproduce.replaceAll('`', "'")}\``,
  ]
  return `${sections.join('\n\n')}\n`
}

const marks = { certified: '✅', partial: '🟡', 'not-certified': '❌', inconclusive: '❔' } as const

/** Text of the SP's or of the user's, which may hold anything. */
const escaped = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>|#!~]/g, (char) => `\\${char}`).replace(/\s+/g, ' ')

const countsTable = ({ summary }: Report): string => {
  const shown = outcomeWords.filter(([outcome]) => summary.requirements[outcome] > 0 || summary.scenarios[outcome] > 0)
  return [
    `| | ${shown.map(([, word]) => word).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(shown.length)}`,
    `| requirements | ${shown.map(([outcome]) => summary.requirements[outcome]).join(' | ')} |`,
    `| scenarios | ${shown.map(([outcome]) => summary.scenarios[outcome]).join(' | ')} |`,
  ].join('\n')
}

const broken = ({ requirements, scenarios }: Report): string[] => {
  const all = requirements.filter(({ outcome }) => outcome === 'failed' || outcome === 'inconclusive')
  if (all.length === 0) return []
  const rows = all.slice(0, most).map((requirement) => brokenRow(requirement, scenarios))
  const rest = all.length > most ? [`| | and ${all.length - most} more | | |`] : []
  return [['| | requirement | expected | actual |', '| --- | --- | --- | --- |', ...rows, ...rest].join('\n')]
}

const brokenRow = ({ id, title, outcome, waiver }: ReportRequirement, scenarios: readonly ReportScenario[]): string => {
  const first = scenarios.find((one) => one.outcome === outcome && one.requirements.includes(id))
  const cells = [
    outcome,
    `**${id}** ${escaped(title)}${waiver === undefined ? '' : ` (waived by ${escaped(waiver.approver)} until ${waiver.expires}: ${escaped(waiver.reason)})`}`,
    cut(first?.failure?.expected ?? ''),
    cut(first?.failure?.actual ?? ''),
  ]
  return `| ${cells.join(' | ')} |`
}

const cut = (text: string): string => escaped(text.length <= 200 ? text : `${text.slice(0, 199)}…`)

const notObserved = ({ notObservable }: Report): string[] => {
  const how = [...new Map(notObservable.map((one) => [one.needs.join(', '), one.how]))]
  if (how.length === 0) return []
  return [
    [
      '<details><summary>What could not be observed</summary>',
      '',
      ...how.slice(0, most).map(([need, what]) => `- \`${need}\`: ${escaped(what)}`),
      '',
      '</details>',
    ].join('\n'),
  ]
}
