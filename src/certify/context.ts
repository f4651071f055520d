import { join } from 'node:path'
import type { TargetConfig } from '../config/schema.ts'
import type { Contract } from '../contracts/contract.ts'
import { randomBase62 } from '../core/ids.ts'
import type { Report } from '../report/model.ts'
import type { Target } from '../target/ports.ts'
import type { RunContext } from '../target/run-context.ts'
import type { PlanTarget, Settings } from './plan.ts'
import type { Surroundings } from './surroundings.ts'

/** Short, in lower case: it stands in e-mail addresses and names of groups. */
export const newRunId = (): string => randomBase62(6).toLowerCase()

export const ledgerFileOf = ({ stateFolder }: Surroundings): string => join(stateFolder, 'ledger.ndjson')

/** The target's organisations, each with the file that keeps its settings while they are changed. */
export const organisationsOf = ({ target, stateFolder }: Surroundings): { target: Target; settingsFile: string }[] => [
  { target, settingsFile: join(stateFolder, 'settings-before.json') },
  ...(target.b === undefined ? [] : [{ target: target.b, settingsFile: join(stateFolder, 'settings-before-b.json') }]),
]

/** What the steps of a phase are told of the run: `worldParameters.idpact`. */
export const runContext = (
  around: Surroundings,
  { contract, runId, seed, keep }: { contract: Contract; runId: string; seed: number; keep?: RunContext['keep'] },
  settings: Settings,
): RunContext => ({
  idp: {
    url: around.idp.url,
    org: around.org,
    plainOrg: around.plainOrg,
    orgOfB: around.orgOfB,
    journalSince: around.journalSince,
  },
  contract: {
    id: contract.id,
    version: contract.version,
    ...(contract.declared === undefined ? {} : { declared: contract.declared }),
  },
  target: around.config.target,
  settings,
  expect: around.config.expect,
  parameters: around.config.parameters,
  run: { id: runId, prefix: `idpact-${runId}`, seed },
  users: usersOf(around.config.target),
  disposable: around.sp !== undefined,
  ...(keep === undefined ? {} : { keep }),
  ...(around.browser === undefined ? {} : { browser: around.browser }),
  ledgerFile: ledgerFileOf(around),
  ...(around.outboxUrl === undefined ? {} : { outboxUrl: around.outboxUrl }),
  allow: around.config.allow,
})

const usersOf = ({ users: { emailDomain, user, victim } }: TargetConfig): RunContext['users'] => ({
  emailDomain,
  ...(user === undefined || victim === undefined ? {} : { user, victim }),
})

/** The target as the plan sees it. */
export const planTarget = ({ target, config }: Surroundings): PlanTarget => ({
  loopback: target.loopback,
  has: target.has,
  howToProvide: target.howToProvide,
  declared: config.target.settings,
  allow: config.allow,
  expect: config.expect,
})

/** The target as a report names it. */
export const reportSubject = ({ target, sp }: Surroundings, defects: readonly string[]): Report['subject'] => ({
  name: sp === undefined ? target.name : 'the embedded reference SP',
  ...(target.version === undefined ? {} : { version: target.version }),
  urls: [...new Set([target.address, ...target.acs.urls].map((url) => new URL(url).origin))],
  embedded: sp !== undefined,
  loopback: target.loopback,
  defects: [...defects],
})

/** Scheme, host and port of everything of the SP that the config names. */
export const originsOf = (target: TargetConfig): string[] => {
  const urls = [
    ...(target.saml?.acs ?? []),
    ...(target.saml?.start ?? []).map((template) => template.replace(/\{[a-z]+\}/gi, 'x')),
    target.session?.url === 'acs' ? undefined : target.session?.url,
    target.scim?.baseUrl,
    ...[target.accounts, target.admin].map((port) => (port && 'baseUrl' in port ? port.baseUrl : undefined)),
    target.passwordLogin?.driver === 'http' ? target.passwordLogin.url : undefined,
  ]
  return [...new Set(urls.flatMap((url) => (url !== undefined && URL.canParse(url) ? [new URL(url).origin] : [])))]
}

/**
 * Why the SP cannot be reached; undefined when it answers anything at all, be it an error page. The times that this
 * may take are those of `target.http`.
 */
export const isGone = async ({ target }: Surroundings): Promise<string | undefined> => {
  try {
    await target.newAgent().get(target.address)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
