import type { VerifiedAssertion } from '../saml/assertion.ts'
import type { Settings } from '../store/settings.ts'
import type { User } from '../store/users.ts'

/** Who gets in, by SAML without provisioning and by password. */
export interface AccessRules {
  /** SAML provisioning is a switch of its own, off by default (CLD-PROV-01). */
  provisioningIsOn(settings: Settings): boolean
  /** Whether login-only mode writes attributes to the account: no (CLD-SAML-02). */
  appliesAttributesAtLogin(): boolean
  /** In login-only mode someone without an account stays without one (CLD-SAML-03). */
  createsUnknownAtLogin(): boolean
  /** Login-only mode knows people by the NameID, which is their e-mail address (CLD-SAML-31, A-09). */
  emailAtLogin(assertion: VerifiedAssertion): string | undefined
  /** Accounts from everywhere can log in with SAML (CLD-SAML-26). */
  mayUseSaml(user: User): boolean
  /** Whether a second factor is asked for after a SAML login: never (CLD-SAML-11). */
  asksSecondFactorAfterSaml(user: User): boolean
  /** What a SAML login makes of the two-factor setting: nothing (CLD-SAML-12). */
  twoFactorAfterSaml(user: User): boolean
  /**
   * Without Enforce everybody may use a password; with it, whoever has the role master_admin
   * (CLD-SAML-07, CLD-SAML-08, CLD-SAML-09, CLD-PROV-42; by role: A-11).
   */
  passwordAllowed(user: User, settings: Settings): boolean
}

export const isEnforced = (settings: Settings): boolean => settings.saml.enabled && settings.enforce

export const accessRules: AccessRules = {
  provisioningIsOn: (settings) => settings.provisioning,
  appliesAttributesAtLogin: () => false,
  createsUnknownAtLogin: () => false,
  emailAtLogin: ({ nameId }) => nameId?.value || undefined,
  mayUseSaml: () => true,
  asksSecondFactorAfterSaml: () => false,
  twoFactorAfterSaml: (user) => user.twoFactor,
  passwordAllowed: (user, settings) => !isEnforced(settings) || user.role === 'master_admin',
}
