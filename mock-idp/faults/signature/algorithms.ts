/** Signature and digest algorithms: ALG-1 to ALG-6. */
import { constants, createHmac, createPublicKey, hash, sign, X509Certificate } from 'node:crypto'
import { toPem } from '../../saml/keys.ts'
import { digestUri, signatureUri } from '../../saml/names.ts'
import { renderResponse } from '../../saml/render.ts'
import type { SigningKey } from '../../saml/signing-plan.ts'
import { type Fault, type FaultBase, signingFault, tamperFault } from '../fault.ts'
import { identityOf, identityParameter } from '../forge.ts'
import { makerOf, type RecipeChange, withReference } from '../text/signature-xml.ts'
import { draftFor } from '../text/signed-again.ts'

const uri = {
  md5: 'http://www.w3.org/2001/04/xmldsig-more#md5',
  rsaMd5: 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
  hmacSha1: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1',
  hmacSha256: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256',
  rsaPssSha256: 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
} as const

type Case = Pick<FaultBase, 'id' | 'title' | 'requirement' | 'severity' | 'expect' | 'basis' | 'knob'>

const sha1Basis = ['RFC 9231 2.3', 'IIP-ALG08']

const oldHash = (value: Omit<Case, 'severity' | 'expect' | 'basis'>, change: { signature: boolean }): Fault =>
  signingFault({
    ...value,
    severity: 'high',
    expect: 'by-policy',
    knob: 'saml.sha1',
    basis: sha1Basis,
    apply: (plan) => ({
      ...plan,
      digestAlgorithm: 'sha1',
      ...(change.signature ? { signatureAlgorithm: 'rsa-sha1' as const } : {}),
    }),
  })

const odd = (value: Omit<Case, 'knob'>, change: RecipeChange): Fault =>
  signingFault({
    ...value,
    signed: 'one',
    apply: (plan) => ({ ...plan, makeSignature: makerOf(change) }),
  })

const rsaMd5 = odd(
  {
    id: 'rsa-md5',
    title: 'The SignatureMethod is RSA with MD5',
    requirement: 'SAML-ALG-03',
    severity: 'high',
    expect: 'reject',
    basis: ['IIP-ALG08', 'RFC 6151'],
  },
  (_recipe, _toSign, { key }) => ({
    signatureMethod: uri.rsaMd5,
    sign: async (signedInfo) => sign('md5', Buffer.from(signedInfo), key.privateKey).toString('base64'),
  }),
)

const md5Digest = odd(
  {
    id: 'md5-digest',
    title: 'The DigestMethod is MD5, under a signature with SHA-256',
    requirement: 'SAML-ALG-03',
    severity: 'high',
    expect: 'reject',
    basis: ['IIP-ALG08', 'RFC 6151'],
  },
  (recipe, { element }) =>
    withReference(recipe, { digestMethod: uri.md5, digestValue: hash('md5', element, 'base64') }),
)

/** What an SP has of the trusted key, in every form that its code may hand to an HMAC as the secret. */
const publicForms: readonly [name: string, what: string, form: (key: SigningKey) => string | Buffer][] = [
  ['certificate-pem', 'certificate as PEM', (key) => toPem(key.certificateBase64)],
  [
    'certificate-pem-without-newline',
    'certificate as PEM without the last line break',
    (key) => toPem(key.certificateBase64).trimEnd(),
  ],
  ['certificate-base64', 'certificate in base64', (key) => key.certificateBase64],
  ['certificate-der', 'certificate as DER', (key) => Buffer.from(key.certificateBase64, 'base64')],
  ['public-key-pem', 'public key as PEM', (key) => publicKey(key).export({ type: 'spki', format: 'pem' })],
  [
    'public-key-pem-without-newline',
    'public key as PEM without the last line break',
    (key) => publicKey(key).export({ type: 'spki', format: 'pem' }).toString().trimEnd(),
  ],
  ['public-key-der', 'public key as DER', (key) => publicKey(key).export({ type: 'spki', format: 'der' })],
  ['nothing', 'empty text', () => ''],
]
const publicKey = (key: SigningKey) =>
  createPublicKey(new X509Certificate(toPem(key.certificateBase64)).publicKey.export({ type: 'spki', format: 'pem' }))

const hmac = (algorithm: 'sha1' | 'sha256', [name, what, form]: (typeof publicForms)[number]): Fault =>
  tamperFault({
    id: `hmac-${algorithm}-${name}`,
    title: `It is signed for somebody else by HMAC with ${algorithm.toUpperCase()}, keyed with the ${what}`,
    requirement: 'SAML-ALG-04',
    severity: 'critical',
    expect: 'reject',
    signed: 'one',
    basis: ['XMLDSig 6.3', 'GHSA-c27r-x354-4m68'],
    parameters: identityParameter,
    apply: (_xml, { message: { draft, plan, style } }, params) => {
      const makeSignature = makerOf(() => ({
        signatureMethod: algorithm === 'sha1' ? uri.hmacSha1 : uri.hmacSha256,
        sign: async (signedInfo) => createHmac(algorithm, form(plan.key)).update(signedInfo).digest('base64'),
      }))
      return renderResponse(draftFor(draft, identityOf(params)), { ...plan, makeSignature }, style)
    },
  })

const methodBasis = ['XMLDSig 4.4.2', 'XMLDSig 4.4.3.5']
const method = (id: string, title: string, change: RecipeChange): Fault =>
  odd({ id, title, requirement: 'SAML-ALG-05', severity: 'critical', expect: 'reject', basis: methodBasis }, change)

const digestMethod =
  (value: string | undefined): RecipeChange =>
  (recipe) =>
    withReference(recipe, { digestMethod: value })

/** Who takes an unknown algorithm for one that holds lets anybody in. */
const unknownForged = (id: string, title: string, signatureMethod: string): Fault =>
  tamperFault({
    id,
    title,
    requirement: 'SAML-ALG-05',
    severity: 'critical',
    expect: 'reject',
    signed: 'one',
    basis: methodBasis,
    parameters: identityParameter,
    apply: (_xml, { message: { draft, plan, style } }, params) => {
      const makeSignature = makerOf(() => ({ signatureMethod, sign: async () => '' }))
      return renderResponse(draftFor(draft, identityOf(params)), { ...plan, makeSignature }, style)
    },
  })

const pss = (salt: number): Fault =>
  signingFault({
    id: `rsa-pss-salt-${salt}`,
    title: `The SignatureMethod is RSA-PSS with a salt of ${salt} bytes`,
    requirement: 'SAML-ALG-06',
    severity: 'medium',
    expect: 'by-policy',
    knob: 'saml.rsaPss',
    signed: 'one',
    basis: ['RFC 9231 2.3.10'],
    apply: (plan) => ({
      ...plan,
      makeSignature: makerOf(() => ({
        signatureMethod: uri.rsaPssSha256,
        sign: async (signedInfo) =>
          sign('sha256', Buffer.from(signedInfo), {
            key: plan.key.privateKey,
            padding: constants.RSA_PKCS1_PSS_PADDING,
            saltLength: salt,
          }).toString('base64'),
      })),
    }),
  })

export const algorithmFaults: readonly Fault[] = [
  oldHash(
    { id: 'sha1', title: 'Signature and digest are made with SHA-1', requirement: 'SAML-ALG-01' },
    { signature: true },
  ),
  oldHash(
    {
      id: 'sha1-digest',
      title: 'The digest is made with SHA-1, under a signature with SHA-256',
      requirement: 'SAML-ALG-02',
    },
    { signature: false },
  ),
  rsaMd5,
  md5Digest,
  ...publicForms.map((form) => hmac('sha256', form)),
  ...publicForms.filter(([name]) => /^(certificate|public-key)-pem$/.test(name)).map((form) => hmac('sha1', form)),
  method('unknown-signature-method', 'The SignatureMethod is one that nobody knows', () => ({
    signatureMethod: 'urn:example:unknown',
  })),
  method('empty-signature-method', 'The Algorithm of the SignatureMethod is empty', () => ({ signatureMethod: '' })),
  method('missing-signature-method', 'There is no SignatureMethod', () => ({ signatureMethod: undefined })),
  unknownForged(
    'unknown-signature-method-forged',
    'The SignatureMethod is one that nobody knows, the SignatureValue empty, and the user another',
    'urn:example:none',
  ),
  unknownForged(
    'digest-as-signature-method',
    'The SignatureMethod is a digest, the SignatureValue empty, and the user another',
    digestUri.sha256,
  ),
  method('unknown-digest-method', 'The DigestMethod is one that nobody knows', digestMethod('urn:example:unknown')),
  method('empty-digest-method', 'The Algorithm of the DigestMethod is empty', digestMethod('')),
  method('missing-digest-method', 'There is no DigestMethod', digestMethod(undefined)),
  method(
    'signature-method-as-digest-method',
    'The DigestMethod is a signature algorithm',
    digestMethod(signatureUri['rsa-sha256']),
  ),
  pss(20),
  pss(32),
]
