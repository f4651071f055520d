/** What idpact.yaml says of `settings`, `expect`, `parameters` and roles, held against what the contract declares. */

import type { z } from 'zod'
import type { Contract } from '../contracts/contract.ts'
import type { Problem } from './environment.ts'
import { nearest } from './nearest.ts'
import type { configSchema } from './schema.ts'
import { type Path, valueAt, type YamlSource } from './yaml-source.ts'

type Config = z.output<typeof configSchema>

const guess = (found: string, known: readonly string[]): string => {
  const near = nearest(found, known)
  return near === undefined ? '' : `; did you mean ${near}?`
}

/** What stands in the file, so that no value of the environment is shown. */
const written = (source: YamlSource, path: Path): string => String(valueAt(source.value, path))

interface Declared {
  values: readonly string[]
}

const choices = (
  section: Path,
  given: Readonly<Record<string, string>>,
  declared: Readonly<Record<string, Declared>>,
  id: string,
  source: YamlSource,
): Problem[] =>
  Object.entries(given).flatMap(([key, value]): Problem[] => {
    const known = declared[key]
    const names = Object.keys(declared)
    const path = [...section, key]
    if (known === undefined || !Object.hasOwn(declared, key))
      return [
        {
          code: 'unknown-key',
          where: source.whereKey(section, key),
          message: `${path.join('.')} is unknown to ${id}${guess(key, names)}`,
          hint: `${id} knows: ${names.join(', ') || 'none'}.`,
        },
      ]
    if (known.values.includes(value)) return []
    const message = `${path.join('.')} must be one of ${known.values.join(', ')}, and is ${written(source, path)}${guess(value, known.values)}`
    return [{ code: 'unknown-value', where: source.where(path), message }]
  })

const parameterProblems = (config: Config, contract: Contract, id: string, source: YamlSource): Problem[] => {
  const names = Object.keys(contract.parameters)
  const unknown = Object.keys(config.parameters)
    .filter((key) => !Object.hasOwn(contract.parameters, key))
    .map((key) => ({
      code: 'unknown-key',
      where: source.whereKey(['parameters'], key),
      message: `parameters.${key} is unknown to ${id}${guess(key, names)}`,
      hint: `${id} asks for: ${names.join(', ') || 'none'}.`,
    }))
  const wrong = Object.entries(contract.parameters).flatMap(([key, parameter]): Problem[] => {
    const value = config.parameters[key]
    const where = source.where(['parameters', key])
    if (value === undefined && parameter.required)
      return [
        { code: 'missing-key', where, message: `parameters.${key} is missing: ${id} asks for it (${parameter.title})` },
      ]
    if (Array.isArray(value) && parameter.type === 'string')
      return [{ code: 'wrong-type', where, message: `parameters.${key} must be text, and is a list` }]
    const entries = value === undefined ? [] : [value].flat()
    if (entries.includes(''))
      return [{ code: 'empty', where, message: `parameters.${key} must not be empty (${parameter.title})` }]
    const least = parameter.least ?? 0
    if (value !== undefined && entries.length < least)
      return [
        {
          code: 'too-few',
          where,
          message: `parameters.${key} must have at least ${least} entries, and has ${entries.length} (${parameter.title})`,
        },
      ]
    return []
  })
  return [...unknown, ...wrong]
}

/** Everything in the file that the contract does not know, or asks for in vain. */
export const problemsWithContract = (config: Config, contract: Contract, source: YamlSource): Problem[] => {
  const id = `${contract.id}@${contract.version}`
  const roles = contract.roles.values
  return [
    ...choices(['target', 'settings'], config.target.settings, contract.settings, id, source),
    ...choices(['expect'], config.expect, contract.expect, id, source),
    ...parameterProblems(config, contract, id, source),
    ...config.target.users.fixtures.flatMap(({ role }, index): Problem[] => {
      if (roles.includes(role)) return []
      const path = ['target', 'users', 'fixtures', index, 'role']
      const message = `${path.join('.')} must be one of ${roles.join(', ')}, and is ${written(source, path)}${guess(role, roles)}`
      return [{ code: 'unknown-value', where: source.where(path), message }]
    }),
  ]
}

/** The declared parameters, a single text as a list where the contract asks for a list. */
export const parametersFor = (config: Config, contract: Contract): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(config.parameters).map(([key, value]) => [
      key,
      contract.parameters[key]?.type === 'string[]' && typeof value === 'string' ? [value] : value,
    ]),
  )

/** Every knob of the contract: as declared, else its default. */
export const expectFor = (config: Config, contract: Contract): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(contract.expect).map(([key, knob]) => [key, knob.default])),
  ...config.expect,
})
