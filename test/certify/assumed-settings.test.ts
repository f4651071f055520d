import { describe, expect, it } from 'vitest'
import { assumedSettings } from '../../src/certify/plan.ts'
import { cloudinary } from '../../src/contracts/cloudinary/contract.ts'

const target = (declared: Record<string, string>, verbs: readonly string[]) => ({
  loopback: true,
  has: (verb: string) => verbs.includes(verb),
  howToProvide: () => '',
  declared,
  allow: [],
  expect: {},
})

describe('settings that are taken for granted', () => {
  it('are those that nobody stated and nobody can set', () => {
    expect(assumedSettings(cloudinary, target({ enforce: 'off' }, ['admin.metadata', 'admin.saml']))).toEqual({
      provisioning: 'on',
    })
  })

  it('are none where all are stated or can be set', () => {
    const stated = { saml: 'on', provisioning: 'off', enforce: 'off' }
    expect(assumedSettings(cloudinary, target(stated, ['admin.metadata']))).toEqual({})
  })
})
