/** What the steps of a cucumber run of somebody's own need around them, and how they are told of it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustNotBeProduction } from '../certify/before.ts'
import { newRunId, organisationsOf, runContext } from '../certify/context.ts'
import type { Settings } from '../certify/plan.ts'
import { introduceToSecond, settingsOfPhases } from '../certify/settings.ts'
import { findSubject, type Subject } from '../certify/subject.ts'
import { openSurroundings, type Surroundings } from '../certify/surroundings.ts'
import { mayDo } from '../target/consents.ts'
import { guardSettings } from '../target/settings-guard.ts'

/** `pluginOptions.idpact` of cucumber's configuration. */
export interface PluginOptions {
  /** Another file than idpact.yaml of the working folder. */
  config?: string | undefined
  /** Contract of the embedded reference SP, where there is no idpact.yaml; `cloudinary` when left out. */
  contract?: string | undefined
  /** Where the report goes; `reports/idpact` when left out. */
  out?: string | undefined
  /** Also where idpact.yaml calls the target a production environment. */
  production?: boolean | undefined
}

/** As in steps/context.ts, which may not be imported from here. */
const contextFileVariable = 'IDPACT_CONTEXT_FILE'

export interface Around {
  subject: Subject
  surroundings: Surroundings
  runId: string
  /** As the SP is set: cucumber runs in one phase. */
  settings: Settings
  /** Puts everything back; says what could not be. */
  end(): Promise<string[]>
}

/** For a dry run: the steps know of a contract, and of nothing that could be reached. Returns what takes it away. */
export const pretendAround = async (
  { config, contract: name }: PluginOptions,
  cwd: string,
): Promise<() => Promise<void>> => {
  const { contract } = await findSubject({ cwd, env: process.env, config, contract: name, defects: [] })
  const { id, version, declared } = contract
  const nowhere = { url: '', org: '', plainOrg: '', orgOfB: '' }
  const context = {
    ...{ idp: nowhere, contract: { id, version, declared }, target: {}, settings: {}, expect: {}, parameters: {} },
    ...{ run: { id: 'dry', prefix: 'idpact-dry', seed: 1 }, users: { emailDomain: 'example.test' }, allow: [] },
    ledgerFile: '',
  }
  const folder = await mkdtemp(join(tmpdir(), 'idpact-cucumber-'))
  await writeContext(folder, context)
  return async () => {
    delete process.env[contextFileVariable]
    await rm(folder, { recursive: true, force: true })
  }
}

const writeContext = async (folder: string, context: object): Promise<void> => {
  const file = join(folder, 'context.json')
  await writeFile(file, JSON.stringify(context), { mode: 0o600 })
  process.env[contextFileVariable] = file
}

/**
 * Starts the mock IdP, reaches the target and sets it; the workers of cucumber find what they need in a file that only this
 * user can read, because secrets of the target are in it.
 */
export const startAround = async (
  { config, contract: name, production }: PluginOptions,
  cwd: string,
): Promise<Around> => {
  const subject = await findSubject({ cwd, env: process.env, config, contract: name, defects: [] })
  if (subject.kind === 'configured') mustNotBeProduction(subject.config, production)
  const surroundings = await openSurroundings({ subject, cwd })
  const folder = await mkdtemp(join(tmpdir(), 'idpact-cucumber-'))
  const letGo = (): Promise<unknown> =>
    Promise.allSettled([surroundings.close(), rm(folder, { recursive: true, force: true })])
  const { contract } = subject
  const { allow } = surroundings.config
  const [guard, guardOfB] = organisationsOf(surroundings).map((one) =>
    guardSettings(one.target, { file: one.settingsFile, allow }),
  )
  const mayChange = mayDo(surroundings.target, allow, 'settings')
  const nothing = async (): Promise<void> => {}
  const defaults = Object.fromEntries(Object.entries(contract.settings).map(([key, one]) => [key, one.default]))
  const settings = { ...defaults, ...surroundings.config.target.settings }
  const runId = newRunId()
  try {
    await introduceToSecond(surroundings, guardOfB?.apply ?? nothing, mayChange)
    await settingsOfPhases(surroundings, guard?.apply ?? nothing, mayChange)(settings)
    await writeContext(folder, runContext(surroundings, { contract, runId, seed: 1 }, settings))
  } catch (error) {
    await letGo()
    throw error
  }
  const end = async (): Promise<string[]> => {
    delete process.env[contextFileVariable]
    const problems: string[] = []
    for (const one of [guard, guardOfB])
      await one?.restore().catch((error: Error) => {
        problems.push(error.message)
      })
    await letGo()
    return problems
  }
  return { subject, surroundings, runId, settings, end }
}
