import { createPrivateKey, createPublicKey, createSign, createVerify, X509Certificate } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'
import { selfSignedCertificate } from '../../core/certificate.ts'
import { refuse } from '../login-refused.ts'
import { messageLimits } from './gate.ts'
import { ns } from './namespaces.ts'

/** What the SP signs with. */
export interface SigningKey {
  privateKeyPem: string
  certificatePem: string
}

export const newCertificate = (privateKeyPem: string, now: number): string => {
  const privateKey = createPrivateKey(privateKeyPem)
  const der = selfSignedCertificate({
    privateKey,
    publicKey: createPublicKey(privateKey),
    ...{ commonName: 'reference-sp', subject: 'plain', now, years: 10 },
  })
  return new X509Certificate(der).toString()
}

/** @param certificate made for a key, or kept from the first time */
export const signingKeyOf = (privateKeyPem: string, certificate: (privateKeyPem: string) => string): SigningKey => ({
  privateKeyPem,
  certificatePem: certificate(privateKeyPem),
})

const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const hashes: Readonly<Record<string, string>> = {
  [rsaSha256]: 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': 'sha512',
}

/** Signs the root of a document, with the Signature after its Issuer (SAML Core 5.4). */
export const signedDocument = (xml: string, { privateKeyPem, certificatePem }: SigningKey): string => {
  const signature = new SignedXml({
    privateKey: privateKeyPem,
    publicCert: certificatePem,
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: ns.exclusiveC14n,
    idAttribute: 'ID',
  })
  signature.addReference({
    xpath: '/*',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', ns.exclusiveC14n],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  signature.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: "/*/*[local-name(.)='Issuer']", action: 'after' },
  })
  return signature.getSignedXml()
}

/** A URL that carries a message by HTTP-Redirect, signed (SAML Bindings 3.4.4.1). */
export const signedUrl = (
  location: string,
  carrier: 'SAMLRequest' | 'SAMLResponse',
  xml: string,
  relayState: string | undefined,
  { privateKeyPem }: SigningKey,
): string => {
  const query = [
    [carrier, deflateRawSync(xml).toString('base64')],
    ...(relayState === undefined ? [] : [['RelayState', relayState]]),
    ['SigAlg', rsaSha256],
  ]
    .map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const value = createSign('sha256').update(query).sign(privateKeyPem, 'base64')
  return `${location}${location.includes('?') ? '&' : '?'}${query}&Signature=${encodeURIComponent(value)}`
}

/** A message that came by HTTP-Redirect. */
export interface FromUrl {
  xml: string
  relayState: string | undefined
  signed: boolean
  /** Whether one of these keys signed it, over the parameters as they came. */
  isSignedBy(certificates: readonly string[]): boolean
}

/**
 * Takes a message from a query.
 *
 * @param query as it came, not decoded: the signature covers it so
 * @throws LoginRefused
 */
export const messageFromUrl = (query: string, carrier: 'SAMLRequest' | 'SAMLResponse'): FromUrl => {
  const raw = new Map<string, string>()
  for (const pair of query.split('&')) {
    const name = pair.slice(0, Math.max(0, pair.indexOf('=')))
    // Of two of one name, one would be read and the other verified.
    if (raw.has(name)) return refuse('MESSAGE_MALFORMED', 'A parameter is there twice.')
    raw.set(name, pair)
  }
  const value = (name: string): string | undefined => {
    const pair = raw.get(name)
    if (pair === undefined) return undefined
    try {
      return decodeURIComponent(pair.slice(name.length + 1).replaceAll('+', ' '))
    } catch (cause) {
      return refuse('MESSAGE_MALFORMED', 'It is not percent-encoded.', cause)
    }
  }
  const message = value(carrier)
  if (message === undefined) return refuse('MESSAGE_MISSING')
  const signature = value('Signature')
  const hash = hashes[value('SigAlg') ?? '']
  const signedText = [carrier, 'RelayState', 'SigAlg'].flatMap((name) => raw.get(name) ?? []).join('&')
  return {
    xml: inflated(message),
    relayState: value('RelayState'),
    signed: signature !== undefined,
    isSignedBy: (certificates) =>
      signature !== undefined &&
      hash !== undefined &&
      certificates.some((certificate) => isGood(hash, signedText, certificate, signature)),
  }
}

/** A key of another kind than the algorithm's verifies nothing. */
const isGood = (hash: string, text: string, certificate: string, signature: string): boolean => {
  try {
    return createVerify(hash).update(text).verify(certificate, signature, 'base64')
  } catch {
    return false
  }
}

const inflated = (base64: string): string => {
  try {
    return inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: messageLimits.characters }).toString('utf8')
  } catch (cause) {
    return refuse('MESSAGE_MALFORMED', 'It is not deflated.', cause)
  }
}
