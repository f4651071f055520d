import { resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Signer } from '../certificate/folder.ts'
import type { Filter, Shard } from '../certify/choose.ts'
import type { CertifyEvent } from '../certify/events.ts'
import type { PausedAt } from '../certify/options.ts'
import { defaultParallel } from '../certify/reproduce.ts'
import { UsageError } from '../core/errors.ts'
import { silenceCommands, tellGitHub } from './github.ts'
import { type CliIo, setExitCode } from './io.ts'
import { waitForPerson } from './pause.ts'
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
  shard?: Shard
  rerun?: true
  failFast?: true
  retry: number
  keep?: true
  step?: true
  waivers?: string
  baseline?: string
  gate?: 'new'
  sign?: true
  key?: string
  plan?: true
  production?: true
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
    .option(
      '--shard <part/of>',
      'only this part of the scenarios, such as 2/4; `idpact merge` joins the reports',
      shard,
    )
    .option('--rerun', 'only what failed or was inconclusive in the report of --out')
    .option('--fail-fast', 'end at the first failure')
    .option(
      '--retry <times>',
      'try a scenario that did not pass again, up to 10 times; the report marks it',
      upTo(10),
      0,
    )
    .option('--step', 'wait at the first failure, with the mock IdP and everything that was made still there')
    .option('--keep', 'leave what the scenarios made at the service provider; `idpact cleanup` removes it')
    .option('--plan', 'say what would be made, switched and deleted at the target, and do nothing')
    .option('--production', 'test a target that idpact.yaml calls a production environment')
    .option('--waivers <file>', 'failures that somebody takes on themselves, YAML; beside those of idpact.yaml')
    .option('--baseline <report>', 'compare with this earlier report.json, or the folder that it is in')
    .addOption(
      new Option(
        '--gate <which>',
        'new: exit with 1 only for failures that are neither waived nor in the baseline',
      ).choices(['new']),
    )
    .option('--sign', 'sign the report: certificate.jws, which `idpact verify` checks')
    .option('--key <file>', 'the private key to sign with, PEM (default: one of this folder, made when first needed)')
    .option('--out <folder>', 'where the report goes', 'reports/latest')
    .option('--accept-partial', 'exit with 0 also when not everything could be tested')
    .option('--json', 'print what happens as one JSON object a line; the last one is the summary')
    .action(async (options: Options, command: Command) => {
      const { certify } = await import('../certify/certify.ts')
      const { paintFor } = await import('./console/paint.ts')
      const { progress } = await import('./console/progress.ts')
      const { summaryText } = await import('./console/summary.ts')
      const target = await targetOfFlags(options, options.contract, io.cwd)
      const filter = await filterOf(options, io.cwd)
      const signer = await signerOf(options, io.cwd)
      if (options.step === true && options.json === true)
        throw new UsageError('--step waits for a person, and --json is for programs.', {
          code: 'options-clash',
          hint: 'Leave one of the two out.',
        })
      const stop = stopOnSignals()
      const loud = silenceCommands(io)
      const show = options.json === true ? undefined : progress(io.stderr, io.env)
      const report = await certify({
        ...options,
        target,
        targetWords: targetWords(options),
        cwd: io.cwd,
        env: io.env,
        filter,
        parallel: options.step === true ? 1 : options.parallel,
        ...(options.step === true ? { onPause: (place: PausedAt) => waitForPerson(place, io, stop.signal) } : {}),
        defects: options.defect,
        seed: options.seed ?? Math.floor(Math.random() * 1_000_000),
        acceptPartial: options.acceptPartial === true,
        command: commandOf(command),
        signal: stop.signal,
        onEvent: (event: CertifyEvent) => {
          show?.(event)
          if (options.json === true) io.stdout.write(`${JSON.stringify(event)}\n`)
        },
      }).finally(() => {
        stop.release()
        loud()
      })
      if (signer !== undefined) await signFolder(resolve(io.cwd, options.out), signer)
      if (options.json !== true) {
        const certificate = signer === undefined ? undefined : `${options.out}/certificate.jws`
        const files = { page: `${options.out}/report.html`, certificate }
        io.stderr.write(summaryText(report, files, paintFor(io.stderr, io.env)))
        io.stdout.write(`${report.verdict.word}\n`)
      }
      await tellGitHub(report, io)
      setExitCode(command, report.verdict.exitCode)
    })

/** What was chosen; with `--rerun` what the last report has to look at again. */
const filterOf = async (options: Options, cwd: string): Promise<Filter> => {
  const { tags, requirement: requirements, scenario: scenarios, shard } = options
  const chosen = { tags, requirements, scenarios, shard }
  if (options.rerun !== true) return chosen
  const { readReport } = await import('../report/read.ts')
  const last = await readReport(options.out, { cwd })
  const again = last.scenarios.filter(({ outcome }) => /^(?:failed|inconclusive|warned)$/.test(outcome))
  if (again.length > 0) return { ...chosen, scenarios: again.map(({ uri, line }) => `${uri}:${line}`) }
  throw new UsageError(`There is nothing to run again: in the report in ${options.out} nothing failed.`, {
    code: 'nothing-to-rerun',
    hint: 'Run without --rerun.',
  })
}

/** The key is read before the run: who has waited for an hour must not learn then that it cannot be read. */
const signerOf = async ({ sign, key }: Options, cwd: string): Promise<Signer | undefined> => {
  if (sign !== true) {
    if (key === undefined) return undefined
    throw new UsageError('--key says what to sign with, and --sign is missing.', {
      code: 'option-missing',
      hint: 'Add --sign, or leave --key out.',
    })
  }
  const { openSigner } = await import('../certificate/folder.ts')
  return openSigner({ key: key === undefined ? undefined : resolve(cwd, key), cwd })
}

const signFolder = async (folder: string, signer: Signer): Promise<void> =>
  (await import('../certificate/folder.ts')).signFolder(folder, signer)

const shard = (text: string): Shard => {
  const [, part = '', of = ''] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []
  if (Number(part) >= 1 && Number(part) <= Number(of)) return { part: Number(part), of: Number(of) }
  throw new InvalidArgumentError('Expected a part and how many there are, such as 2/4.')
}

const wholeNumber = (text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number.')
}

const upTo =
  (most: number) =>
  (text: string): number => {
    const count = wholeNumber(text)
    if (count <= most) return count
    throw new InvalidArgumentError(`Expected a whole number up to ${most}.`)
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
