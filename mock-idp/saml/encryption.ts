import { constants, createCipheriv, createPublicKey, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto'
import { UsageError } from '../../src/core/errors.ts'
import type { DataAlgorithm, EncryptionPlan, KeyAlgorithm } from './encryption-plan.ts'
import { ns } from './names.ts'

const dataUri: Readonly<Record<DataAlgorithm, string>> = {
  'aes128-gcm': 'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'aes256-gcm': 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'aes128-cbc': 'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'aes256-cbc': 'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
}

const xenc = 'http://www.w3.org/2001/04/xmlenc#'
const xenc11 = 'http://www.w3.org/2009/xmlenc11#'

const keySize = (algorithm: DataAlgorithm): number => (algorithm.startsWith('aes128') ? 16 : 32)

/** IV, ciphertext and, with GCM, the tag, one after the other (XML Encryption 5.2.2, 5.2.4). */
const encryptData = (algorithm: DataAlgorithm, key: Buffer, text: string): Buffer => {
  const data = Buffer.from(text, 'utf8')
  if (algorithm.endsWith('gcm')) {
    const iv = randomBytes(12)
    const cipher = createCipheriv(algorithm === 'aes128-gcm' ? 'aes-128-gcm' : 'aes-256-gcm', key, iv)
    return Buffer.concat([iv, cipher.update(data), cipher.final(), cipher.getAuthTag()])
  }
  const iv = randomBytes(16)
  const cipher = createCipheriv(algorithm === 'aes128-cbc' ? 'aes-128-cbc' : 'aes-256-cbc', key, iv)
  cipher.setAutoPadding(false)
  // Any bytes, and then how many there are: not the padding of PKCS #7 (XML Encryption 5.2).
  const missing = 16 - (data.length % 16)
  const padding = Buffer.concat([Buffer.alloc(missing - 1), Buffer.from([missing])])
  return Buffer.concat([iv, cipher.update(Buffer.concat([data, padding])), cipher.final()])
}

const wrapKey = (algorithm: KeyAlgorithm, publicKey: KeyObject, key: Buffer): Buffer =>
  algorithm === 'rsa-1_5'
    ? publicEncrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, key)
    : publicEncrypt(
        {
          key: publicKey,
          padding: constants.RSA_PKCS1_OAEP_PADDING,
          oaepHash: algorithm === 'rsa-oaep' ? 'sha1' : 'sha256',
        },
        key,
      )

/** The `xenc:EncryptionMethod` of the key. */
const keyMethod = (algorithm: KeyAlgorithm, ds: string): string => {
  if (algorithm === 'rsa-1_5') return `<xenc:EncryptionMethod Algorithm="${xenc}rsa-1_5"></xenc:EncryptionMethod>`
  if (algorithm === 'rsa-oaep')
    return (
      `<xenc:EncryptionMethod Algorithm="${xenc}rsa-oaep-mgf1p">` +
      `<${ds}:DigestMethod Algorithm="${ns.signature}sha1"></${ds}:DigestMethod></xenc:EncryptionMethod>`
    )
  return (
    `<xenc:EncryptionMethod Algorithm="${xenc11}rsa-oaep">` +
    `<${ds}:DigestMethod Algorithm="${xenc}sha256"></${ds}:DigestMethod>` +
    `<xenc11:MGF xmlns:xenc11="${xenc11}" Algorithm="${xenc11}mgf1sha256"></xenc11:MGF></xenc:EncryptionMethod>`
  )
}

/**
 * A `saml:EncryptedAssertion` (SAML Core 2.3.4) in exclusive canonical form: as it is sent, and as it counts in the digest
 * of a signed Response around it. The key stands inside EncryptedData, as Okta has it.
 *
 * @param assertion the Assertion as it is sent, with its own declarations: it must be readable alone
 * @example encryptAssertion('<saml:Assertion …>', { publicKey, dataAlgorithm: 'aes256-gcm', keyAlgorithm: 'rsa-oaep' }, { assertion: 'saml', signature: 'ds' })
 */
export const encryptAssertion = (
  assertion: string,
  { publicKey, dataAlgorithm, keyAlgorithm, plaintext, spoil }: EncryptionPlan,
  prefixes: { assertion: string; signature: string },
): string => {
  const key = randomBytes(keySize(dataAlgorithm))
  const { assertion: p, signature: ds } = prefixes
  const whole = encryptData(dataAlgorithm, key, plaintext?.(assertion) ?? assertion)
  const value = (bytes: Buffer): string =>
    `<xenc:CipherData><xenc:CipherValue>${bytes.toString('base64')}</xenc:CipherValue></xenc:CipherData>`
  return (
    `<${p}:EncryptedAssertion xmlns:${p}="${ns.assertion}">` +
    `<xenc:EncryptedData xmlns:xenc="${xenc}" Type="${xenc}Element">` +
    `<xenc:EncryptionMethod Algorithm="${dataUri[dataAlgorithm]}"></xenc:EncryptionMethod>` +
    `<${ds}:KeyInfo xmlns:${ds}="${ns.signature}"><xenc:EncryptedKey>${keyMethod(keyAlgorithm, ds)}` +
    `${value(wrapKey(keyAlgorithm, publicKey, key))}</xenc:EncryptedKey></${ds}:KeyInfo>` +
    `${value(spoil?.(whole) ?? whole)}</xenc:EncryptedData></${p}:EncryptedAssertion>`
  )
}

const keys = new Map<string, KeyObject>()

/**
 * The key of an application's settings.
 *
 * @param certificate PEM of a certificate or public key, or a certificate in bare base64
 * @throws UsageError `bad-encryption-certificate`
 */
export const encryptionKeyOf = (certificate: string): KeyObject => {
  const known = keys.get(certificate)
  if (known) return known
  const key = readKey(certificate)
  if (keys.size > 100) keys.clear()
  keys.set(certificate, key)
  return key
}

const readKey = (certificate: string): KeyObject => {
  const bare = certificate.replace(/\s/g, '')
  const pem = certificate.includes('-----BEGIN')
    ? certificate
    : `-----BEGIN CERTIFICATE-----\n${bare}\n-----END CERTIFICATE-----\n`
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType === 'rsa') return key
  } catch {
    // Said below.
  }
  throw new UsageError('encryption.certificate: expected an RSA certificate or public key, found something else.', {
    code: 'bad-encryption-certificate',
    hint: 'Give the certificate of the service provider\'s metadata with use="encryption", as PEM or in base64.',
  })
}
