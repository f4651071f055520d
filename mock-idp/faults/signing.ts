import type { SignatureAlgorithm, SigningKey } from '../saml/signing-plan.ts'
import { fault } from './fault.ts'

export const unsigned = fault({
  id: 'unsigned',
  title: 'There is no Signature, on the Response nor on the Assertion',
  stage: 'signing',
  severity: 'critical',
  expect: 'reject',
  basis: ['SAML Profiles 4.1.4.5', 'SAML Core 5.1'],
  apply: (plan) => ({ ...plan, signResponse: false, signAssertion: false }),
})

/** The foreign key may be of another type than ours: the hash stays, the family is the key's. */
const algorithmFor = (key: SigningKey, wanted: SignatureAlgorithm): SignatureAlgorithm => {
  const hash = wanted.split('-')[1]
  if (key.privateKey.asymmetricKeyType !== 'ec') return `rsa-${hash}` as SignatureAlgorithm
  return hash === 'sha1' ? 'ecdsa-sha256' : (`ecdsa-${hash}` as SignatureAlgorithm)
}

export const wrongKey = fault({
  id: 'wrong-key',
  title: 'It is signed with a key that the service provider was never given, and KeyInfo carries its certificate',
  stage: 'signing',
  severity: 'critical',
  expect: 'reject',
  basis: ['SAML Core 5.4.5', 'XMLDSig 8.2'],
  apply: (plan, { foreignKey }) => ({
    ...plan,
    key: foreignKey,
    signatureAlgorithm: algorithmFor(foreignKey, plan.signatureAlgorithm),
  }),
})

export const signingFaults = [unsigned, wrongKey] as const
