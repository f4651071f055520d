import type { Router } from 'express'
import type { Defect } from './defects/defect.ts'
import type { Rules } from './rules/rules.ts'
import type { VerifiedAssertion } from './saml/assertion.ts'
import type { Acs } from './saml/authn-request.ts'
import type { Checked } from './saml/checks.ts'
import type { Service } from './service.ts'
import type { Sp } from './sp.ts'
import type { Settings } from './store/settings.ts'
import type { Store } from './store/store.ts'
import type { User } from './store/users.ts'

/** The account of a login, made by it or found. */
export interface Entered {
  user: User
  created: boolean
}

/**
 * What makes a service provider the one of a contract. Everything that they share (SAML verification, sessions, accounts,
 * the SCIM server) asks here for what is theirs, or asks the {@link Rules}.
 */
export interface Profile {
  /** Id of the contract that it keeps. */
  readonly id: string
  /** `Cloudinary`. */
  readonly title: string
  /** Organisations that there are from the start; the first is the one under test. */
  readonly organisations: readonly [string, ...string[]]
  /** Settings of an organisation that trusts nobody yet. */
  readonly settings: Settings
  /** Whether it publishes a key for which Assertions may be encrypted. */
  readonly decrypts?: boolean
  /** Whether it has a key of its own, to sign with. */
  readonly signs?: boolean
  /** Roles that an account can have. */
  readonly roles: readonly string[]
  /** All requirements kept. */
  readonly rules: Rules
  /** One for each requirement that can be broken. */
  readonly defects: readonly Defect[]
  /** Where an organisation takes Responses. */
  acs(url: string, organisation: string): readonly [Acs, ...Acs[]]
  /** Who administers an empty organisation. */
  readonly administrator: { email: string; firstName: string; lastName: string; role: string }
  /** What an empty organisation starts with, beside its administrator. */
  fill(store: Store): void
  /**
   * The account that a verified assertion is about, made or kept up to date; inside the transaction of the login.
   *
   * @throws LoginRefused
   */
  enter(sp: Sp, assertion: VerifiedAssertion, checked: Checked): Entered
  /** Before what was sent is checked in full; only with a defect that says so. */
  beforeChecks?(sp: Sp, assertion: VerifiedAssertion): void
  /** Everything that it answers, but its settings API. */
  routes(service: Service): Router[]
}
