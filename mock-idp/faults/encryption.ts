/** Encrypted Assertions: ENC-1 to ENC-6. Anybody can encrypt for the SP, so what is decrypted must itself be verified. */
import { createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import { encryptAssertion } from '../saml/encryption.ts'
import type { DataAlgorithm, EncryptionPlan, KeyAlgorithm } from '../saml/encryption-plan.ts'
import { renderResponse } from '../saml/render.ts'
import type { SigningPlan } from '../saml/signing-plan.ts'
import { addresseeFaults } from './correlation/addressees.ts'
import { timeFaults } from './correlation/time.ts'
import { nothingToSpoil } from './edit.ts'
import { type Fault, type FaultBase, signingFault, type TamperContext, tamperFault } from './fault.ts'
import { forged, identityOf, identityParameter, inTheNameOf } from './forge.ts'
import { assemble, partsOf, withoutSignature } from './text/parts.ts'
import { draftFor } from './text/signed-again.ts'

type Case = Pick<FaultBase, 'id' | 'title' | 'requirement' | 'severity' | 'basis'> & Partial<FaultBase>

/** Changes how, or what, is encrypted. */
const encrypting = (
  value: Case,
  change: (foreignKey: KeyObject, identity: string) => Partial<EncryptionPlan>,
  plan: Partial<Pick<SigningPlan, 'signAssertion' | 'signResponse'>> = {},
): Fault =>
  signingFault({
    expect: 'reject',
    encrypted: true,
    ...value,
    apply: (own, { foreignKey }, params) => {
      const { encrypt } = own
      if (encrypt === undefined) throw nothingToSpoil(value.id, 'an encrypted Assertion', [])
      const identity = value.parameters === undefined ? '' : identityOf(params)
      return { ...own, ...plan, encrypt: { ...encrypt, ...change(createPublicKey(foreignKey.privateKey), identity) } }
    },
  })

const unsignedInside = ['SAML Core 6.2', 'IIP-SP13']
const unsigned = [
  encrypting(
    {
      id: 'encrypted-unsigned',
      title: 'The encrypted Assertion is forged and not signed, and neither is the Response',
      requirement: 'SAML-ENC-01',
      severity: 'critical',
      basis: unsignedInside,
      parameters: identityParameter,
    },
    (_foreign, identity) => ({ plaintext: (assertion) => inTheNameOf(withoutSignature(assertion), identity) }),
    { signAssertion: false, signResponse: false },
  ),
  encrypting(
    {
      id: 'encrypted-tampered',
      title: 'The encrypted Assertion was changed after it was signed',
      requirement: 'SAML-ENC-01',
      severity: 'critical',
      basis: unsignedInside,
      parameters: identityParameter,
    },
    (_foreign, identity) => ({ plaintext: (assertion) => inTheNameOf(assertion, identity) }),
    { signAssertion: true, signResponse: false },
  ),
]

/** What a plain Assertion is refused for, an encrypted one is too. */
const again = (of: string): Fault => {
  const plain = [...addresseeFaults, ...timeFaults].find(({ id }) => id === of) as Fault
  return {
    ...plain,
    id: `encrypted-${of}`,
    title: `${plain.title}, and it is encrypted`,
    requirement: 'SAML-ENC-02',
    basis: [...plain.basis, 'GHSA-mfcp-34xw-p57x'],
    encrypted: true,
  }
}

const unreadable: Pick<Case, 'requirement' | 'severity' | 'basis'> = {
  requirement: 'SAML-ENC-03',
  severity: 'high',
  basis: ['XML Encryption 6.1', 'CWE-209'],
}
const unreadables = [
  encrypting(
    {
      ...unreadable,
      id: 'encrypted-for-another-key',
      title: 'The Assertion is encrypted for the key of somebody else',
    },
    (publicKey) => ({ publicKey }),
  ),
  encrypting({ ...unreadable, id: 'ciphertext-garbage', title: 'The encrypted Assertion is random bytes' }, () => ({
    spoil: (bytes) => randomBytes(bytes.length),
  })),
  encrypting(
    { ...unreadable, id: 'ciphertext-spoilt', title: 'The last byte of the encrypted Assertion is another' },
    () => ({
      spoil: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]),
    }),
  ),
  encrypting({ ...unreadable, id: 'ciphertext-cut-off', title: 'The encrypted Assertion is cut off' }, () => ({
    spoil: (bytes) => bytes.subarray(0, 32),
  })),
  encrypting({ ...unreadable, id: 'ciphertext-of-nothing', title: 'The encrypted Assertion is no XML' }, () => ({
    plaintext: () => 'nothing to see',
  })),
]

const policy = (
  id: string,
  title: string,
  knob: string,
  change: { dataAlgorithm?: DataAlgorithm; keyAlgorithm?: KeyAlgorithm },
): Fault =>
  encrypting(
    {
      id,
      title,
      requirement: 'SAML-ENC-04',
      severity: 'medium',
      expect: 'by-policy',
      knob,
      basis: ['IIP-ALG08', 'SDP-ALG01'],
    },
    () => change,
  )

const policies = [
  policy('encrypted-key-by-rsa-1-5', 'The key is encrypted by RSA with PKCS #1 1.5', 'saml.rsa15', {
    keyAlgorithm: 'rsa-1_5',
  }),
  policy('encrypted-by-aes128-cbc', 'The Assertion is encrypted by AES-128 in CBC mode', 'saml.aesCbc', {
    dataAlgorithm: 'aes128-cbc',
  }),
  policy('encrypted-by-aes256-cbc', 'The Assertion is encrypted by AES-256 in CBC mode', 'saml.aesCbc', {
    dataAlgorithm: 'aes256-cbc',
  }),
]

/** An Assertion of somebody else that is not signed, in the clear. */
const plainForgery = async ({ draft, plan, style }: TamperContext['message'], identity: string): Promise<string> => {
  const xml = await renderResponse(
    draftFor(draft, identity),
    { ...plan, encrypt: undefined, signAssertion: false, signResponse: false },
    style,
  )
  return forged(partsOf(xml).assertions[0] ?? '', identity)
}

const beside = (id: string, title: string, order: 'forged-first' | 'genuine-first', isEncrypted: boolean): Fault =>
  tamperFault({
    id: `${id}/${order}`,
    title: `${title}: the ${order === 'forged-first' ? 'forged' : 'signed'} one comes first`,
    requirement: 'SAML-ENC-05',
    severity: 'critical',
    expect: 'reject-or-true-identity',
    encrypted: true,
    signed: 'assertion',
    basis: ['CVE-2024-9487', 'SAML Core 2.3.4'],
    parameters: identityParameter,
    apply: async (xml, { message }, params) => {
      const { encrypt } = message.plan
      if (encrypt === undefined) throw nothingToSpoil(id, 'an encrypted Assertion', [])
      const parts = partsOf(xml)
      const evil = await plainForgery(message, identityOf(params))
      const other = isEncrypted ? encryptAssertion(evil, encrypt, message.style.prefixes) : evil
      return assemble({
        ...parts,
        assertions: order === 'forged-first' ? [other, ...parts.assertions] : [...parts.assertions, other],
      })
    },
  })

const besides = (['forged-first', 'genuine-first'] as const).flatMap((order) => [
  beside('encrypted-beside-plain', 'A plain forged Assertion stands beside the encrypted one', order, false),
  beside('two-encrypted', 'There are two encrypted Assertions, a forged one and the signed one', order, true),
])

const inside = (id: string, title: string, plaintext: (assertion: string, identity: string) => string): Fault =>
  encrypting(
    {
      id: `encrypted-${id}`,
      title,
      requirement: 'SAML-ENC-06',
      severity: 'high',
      expect: 'reject-or-true-identity',
      signed: 'assertion',
      basis: ['SAML Core 2.3.4'],
      parameters: identityParameter,
    },
    (_foreign, identity) => ({ plaintext: (assertion) => plaintext(assertion, identity) }),
  )

const insides = [
  inside(
    'two-assertions',
    'What is encrypted is a forged Assertion and the signed one',
    (assertion, identity) => forged(assertion, identity) + assertion,
  ),
  inside(
    'assertion-then-forged',
    'What is encrypted is the signed Assertion and a forged one',
    (assertion, identity) => assertion + forged(assertion, identity),
  ),
  inside(
    'response',
    'What is encrypted is a Response with a forged Assertion in it',
    (assertion, identity) =>
      `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_inner" Version="2.0">${forged(assertion, identity)}</samlp:Response>`,
  ),
  inside(
    'wrapped-assertion',
    'What is encrypted is an element of nobody with a forged Assertion and the signed one in it',
    (assertion, identity) => `<wrapper>${forged(assertion, identity)}${assertion}</wrapper>`,
  ),
]

/** The twin is encrypted by AES-256. */
const aes128 = encrypting(
  {
    id: 'encrypted-aes128-gcm',
    title: 'The Assertion is encrypted by AES-128 in GCM mode, its key by RSA-OAEP',
    requirement: 'SAML-ACC-12',
    severity: 'medium',
    expect: 'accept',
    basis: ['IIP-SP08', 'SDP-SP10', 'SDP-ALG01'],
  },
  () => ({ dataAlgorithm: 'aes128-gcm' }),
)

export const encryptionFaults: readonly Fault[] = [
  ...unsigned,
  again('expired'),
  again('confirmation-expired'),
  again('wrong-audience'),
  again('wrong-recipient'),
  ...unreadables,
  ...policies,
  ...besides,
  ...insides,
  aes128,
]
