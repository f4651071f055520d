import type { Clock } from '../../src/core/clock.ts'
import { createJournal, type Journal, type JournalLimits } from '../journal/journal.ts'
import { createArmedScimFaults } from '../provisioning/armed-scim-faults.ts'
import { createPendingWork } from '../provisioning/pending-work.ts'
import { generateSigningKey } from '../saml/keys.ts'
import type { SigningKey } from '../saml/signing-plan.ts'
import type { Identity } from '../store/identity.ts'
import { createKeyRing, type KeyType } from '../store/keys.ts'
import type { Store } from '../store/store.ts'
import { createArmedFaults } from './armed-faults.ts'
import { boundedMap } from './bounded-map.ts'
import type { IdpContext, Logger, RegistrationPolicy } from './context.ts'
import { createPendingLogins } from './pending-logins.ts'
import { createFormGuard } from './security.ts'
import { createSessions } from './sessions.ts'
import { urlsAt } from './urls.ts'

export interface ContextParts {
  store: Store
  clock: Clock
  logger: Logger
  keyFolder: string | undefined
  /** Whether the directory is in memory: then only keys of the identities are kept in the folder. */
  inMemory: boolean
  /** Whose keys are kept elsewhere. */
  identities: readonly Identity[]
  baseUrl: () => string
  host: string
  publicUrl: string | undefined
  registration: RegistrationPolicy
  journal: JournalLimits
}

/** Trusted nowhere, whichever mock IdP of this process signs with them; making one costs as much as hundreds of signatures. */
const foreignKeys = new Map<KeyType, Promise<SigningKey>>()

/** Puts together what the routes need; everything that is not in the store lives as long as this. */
export const createContext = (parts: ContextParts): IdpContext & { stopStreams(): void } => {
  const { store, clock, logger, baseUrl, identities, publicUrl } = parts
  const journals = new Map<string, Journal>()
  const streams = new Set<() => void>()
  const context: IdpContext & { stopStreams(): void } = {
    store,
    clock,
    logger,
    baseUrl,
    urls: urlsAt(baseUrl),
    keys: createKeyRing(
      clock,
      parts.keyFolder,
      new Map(identities.map(({ externalKey, key }) => [externalKey, key])),
      parts.inMemory,
    ),
    own: {
      hostnames: new Set([parts.host, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])]),
      publicOrigin: publicUrl === undefined ? undefined : new URL(publicUrl).origin,
    },
    journal: (org) => {
      const journal = journals.get(org) ?? createJournal(clock, parts.journal)
      journals.set(org, journal)
      return journal
    },
    forgetJournal: (org) => {
      journals.delete(org)
    },
    sessions: createSessions(clock),
    pending: createPendingLogins(clock),
    faults: createArmedFaults(),
    scimFaults: createArmedScimFaults(),
    previous: boundedMap({ maxEntries: 5_000, maxWeight: 8_000_000, weigh: (xml) => xml.length }),
    participations: boundedMap({ maxEntries: 20_000 }),
    logouts: boundedMap({ maxEntries: 2_000 }),
    forms: createFormGuard(() => baseUrl().startsWith('https:')),
    provisioning: createPendingWork(
      async () => (await import('../provisioning/engine.ts')).createEngine(context),
      (error) => logger.error({ err: error }, 'provisioning could not start'),
    ),
    registration: parts.registration,
    foreignKey: (keyType) => {
      const key =
        foreignKeys.get(keyType) ?? generateSigningKey({ commonName: 'another-org', now: clock.now(), keyType })
      foreignKeys.set(keyType, key)
      return key
    },
    onStop: (end) => {
      streams.add(end)
      return () => streams.delete(end)
    },
    stopStreams: () => {
      for (const end of streams) end()
    },
  }
  return context
}
