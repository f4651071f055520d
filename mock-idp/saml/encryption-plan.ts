import type { KeyObject } from 'node:crypto'

/** How the Assertion itself is encrypted (XML Encryption 5.2; the GCM modes are of XML Encryption 1.1). */
export const dataAlgorithms = ['aes128-gcm', 'aes256-gcm', 'aes128-cbc', 'aes256-cbc'] as const
export type DataAlgorithm = (typeof dataAlgorithms)[number]

/** How the key for that is encrypted. */
export const keyAlgorithms = ['rsa-oaep', 'rsa-oaep-sha256', 'rsa-1_5'] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

/** For whom an Assertion is encrypted, and how. */
export interface EncryptionPlan {
  /** The SP's public RSA key. */
  publicKey: KeyObject
  dataAlgorithm: DataAlgorithm
  keyAlgorithm: KeyAlgorithm
  /** What is encrypted, in place of the Assertion that would be. For faults. */
  plaintext?: ((assertion: string) => string) | undefined
  /** Changes the encrypted bytes, before they are base64. For faults. */
  spoil?: ((ciphertext: Buffer) => Buffer) | undefined
}
