/**
 * GitHub Actions reads commands (`::error::…`) from whatever a step prints, and an error page of a service provider may hold
 * some: so it is told to look for none, but where we speak ourselves.
 */
import { randomUUID } from 'node:crypto'
import type { CliIo } from './io.ts'

type Screen = Pick<CliIo['stderr'], 'write'>

let token: string | undefined

/**
 * From now on nothing that is printed is a command.
 *
 * @returns what ends it
 */
export const silenceCommands = ({ env, stderr }: { env: CliIo['env']; stderr: Screen }): (() => void) => {
  if (env['GITHUB_ACTIONS'] !== 'true' || token !== undefined) return () => {}
  token = randomUUID()
  stderr.write(`::stop-commands::${token}\n`)
  return () => {
    stderr.write(`::${token}::\n`)
    token = undefined
  }
}

/** Prints commands of ours. */
export const speak = (print: () => void, stderr: Screen): void => {
  if (token !== undefined) stderr.write(`::${token}::\n`)
  print()
  if (token !== undefined) stderr.write(`::stop-commands::${token}\n`)
}
