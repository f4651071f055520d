import { Command } from 'commander'
import type { Surroundings } from '../certify/surroundings.ts'
import type { Contract } from '../contracts/contract.ts'
import { printable } from '../core/printable.ts'
import type { PreflightReport } from '../target/preflight.ts'
import { type CliIo, exitCodes, setExitCode } from './io.ts'
import { type TargetFlags, targetOfFlags, withTargetOptions } from './target-options.ts'

interface Options extends TargetFlags {
  config?: string
  contract?: string
  json?: true
}

/** `idpact check`: is the target there, and what can be observed of it? Nothing is changed. */
export const checkCommand = (io: CliIo): Command =>
  withTargetOptions(new Command('check'))
    .description(
      'Tries every port of the target of idpact.yaml, and says what can be observed and what cannot. Changes nothing there.',
    )
    .option('--config <file>', 'another file than idpact.yaml of this folder')
    .option('--contract <name>', 'what the service provider promises (default: as idpact.yaml says)')
    .option('--json', 'print JSON')
    .action(async (options: Options, command: Command) => setExitCode(command, await check(options, io)))

/** Tries every port, prints what came of it, and returns the exit code. */
export const check = async (options: Options, io: CliIo): Promise<number> => {
  const { findSubject } = await import('../certify/subject.ts')
  const { openSurroundings } = await import('../certify/surroundings.ts')
  const { preflight } = await import('../target/preflight.ts')
  const target = await targetOfFlags(options, options.contract, io.cwd)
  const subject = await findSubject({
    cwd: io.cwd,
    env: io.env,
    config: options.config,
    contract: options.contract,
    target,
    defects: [],
  })
  const around = await openSurroundings({ subject, cwd: io.cwd })
  try {
    const { target, config } = around
    if (subject.kind === 'embedded') await trustIdp(around, subject.contract)
    const report = await preflight(target, { emailDomain: config.target.users.emailDomain })
    if (options.json === true)
      io.stdout.write(`${JSON.stringify({ target: target.name, loopback: target.loopback, ...report }, null, 2)}\n`)
    else io.stdout.write(printable(table(target.name, report)))
    return report.ok ? exitCodes.ok : exitCodes.inconclusive
  } finally {
    await around.close()
  }
}

/** Without an identity provider the embedded SP would have nowhere to send people to. */
const trustIdp = async (around: Surroundings, contract: Contract): Promise<void> => {
  const { settingsOfPhases } = await import('../certify/settings.ts')
  const defaults = Object.entries(contract.settings).map(([name, setting]) => [name, setting.default])
  await settingsOfPhases(
    around,
    async (change) => around.target.admin?.apply(change),
    true,
  )(Object.fromEntries(defaults))
}

const marks = { ok: 'ok      ', warning: 'look    ', failed: 'FAILED  ', absent: 'not given' } as const

const table = (name: string, { ports, verbs, clockOffsetMs, ok }: PreflightReport): string => {
  const seconds = Math.round((clockOffsetMs ?? 0) / 1000)
  return [
    `${name}\n\n`,
    ...ports.map(({ port, state, message, hint }) => {
      const advice = hint === undefined || state === 'absent' ? '' : `\n${' '.repeat(26)}→ ${hint}`
      return `  ${marks[state].padEnd(10)} ${port.padEnd(13)} ${message}${advice}\n`
    }),
    '\nWhat scenarios can use\n',
    ...verbs.map(({ verb, title, available, how }) =>
      available
        ? `  yes  ${verb.padEnd(22)} ${title}\n`
        : `  no   ${verb.padEnd(22)} ${title}\n${' '.repeat(30)}→ ${how}\n`,
    ),
    ...(Math.abs(seconds) < 5 ? [] : [`\nIts clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}.\n`]),
    ok
      ? '\nEverything that is given can be used.\n'
      : '\nNot everything that is given can be used: certify would be inconclusive.\n',
  ].join('')
}
