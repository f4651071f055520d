import { Command, CommanderError } from 'commander'
import { IdpactError } from '../core/errors.ts'
import type { CliIo } from './io.ts'
import { exitCodes } from './io.ts'

/**
 * A command: its name, its one-line summary, and a loader of the rest. Only the command that runs is loaded, because a
 * developer who starts the mock IdP should not wait for cucumber.
 */
interface Entry {
  name: string
  summary: string
  load: () => Promise<(io: CliIo) => Command>
}

const commands: readonly Entry[] = []

const processIo = (): CliIo => ({
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
})

/** Runs one command line and returns its exit code; never throws. */
export const main = async (argv: readonly string[], io: CliIo = processIo()): Promise<number> => {
  const program = new Command('idpact')
    .description("Plays your customers' identity provider against your service provider, and certifies the result.")
    .showHelpAfterError('(run with --help to see what is allowed)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride()
  for (const entry of commands) {
    const chosen = argv.find((word) => !word.startsWith('-')) === entry.name
    program.addCommand(chosen ? (await entry.load())(io) : new Command(entry.name).summary(entry.summary))
  }
  for (const command of program.commands) command.copyInheritedSettings(program).exitOverride()
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return Number(program.getOptionValue('exitCode') ?? exitCodes.ok)
  } catch (error) {
    return report(error, io)
  }
}

const report = (error: unknown, io: CliIo): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (error instanceof IdpactError) {
    io.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `→ ${error.hint}\n`}`)
    return error.name === 'TargetError' || error.name === 'InternalError' ? exitCodes.inconclusive : exitCodes.usage
  }
  io.stderr.write(
    `This is a bug of idpact: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return exitCodes.inconclusive
}
