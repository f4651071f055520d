import type { Option } from 'commander'
import { UsageError } from '../../core/errors.ts'
import type { CliIo } from '../io.ts'
import { option } from './verb.ts'

/** A secret may be longer than a password: a token of a header. */
const maxLength = 10_000

/**
 * The three ways to give a secret: in the command line (where other users of the machine may see it), from the
 * environment, from stdin.
 *
 * @param name of the option: `password` makes `--password`, `--password-env`, `--password-stdin`
 */
export const secretOptions = (name: string, what: string): Option[] => [
  option(`--${name} <text>`, `${what}; others on this machine can see it in the list of processes`),
  option(`--${name}-env <variable>`, `${what}, from this environment variable`),
  option(`--${name}-stdin`, `${what}, from stdin`),
]

/**
 * @param options of the command line, with the names of `secretOptions` in camel case
 * @throws UsageError `no-secret`, `two-secrets`, `empty-secret`. No message holds the secret
 */
export const readSecret = async (io: CliIo, options: object, name: string): Promise<string> => {
  const given = options as Readonly<Record<string, string | true | undefined>>
  const camel = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const [text, variable, stdin] = [given[camel], given[`${camel}Env`], given[`${camel}Stdin`]]
  const count = [text, variable, stdin].filter((one) => one !== undefined).length
  if (count !== 1)
    throw new UsageError(`Expected one of --${name}, --${name}-env and --${name}-stdin, found ${count}`, {
      code: count === 0 ? 'no-secret' : 'two-secrets',
      hint: `The safest is --${name}-env with the name of an environment variable.`,
    })
  if (stdin !== undefined) return checked(await firstLine(io.stdin), name, 'stdin')
  if (variable !== undefined) return fromEnv(io, String(variable), `--${name}-env`)
  return checked(String(text), name, 'the command line')
}

/** @throws UsageError `empty-secret` */
export const fromEnv = (io: CliIo, variable: string, flag: string): string =>
  checked(io.env[variable] ?? '', flag, `the environment variable ${variable}`)

const checked = (secret: string, name: string, where: string): string => {
  if (secret !== '' && secret.length <= maxLength) return secret
  throw new UsageError(`Expected 1 to ${maxLength} characters for ${name}, found ${secret.length} in ${where}`, {
    code: 'empty-secret',
    hint: 'Set it, and see that the shell exports it.',
  })
}

const firstLine = async (stdin: NodeJS.ReadableStream): Promise<string> => {
  let text = ''
  for await (const chunk of stdin) {
    text += String(chunk)
    if (text.includes('\n') || text.length > maxLength) break
  }
  return text.split(/\r?\n/, 1)[0] ?? ''
}
