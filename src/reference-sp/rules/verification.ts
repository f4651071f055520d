import type { Acs } from '../saml/authn-request.ts'
import type { IdpMetadata } from '../saml/metadata.ts'
import type { Settings } from '../store/settings.ts'

/** Whether a SAML message is taken at all. */
export interface VerificationRules {
  /** SAML login works while it is switched on; SAML provisioning doesn't replace it (CLD-PROV-02). */
  samlIsOn(settings: Settings, wasOff: boolean): boolean
  /** Any identity provider of SAML 2.0 will do (CLD-SAML-01). */
  supportsIdp(idp: IdpMetadata): boolean
  /** Metadata by URL is fetched from there (CLD-SAML-04). */
  fetchesMetadataUrl(): boolean
  /** Every signing certificate of the metadata is trusted (SAML-ACC-09). */
  trustedCertificates(idp: IdpMetadata): readonly string[]
  /** What must be fetched although the metadata were pasted: nothing (CLD-SAML-05). */
  urlNeededByInline(idp: IdpMetadata): string | undefined
  /** Every ACS of ours takes Responses (CLD-SAML-27). `all` has the console's first. */
  acceptsAcs(acs: Acs, all: readonly Acs[]): boolean
  /** The Destination is the URL where the message arrived (CLD-SAML-19, CLD-SAML-29). */
  destinationIsOurs(destination: string, acs: Acs, all: readonly Acs[]): boolean
  /** The Recipient is the URL where the message arrived (CLD-SAML-19). */
  recipientIsOurs(recipient: string, acs: Acs): boolean
  /** The audience is one of ours, exactly, at every ACS (CLD-SAML-20, CLD-SAML-28). */
  audienceIsOurs(audience: string, all: readonly Acs[], arrival: { acs: Acs; solicited: boolean }): boolean
  /** A Status other than Success ends the login, whatever else is in the message (CLD-SAML-14, CLD-SAML-30). */
  statusAllowsLogin(status: { success: boolean }, hasAssertion: boolean): boolean
  /** A Response that is no success and has no Assertion is not searched for one (CLD-SAML-14). */
  expectsAssertionOfDenied(): boolean
  /** A Response that answers a request answers one that this browser sent and that is unanswered (IK-SSO-15). */
  checksRequest(browser: string | undefined): boolean
  /**
   * Whether an assertion that was used is taken again (IK-SSO-21, IK-SSO-28); by whether the browser is logged in, and
   * whether the assertion is for one use (SAML-COR-20).
   */
  acceptsReplay(loggedIn: boolean, oneTimeUse: boolean): boolean
  /** Every NameID format will do, emailAddress first of all (CLD-SAML-21, CLD-SAML-31). */
  acceptsNameIdFormat(format: string | undefined, provisioning: boolean): boolean
}

export const verificationRules: VerificationRules = {
  trustedCertificates: ({ certificates }) => certificates,
  samlIsOn: (settings) => settings.saml.enabled,
  supportsIdp: () => true,
  fetchesMetadataUrl: () => true,
  urlNeededByInline: () => undefined,
  acceptsAcs: () => true,
  destinationIsOurs: (destination, acs) => destination === acs.url,
  recipientIsOurs: (recipient, acs) => recipient === acs.url,
  audienceIsOurs: (audience, all) => all.some((acs) => acs.audience === audience),
  statusAllowsLogin: (status) => status.success,
  expectsAssertionOfDenied: () => false,
  checksRequest: () => true,
  acceptsReplay: () => false,
  acceptsNameIdFormat: () => true,
}
