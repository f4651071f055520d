import { Command } from 'commander'
import { printable } from '../core/printable.ts'
import type { Comparison, Report } from '../report/model.ts'
import { type CliIo, exitCodes, setExitCode } from './io.ts'

interface Options {
  json?: true
}

/** `idpact diff`: what changed between two reports. */
export const diffCommand = (io: CliIo): Command =>
  new Command('diff')
    .description(
      'What changed from one report to another: newly broken, mended, new and gone requirements. Exits with 1 when something is newly broken.',
    )
    .argument('<old>', 'a report.json, or the folder that it is in')
    .argument('<new>', 'the later one')
    .option('--json', 'print JSON')
    .action(async (oldPath: string, newPath: string, options: Options, command: Command) => {
      const { readReport } = await import('../report/read.ts')
      const { compareReports } = await import('../report/compare.ts')
      const [old, now] = await Promise.all([oldPath, newPath].map((path) => readReport(path, { cwd: io.cwd })))
      if (old === undefined || now === undefined) return
      const comparison = compareReports(old, now)
      if (options.json === true) io.stdout.write(`${JSON.stringify(comparison, null, 2)}\n`)
      else io.stdout.write(printable(text(comparison, old, now)))
      const isNew = now.requirements.some(({ id, outcome }) => outcome === 'failed' && comparison.added.includes(id))
      const isBroken = isNew || comparison.broken.length + comparison.worse.length > 0
      setExitCode(command, isBroken ? exitCodes.notCertified : exitCodes.ok)
    })

const groups = [
  ['broken', 'Newly broken'],
  ['worse', 'Broken before, and now in more scenarios'],
  ['lost', 'Could be told before, and cannot now'],
  ['mended', 'Mended'],
  ['stillBroken', 'Still broken'],
  ['added', 'Only in the new report'],
  ['gone', 'Only in the old report'],
] as const

const text = (comparison: Comparison, old: Report, now: Report): string => {
  const titles = new Map([...old.requirements, ...now.requirements].map(({ id, title }) => [id, title]))
  const failed = new Set(now.requirements.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id))
  const name = ({ subject, run, verdict }: Report): string =>
    `${subject.name}${subject.version === undefined ? '' : ` ${subject.version}`}, ${run.startedAt.slice(0, 16).replace('T', ' ')}: ${verdict.word}`
  const lists = groups.flatMap(([key, title]) => {
    const ids = comparison[key]
    return ids.length === 0
      ? []
      : [
          '',
          `${title} (${ids.length})`,
          ...ids.map((id) => `  ${id}  ${titles.get(id) ?? ''}${key === 'added' && failed.has(id) ? ' (failed)' : ''}`),
        ]
  })
  const { suite, contracts, configuration } = comparison.same
  const notes = [
    ...(contracts ? [] : ['The contracts ask for something else than then, under the same version.']),
    ...(suite ? [] : ['The scenarios are not the same.']),
    ...(configuration ? [] : ['The configuration is not the same.']),
  ]
  return `${[`old  ${name(old)}`, `new  ${name(now)}`, ...notes, ...(lists.length === 0 ? ['', 'No requirement changed.'] : lists)].join('\n')}\n`
}
