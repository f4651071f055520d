import type { Clock } from '../../src/core/clock.ts'
import type { Journal } from '../journal/journal.ts'
import type { ArmedScimFaults } from '../provisioning/armed-scim-faults.ts'
import type { PendingWork } from '../provisioning/pending-work.ts'
import type { NameIdDraft } from '../saml/draft.ts'
import type { SigningKey } from '../saml/signing-plan.ts'
import type { KeyRing, KeyType } from '../store/keys.ts'
import type { OrgRecord, RegistrationRecord } from '../store/orgs.ts'
import { NotFoundError } from '../store/rows.ts'
import type { Store } from '../store/store.ts'
import type { ArmedFaults } from './armed-faults.ts'
import type { BoundedMap } from './bounded-map.ts'
import type { PendingLogins } from './pending-logins.ts'
import type { FormGuard, OwnNames } from './security.ts'
import type { Sessions } from './sessions.ts'
import type { Urls } from './urls.ts'

/** What to do with a service provider that nobody registered. */
export type RegistrationPolicy = 'ask' | 'auto' | 'refuse'

/** Where things that nobody is told by an answer go. A pino logger is one. */
export interface Logger {
  error(details: object, message: string): void
}

/** Everything that a route may need. */
export interface IdpContext {
  clock: Clock
  store: Store
  keys: KeyRing
  urls: Urls
  /** The address of the server as its users reach it, without a slash at the end. */
  baseUrl(): string
  own: OwnNames
  journal(org: string): Journal
  forgetJournal(org: string): void
  sessions: Sessions
  pending: PendingLogins
  faults: ArmedFaults
  scimFaults: ArmedScimFaults
  /** The last Response of a user at an application, byte for byte, by `user application`. */
  previous: BoundedMap<string>
  /** Who has logged in where, as a LogoutRequest has to say it, by `user application`. */
  participations: BoundedMap<{ nameId: NameIdDraft; sessionIndex: string | undefined }>
  /** What is still to be asked when a LogoutRequest is answered, by its ID. */
  logouts: BoundedMap<{ userId: string; applicationIds: readonly string[] }>
  forms: FormGuard
  /** The work that changes of the directory make for SCIM servers. */
  provisioning: PendingWork
  registration: RegistrationPolicy
  /** A key that no service provider trusts; made when a fault first needs it. */
  foreignKey(type: KeyType): Promise<SigningKey>
  logger: Logger
  /** Answers that never end by themselves (the live feed) say here how to end them. */
  onStop(end: () => void): () => void
}

/** @throws NotFoundError */
export const orgOf = (ctx: IdpContext, id: string): OrgRecord => {
  const org = ctx.store.orgs.get(id)
  if (org) return org
  const others = ctx.store.orgs.list().map((one) => one.id)
  throw new NotFoundError(
    `org "${id}"`,
    `There ${others.length === 1 ? 'is' : 'are'}: ${others.slice(0, 10).join(', ') || 'none'}.`,
  )
}

/** @throws NotFoundError */
export const registrationOf = (ctx: IdpContext, org: OrgRecord, id?: string): RegistrationRecord => {
  const found = id === undefined ? ctx.store.orgs.registrations(org.id)[0] : ctx.store.orgs.registration(org.id, id)
  if (found) return found
  throw new NotFoundError(`registration "${id}" in the org "${org.id}"`, 'GET …/registrations lists them.')
}
