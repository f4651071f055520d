import { describe, expect, it } from 'vitest'
import type { Requirement } from '../../src/contracts/contract.ts'
import { contractName, contracts, findContract, findRequirement } from '../../src/contracts/index.ts'

const cloudinary = findContract('cloudinary@1')
const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`)

describe('the contract cloudinary@1', () => {
  it('has every requirement, once; those of SAML in order, those of SCIM by area', () => {
    const ids = cloudinary.requirements.map(({ id }) => id)
    expect(ids.slice(0, 80)).toEqual([...numbered('CLD-SAML-', 33), ...numbered('CLD-PROV-', 47)])
    expect(ids.slice(80).toSorted()).toEqual(numbered('CLD-SCIM-', 74))
  })

  it('knows whose behaviour each is about', () => {
    const counts = (area: string) => {
      const inArea = cloudinary.requirements.filter((one) => one.area === area)
      const byKind = Map.groupBy(inArea, ({ kind }: Requirement) => kind)
      return Object.fromEntries([...byKind].map(([kind, list]) => [kind, list.length]))
    }
    expect(counts('saml-sso')).toEqual({ sp: 27, idp: 4, admin: 2 })
    expect(counts('saml-provisioning')).toEqual({ sp: 41, idp: 1, admin: 2, note: 3 })
    const scim = ['connection', 'users', 'groups', 'import', 'directory'].map((area) => counts(`scim-${area}`))
    const total = (kind: string) => scim.reduce((sum, one) => sum + (one[kind] ?? 0), 0)
    expect(['sp', 'idp', 'admin', 'note'].map(total)).toEqual([38, 33, 1, 2])
  })

  it('has the default and the strongest role among the seven', () => {
    expect(cloudinary.roles.values).toHaveLength(7)
    expect(cloudinary.roles.values).toContain(cloudinary.roles.default)
    expect(cloudinary.roles.values).toContain(cloudinary.roles.strongest)
  })
})

describe('the registry', () => {
  it('finds a contract with and without its version, and says which there are', () => {
    expect(findContract('cloudinary')).toBe(cloudinary)
    expect(contracts.map(contractName)).toContain('cloudinary@1')
    expect(() => findContract('cloudinery@1')).toThrow('There is no contract "cloudinery@1"')
  })

  it('finds a requirement by its id', () => {
    expect(findRequirement('CLD-PROV-12')?.statement).toContain('media_library_user')
    expect(findRequirement('CLD-PROV-99')).toBeUndefined()
  })
})
