import { type KeyObject, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** Whose naming habits the certificate follows. */
export type CertificateSubject = 'okta' | 'plain'

/** DER (ITU-T X.690): tag, length, content. */
const der = (tag: number, ...content: Uint8Array[]): Buffer => {
  const body = Buffer.concat(content)
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const hex = body.length.toString(16)
  const length = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}
const sequence = (...content: Uint8Array[]): Buffer => der(0x30, ...content)
const set = (...content: Uint8Array[]): Buffer => der(0x31, ...content)
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const printable = (text: string): Buffer => der(0x13, Buffer.from(text, 'ascii'))
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'))
const ia5 = (text: string): Buffer => der(0x16, Buffer.from(text, 'ascii'))
const bitString = (bytes: Uint8Array): Buffer => der(0x03, Buffer.from([0]), bytes)

/** A positive INTEGER; a leading zero keeps the sign bit clear. */
const integer = (value: bigint): Buffer => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.from([0]) : Buffer.alloc(0), bytes)
}

/** UTCTime until 2049, GeneralizedTime from 2050 on (RFC 5280 4.1.2.5). */
const time = (ms: number): Buffer => {
  const date = new Date(ms)
  const digits = `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

/** The parts of a DER sequence, each with its tag and length. */
const partsOf = (sequenceDer: Buffer): Buffer[] => {
  const parts: Buffer[] = []
  const lengthAt = (at: number): { length: number; from: number } => {
    const first = sequenceDer[at + 1] ?? 0
    if (first < 0x80) return { length: first, from: at + 2 }
    const count = first & 0x7f
    return { length: sequenceDer.readUIntBE(at + 2, count), from: at + 2 + count }
  }
  const { from, length } = lengthAt(0)
  for (let at = from; at < from + length; ) {
    const part = lengthAt(at)
    parts.push(sequenceDer.subarray(at, part.from + part.length))
    at = part.from + part.length
  }
  return parts
}

const relativeName = (type: string, value: Buffer): Buffer => set(sequence(oid(type), value))

/** `C=US, ST=California, L=San Francisco, O=Okta, OU=SSOProvider, CN={org}, emailAddress=info@okta.com`. */
const oktaName = (commonName: string): Buffer =>
  sequence(
    relativeName('550406', printable('US')),
    relativeName('550408', utf8('California')),
    relativeName('550407', utf8('San Francisco')),
    relativeName('55040a', utf8('Okta')),
    relativeName('55040b', utf8('SSOProvider')),
    relativeName('550403', utf8(commonName)),
    relativeName('2a864886f70d010901', ia5('info@okta.com')),
  )

const plainName = (commonName: string): Buffer => sequence(relativeName('550403', utf8(commonName)))

/** ecdsa-with-SHA256 has no parameters, sha256WithRSAEncryption has NULL (RFC 5758 3.2, RFC 4055 5). */
const signatureAlgorithm = (key: KeyObject): Buffer =>
  key.asymmetricKeyType === 'ec'
    ? sequence(oid('2a8648ce3d040302'))
    : sequence(oid('2a864886f70d01010b'), Buffer.from([0x05, 0x00]))

/** subjectAltName (RFC 5280 4.2.1.6): IPv4 addresses as iPAddress, anything else as dNSName. */
const alternativeNames = (hosts: readonly string[]): Buffer => {
  const names = hosts.map((host) =>
    isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host, 'ascii')),
  )
  return der(0xa3, sequence(sequence(oid('551d11'), der(0x04, sequence(...names)))))
}

/**
 * A self-signed X.509 v3 certificate (RFC 5280 4.1) as Okta makes them: subject = issuer, the serial number is the
 * time of creation in ms, valid from a minute before it, to the second. Hand-written, because loading a certificate
 * library costs as much as making the key.
 *
 * @returns DER
 */
export const selfSignedCertificate = (options: {
  privateKey: KeyObject
  publicKey: KeyObject
  commonName: string
  subject: CertificateSubject
  now: number
  years: number
  /** Names and addresses for TLS (subjectAltName); a certificate for SAML has none. */
  hosts?: readonly string[]
}): Buffer => {
  const { privateKey, publicKey, now, years } = options
  const name = options.subject === 'okta' ? oktaName(options.commonName) : plainName(options.commonName)
  const end = new Date(now)
  end.setUTCFullYear(end.getUTCFullYear() + years)
  const algorithm = signatureAlgorithm(privateKey)
  const toBeSigned = sequence(
    der(0xa0, integer(2n)),
    integer(BigInt(Math.max(1, Math.floor(now)))),
    algorithm,
    name,
    sequence(time(now - 60_000), time(end.getTime())),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(options.hosts ? [alternativeNames(options.hosts)] : []),
  )
  return sequence(toBeSigned, algorithm, bitString(sign('sha256', toBeSigned, privateKey)))
}

/**
 * A certificate with the names, serial number and extensions of another, around a key of one's own or with other dates:
 * what can be told apart by the key alone, and what cannot (SAML-SIG-06, SAML-ALG-07).
 *
 * @param options.like DER of the certificate that it looks like
 * @param options.privateKey signs it, and belongs to the key in it
 * @param options.publicKey the key in it; that of `like` when left out
 * @param options.validity ms since the epoch; that of `like` when left out
 * @returns DER
 */
export const lookalikeCertificate = ({
  like,
  privateKey,
  publicKey,
  validity,
}: {
  like: Buffer
  privateKey: KeyObject
  publicKey?: KeyObject | undefined
  validity?: { from: number; to: number } | undefined
}): Buffer => {
  const [toBeSigned] = partsOf(like)
  const fields = partsOf(toBeSigned ?? Buffer.alloc(0))
  // [0] version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, extensions (RFC 5280 4.1).
  const algorithm = signatureAlgorithm(privateKey)
  const changed = fields.map((field, at) => {
    if (at === 2) return algorithm
    if (at === 4 && validity) return sequence(time(validity.from), time(validity.to))
    if (at === 6 && publicKey) return publicKey.export({ type: 'spki', format: 'der' })
    return field
  })
  const body = sequence(...changed)
  return sequence(body, algorithm, bitString(sign('sha256', body, privateKey)))
}
