/** What a run would do at a target, told before anything is done: `certify --plan`. Nothing there is asked or changed. */

import { consents } from '../config/schema.ts'
import { contractName } from '../contracts/index.ts'
import { mayDo } from '../target/consents.ts'
import type { Target, Verb } from '../target/ports.ts'
import { readBefore } from './before.ts'
import { choose } from './choose.ts'
import { planTarget } from './context.ts'
import type { CertifyOptions } from './options.ts'
import { suiteOf } from './own-features.ts'
import { makePlan, type Phase, type Settings, verbOfSetting } from './plan.ts'
import { findSubjects, type Subject } from './subject.ts'
import { loadSuite, type SuiteScenario } from './suite.ts'
import { openSurroundings, type Surroundings } from './surroundings.ts'

export interface Foreseen {
  target: string
  contract: string
  /** Whether everything of it ends with the run. */
  embedded: boolean
  phases: {
    label: string
    scenarios: number
    /** Settings that are set when it begins: `enforce=on`. Empty where nothing can be, or has to be, changed. */
    switches: string[]
  }[]
  /** Whether settings are read before, and put back afterwards. */
  putsBack: boolean
  /** What scenarios do there, and how many of them. */
  effects: { does: string; scenarios: number }[]
  /** What becomes of the accounts and groups that are made. */
  remains: string
  /** Scenarios that are not run, by reason. */
  notRun: { reason: string; scenarios: number }[]
  /** Domain of all addresses. */
  emailDomain: string
}

/**
 * @throws ConfigError and UsageError as `certify` does, but for a production environment: whoever asks what would happen
 *   there may know
 */
export const foresee = async (options: CertifyOptions): Promise<Foreseen[]> => {
  const subjects = await findSubjects(options)
  await readBefore({ ...options, production: true }, subjects)
  const all: Foreseen[] = []
  for (const subject of subjects) all.push(await foreseeOne(options, subject))
  return all
}

const foreseeOne = async (options: CertifyOptions, subject: Subject): Promise<Foreseen> => {
  const location = options.suite ?? (await suiteOf(subject.contract, options.cwd))
  const suite = await loadSuite(location, options.filter.tags)
  const scenarios = choose(suite.scenarios, options.filter, subject.contract)
  return withTarget(options, subject, (around) => {
    const { contract } = subject
    const { target } = around
    const plan = makePlan(scenarios, contract, planTarget(around as Surroundings))
    const run = plan.phases.flatMap((phase) => phase.scenarios)
    const reasons = Map.groupBy(plan.decided, ({ reason }) => reason)
    const { allow } = around.config
    return {
      target: subject.kind === 'embedded' ? 'the embedded reference SP' : target.name,
      contract: contractName(contract),
      embedded: subject.kind === 'embedded',
      phases: plan.phases.map((phase) => ({
        label: phase.label,
        scenarios: phase.scenarios.length,
        switches: switchesOf(phase, target, mayDo(target, allow, 'settings')),
      })),
      putsBack: target.admin !== undefined && mayDo(target, allow, 'settings'),
      effects: effectsOf(run),
      remains: remainsOf(target, subject),
      notRun: [...reasons].map(([reason, own]) => ({ reason, scenarios: own.length })),
      emailDomain: around.config.target.users.emailDomain,
    }
  })
}

type Around = Pick<Surroundings, 'target' | 'config'>

/** A configured target is opened alone: nothing listens, and nothing is sent. */
const withTarget = async <T>(options: CertifyOptions, subject: Subject, use: (around: Around) => T): Promise<T> => {
  if (subject.kind === 'embedded') {
    const around = await openSurroundings({ subject, cwd: options.cwd })
    try {
      return use(around)
    } finally {
      await around.close()
    }
  }
  const { openTarget } = await import('../target/target.ts')
  const target = await openTarget(subject.config.target, {})
  try {
    return use({ target, config: subject.config })
  } finally {
    await target.close()
  }
}

const switchesOf = ({ settings }: Phase, target: Target, mayChange: boolean): string[] =>
  mayChange
    ? pairs(settings)
        .filter(([key]) => target.has(verbOfSetting(key)))
        .map(([key, value]) => `${key}=${value}`)
    : []

const pairs = (settings: Settings): [string, string][] => Object.entries(settings)

/** By the verb that a scenario needs; those that only read are no effect. */
const doing: readonly [verbs: readonly Verb[], does: string][] = [
  [['acs.post'], 'log new people in, and a twin beside each: the service provider may make accounts of them'],
  [['passwordLogin.login'], 'log in with e-mail and password'],
  [['accounts.create'], 'make accounts'],
  [['accounts.update'], 'change accounts that they have made: name, e-mail, role, enabled or not'],
  [['accounts.delete'], 'delete accounts that they have made'],
  [['accounts.manageGroups'], 'make groups, and delete them again'],
  [['scim.call'], 'make, change, deactivate and delete people and groups by SCIM'],
  [['scim.consent'], 'give access by OAuth 2, in the name of an administrator'],
  [['admin.twoFactor'], 'turn two-factor on for an account that they have made'],
  [['groupSync.map', 'groupSync.switch'], 'map asserted groups, and turn Group Sync on'],
  [['ssoSetup.save'], 'save IdP metadata in the settings, or try to'],
  [['tenantB.login'], 'log people in at the second organisation'],
]

const effectsOf = (scenarios: readonly SuiteScenario[]): Foreseen['effects'] =>
  [
    ...doing.map(([verbs, does]) => ({
      does,
      scenarios: scenarios.filter(({ needs }) => verbs.some((verb) => needs.includes(verb))).length,
    })),
    ...Object.entries(consents).map(([consent, does]) => ({
      does,
      scenarios: scenarios.filter(({ tags }) => tags.includes(`@consent:${consent}`)).length,
    })),
  ].filter((effect) => effect.scenarios > 0)

const remainsOf = (target: Target, subject: Subject): string => {
  if (subject.kind === 'embedded') return 'Everything ends with the run.'
  if (target.has('accounts.delete'))
    return 'Accounts and groups are removed at the end of each scenario; `idpact cleanup` removes what is left after a crash.'
  if (target.has('scim.call'))
    return 'Accounts are removed by SCIM where they can be; the others stay, and the report lists them.'
  return 'Accounts that logins make stay, because nothing is given that could delete them; the report lists them.'
}
