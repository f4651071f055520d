/** The filters of the command line: which scenarios of a suite are meant. */
import type { Contract } from '../contracts/contract.ts'
import { UsageError } from '../core/errors.ts'
import { requirementsOf } from './plan.ts'
import type { SuiteScenario } from './suite.ts'

export interface Filter {
  /** Tag expression, as cucumber has it. */
  tags?: string | undefined
  /** Ids of requirements. */
  requirements: readonly string[]
  /** Names of scenarios, parts of names, or `file:line`. */
  scenarios: readonly string[]
  /** Only a part of what the others leave, for machines that share the work. */
  shard?: Shard | undefined
}

/** `2/4`: the second of four parts. */
export interface Shard {
  part: number
  of: number
}

export const isFiltered = ({ tags, requirements, scenarios, shard }: Filter): boolean =>
  tags !== undefined || requirements.length > 0 || scenarios.length > 0 || shard !== undefined

/**
 * Narrows scenarios down; what `--tags` chooses is left out already, by cucumber itself. Several values of one option mean
 * any of them, several options mean all of them.
 *
 * @throws UsageError for a requirement or a scenario that does not exist, and when nothing is left
 */
export const choose = (all: readonly SuiteScenario[], filter: Filter, contract: Contract): SuiteScenario[] => {
  for (const id of filter.requirements) mustExist(id, all, contract)
  for (const wanted of filter.scenarios)
    if (!all.some((scenario) => isMeant(scenario, wanted)))
      throw new UsageError(`No scenario is called, or stands at, "${wanted}".`, {
        code: 'unknown-scenario',
        hint: 'Give a name, a part of it, or file:line; `idpact requirements` lists them.',
      })
  const chosen = all.filter(
    (scenario) =>
      (filter.requirements.length === 0 ||
        requirementsOf(scenario, contract).some((id) => filter.requirements.includes(id))) &&
      (filter.scenarios.length === 0 || filter.scenarios.some((wanted) => isMeant(scenario, wanted))),
  )
  const own = ofShard(chosen, filter.shard)
  if (own.length === 0)
    throw new UsageError('The filters leave no scenario to run.', {
      code: 'nothing-chosen',
      hint: `${filter.tags === undefined ? '' : `--tags ${filter.tags}: `}\`idpact requirements\` lists what there is.`,
    })
  return own
}

/** Every so-many-th, so that what is slow in one feature file is spread over the machines; the same on each of them. */
const ofShard = (chosen: readonly SuiteScenario[], shard: Shard | undefined): SuiteScenario[] =>
  chosen.filter((_, index) => shard === undefined || index % shard.of === shard.part - 1)

const mustExist = (id: string, all: readonly SuiteScenario[], contract: Contract): void => {
  const requirement = contract.requirements.find((known) => known.id === id)
  if (requirement === undefined)
    throw new UsageError(`There is no requirement "${id}" in ${contract.id}@${contract.version}.`, {
      code: 'unknown-requirement',
      hint: `They are called like ${contract.requirements[0]?.id ?? 'ABC-01'}; \`idpact requirements\` lists them.`,
    })
  if (!all.some((scenario) => scenario.tags.includes(`@${id}`)))
    throw new UsageError(`No scenario tests ${id}.`, {
      code: 'untested-requirement',
      hint: requirement.notTestedBecause ?? 'Another filter leaves its scenarios out.',
    })
}

/** `roles.feature:42`, a name, or a part of a name; the case of letters does not matter. */
const isMeant = (scenario: SuiteScenario, wanted: string): boolean => {
  const place = /^(.*\.feature):(\d+)$/.exec(wanted)
  if (place === null) return scenario.name.toLowerCase().includes(wanted.toLowerCase())
  const [, file = '', line] = place
  return `/${scenario.uri}`.endsWith(`/${file.replace(/^\.?\//, '')}`) && scenario.lines.includes(Number(line))
}
