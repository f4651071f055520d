import { describe, expect, it } from 'vitest'
import { contracts, findContract } from '../../src/contracts/index.ts'

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`)

/** Every testable sentence of the documents, by number: 224 in all. */
const sentences: Record<string, string[]> = {
  cloudinary: [...numbered('CLD-SAML-', 33), ...numbered('CLD-PROV-', 47), ...numbered('CLD-SCIM-', 74)],
  imagekit: numbered('IK-SSO-', 28),
  cloudsmith: [...numbered('CSM-SSO-', 14), ...numbered('CSM-GRP-', 9), ...numbered('CSM-SCIM-', 19)],
}

describe('the contracts', () => {
  it('have every sentence of the documents, once, and no other', () => {
    expect(contracts.map(({ id }) => id)).toEqual([...Object.keys(sentences), 'saml'])
    for (const { id, requirements } of contracts.filter((one) => one.id !== 'saml'))
      expect(requirements.map((one) => one.id).toSorted(), id).toEqual(sentences[id]?.toSorted())
    expect(Object.values(sentences).flat()).toHaveLength(224)
  })

  it('are tested, or say why not: what is the behaviour of a program is tested', () => {
    for (const { requirements } of contracts)
      for (const { id, kind, notTestedBecause } of requirements)
        expect(notTestedBecause === undefined, id).toBe(kind === 'sp' || kind === 'idp')
  })
})

describe.each(contracts.map(({ id }) => id))('the contract %s', (name) => {
  const contract = findContract(name)

  it('quotes its source, and has a hint for each; what an SP does is falsifiable', () => {
    for (const { source, hint, kind, violation, id } of contract.requirements) {
      expect(source.quote.length, id).toBeGreaterThan(5)
      expect(hint.length, id).toBeGreaterThan(10)
      if (kind === 'sp') expect(violation, id).toBeTruthy()
      if (kind === 'admin' || kind === 'note') expect(violation, id).toBeUndefined()
    }
  })

  it('refers to areas, choices, parameters and roles that there are', () => {
    const areas = contract.areas.map(({ id }) => id)
    for (const { area, expect: knob, id } of contract.requirements) {
      expect(areas, id).toContain(area)
      if (knob !== undefined) expect(contract.expect, id).toHaveProperty([knob])
    }
    for (const { value, name: attribute } of contract.attributes) {
      const parameter = /^\{(.+)\}$/.exec(value)?.[1]
      if (parameter !== undefined) expect(contract.parameters, attribute).toHaveProperty([parameter])
    }
    for (const { values, default: standard } of [
      ...Object.values(contract.expect),
      ...Object.values(contract.settings),
    ])
      expect(values).toContain(standard)
    const { values, default: standard, strongest, ordinary } = contract.roles
    for (const role of [standard, strongest, ordinary]) if (role !== undefined) expect(values).toContain(role)
  })
})
