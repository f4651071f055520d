import type { Sp } from '../sp.ts'
import type { User } from '../store/users.ts'
import { isRole } from './roles.ts'

/** What an assertion says of an ImageKit user. */
export interface AssertedUser {
  email: string
  fullName: string
  role: string
}

/** How accounts can be looked up while one is being matched. */
export interface Lookup {
  byEmail(email: string): User | undefined
  all(): readonly User[]
}

export type MandatoryField = 'imagekit_id' | 'full_name' | 'imagekit_role'

/** How ImageKit registers users and keeps them up to date. */
export interface ImagekitRules {
  /** The role is that of the assertion (IK-SSO-02). */
  ikRole(asserted: string): string
  /** Who may save the metadata of the identity provider (IK-SSO-04). */
  ikMaySetUp(user: User): boolean
  /** Somebody unknown is registered by a login (IK-SSO-05). */
  ikRegisters(): boolean
  /** A new user needs no approval (IK-SSO-06). */
  ikIsActiveAtOnce(): boolean
  /** Unsolicited Responses are accepted, for new users (IK-SSO-07) and for those who are known (IK-SSO-16). */
  ikAcceptsUnsolicited(known: boolean): boolean
  /** Only registered users are sent to an identity provider (IK-SSO-08). */
  ikSendsUnknown(): boolean
  /** Which organisation a user is registered in: that whose identity provider signed (IK-SSO-09). */
  ikNamesOrganisation(sentId: string, sp: Sp): boolean
  /** The full name as it is stored (IK-SSO-10). */
  ikName(fullName: string): string
  /** The user with this e-mail address, whatever else has changed (IK-SSO-11, IK-SSO-27). */
  ikFind(asserted: AssertedUser, users: Lookup): User | undefined
  /** Responses to a request of the SSO page are accepted (IK-SSO-13). */
  ikAcceptsSolicited(): boolean
  /** Whose identity provider a registered user is sent to (IK-SSO-14). */
  ikSendsTo(own: Sp, organisations: readonly Sp[]): Sp
  /** A changed full name is stored (IK-SSO-17). */
  ikUpdatesName(): boolean
  /** A changed role is stored, also a weaker one (IK-SSO-18). */
  ikUpdatesRole(before: string, asserted: string): boolean
  /** Nothing but a login writes to a user (IK-SSO-19). */
  ikStoresTyped(): boolean
  /** A login without changes leaves the user alone (IK-SSO-20). */
  ikMakesAnew(): boolean
  /** What stands in for a mandatory attribute that is missing: nothing (IK-SSO-26). */
  ikFallback(field: MandatoryField, email: string): string | undefined
  /** A role that exists, exactly (IK-SSO-02, A-27). Undefined = refuse. */
  ikAcceptedRole(value: string): string | undefined
}

export const imagekitRules: ImagekitRules = {
  ikRole: (asserted) => asserted,
  ikMaySetUp: (user) => user.role === 'account_administrator',
  ikRegisters: () => true,
  ikIsActiveAtOnce: () => true,
  ikAcceptsUnsolicited: () => true,
  ikSendsUnknown: () => false,
  ikNamesOrganisation: (sentId, sp) => sentId === sp.accountId,
  ikName: (fullName) => fullName,
  ikFind: ({ email }, users) => users.byEmail(email),
  ikAcceptsSolicited: () => true,
  ikSendsTo: (own) => own,
  ikUpdatesName: () => true,
  ikUpdatesRole: () => true,
  ikStoresTyped: () => false,
  ikMakesAnew: () => false,
  ikFallback: () => undefined,
  ikAcceptedRole: (value) => (isRole(value) ? value : undefined),
}
