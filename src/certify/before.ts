/** What is read and refused before anything starts: waivers, the baseline, options that don't go together. */
import { resolve } from 'node:path'
import type { ResolvedConfig, Waiver } from '../config/schema.ts'
import { readWaivers } from '../config/waivers.ts'
import { contractName } from '../contracts/index.ts'
import { ConfigError, UsageError } from '../core/errors.ts'
import { contractNames } from '../report/compare.ts'
import type { Report } from '../report/model.ts'
import { readReport } from '../report/read.ts'
import { mustHaveBrowser } from '../target/browser.ts'
import type { CertifyOptions } from './options.ts'
import type { Subject } from './subject.ts'

export interface Before {
  /** Of a file of their own; those of idpact.yaml are in the config. */
  waivers: readonly Waiver[]
  baseline: Report | undefined
}

/**
 * @throws ConfigError and UsageError; nothing has happened by then
 */
export const readBefore = async (options: CertifyOptions, subjects: readonly Subject[]): Promise<Before> => {
  for (const subject of subjects) mustBeAllowed(options, subject)
  if (options.browser !== undefined) await mustHaveBrowser(options.browser, options.env)
  return {
    waivers:
      options.waivers === undefined
        ? []
        : await readWaivers(pathIn(options, options.waivers), {
            contracts: subjects.map(({ contract }) => contract),
            now: Date.now(),
          }),
    baseline: await baselineOf(options, subjects),
  }
}

const pathIn = ({ cwd }: CertifyOptions, file: string): string => resolve(cwd, file)

const mustBeAllowed = ({ keep, production }: CertifyOptions, subject: Subject): void => {
  if (subject.kind === 'embedded') {
    if (keep !== true) return
    throw new UsageError('--keep leaves what was made at a service provider, and the embedded one ends with the run.', {
      code: 'nothing-to-keep',
      hint: 'Use --step to look at it at a failure, or start `idpact sp` and name it in idpact.yaml.',
    })
  }
  mustNotBeProduction(subject.config, production)
}

/** @throws ConfigError `production-refused` where idpact.yaml calls the target a production environment, and nobody says yes */
export const mustNotBeProduction = (
  { environment, file }: Pick<ResolvedConfig, 'environment' | 'file'>,
  production: boolean | undefined,
): void => {
  if (environment !== 'production' || production === true) return
  throw new ConfigError(`${file} says that the target is a production environment.`, {
    code: 'production-refused',
    hint: 'See what would happen there with `idpact certify --plan`. Then add --production, or in cucumber-js profile({ production: true }), if that is what you want.',
  })
}

const baselineOf = async (
  { baseline, cwd }: CertifyOptions,
  subjects: readonly Subject[],
): Promise<Report | undefined> => {
  if (baseline === undefined) return undefined
  const report = await readReport(baseline, { cwd })
  const [theirs, ours] = [contractNames(report), subjects.map(({ contract }) => contractName(contract)).toSorted()]
  if (theirs.join() !== ours.join())
    throw new UsageError(
      `--baseline ${baseline} is about ${theirs.join(', ')}, and this run about ${ours.join(', ')}.`,
      {
        code: 'other-contract',
        hint: `Give a report about ${ours.join(', ')}.`,
      },
    )
  return report
}
