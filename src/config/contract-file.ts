/** A contract of the user's own: `my-sp.contract.yaml`, read with the same care as idpact.yaml. */
import { z } from 'zod'
import type { Contract } from '../contracts/contract.ts'
import { contracts } from '../contracts/index.ts'
import { buildContract } from '../contracts/own/build.ts'
import { declarationSchema } from '../contracts/own/declaration.ts'
import { configError, problemsOfSchema } from './issues.ts'
import { keysAllowed } from './json-schema.ts'
import { readYaml } from './yaml-source.ts'

/** Whether a contract is named by a file, and not by the name of one that idpact brings. */
export const isContractFile = (name: string): boolean => /\.ya?ml$/i.test(name)

/** The JSON Schema of a contract file, for editors; `schemas/contract.schema.json` is this, held current by a test. */
export const contractJsonSchema = (): Record<string, unknown> => ({
  title: 'my-sp.contract.yaml',
  description: 'What a service provider promises; idpact makes requirements and scenarios of it.',
  ...z.toJSONSchema(declarationSchema, { io: 'input' }),
})

/**
 * Reads a contract of the user's own.
 *
 * @param file path of the file
 * @throws ConfigError with file, line and column of each thing that is wrong, what is allowed there and the nearest name
 * @example (await readContractFile('my-sp.contract.yaml')).requirements.map(({ id }) => id) // ['MY-SP-SAML-01', …]
 */
export const readContractFile = async (file: string): Promise<Contract> => {
  const source = await readYaml(file, {
    missing: 'Name the file of your own contract; docs/your-own-contract.md shows one.',
    empty: 'docs/your-own-contract.md shows a contract.',
  })
  const parsed = declarationSchema.safeParse(source.value)
  if (!parsed.success) {
    const allowed = (path: readonly PropertyKey[], value: unknown) => keysAllowed(contractJsonSchema(), path, value)
    const [first, ...rest] = problemsOfSchema(parsed.error, source, allowed)
    if (first !== undefined) throw configError([first, ...rest])
    throw parsed.error
  }
  const contract = buildContract(parsed.data)
  const taken = contracts.find(({ id }) => id === contract.id)
  if (taken !== undefined)
    throw configError([
      {
        code: 'contract-name-taken',
        where: source.where(['contract']),
        message: `contract must have a name of its own, and idpact brings one that is called ${taken.id}`,
        hint: `Call it my-${taken.id}@1.`,
      },
    ])
  return contract
}
