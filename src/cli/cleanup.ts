import { join } from 'node:path'
import { Command } from 'commander'
import { mustNotBeProduction } from '../certify/before.ts'
import type { CleanupResult, LedgerEntry } from '../target/ledger.ts'
import type { Leftovers } from '../target/settings-guard.ts'
import { type CliIo, exitCodes, setExitCode } from './io.ts'

interface Options {
  config?: string
  production?: true
  json?: true
}

/** `idpact cleanup`: what earlier runs left at the target. */
export const cleanupCommand = (io: CliIo): Command =>
  new Command('cleanup')
    .description(
      'Puts settings of the target back that an interrupted run left changed, and removes the accounts and groups that earlier runs left there.',
    )
    .option('--config <file>', 'another file than idpact.yaml of this folder')
    .option('--production', 'also where idpact.yaml calls the target a production environment')
    .option('--json', 'print JSON')
    .action(async (options: Options, command: Command) => {
      const { findSubject } = await import('../certify/subject.ts')
      const subject = await findSubject({ cwd: io.cwd, env: io.env, config: options.config, defects: [] })
      if (subject.kind === 'embedded') {
        io.stderr.write(
          'There is no idpact.yaml here, so there is no target to clean. The embedded SP keeps nothing.\n',
        )
        return
      }
      mustNotBeProduction(subject.config, options.production)
      const { openTarget } = await import('../target/target.ts')
      const { cleanup, openLedger } = await import('../target/ledger.ts')
      const { restoreLeftovers } = await import('../target/settings-guard.ts')
      const folder = join(io.cwd, '.idpact')
      const target = await openTarget(subject.config.target)
      try {
        const settings = await restoreLeftovers(target, join(folder, 'settings-before.json'))
        if (target.b !== undefined) await restoreLeftovers(target.b, join(folder, 'settings-before-b.json'))
        const ledger = openLedger(join(folder, 'ledger.ndjson'), { run: 'cleanup', target })
        const keep = subject.config.target.users.fixtures.map(({ email }) => email)
        const result = await cleanup(target, ledger, { keep })
        if (options.json === true) io.stdout.write(`${JSON.stringify({ settings, ...result }, null, 2)}\n`)
        else io.stdout.write(text(settings, result))
        if (result.left.length > 0) setExitCode(command, exitCodes.inconclusive)
      } finally {
        await target.close()
      }
    })

const text = (settings: Leftovers, { removed, gone, left }: CleanupResult): string => {
  const thing = ({ kind, name }: LedgerEntry): string => `${kind} ${name}`
  return [
    ...(settings.kind === 'restored' ? [`settings put back as they were at ${settings.at}`] : []),
    ...(settings.kind === 'other-target'
      ? [`settings of another target (${settings.target}) wait to be put back: run this with its idpact.yaml`]
      : []),
    ...removed.map((entry) => `removed  ${thing(entry)}`),
    ...left.map(({ entry, why }) => `LEFT     ${thing(entry)}: ${why}`),
    `${removed.length} removed, ${gone.length} were gone already, ${left.length} left`,
    '',
  ].join('\n')
}
