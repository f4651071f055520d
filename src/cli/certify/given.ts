/** From the options of the command line to those of a run; what cannot be is refused before anything starts. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Signer } from '../../certificate/folder.ts'
import type { Filter } from '../../certify/choose.ts'
import type { CertifyOptions } from '../../certify/options.ts'
import { shellWord } from '../../certify/reproduce.ts'
import { UsageError } from '../../core/errors.ts'
import type { CliIo } from '../io.ts'
import { targetOfFlags, targetWords } from '../target-options.ts'
import type { Options } from './options.ts'

/**
 * @throws UsageError for options that don't go together, files that are not there, a report with nothing to run again
 */
export const certifyOptionsOf = async (
  options: Options,
  command: Command,
  { cwd, env }: Pick<CliIo, 'cwd' | 'env'>,
): Promise<Omit<CertifyOptions, 'onEvent'>> => {
  if (options.step === true && options.json === true)
    throw new UsageError('--step waits for a person, and --json is for programs.', {
      code: 'options-clash',
      hint: 'Leave one of the two out.',
    })
  return {
    ...options,
    ...{ cwd, env },
    target: await targetOfFlags(options, options.contract, cwd),
    targetWords: targetWords(options),
    filter: await filterOf(options, cwd),
    parallel: options.step === true ? 1 : options.parallel,
    defects: options.defect,
    seed: options.seed ?? Math.floor(Math.random() * 1_000_000),
    acceptPartial: options.acceptPartial === true,
    command: commandOf(command),
  }
}

/** What was chosen; with `--rerun` what the last report has to look at again. */
const filterOf = async (options: Options, cwd: string): Promise<Filter> => {
  const { tags, requirement: requirements, scenario: scenarios, shard } = options
  const chosen = { tags, requirements, scenarios, shard }
  if (options.rerun !== true) return chosen
  const { readReport } = await import('../../report/read.ts')
  const last = await readReport(options.out, { cwd })
  const about = last.contracts.map(({ id, version }) => `${id}@${version}`)
  if (
    options.contract !== undefined &&
    !about.some((name) => name === options.contract || name.startsWith(`${options.contract}@`))
  )
    throw new UsageError(
      `The report in ${options.out} is about ${about.join(', ')}, and --contract is ${options.contract}.`,
      {
        code: 'other-contract',
        hint: 'Give the folder of the report with --out, or leave --contract out.',
      },
    )
  const again = last.scenarios.filter(({ outcome }) => /^(?:failed|inconclusive|warned)$/.test(outcome))
  if (again.length > 0) return { ...chosen, scenarios: again.map(({ uri, line }) => `${uri}:${line}`) }
  throw new UsageError(`There is nothing to run again: in the report in ${options.out} nothing failed.`, {
    code: 'nothing-to-rerun',
    hint: 'Run without --rerun.',
  })
}

/** The key is read before the run: who has waited for an hour must not learn then that it cannot be read. */
export const signerOf = async (
  { sign, key }: Pick<Options, 'sign' | 'key'>,
  cwd: string,
): Promise<Signer | undefined> => {
  if (sign !== true) {
    if (key === undefined) return undefined
    throw new UsageError('--key says what to sign with, and --sign is missing.', {
      code: 'option-missing',
      hint: 'Add --sign, or leave --key out.',
    })
  }
  const { openSigner } = await import('../../certificate/folder.ts')
  return openSigner({ key: key === undefined ? undefined : resolve(cwd, key), cwd })
}

const commandOf = (command: Command): string => {
  let root = command
  while (root.parent) root = root.parent
  return ['idpact', ...(root as Command & { rawArgs: string[] }).rawArgs.map(shellWord)].join(' ')
}
