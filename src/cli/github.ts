/** What GitHub Actions shows beside a run: annotations, and the page of the job. */
import { appendFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { byHarm } from '../report/harm.ts'
import { renderMarkdown } from '../report/markdown.ts'
import type { Report, ReportScenario } from '../report/model.ts'
import { speak } from './github-commands.ts'
import type { CliIo } from './io.ts'

/** GitHub shows ten of each kind for a step, and drops the rest without a word. */
const mostAnnotations = 10

/**
 * Tells GitHub Actions, where the run is there. Annotations go to stderr: GitHub reads both streams, and stdout is data.
 */
export const tellGitHub = async (report: Report, { env, stderr, cwd }: CliIo): Promise<void> => {
  if (env['GITHUB_ACTIONS'] !== 'true') return
  speak(() => {
    for (const line of annotations(report)) stderr.write(`${line}\n`)
  }, stderr)
  const file = env['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') return
  const path = isAbsolute(file) ? file : `${cwd}/${file}`
  await appendFile(path, renderMarkdown(report)).catch((error: Error) => {
    stderr.write(`The summary of the job could not be written: ${error.message}\n`)
  })
}

/** Workflow commands: the gravest failures, one each requirement, and what nobody can tell. */
export const annotations = (report: Report): string[] => {
  const of = (outcome: 'failed' | 'inconclusive', command: 'error' | 'warning'): string[] =>
    byHarm(report.requirements, report.scenarios)
      .filter((requirement) => requirement.outcome === outcome)
      .slice(0, mostAnnotations)
      .map(({ id, title, waiver }) => {
        const first = report.scenarios.find((one) => one.outcome === outcome && one.requirements.includes(id))
        const level = waiver === undefined ? command : 'warning'
        return `::${level} ${placeOf(first)}title=${property(`${id}: ${title}`)}::${message(textOf(first))}`
      })
  return [...of('failed', 'error'), ...of('inconclusive', 'warning')]
}

/** A path below node_modules is nothing that the repository has. */
const placeOf = (scenario: ReportScenario | undefined): string =>
  scenario === undefined || /(^|\/)node_modules\//.test(scenario.uri) || scenario.uri.startsWith('..')
    ? ''
    : `file=${property(scenario.uri)},line=${scenario.line},`

const textOf = (scenario: ReportScenario | undefined): string =>
  [
    ...(scenario?.failure === undefined
      ? [scenario?.reason ?? '']
      : [`Expected: ${scenario.failure.expected}`, `Actual: ${scenario.failure.actual}`]),
    ...(scenario === undefined ? [] : [`Rerun: ${scenario.rerun}`]),
  ].join('\n')

/** As GitHub's runner escapes: a line break or a colon of the SP's must not begin a command. */
const message = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => message(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
