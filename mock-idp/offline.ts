import { join } from 'node:path'
import { systemClock } from '../src/core/clock.ts'
import { metadataXml } from './http/metadata.ts'
import { urlsAt } from './http/urls.ts'
import { ensureDefaultOrg, ensureOrg } from './org.ts'
import { loadOrCreateIdentity, loadOrCreateSecondIdentity } from './store/identity.ts'
import { createKeyRing } from './store/keys.ts'
import { NotFoundError } from './store/rows.ts'
import { openStore, type Store } from './store/store.ts'
import { defaultOrg, secondOrg } from './store/well-known-orgs.ts'

export { secondOrg } from './store/well-known-orgs.ts'

/** Where people find the mock IdP of a folder unless they chose another port. */
export const defaultPort = 7100

export interface OfflineOptions {
  /** Usually `.idpact`; made if there is none. */
  dataDir: string
  org?: string | undefined
  /** The address of the mock IdP; where it last listened when left out. */
  baseUrl?: string | undefined
  /** Of the org `default`, where it is not the folder's own. */
  entityId?: string | undefined
  /** PEM file with its key and certificate, where it is not the folder's own. */
  keyFile?: string | undefined
  /** Whether the metadata have the single logout URL whatever the applications have. */
  singleLogout?: boolean | undefined
  /** Whether they have the next key too. */
  rollover?: boolean | undefined
  /** Whether they have a key of 1024 bits too. */
  weakKey?: boolean | undefined
}

/** The address of a folder's mock IdP: where it last listened, else where it does by default. */
export const folderAddress = (dataDir: string): string => addressOf(loadOrCreateIdentity(dataDir))

const addressOf = ({ address }: ReturnType<typeof loadOrCreateIdentity>): string => {
  const { port = defaultPort, publicUrl, tls } = address
  return publicUrl ?? `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
}

/**
 * The metadata and certificate of a folder's mock IdP, whether it runs or not.
 *
 * @throws ConfigError if the folder's files are broken; NotFoundError for another org than there is
 */
export const readFolderMetadata = async (options: OfflineOptions): Promise<{ xml: string; certificatePem: string }> => {
  const { dataDir, org: orgId = defaultOrg, entityId, keyFile } = options
  const identity = loadOrCreateIdentity(dataDir, { entityId, keyFile })
  const second = orgId === secondOrg ? loadOrCreateSecondIdentity(dataDir) : undefined
  const baseUrl = options.baseUrl ?? addressOf(identity)
  return withStore(dataDir, async (store) => {
    const preset = [identity, ...(second ? [second] : [])].map(({ externalKey, key }) => [externalKey, key] as const)
    const keys = createKeyRing(systemClock, join(dataDir, 'keys'), new Map(preset))
    const ctx = { store, keys, clock: systemClock, urls: urlsAt(() => baseUrl) }
    ensureDefaultOrg(ctx, identity)
    if (second !== undefined) ensureOrg(ctx, { id: secondOrg }, second)
    const org = store.orgs.get(orgId)
    const registration = org && store.orgs.registrations(org.id)[0]
    if (!org || !registration)
      throw new NotFoundError(
        `org "${orgId}" in ${dataDir}`,
        `There are: ${store.orgs
          .list()
          .map(({ id }) => id)
          .join(', ')}.`,
      )
    const key = await keys.get({ registrationId: registration.id, org })
    return {
      xml: await metadataXml(ctx, { org, registration, application: undefined }, options),
      certificatePem: key.certificatePem,
    }
  })
}

/** The directory of a folder's mock IdP as YAML, whether it runs or not. */
export const readFolderDirectory = async ({ dataDir, org = defaultOrg }: OfflineOptions): Promise<string> =>
  withStore(dataDir, async (store) => {
    if (!store.orgs.get(org))
      throw new NotFoundError(
        `org "${org}" in ${dataDir}`,
        'Start "idpact idp" here first, or give --url of a running one.',
      )
    const { exportDirectoryYaml } = await import('./directory-file/export.ts')
    return exportDirectoryYaml(store, org)
  })

const withStore = async <T>(dataDir: string, work: (store: Store) => Promise<T>): Promise<T> => {
  const store = openStore(join(dataDir, 'idp.sqlite'))
  try {
    return await work(store)
  } finally {
    store.close()
  }
}
