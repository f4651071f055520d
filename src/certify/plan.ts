/**
 * From "what could be run" to "what is run, in which order, and why not the rest". Pure: everything that it decides on is
 * handed in, so the same suite, target and filter always give the same plan.
 */
import type { Contract, Setting } from '../contracts/contract.ts'
import { type Verb, verbs } from '../target/ports.ts'
import type { SuiteScenario } from './suite.ts'

/** Every setting of the contract, with its value. */
export type Settings = Readonly<Record<string, string>>

/** What the plan wants to know of a target. */
export interface PlanTarget {
  loopback: boolean
  has(verb: Verb): boolean
  howToProvide(verb: Verb): string
  /** How it is set where idpact cannot set it (`target.settings`). */
  declared: Settings
  /** What the user agreed to (`allow`). */
  allow: readonly string[]
  /** What it declares where the documentation leaves a choice, every knob of the contract. */
  expect: Settings
}

export interface Phase {
  settings: Settings
  /** What differs from the contract's defaults: `enforce=on`; `defaults` when nothing does. */
  label: string
  scenarios: readonly SuiteScenario[]
}

/** A scenario that is not run, because its outcome is clear before. */
export interface Decided {
  scenario: SuiteScenario
  outcome: 'not-observable' | 'not-applicable'
  reason: string
  /** What is missing: verbs, `enforce=on`, `consent admin-accounts`. */
  needs: readonly string[]
  /** What to do to get it. */
  how: string
}

export interface Plan {
  phases: readonly Phase[]
  decided: readonly Decided[]
}

/**
 * Sorts scenarios into phases, and out of them.
 *
 * @example makePlan(suite.scenarios, cloudinary, target).phases.map(({ label }) => label) // ['defaults', 'enforce=on']
 */
export const makePlan = (scenarios: readonly SuiteScenario[], contract: Contract, target: PlanTarget): Plan => {
  const decided = scenarios.flatMap((scenario) => decide(scenario, contract, target) ?? [])
  const out = new Set(decided.map(({ scenario }) => scenario))
  const byLabel = Map.groupBy(
    scenarios.filter((scenario) => !out.has(scenario)),
    (scenario) => phaseLabel(settingsOf(scenario, contract), contract),
  )
  const phases = [...byLabel].map(([label, members]) => ({
    label,
    scenarios: members,
    settings: members[0] === undefined ? {} : settingsOf(members[0], contract),
  }))
  return { phases: inOrder(phases, standing(contract, target)), decided }
}

const valuesOf = (scenario: Pick<SuiteScenario, 'tags'>, prefix: string): string[] =>
  scenario.tags.filter((tag) => tag.startsWith(`@${prefix}:`)).map((tag) => tag.slice(prefix.length + 2))

const pair = (text: string): [string, string] => {
  const at = text.indexOf('=')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** The ids of the requirements that a scenario tests. */
export const requirementsOf = (scenario: { tags: readonly string[] }, contract: Contract): string[] => {
  const ids = new Set(contract.requirements.map(({ id }) => id))
  return scenario.tags.map((tag) => tag.slice(1)).filter((id) => ids.has(id))
}

const defaultsOf = (contract: Contract): Settings => mapValues(contract.settings, (setting) => setting.default)

const mapValues = <T>(record: Readonly<Record<string, T>>, value: (member: T) => string): Settings =>
  Object.fromEntries(Object.entries(record).map(([key, member]) => [key, value(member)]))

/** The settings that a scenario needs: those that it names, the contract's defaults for the rest. */
export const settingsOf = (scenario: Pick<SuiteScenario, 'tags'>, contract: Contract): Settings => ({
  ...defaultsOf(contract),
  ...Object.fromEntries(
    valuesOf(scenario, 'settings')
      .flatMap((list) => list.split(','))
      .map(pair),
  ),
})

/** How the SP is set before anything is changed, as far as it is known. */
const standing = (contract: Contract, target: PlanTarget): Settings => ({ ...defaultsOf(contract), ...target.declared })

const phaseLabel = (settings: Settings, contract: Contract): string => {
  const changed = Object.entries(settings).filter(([key, value]) => contract.settings[key]?.default !== value)
  return changed.length === 0 ? 'defaults' : changed.map(([key, value]) => `${key}=${value}`).join(' ')
}

const decide = (scenario: SuiteScenario, contract: Contract, target: PlanTarget): Decided | undefined =>
  notApplicable(scenario, target) ?? notObservable(scenario, contract, target)

const notApplicable = (scenario: SuiteScenario, target: PlanTarget): Decided | undefined => {
  const other = valuesOf(scenario, 'expect')
    .map(pair)
    .find(([knob, value]) => !value.split('|').includes(target.expect[knob] ?? ''))
  if (other === undefined) return undefined
  const [knob, value] = other
  const declared = target.expect[knob] ?? 'unchecked'
  return {
    scenario,
    outcome: 'not-applicable',
    reason: `It is about targets that declare ${knob}: ${value}; this one declares ${declared}.`,
    needs: [`expect ${knob}=${value}`],
    how: `If the service provider means to do that, write "expect: { ${knob}: ${value} }" into idpact.yaml.`,
  }
}

interface Lack {
  need: string
  what: string
  how: string
}

const notObservable = (scenario: SuiteScenario, contract: Contract, target: PlanTarget): Decided | undefined => {
  const lacks = [
    ...missingVerbs(scenario, target),
    ...missingSettings(scenario, contract, target),
    ...missingConsents(scenario, target),
  ]
  if (lacks.length === 0) return undefined
  return {
    scenario,
    outcome: 'not-observable',
    reason: `Missing: ${lacks.map(({ what }) => what).join('; ')}.`,
    needs: lacks.map(({ need }) => need),
    how: [...new Set(lacks.map(({ how }) => how))].join(' '),
  }
}

const missingVerbs = (scenario: SuiteScenario, target: PlanTarget): Lack[] =>
  scenario.needs
    .filter((verb) => !target.has(verb))
    .map((verb) => ({ need: verb, what: verbs[verb], how: target.howToProvide(verb) }))

/** The verb that changes a setting. Which IdP is trusted is a matter of the metadata. */
export const verbOfSetting = (key: string): Verb =>
  `admin.${key}` in verbs ? (`admin.${key}` as Verb) : 'admin.metadata'

const concerns = (setting: Setting | undefined, target: PlanTarget): boolean =>
  setting?.of === undefined || target.has(setting.of as Verb)

/** What the plan takes for granted: settings that are not stated, and that idpact cannot set. */
export const assumedSettings = (contract: Contract, target: PlanTarget): Settings =>
  Object.fromEntries(
    Object.entries(defaultsOf(contract)).filter(
      ([key]) =>
        target.declared[key] === undefined &&
        !target.has(verbOfSetting(key)) &&
        concerns(contract.settings[key], target),
    ),
  )

const missingSettings = (scenario: SuiteScenario, contract: Contract, target: PlanTarget): Lack[] => {
  const now = standing(contract, target)
  return Object.entries(settingsOf(scenario, contract)).flatMap(([key, value]): Lack[] => {
    const setting = contract.settings[key]
    if (setting === undefined || !setting.values.includes(value)) return [unknownSetting(key, value, contract)]
    const verb = verbOfSetting(key)
    if (target.has(verb)) return now[key] === value || mayChange(target) ? [] : [noConsent('settings')]
    return now[key] === value ? [] : [cannotSet(key, value, setting, target.howToProvide(verb))]
  })
}

const mayChange = (target: PlanTarget): boolean => target.loopback || target.allow.includes('settings')

const unknownSetting = (key: string, value: string, contract: Contract): Lack => ({
  need: `${key}=${value}`,
  what: `the setting ${key}=${value}, which the contract does not have`,
  how: `Mend the tag; the contract's settings are ${Object.entries(contract.settings)
    .map(([name, { values }]) => `${name} (${values.join(', ')})`)
    .join(', ')}.`,
})

const cannotSet = (key: string, value: string, setting: Setting, howToProvide: string): Lack => ({
  need: `${key}=${value}`,
  what: `"${setting.title}" set to ${value}`,
  how: `${howToProvide} Or set it by hand, say so with "target: { settings: { ${key}: ${value} } }" in idpact.yaml, and run again.`,
})

const noConsent = (consent: string): Lack => ({
  need: `consent ${consent}`,
  what: `your consent to ${consent === 'settings' ? 'changing settings of the service provider' : consent}`,
  how: `Write "allow: [${consent}]" into idpact.yaml.`,
})

const missingConsents = (scenario: SuiteScenario, target: PlanTarget): Lack[] =>
  target.loopback
    ? []
    : valuesOf(scenario, 'consent')
        .filter((consent) => !target.allow.includes(consent))
        .map(noConsent)

/** Always the phase next that is fewest changes away; at first from how the SP is set before the run. */
const inOrder = (phases: readonly Phase[], start: Settings): Phase[] => {
  const rest = [...phases]
  const ordered: Phase[] = []
  for (let here = start; rest.length > 0; here = ordered.at(-1)?.settings ?? here) {
    const nearest = rest.reduce((best, phase) => (changes(here, phase) < changes(here, best) ? phase : best))
    ordered.push(...rest.splice(rest.indexOf(nearest), 1))
  }
  return ordered
}

const changes = (from: Settings, { settings }: Phase): number =>
  Object.entries(settings).filter(([key, value]) => from[key] !== value).length
