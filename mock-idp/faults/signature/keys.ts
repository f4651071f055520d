/** Who signed, and with which key: SIG-01 to SIG-09. */
import { createPublicKey } from 'node:crypto'
import { lookalikeCertificate } from '../../../src/core/certificate.ts'
import type { SignatureAlgorithm, SigningKey, SigningPlan } from '../../saml/signing-plan.ts'
import { nothingToSpoil } from '../edit.ts'
import { type Fault, signingFault, tamperFault } from '../fault.ts'
import { identityOf, identityParameter, inTheNameOf } from '../forge.ts'
import { first, outer, replaced } from '../text/nodes.ts'
import { makerOf, signatureXml, usualRecipe, x509KeyInfo } from '../text/signature-xml.ts'
import { signedFor } from '../text/signed-again.ts'

const signing = { severity: 'critical', expect: 'reject' } as const

export const unsigned = signingFault({
  ...signing,
  id: 'unsigned',
  title: 'There is no Signature, on the Response nor on the Assertion',
  basis: ['SAML Profiles 4.1.4.5', 'SAML Core 5.1'],
  requirement: 'SAML-SIG-01',
  apply: (plan) => ({ ...plan, signResponse: false, signAssertion: false }),
})

/** The foreign key may be of another type than ours: the hash stays, the family is the key's. */
const algorithmFor = (key: SigningKey, wanted: SignatureAlgorithm): SignatureAlgorithm => {
  const hash = wanted.split('-')[1]
  if (key.privateKey.asymmetricKeyType !== 'ec') return `rsa-${hash}` as SignatureAlgorithm
  return hash === 'sha1' ? 'ecdsa-sha256' : (`ecdsa-${hash}` as SignatureAlgorithm)
}

const signedBy = (plan: SigningPlan, key: SigningKey): SigningPlan => ({
  ...plan,
  key,
  signatureAlgorithm: algorithmFor(key, plan.signatureAlgorithm),
})

const byUnknownKey = signingFault({
  ...signing,
  id: 'wrong-key-without-key-info',
  title: 'It is signed with a key that the service provider was never given, and there is no KeyInfo',
  basis: ['SAML Core 5.4.5'],
  requirement: 'SAML-SIG-03',
  apply: (plan, { foreignKey }) => ({ ...signedBy(plan, foreignKey), includeKeyInfo: false }),
})

export const wrongKey = signingFault({
  ...signing,
  id: 'wrong-key',
  title: 'It is signed with a key that the service provider was never given, and KeyInfo carries its certificate',
  basis: ['SAML Core 5.4.5', 'XMLDSig 8.2', 'CVE-2024-32962'],
  requirement: 'SAML-SIG-04',
  apply: (plan, { foreignKey }) => signedBy(plan, foreignKey),
})

const underTrustedCertificate = signingFault({
  ...signing,
  id: 'wrong-key-under-trusted-certificate',
  title: 'It is signed with an unknown key, and KeyInfo carries the certificate of the trusted one',
  basis: ['SAML Core 5.4.5'],
  requirement: 'SAML-SIG-05',
  apply: (plan, { foreignKey }) => signedBy(plan, { ...foreignKey, certificateBase64: plan.key.certificateBase64 }),
})

const clonedCertificate = signingFault({
  ...signing,
  id: 'wrong-key-in-cloned-certificate',
  title:
    'It is signed with an unknown key, in a certificate that has the names and the serial number of the trusted one',
  severity: 'high',
  basis: ['SAML Core 5.4.5', 'XMLDSig 4.4.4'],
  requirement: 'SAML-SIG-06',
  apply: (plan, { foreignKey }) => {
    const clone = lookalikeCertificate({
      like: Buffer.from(plan.key.certificateBase64, 'base64'),
      privateKey: foreignKey.privateKey,
      publicKey: createPublicKey(foreignKey.privateKey),
    })
    return signedBy(plan, { ...foreignKey, certificateBase64: clone.toString('base64') })
  },
})

export const assertionSignatureStripped = signingFault({
  id: 'assertion-signature-stripped',
  title: 'The Response is signed, and the Assertion in it is not',
  severity: 'critical',
  expect: 'by-policy',
  knob: 'saml.unsignedAssertion',
  signed: 'both',
  basis: ['SAML Metadata 2.4.4', 'SAML Profiles 4.1.4.5'],
  requirement: 'SAML-SIG-07',
  apply: (plan) => ({ ...plan, signAssertion: false }),
})

export const responseSignatureStripped = signingFault({
  id: 'response-signature-stripped',
  title: 'The Assertion is signed, and the Response around it is not',
  severity: 'high',
  expect: 'by-policy',
  knob: 'saml.unsignedResponse',
  signed: 'both',
  basis: ['IIP-SP13', 'SDP-IDP09'],
  requirement: 'SAML-SIG-08',
  apply: (plan) => ({ ...plan, signResponse: false }),
})

/** The base64 of a signature with one bit turned over. */
export const spoiltBase64 = (base64: string): string => {
  const bytes = Buffer.from(base64.replace(/\s/g, ''), 'base64')
  bytes[20] = (bytes[20] ?? 0) ^ 1
  return bytes.toString('base64')
}

/** The Response's Signature covers the Assertion's, so the broken one must be there before the Response is signed. */
const badAssertionSignature = signingFault({
  ...signing,
  id: 'bad-assertion-signature-in-signed-response',
  title: 'The Response is well signed, and the Signature of the Assertion in it is broken',
  signed: 'both',
  basis: ['SAML Profiles 4.1.4.3'],
  requirement: 'SAML-SIG-09',
  apply: (plan) => ({
    ...plan,
    makeSignature: async (toSign, used) => {
      const written = await signatureXml(usualRecipe(toSign, used))
      const isAssertion = /^<(?:[\w-]+:)?Assertion\b/.test(toSign.element)
      const value = first(written, 'SignatureValue')
      return isAssertion ? spoilValue(written, value) : written
    },
  }),
})

const spoilValue = (xml: string, node: ReturnType<typeof first>): string =>
  xml.slice(0, node.openEnd) + spoiltBase64(xml.slice(node.openEnd, node.closeStart)) + xml.slice(node.closeStart)

const badResponseSignature = tamperFault({
  id: 'bad-response-signature-around-signed-assertion',
  title: 'The Assertion is well signed, and the Signature of the Response around it is broken',
  severity: 'critical',
  expect: 'reject',
  signed: 'both',
  basis: ['SAML Profiles 4.1.4.3'],
  requirement: 'SAML-SIG-09',
  // The first Signature of the document is the Response's.
  apply: (xml) => spoilValue(xml, first(xml, 'SignatureValue')),
})

const badAssertionByOther = signingFault({
  ...signing,
  id: 'foreign-assertion-in-signed-response',
  title: 'The Response is well signed, and the Assertion in it is signed with an unknown key',
  signed: 'both',
  basis: ['SAML Profiles 4.1.4.3'],
  requirement: 'SAML-SIG-09',
  apply: (plan, { foreignKey }) => ({
    ...plan,
    makeSignature: (toSign, used) => {
      const isAssertion = /^<(?:[\w-]+:)?Assertion\b/.test(toSign.element)
      return signatureXml(usualRecipe(toSign, isAssertion ? signedBy(used, foreignKey) : used))
    },
  }),
})

const reissued = tamperFault({
  id: 'digest-made-anew',
  title: 'The NameID was changed after signing, and the digest was made anew to fit',
  severity: 'critical',
  expect: 'reject',
  signed: 'one',
  basis: ['XMLDSig 3.2.2'],
  requirement: 'SAML-SIG-02',
  parameters: identityParameter,
  apply: async (xml, { message }, params) => {
    const other = await signedFor(message, identityOf(params))
    const value = outer(xml, first(xml, 'SignatureValue'))
    return replaced(other, first(other, 'SignatureValue'), value)
  },
})

const spoiltValue = tamperFault({
  id: 'signature-value-spoilt',
  title: 'One bit of the SignatureValue is turned over',
  severity: 'critical',
  expect: 'reject',
  signed: 'one',
  basis: ['XMLDSig 3.2.2'],
  requirement: 'SAML-SIG-02',
  apply: (xml) => spoilValue(xml, first(xml, 'SignatureValue')),
})

const tamperedIdentity = tamperFault({
  id: 'tampered-identity',
  title: 'The NameID and every attribute that said the same were changed after signing',
  severity: 'critical',
  expect: 'reject',
  basis: ['XMLDSig 3.2.1', 'SAML Core 5.4'],
  requirement: 'SAML-SIG-02',
  parameters: identityParameter,
  apply: (xml, _context, params) => {
    const changed = inTheNameOf(xml, identityOf(params))
    if (changed === xml) throw nothingToSpoil('tampered-identity', 'a NameID of somebody else', [])
    return changed
  },
})

/** Forms of KeyInfo that say who has signed, and must not matter: the key is that of the metadata. */
const keyInfoForm = (id: string, title: string, keyInfo: (p: string, key: SigningKey) => string): Fault =>
  signingFault({
    id: `key-info-${id}`,
    title,
    severity: 'info',
    expect: 'accept',
    signed: 'one',
    basis: ['SAML Core 5.4.5', 'XMLDSig 4.4.4'],
    requirement: 'SAML-ACC-10',
    apply: (plan) => ({
      ...plan,
      makeSignature: makerOf((recipe, _toSign, { key }) => ({ keyInfo: keyInfo(recipe.prefix, key) })),
    }),
  })

const keyInfoForms = [
  keyInfoForm(
    'key-name',
    'KeyInfo has a KeyName and no certificate',
    (p) => `<${p}:KeyInfo><${p}:KeyName>idp-signing</${p}:KeyName></${p}:KeyInfo>`,
  ),
  keyInfoForm('key-value', 'KeyInfo has the bare public key in place of a certificate', (p, key) => {
    const { n = '', e = '' } = createPublicKey(key.privateKey).export({ format: 'jwk' }) as { n?: string; e?: string }
    const base64 = (url: string): string => Buffer.from(url, 'base64url').toString('base64')
    return `<${p}:KeyInfo><${p}:KeyValue><${p}:RSAKeyValue><${p}:Modulus>${base64(n)}</${p}:Modulus><${p}:Exponent>${base64(e)}</${p}:Exponent></${p}:RSAKeyValue></${p}:KeyValue></${p}:KeyInfo>`
  }),
  keyInfoForm('subject-name', 'KeyInfo has the subject of the certificate beside it', (p, key) =>
    x509KeyInfo(p, key).replace(
      `<${p}:X509Certificate>`,
      `<${p}:X509SubjectName>CN=idp</${p}:X509SubjectName><${p}:X509Certificate>`,
    ),
  ),
]

/** Signed with a key that the metadata have beside the one in use. */
const byAnnouncedKey = (
  value: Pick<Fault, 'id' | 'title' | 'severity' | 'knob' | 'basis' | 'requirement' | 'needsKey'>,
) =>
  signingFault({
    ...value,
    expect: 'by-policy',
    apply: (plan, { announcedKey }) => {
      if (announcedKey === undefined) throw nothingToSpoil(value.id, 'another key of the identity provider', [])
      return signedBy(plan, announcedKey)
    },
  })

const byNextKey = byAnnouncedKey({
  id: 'next-key',
  title: 'It is signed with the second of the two keys in the metadata of the identity provider',
  severity: 'info',
  knob: 'saml.keyRollover',
  basis: ['SAML Metadata 2.4.1'],
  requirement: 'SAML-ACC-09',
  needsKey: 'next',
})

const byWeakKey = byAnnouncedKey({
  id: 'weak-key',
  title: 'It is signed with a key of 1024 bits in the metadata of the identity provider',
  severity: 'medium',
  knob: 'saml.rsa1024',
  basis: ['SDP-MD06'],
  requirement: 'SAML-ALG-08',
  needsKey: 'weak',
})

const withoutKeyInfo = signingFault({
  id: 'key-info-none',
  title: 'There is no KeyInfo: the key is that of the metadata',
  severity: 'info',
  expect: 'accept',
  basis: ['SAML Core 5.4.5'],
  requirement: 'SAML-ACC-10',
  apply: (plan) => ({ ...plan, includeKeyInfo: false }),
})

const year = 365 * 24 * 3_600_000
const dated = (id: string, title: string, from: number, to: number): Fault =>
  signingFault({
    id: `certificate-${id}`,
    title,
    severity: 'info',
    expect: 'by-policy',
    knob: 'saml.expiredCertificate',
    basis: ['IIP-MD12'],
    requirement: 'SAML-ALG-07',
    apply: (plan, { now, spClockOffsetMs }) => {
      const at = now + spClockOffsetMs
      const certificate = lookalikeCertificate({
        like: Buffer.from(plan.key.certificateBase64, 'base64'),
        privateKey: plan.key.privateKey,
        validity: { from: at + from * year, to: at + to * year },
      })
      return { ...plan, includeKeyInfo: true, key: { ...plan.key, certificateBase64: certificate.toString('base64') } }
    },
  })

export const keyFaults: readonly Fault[] = [
  unsigned,
  byUnknownKey,
  wrongKey,
  underTrustedCertificate,
  byNextKey,
  byWeakKey,
  clonedCertificate,
  assertionSignatureStripped,
  responseSignatureStripped,
  badAssertionSignature,
  badResponseSignature,
  badAssertionByOther,
  tamperedIdentity,
  reissued,
  spoiltValue,
  withoutKeyInfo,
  ...keyInfoForms,
  dated('expired', 'KeyInfo carries a certificate of the trusted key that expired a year ago', -3, -1),
  dated('not-yet-valid', 'KeyInfo carries a certificate of the trusted key that begins in a year', 1, 3),
]
