/** Keys that certificates are signed and verified with: PEM in, and which algorithm goes with them. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import { UsageError } from '../core/errors.ts'

/** The algorithm that a key signs with (RFC 7518, 3.1; RFC 8037). One for each kind, so that no header can choose another. */
const algorithms: Readonly<Record<string, string>> = {
  ed25519: 'EdDSA',
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
  rsa: 'PS256',
}

const curveNames: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' }

const leastRsaBits = 2048

export interface SigningKey {
  key: KeyObject
  /** `EdDSA`, `ES256`, `PS256`… */
  alg: string
  /** Thumbprint of the public key (RFC 7638): names the signer, and proves nothing. */
  kid: string
}

const hint = 'Give PEM of an Ed25519 key, of an EC key (P-256, P-384, P-521), or of an RSA key of at least 2048 bits.'

/**
 * A private key, to sign with.
 *
 * @param from what the text is called in an error
 * @throws UsageError `bad-key`
 */
export const privateKeyOf = (pem: string, from: string): Promise<SigningKey> =>
  asSigningKey(() => createPrivateKey(pem), from, 'a private key')

/**
 * A public key to verify with: of its PEM, of a certificate, or of the private key.
 *
 * @throws UsageError `bad-key`
 */
export const publicKeyOf = (pem: string, from: string): Promise<SigningKey> =>
  asSigningKey(() => createPublicKey(pem), from, 'a public key')

const asSigningKey = async (read: () => KeyObject, from: string, what: string): Promise<SigningKey> => {
  const key = attempt(read, from, what)
  const { namedCurve = '', modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  const kind = key.asymmetricKeyType === 'ec' ? (curveNames[namedCurve] ?? namedCurve) : (key.asymmetricKeyType ?? '')
  const alg = algorithms[kind]
  if (alg === undefined || (kind === 'rsa' && modulusLength < leastRsaBits))
    throw new UsageError(
      `${from} holds a key that certificates are not signed with: ${kind} ${modulusLength || ''}`.trim(),
      {
        code: 'bad-key',
        hint,
      },
    )
  const open = key.type === 'private' ? createPublicKey(key) : key
  return { key, alg, kid: await calculateJwkThumbprint(await exportJWK(open)) }
}

const attempt = (read: () => KeyObject, from: string, what: string): KeyObject => {
  try {
    return read()
  } catch (cause) {
    throw new UsageError(`${from} does not hold ${what} in PEM that can be read without a passphrase.`, {
      code: 'bad-key',
      hint,
      cause,
    })
  }
}

/** The public half as PEM. */
export const publicPemOf = ({ key }: SigningKey): string =>
  createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString()

/**
 * The key of a folder, made there at the first time, for its owner only: certificates of the same folder have the same
 * signer.
 *
 * @throws UsageError `bad-key` where the file holds something else
 */
export const loadOrCreateKey = async (file: string): Promise<SigningKey> => {
  const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (known !== undefined) return privateKeyOf(known, file)
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(file, pem, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    // Another run of this folder was faster: then its key is the folder's.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return loadOrCreateKey(file)
    throw new UsageError(`The key to sign with cannot be written to ${file}: ${(error as Error).message}`, {
      code: 'bad-key',
      hint: 'Give a key of your own with --key.',
      cause: error,
    })
  }
  return privateKeyOf(pem, file)
}
