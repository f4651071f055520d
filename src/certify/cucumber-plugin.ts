/**
 * For people who run cucumber-js themselves, with our steps and their features: starts what the steps need around them, as
 * `idpact certify` does, and ends it when cucumber ends.
 *
 * In cucumber's configuration: `plugin: ['idpact/cucumber'], import: ['node_modules/idpact/dist/steps/index.js']`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plugin } from '@cucumber/cucumber/api'
import { mayDo } from '../target/consents.ts'
import { guardSettings } from '../target/settings-guard.ts'
import { newRunId, organisationsOf, planTarget, runContext } from './context.ts'
import { makePlan } from './plan.ts'
import { introduceToSecond, settingsOfPhases } from './settings.ts'
import { findSubject } from './subject.ts'
import { openSurroundings } from './surroundings.ts'

/** As in steps/context.ts, which may not be imported from here. */
const contextFileVariable = 'IDPACT_CONTEXT_FILE'

// A module is a plugin for cucumber when it has these two.
export const type = 'plugin'

export const coordinator: Plugin['coordinator'] = async ({ operation, environment, transform, logger }) => {
  if (operation !== 'runCucumber') return undefined
  const { cwd } = environment
  const subject = await findSubject({ cwd, env: process.env, defects: [] })
  const around = await openSurroundings({ subject, cwd })
  // Secrets of the target are in the context: a file for this user only, not an environment variable.
  const folder = await mkdtemp(join(tmpdir(), 'idpact-cucumber-'))
  const { contract } = subject
  const { allow } = around.config
  const [guard, guardOfB] = organisationsOf(around).map((one) =>
    guardSettings(one.target, { file: one.settingsFile, allow }),
  )
  const mayChange = mayDo(around.target, allow, 'settings')
  const nothing = async (): Promise<void> => {}
  const settings = { ...defaults(contract.settings), ...around.config.target.settings }
  try {
    await introduceToSecond(around, guardOfB?.apply ?? nothing, mayChange)
    await settingsOfPhases(around, guard?.apply ?? nothing, mayChange)(settings)
    const file = join(folder, 'context.json')
    const context = runContext(around, { contract, runId: newRunId(), seed: 1 }, settings)
    await writeFile(file, JSON.stringify(context), { mode: 0o600 })
    process.env[contextFileVariable] = file
  } catch (error) {
    await Promise.allSettled([around.close(), rm(folder, { recursive: true, force: true })])
    throw error
  }

  // Cucumber runs in one phase: what needs other settings, or declares another choice, is for `idpact certify`.
  transform('pickles:filter', (pickles) => {
    const scenarios = pickles.map(({ pickle }) => ({ ...unread, tags: pickle.tags.map(({ name }) => name) }))
    const plan = makePlan(scenarios, contract, planTarget(around))
    const here = plan.phases.find((phase) => sameSettings(phase.settings, settings))
    const kept = pickles.filter((_, index) => here?.scenarios.some((one) => one === scenarios[index]))
    if (kept.length < pickles.length)
      logger.info(
        `idpact: left out, because they need other settings or choices: ${pickles.length - kept.length} scenarios`,
      )
    return kept
  })
  return async () => {
    delete process.env[contextFileVariable]
    for (const one of [guard, guardOfB])
      await one?.restore().catch((error: Error) => logger.error(`idpact: ${error.message}`))
    await Promise.allSettled([around.close(), rm(folder, { recursive: true, force: true })])
  }
}

const defaults = (settings: Readonly<Record<string, { default: string }>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.default]))

const sameSettings = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.entries(a).every(([key, value]) => b[key] === value)

/** What the plan does not look at here. */
const unread = { id: '', uri: '', line: 0, lines: [], feature: '', rule: '', name: '', needs: [], steps: [] }
