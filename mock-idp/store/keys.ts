import { join } from 'node:path'
import type { Clock } from '../../src/core/clock.ts'
import { generateSigningKey, type KeyOptions, type StoredSigningKey } from '../saml/keys.ts'
import { loadOrCreateKey } from './key-files.ts'
import type { OrgShape } from './orgs.ts'

export type KeyType = NonNullable<KeyOptions['keyType']>

/** Whose key it is. */
export interface KeyOwner {
  registrationId: string
  org: { id: string; shape: OrgShape }
}

/**
 * The keys of the registrations: files if there is a folder, else memory. A key is made once, in the background, and
 * whoever needs it before it is there waits.
 */
export interface KeyRing {
  get(owner: KeyOwner, type?: KeyType): Promise<StoredSigningKey>
  /** The key that is announced while the registration changes its key: in the metadata, and not signed with yet. */
  next(owner: KeyOwner): Promise<StoredSigningKey>
  forget(registrationId: string): void
}

/**
 * @param preset keys that are kept elsewhere: the identity of the folder
 * @param onlyOfPreset keep in the folder what belongs to those registrations, and nothing else: the rest is in memory
 */
export const createKeyRing = (
  clock: Clock,
  folder: string | undefined,
  preset: ReadonlyMap<string, Promise<StoredSigningKey>>,
  onlyOfPreset = false,
): KeyRing => {
  const keys = new Map<string, Promise<StoredSigningKey>>()
  for (const [registrationId, key] of preset) keys.set(`${registrationId} rsa-2048`, key)
  const make = ({ registrationId, org }: KeyOwner, name: KeyType | 'next'): Promise<StoredSigningKey> => {
    const keyType = name === 'next' ? 'rsa-2048' : name
    const options = { commonName: org.id, now: clock.now(), keyType, subject: org.shape }
    const file = `${registrationId}${name === 'rsa-2048' ? '' : `.${name}`}.pem`
    const isInMemory = folder === undefined || (onlyOfPreset && !preset.has(registrationId))
    return isInMemory ? generateSigningKey(options) : loadOrCreateKey(join(folder, file), options)
  }
  const kept = (owner: KeyOwner, type: KeyType | 'next'): Promise<StoredSigningKey> => {
    const name = `${owner.registrationId} ${type}`
    const key = keys.get(name) ?? make(owner, type)
    keys.set(name, key)
    // Whoever waits gets the error; a rejection that nobody waits for must not end the process.
    key.catch(() => keys.delete(name))
    return key
  }
  return {
    get: (owner, type = 'rsa-2048') => kept(owner, type),
    next: (owner) => kept(owner, 'next'),
    forget: (registrationId) => {
      for (const type of ['rsa-2048', 'rsa-1024', 'ec-p256', 'next']) keys.delete(`${registrationId} ${type}`)
    },
  }
}
