import type { KeyObject } from 'node:crypto'

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

/** What gets signed, by whom, how. Signing faults edit it. */
export interface SigningPlan {
  signResponse: boolean
  signAssertion: boolean
  key: SigningKey
  signatureAlgorithm: SignatureAlgorithm
  digestAlgorithm: DigestAlgorithm
  /** Whether ds:KeyInfo with the certificate is sent along (optional: SAML Core 5.4.5). */
  includeKeyInfo: boolean
}
