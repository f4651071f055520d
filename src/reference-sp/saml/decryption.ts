import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { refuse } from '../login-refused.ts'
import type { XmlElement } from './xml.ts'

/** The SP's own key, for which identity providers encrypt. */
export interface DecryptionKey {
  privateKeyPem: string
  publicKeyPem: string
}

/** A new key; an SP makes one at its first start and keeps it. */
export const newPrivateKeyPem = (): string =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

export const decryptionKeyOf = (privateKeyPem: string): DecryptionKey => ({
  privateKeyPem,
  publicKeyPem: createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString(),
})

/** URIs of the methods with which something was encrypted: of the data, and of its key. */
export interface EncryptionMethods {
  data: string
  key: string
}

/** Reads them from an EncryptedAssertion that went through the gate. */
export const methodsOf = (encrypted: XmlElement): EncryptionMethods => {
  const named = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
    element?.children.find((child) => child.name === name)
  const data = named(encrypted, 'EncryptedData')
  const key = named(named(data, 'KeyInfo'), 'EncryptedKey')
  const algorithm = (element: XmlElement | undefined): string =>
    named(element, 'EncryptionMethod')?.attributes.get('Algorithm') ?? ''
  return { data: algorithm(data), key: algorithm(key) }
}

/**
 * What an encrypted Assertion is, as text. Whatever goes wrong is one and the same refusal: which of them it was would help
 * whoever tries (a padding oracle).
 *
 * @param xml the message, with one EncryptedData in it
 * @throws LoginRefused `ASSERTION_UNREADABLE`
 */
export const decrypted = async (xml: string, { privateKeyPem }: DecryptionKey): Promise<string> => {
  // Loaded with the first encrypted message: it brings a DOM of its own.
  const { decrypt } = await import('xml-encryption')
  return new Promise<string>((resolve) => {
    decrypt(
      xml,
      // The methods were looked at before (methodsOf).
      { key: privateKeyPem, disallowDecryptionWithInsecureAlgorithm: false, warnInsecureAlgorithm: false },
      (error, result) => resolve(error || typeof result !== 'string' ? '' : result),
    )
  }).then((text) => (text === '' ? refuse('ASSERTION_UNREADABLE') : text))
}
