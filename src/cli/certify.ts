import { Command, InvalidArgumentError } from 'commander'
import type { CertifyEvent } from '../certify/events.ts'
import { defaultParallel } from '../certify/reproduce.ts'
import { type CliIo, setExitCode } from './io.ts'
import { type TargetFlags, targetOfFlags, targetWords, withTargetOptions } from './target-options.ts'

interface Options extends TargetFlags {
  config?: string
  contract?: string
  tags?: string
  requirement: string[]
  scenario: string[]
  defect: string[]
  parallel: number
  seed?: number
  out: string
  acceptPartial?: true
  json?: true
}

/** `idpact certify`: one verdict, one report. */
export const certifyCommand = (io: CliIo): Command =>
  withTargetOptions(new Command('certify'))
    .description(
      'Runs the scenarios against the target of idpact.yaml; with no such file, against the reference SP that idpact brings. Writes a report.',
    )
    .option('--config <file>', 'another file than idpact.yaml of this folder')
    .option('--contract <name>', 'what the service provider promises: cloudinary@1 (default: as idpact.yaml says)')
    .option('--tags <expression>', 'only scenarios with these tags: "@provisioning and not @slow"')
    .option('--requirement <id...>', 'only scenarios of these requirements', [])
    .option('--scenario <name...>', 'only these scenarios: a name, a part of one, or file:line', [])
    .option(
      '--defect <id...>',
      'break this requirement in the embedded reference SP, to see what a failure looks like',
      [],
    )
    .option('--parallel <count>', 'how many scenarios run side by side', atLeastOne, defaultParallel)
    .option(
      '--seed <number>',
      'order of the scenarios and names of people; the report says which one was used',
      wholeNumber,
    )
    .option('--out <folder>', 'where the report goes', 'reports/latest')
    .option('--accept-partial', 'exit with 0 also when not everything could be tested')
    .option('--json', 'print what happens as one JSON object a line; the last one is the summary')
    .action(async (options: Options, command: Command) => {
      const { certify } = await import('../certify/certify.ts')
      const { paintFor, progress, summaryText } = await import('../certify/progress.ts')
      const target = await targetOfFlags(options, options.contract, io.cwd)
      const stop = stopOnSignals()
      const show = options.json === true ? undefined : progress(io.stderr, io.env)
      const report = await certify({
        ...options,
        target,
        targetWords: targetWords(options),
        cwd: io.cwd,
        env: io.env,
        filter: { tags: options.tags, requirements: options.requirement, scenarios: options.scenario },
        defects: options.defect,
        seed: options.seed ?? Math.floor(Math.random() * 1_000_000),
        acceptPartial: options.acceptPartial === true,
        command: commandOf(command),
        signal: stop.signal,
        onEvent: (event: CertifyEvent) => {
          show?.(event)
          if (options.json === true) io.stdout.write(`${JSON.stringify(event)}\n`)
        },
      }).finally(stop.release)
      if (options.json !== true) {
        io.stderr.write(summaryText(report, `${options.out}/report.html`, paintFor(io.stderr, io.env)))
        io.stdout.write(`${report.verdict.word}\n`)
      }
      setExitCode(command, report.verdict.exitCode)
    })

const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number.')
}

const atLeastOne = (text: string): number => {
  const count = wholeNumber(text)
  if (count > 0) return count
  throw new InvalidArgumentError('Expected a whole number from 1 on.')
}

const commandOf = (command: Command): string => {
  let root = command
  while (root.parent) root = root.parent
  return ['idpact', ...(root as Command & { rawArgs: string[] }).rawArgs].join(' ')
}

/** Ctrl-C asks the run to end; a second one ends the process. */
const stopOnSignals = (): { signal: AbortSignal; release(): void } => {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort()
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, onSignal)
    },
  }
}
