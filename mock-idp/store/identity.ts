import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Clock, systemClock } from '../../src/core/clock.ts'
import { ConfigError, UsageError } from '../../src/core/errors.ts'
import type { StoredSigningKey } from '../saml/keys.ts'
import { newExternalKey } from './ids.ts'
import { loadOrCreateKey, readIfThere, writeOnce } from './key-files.ts'
import { defaultOrg, secondOrg } from './well-known-orgs.ts'

/**
 * What a service provider that trusts this folder's mock IdP is configured with. `idp`, `metadata` and `certify` share it,
 * so that an SP is set up once.
 */
export interface Identity {
  /** Part of the SSO URL, and of the entityID unless that is overridden. */
  externalKey: string
  entityId: string
  /** Private key and certificate. Made in the background on first use: await it where it is needed. */
  key: Promise<StoredSigningKey>
  /** Where the mock IdP of this folder listened last, for `metadata` and `certify` to say the same. */
  address: IdentityAddress
}

export interface IdentityAddress {
  port?: number | undefined
  publicUrl?: string | undefined
  tls?: boolean | undefined
}

const fileSchema = z.object({
  version: z.literal(1),
  externalKey: z.string().regex(/^exk[0-9A-Za-z]{17}$/),
  entityId: z.string().min(1).max(1024).optional(),
  port: z.int().min(1).max(65535).optional(),
  publicUrl: z.string().optional(),
  tls: z.boolean().optional(),
})
type IdentityFile = z.infer<typeof fileSchema>

export interface IdentityOptions {
  /** Overrides the entityID, and is kept. */
  entityId?: string | undefined
  /** A PEM file with private key and certificate in place of the folder's own. */
  keyFile?: string | undefined
  clock?: Clock | undefined
}

/**
 * Loads the identity of a folder, or makes it: `identity.json` and `idp.key.pem` (private key and certificate, mode 0600).
 *
 * @param folder usually `.idpact`; made if there is none
 * @throws ConfigError if the files are there and hold something else; a broken key file rejects `key`
 * @example
 * const identity = loadOrCreateIdentity('.idpact')
 * const idp = createMockIdp({ memory: true, identity })
 */
export const loadOrCreateIdentity = (folder: string, options: IdentityOptions = {}): Identity => {
  if (options.entityId !== undefined) mustBeEntityId(options.entityId)
  const file = join(folder, 'identity.json')
  const kept = readIfThere(file) ?? writeOnce(file, print({ version: 1, externalKey: newExternalKey() }))
  const read = parseIdentity(file, kept)
  const identity = options.entityId === undefined ? read : { ...read, entityId: options.entityId }
  if (identity.entityId !== read.entityId) save(folder, identity)
  const key = loadOrCreateKey(options.keyFile ?? join(folder, 'idp.key.pem'), {
    commonName: defaultOrg,
    now: (options.clock ?? systemClock).now(),
  })
  // Whoever awaits the key gets the error; nobody may need it, and then it must not end the process.
  key.catch(() => undefined)
  const { externalKey, port, publicUrl, tls } = identity
  return {
    externalKey,
    entityId: identity.entityId ?? `http://www.okta.com/${externalKey}`,
    key,
    address: { port, publicUrl, tls },
  }
}

/** The identity of the folder's second identity provider, in a folder inside: another entityID, another key. */
export const loadOrCreateSecondIdentity = (folder: string, options: Pick<IdentityOptions, 'clock'> = {}): Identity =>
  loadOrCreateIdentity(join(folder, secondOrg), options)

/** Remembers where the mock IdP of a folder is, for the other commands. */
export const rememberAddress = (folder: string, { port, publicUrl, tls }: IdentityAddress): void => {
  const file = join(folder, 'identity.json')
  const { version, externalKey, entityId } = parseIdentity(file, readIfThere(file) ?? '')
  save(folder, { version, externalKey, entityId, port, publicUrl, tls })
}

/** SAML Metadata 2.2.1: a URI of at most 1024 characters. Refused before it is kept, or the folder could not be used again. */
const mustBeEntityId = (entityId: string): void => {
  if (/^[\x21-\x7E]{1,1024}$/.test(entityId) && !/[<>"\\^`{|}]/.test(entityId)) return
  throw new UsageError(
    `An entity ID is a URI of 1 to 1024 characters without spaces, and not ${JSON.stringify(entityId)}`,
    {
      code: 'bad-entity-id',
      hint: 'For example https://idp.example.test/metadata, or urn:example:idp.',
    },
  )
}

const print = (identity: IdentityFile): string => `${JSON.stringify(identity, undefined, 2)}\n`

const save = (folder: string, identity: IdentityFile): void =>
  writeFileSync(join(folder, 'identity.json'), print(identity), { mode: 0o600 })

const parseIdentity = (file: string, content: string): IdentityFile => {
  try {
    return fileSchema.parse(JSON.parse(content))
  } catch (cause) {
    throw new ConfigError(`${file} is not the identity of a mock IdP`, {
      code: 'bad-identity',
      hint: 'Delete it to get a new identity; service providers then need the new metadata.',
      cause,
    })
  }
}
