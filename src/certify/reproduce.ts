/** The command line that does a run again, to be copied into a shell. */
import { relative } from 'node:path'
import { isCheckout } from '../core/package-root.ts'
import { redactUrl } from '../core/redact.ts'
import type { Filter } from './choose.ts'

/** How many scenarios run side by side unless told otherwise. */
export const defaultParallel = 3

/** What of the options changes what a run does. */
export interface CommandOptions {
  cwd: string
  config?: string | undefined
  contract?: string | undefined
  /** Options that say a target without a file, as they were given. */
  targetWords?: readonly string[] | undefined
  defects: readonly string[]
  filter: Filter
  /** How many scenarios run side by side. */
  parallel: number
  seed: number
  retry?: number | undefined
  browser?: string | undefined
  waivers?: string | undefined
  baseline?: string | undefined
  gate?: 'new' | undefined
  production?: boolean | undefined
}

/** @example commandLine(options) // npx idpact certify --seed 7 --requirement CLD-PROV-12 */
export const commandLine = ({
  config,
  contract,
  targetWords = [],
  defects,
  filter,
  parallel,
  seed,
  cwd,
  retry = 0,
  browser,
  waivers,
  baseline,
  gate,
  production,
}: CommandOptions): string => {
  const many = (name: string, values: readonly string[]): string[] => values.flatMap((value) => [name, value])
  const one = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value])
  const words = [
    ...one('--config', config === undefined ? undefined : relative(cwd, config) || config),
    ...one('--contract', contract),
    ...targetWords,
    ...many('--defect', defects),
    ...one('--tags', filter.tags),
    ...many('--requirement', filter.requirements),
    ...many('--scenario', filter.scenarios),
    ...one('--shard', filter.shard && `${filter.shard.part}/${filter.shard.of}`),
    ...one('--browser', browser),
    ...one('--retry', retry === 0 ? undefined : String(retry)),
    ...one('--waivers', waivers),
    ...one('--baseline', baseline),
    ...one('--gate', gate),
    ...(production === true ? ['--production'] : []),
    ...one('--parallel', parallel === defaultParallel ? undefined : String(parallel)),
    ...one('--seed', String(seed)),
  ]
  return [isCheckout() ? 'npm run -s idpact -- certify' : 'npx idpact certify', ...words.map(shellWord)].join(' ')
}

/** The command that runs one scenario of a run again: alone, without what only makes sense for the whole. */
export const rerunOf = (options: CommandOptions, { uri, line }: { uri: string; line: number }): string =>
  commandLine({
    ...options,
    retry: 0,
    baseline: undefined,
    gate: undefined,
    filter: { requirements: [], scenarios: [`${uri}:${line}`] },
  })

/** As a word of a shell; what of a URL is a secret is not shown, so that whoever runs it again puts it back. */
export const shellWord = (word: string): string => quoted(/^https?:\/\//i.test(word) ? redactUrl(word) : word)

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)
