import { Command, CommanderError } from 'commander'
import { IdpactError } from '../core/errors.ts'
import { packageVersion } from '../core/package-root.ts'
import { printableOnTerminal } from '../core/printable.ts'
import { silenceCommands } from './github-commands.ts'
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

const commands: readonly Entry[] = [
  {
    name: 'idp',
    summary: 'start the mock IdP and its console',
    load: async () => (await import('./idp.ts')).idpCommand,
  },
  {
    name: 'sp',
    summary: 'start the reference SP, which keeps a contract or breaks it on purpose',
    load: async () => (await import('./sp.ts')).spCommand,
  },
  {
    name: 'certify',
    summary: 'run the scenarios against the target of idpact.yaml, or against the embedded reference SP',
    load: async () => (await import('./certify.ts')).certifyCommand,
  },
  {
    name: 'init',
    summary: 'write an idpact.yaml, asking, and try it',
    load: async () => (await import('./init.ts')).initCommand,
  },
  {
    name: 'check',
    summary: 'reach every port of the target, and say what can be observed and what cannot',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  {
    name: 'okta',
    summary: 'what an Okta administrator does',
    load: async () => (await import('./okta.ts')).oktaCommand,
  },
  {
    name: 'connect',
    summary: "give the mock IdP consent at the service provider's OAuth 2 server",
    load: async () => (await import('./connect.ts')).connectCommand,
  },
  {
    name: 'requirements',
    summary: 'what is certified, by which scenarios, and what is not tested and why',
    load: async () => (await import('./requirements.ts')).requirementsCommand,
  },
  {
    name: 'faults',
    summary: 'what the mock IdP can get wrong on purpose',
    load: async () => (await import('./faults.ts')).faultsCommand,
  },
  {
    name: 'defects',
    summary: 'what the reference SP can get wrong on purpose; --run proves that the suite catches each',
    load: async () => (await import('./defects.ts')).defectsCommand,
  },
  {
    name: 'metadata',
    summary: "the mock IdP's metadata, or its certificate, to register at a service provider",
    load: async () => (await import('./metadata.ts')).metadataCommand,
  },
  {
    name: 'lint',
    summary: "a service provider's own metadata, by what SAML says of them",
    load: async () => (await import('./lint.ts')).lintCommand,
  },
  {
    name: 'diff',
    summary: 'what changed from one report to another',
    load: async () => (await import('./diff.ts')).diffCommand,
  },
  {
    name: 'merge',
    summary: 'join the reports of shards, or of runs made under other settings',
    load: async () => (await import('./merge.ts')).mergeCommand,
  },
  {
    name: 'verify',
    summary: 'check a certificate, and say what it covers',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    name: 'cleanup',
    summary: 'remove from the target what earlier runs left there',
    load: async () => (await import('./cleanup.ts')).cleanupCommand,
  },
]

export const commandNames: readonly string[] = commands.map(({ name }) => name)

/** What could not be written, other than to a reader who has seen enough. */
let unwritten: Error | undefined

/**
 * A reader that has seen enough (`| head`) closes the pipe: that is no trouble, and no reason to stop half-way. A disk that
 * is full is: then nobody knows what was said.
 */
const goOnWithoutReader = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') unwritten ??= error
}

/** A stream that shows text of others as text: no cursor is moved by it, and no title set. */
const guarded = <S extends NodeJS.WriteStream>(stream: S): S =>
  Object.create(stream, {
    write: {
      value: (text: string | Uint8Array) => stream.write(typeof text === 'string' ? printableOnTerminal(text) : text),
    },
  }) as S

const processIo = (): CliIo => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', goOnWithoutReader)
  return {
    // Data stay as they are, but on a terminal.
    stdout: process.stdout.isTTY ? guarded(process.stdout) : process.stdout,
    stderr: guarded(process.stderr),
    terminal: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
  }
}

/** Help reads the same on every terminal, and in the docs. */
const helpWidth = 100

/**
 * Runs one command line and returns its exit code; never throws.
 *
 * @param argv what the user typed after `idpact`
 * @example process.exitCode = await main(['faults', '--json'])
 */
export const main = async (argv: readonly string[], io: CliIo = processIo()): Promise<number> => {
  const end = silenceCommands(io)
  try {
    const program = await buildProgram(argv, io)
    await program.parseAsync([...argv], { from: 'user' })
    return codeOf(Number(program.getOptionValue('exitCode') ?? exitCodes.ok), io)
  } catch (error) {
    return report(error, io)
  } finally {
    end()
  }
}

const codeOf = (code: number, io: CliIo): number => {
  if (unwritten === undefined || code !== exitCodes.ok) return code
  io.stderr.write(`Not everything could be written: ${unwritten.message}\n`)
  return exitCodes.inconclusive
}

const buildProgram = async (argv: readonly string[], io: CliIo): Promise<Command> => {
  const program = new Command('idpact')
    .description("Plays your customers' identity provider against your service provider, and certifies the result.")
    .version(packageVersion(), '-V, --version')
    .showHelpAfterError('(run with --help to see what is allowed)')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => helpWidth,
      getErrHelpWidth: () => helpWidth,
    })
    .exitOverride()
  const chosen = argv.find((word) => !word.startsWith('-'))
  const all = chosen === 'help'
  for (const entry of commands) {
    const command = all || chosen === entry.name ? (await entry.load())(io) : new Command(entry.name)
    program.addCommand(command.summary(entry.summary))
    inherit(command, program)
  }
  return program
}

/**
 * Commands are made apart from the program, so they learn here where to print and not to end the process, and what to say
 * after a wrong word.
 */
const inherit = (command: Command, parent: Command): void => {
  command.copyInheritedSettings(parent)
  const names = command.commands.map((child) => child.name())
  const flags = command.options.map(({ long, short }) => long ?? short)
  const allowed = names.length > 0 ? names : flags
  if (allowed.length > 0)
    command.showHelpAfterError(`(allowed: ${allowed.join(', ')}; run with --help to see what they mean)`)
  for (const child of command.commands) inherit(child, command)
}

const report = (error: unknown, io: CliIo): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (error instanceof IdpactError) {
    io.stderr.write(`${error.message}\n${error.hint === undefined ? '' : `→ ${error.hint}\n`}`)
    return error.name === 'TargetError' || error.name === 'InternalError' ? exitCodes.inconclusive : exitCodes.usage
  }
  io.stderr.write(
    `This is a bug of idpact, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return exitCodes.inconclusive
}
