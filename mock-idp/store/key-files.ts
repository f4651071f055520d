import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ConfigError } from '../../src/core/errors.ts'
import { generateSigningKey, type KeyOptions, loadSigningKey, type StoredSigningKey } from '../saml/keys.ts'

export const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ConfigError(`${file} cannot be read: ${(error as Error).message}`, {
      code: 'unreadable-file',
      hint: 'Check its owner and mode: idpact writes it with mode 0600, for the user who starts it.',
      cause: error,
    })
  }
}

/**
 * Writes a file that only its owner can read, whole or not at all, and only if there is none yet: of two processes that
 * start at once, one wins and the other reads what it wrote.
 *
 * @returns what is in the file now
 */
export const writeOnce = (file: string, content: string): string => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, content, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
    return content
  } catch (error) {
    const theirs = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readIfThere(file) : undefined
    if (theirs === undefined) throw error
    return theirs
  } finally {
    rmSync(draft)
  }
}

/**
 * A key that is kept in one PEM file, private key and certificate, mode 0600; made on first use, off the event loop.
 *
 * @throws ConfigError if the file is there and holds something else
 */
export const loadOrCreateKey = async (file: string, options: KeyOptions): Promise<StoredSigningKey> => {
  const kept = readIfThere(file)
  if (kept !== undefined) return readKey(file, kept)
  const key = await generateSigningKey(options)
  return readKey(file, writeOnce(file, key.privateKeyPem + key.certificatePem))
}

const readKey = (file: string, pem: string): StoredSigningKey => {
  const block = (label: RegExp) =>
    new RegExp(`-----BEGIN (${label.source})-----[^-]+-----END \\1-----\\n?`).exec(pem)?.[0] ?? ''
  try {
    return loadSigningKey(block(/(?:RSA |EC )?PRIVATE KEY/), block(/CERTIFICATE/))
  } catch (cause) {
    if (!(cause instanceof ConfigError)) throw cause
    throw new ConfigError(`${file}: ${cause.message}`, {
      code: cause.code,
      hint: `${file} holds a private key and its certificate, in PEM. ${cause.hint ?? ''} If no service provider trusts it yet, delete it and a new one is made.`,
      cause,
    })
  }
}
