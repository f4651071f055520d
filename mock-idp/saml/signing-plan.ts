import type { KeyObject } from 'node:crypto'
import type { EncryptionPlan } from './encryption-plan.ts'

/** Signature algorithms that the mock IdP can use: RSA by default, because SPs on xml-crypto cannot verify ECDSA. */
export const signatureAlgorithms = [
  'rsa-sha1',
  'rsa-sha256',
  'rsa-sha384',
  'rsa-sha512',
  'ecdsa-sha256',
  'ecdsa-sha384',
  'ecdsa-sha512',
] as const
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number]

export const digestAlgorithms = ['sha1', 'sha256', 'sha384', 'sha512'] as const
export type DigestAlgorithm = (typeof digestAlgorithms)[number]

/** A private key, cached as a KeyObject (parsing PEM costs more than signing), and its certificate. */
export interface SigningKey {
  privateKey: KeyObject
  /** DER of the X.509 certificate, base64, no line breaks: what KeyInfo and metadata carry. */
  certificateBase64: string
}

/** An element that is about to be signed. */
export interface ToSign {
  /** Its exclusive canonical form without the Signature: what the two transforms leave (XMLDSig 6.6.4). */
  element: string
  /** Its ID. */
  reference: string
  /** Whether `xs` is an inclusive prefix of the exclusive C14N (xml-exc-c14n 3). */
  inclusiveXs: boolean
  /** Prefix of the elements of XML Signature. */
  prefix: string
}

/** Writes the `ds:Signature` of an element, in canonical form: so it counts in the digest of a Response around it. */
export type SignatureMaker = (toSign: ToSign, plan: SigningPlan) => Promise<string>

/**
 * Changes an element before it is signed.
 *
 * @param form `signed`: the canonical form that is digested; `sent`: the same element as it goes into the message
 */
export type ElementEdit = (element: string, form: 'signed' | 'sent') => string

/** What gets signed, by whom, how. Signing faults edit it. */
export interface SigningPlan {
  signResponse: boolean
  signAssertion: boolean
  key: SigningKey
  signatureAlgorithm: SignatureAlgorithm
  digestAlgorithm: DigestAlgorithm
  /** Whether ds:KeyInfo with the certificate is sent along (optional: SAML Core 5.4.5). */
  includeKeyInfo: boolean
  /** For whom Assertions are encrypted; undefined: they are not. */
  encrypt?: EncryptionPlan | undefined
  /** Another Signature than the usual one. */
  makeSignature?: SignatureMaker | undefined
  /** What is changed in the elements before they are signed. */
  edit?: { assertion?: ElementEdit | undefined; response?: ElementEdit | undefined } | undefined
}
