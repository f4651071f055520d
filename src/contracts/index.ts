import { UsageError } from '../core/errors.ts'
import { cloudinary } from './cloudinary/contract.ts'
import { cloudsmith } from './cloudsmith/contract.ts'
import type { Contract, Requirement } from './contract.ts'
import { imagekit } from './imagekit/contract.ts'
import { buildContract } from './own/build.ts'
import { declarationSchema } from './own/declaration.ts'
import { saml } from './saml/contract.ts'

/** Every contract that idpact brings. A new one is one entry here. */
export const contracts: readonly Contract[] = [cloudinary, imagekit, cloudsmith, saml]

/** `cloudinary@1`. */
export const contractName = (contract: { id: string; version: number }): string => `${contract.id}@${contract.version}`

/**
 * The contract with this name and version; without a version, the newest.
 *
 * @throws UsageError when there is none, with the names that exist
 * @example findContract('cloudinary@1')
 */
export const findContract = (name: string): Contract => {
  const found = contracts
    .filter((contract) => contractName(contract) === name || contract.id === name)
    .toSorted((a, b) => b.version - a.version)[0]
  if (found) return found
  const known = contracts.map(contractName).join(', ')
  throw new UsageError(`There is no contract "${name}".`, { code: 'unknown-contract', hint: `Known: ${known}.` })
}

/** How a contract is named where its data is not at hand: by name, and with what it was built from if it is a user's own. */
export type ContractRef = Pick<Contract, 'id' | 'version' | 'declared'>

/** The contract that is meant; one of the user's own is built again. */
export const contractOf = (ref: ContractRef): Contract =>
  ref.declared === undefined ? findContract(contractName(ref)) : buildContract(declarationSchema.parse(ref.declared))

/** The requirement with this id, in whichever contract it is. */
export const findRequirement = (id: string): Requirement | undefined =>
  contracts.flatMap((contract) => contract.requirements).find((requirement) => requirement.id === id)
