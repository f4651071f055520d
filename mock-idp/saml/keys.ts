import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { type CertificateSubject, selfSignedCertificate } from '../../src/core/certificate.ts'
import { ConfigError } from '../../src/core/errors.ts'
import type { SigningKey } from './signing-plan.ts'

/** A signing key that can be written to disk. */
export interface StoredSigningKey extends SigningKey {
  /** PKCS #8. */
  privateKeyPem: string
  certificatePem: string
}

export interface KeyOptions {
  /** CN of the certificate: the org. */
  commonName: string
  /** The time of creation, in ms since the epoch. */
  now: number
  keyType?: 'rsa-2048' | 'rsa-1024' | 'ec-p256'
  /** Life of the certificate; 10 by default, as Okta's. */
  years?: number
  /** `okta` (default) surrounds the CN with the names that Okta's certificates carry; `plain` has the CN alone. */
  subject?: CertificateSubject
}

const generate = promisify(generateKeyPair)

const newPrivateKey = async (
  keyType: NonNullable<KeyOptions['keyType']>,
): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> =>
  keyType === 'ec-p256'
    ? generate('ec', { namedCurve: 'P-256' })
    : generate('rsa', { modulusLength: keyType === 'rsa-1024' ? 1024 : 2048 })

/**
 * Makes a key, off the event loop, and a self-signed certificate for it. A key costs as much as some hundred
 * signatures: make it once and keep it.
 *
 * @example const key = await generateSigningKey({ commonName: 'default', now: clock.now() })
 */
export const generateSigningKey = async (options: KeyOptions): Promise<StoredSigningKey> => {
  const { privateKey, publicKey } = await newPrivateKey(options.keyType ?? 'rsa-2048')
  const der = selfSignedCertificate({
    privateKey,
    publicKey,
    commonName: options.commonName,
    subject: options.subject ?? 'okta',
    now: options.now,
    years: options.years ?? 10,
  })
  const certificateBase64 = der.toString('base64')
  return {
    privateKey,
    certificateBase64,
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: toPem(certificateBase64),
  }
}

/** `-----BEGIN CERTIFICATE-----` in lines of 64 characters (RFC 7468). */
export const toPem = (certificateBase64: string): string =>
  `-----BEGIN CERTIFICATE-----\n${certificateBase64.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END CERTIFICATE-----\n`

const attempt = <T>(what: string, code: string, read: () => T): T => {
  try {
    return read()
  } catch (cause) {
    throw new ConfigError(`Expected ${what} in PEM, found something that cannot be read as one.`, {
      code,
      cause,
      hint: 'Check that the file is whole and begins with "-----BEGIN". An encrypted key is not supported.',
    })
  }
}

/**
 * Reads a key that was kept.
 *
 * @throws ConfigError `bad-private-key`, `bad-certificate`, `key-certificate-mismatch`, `unsupported-key`
 */
export const loadSigningKey = (privateKeyPem: string, certificatePem: string): StoredSigningKey => {
  const privateKey = attempt('a private key', 'bad-private-key', () => createPrivateKey(privateKeyPem))
  const certificate = attempt('a certificate', 'bad-certificate', () => new X509Certificate(certificatePem))
  if (privateKey.asymmetricKeyType !== 'rsa' && privateKey.asymmetricKeyType !== 'ec')
    throw new ConfigError(
      `Expected an RSA or EC private key, found ${privateKey.asymmetricKeyType ?? 'another kind'}.`,
      {
        code: 'unsupported-key',
        hint: 'SAML signatures are made with RSA or ECDSA: make a key with `openssl genrsa 2048`, or let idpact make one.',
      },
    )
  if (!certificate.checkPrivateKey(privateKey))
    throw new ConfigError('Expected the certificate of this private key, found one for another key.', {
      code: 'key-certificate-mismatch',
      hint: 'Take the two files from the same place, or delete both and let idpact make new ones.',
    })
  return { privateKey, privateKeyPem, certificatePem, certificateBase64: certificate.raw.toString('base64') }
}
