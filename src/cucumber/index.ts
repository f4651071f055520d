/**
 * For people who run cucumber-js themselves, with our steps and their features. `profile()` is the whole configuration; what
 * it names is this module, which is a plugin too: it starts what the steps need around them, as `idpact certify` does,
 * leaves out what the target cannot show, and writes the report at the end.
 */
import type { Plugin } from '@cucumber/cucumber/api'
import { IdpactError } from '../core/errors.ts'
import { openReporter } from './reporter.ts'
import { type PluginOptions, pretendAround, startAround } from './start.ts'

export { type Profile, type ProfileOptions, profile } from './profile.ts'

// A module is a plugin for cucumber when it has these.
export const type = 'plugin'
export const optionsKey = 'idpact'

const isDryRun = (): boolean => process.argv.some((word) => word === '--dry-run' || word === '-d')

export const coordinator: Plugin<PluginOptions>['coordinator'] = async ({
  operation,
  environment,
  options,
  transform,
  on,
  logger,
}) => {
  if (operation !== 'runCucumber') return undefined
  // A dry run reads and matches; nothing is to be reached, changed or reported for it.
  if (isDryRun()) return pretendAround(options, environment.cwd)
  const around = await startAround(options, environment.cwd).catch((error: unknown) => {
    if (!(error instanceof IdpactError)) throw error
    logger.error(`${error.message}${error.hint === undefined ? '' : `\n→ ${error.hint}`}`)
    // Cucumber would print the stack of it, and what is wrong somewhere in the middle.
    return process.exit(2)
  })
  const reporter = openReporter(around, { cwd: environment.cwd, out: options.out ?? 'reports/idpact' })
  on('message', reporter.onMessage)
  transform('pickles:filter', (pickles) => {
    const kept = reporter.choose(pickles)
    if (kept.length < pickles.length)
      logger.info(
        `idpact: left out, because they need other settings or choices: ${pickles.length - kept.length} scenarios`,
      )
    return kept
  })
  return async () => {
    const written = await reporter.write().catch((error: Error) => logger.error(`idpact: ${error.message}`))
    if (written !== undefined) logger.info(`idpact: ${written}`)
    for (const message of await around.end()) logger.error(`idpact: ${message}`)
  }
}
