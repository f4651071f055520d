import type { VerifiedAssertion } from '../saml/assertion.ts'
import type { EncryptionMethods } from '../saml/decryption.ts'
import type { Envelope } from '../saml/gate.ts'
import type { Sp } from '../sp.ts'
import type { Misreading, RefusedMessage } from './careless/message.ts'

/** What `checks.ts` looks at, by name. */
export type CheckName =
  | 'destination-missing'
  | 'issuer'
  | 'issuer-format'
  | 'audience-missing'
  | 'audience-restrictions'
  | 'conditions-begin'
  | 'conditions-end'
  | 'issued-in-future'
  | 'confirmation-method'
  | 'recipient'
  | 'confirmation-times'
  | 'confirmation-end'
  | 'request-agreement'
  | 'authn-statement'
  | 'session-end'
  | 'time-format'

/** What is looked at in a LogoutRequest, by name. */
export type LogoutCheckName = 'signature-missing' | 'signature' | 'issuer' | 'destination' | 'end' | 'name'

/** Decisions of the service provider of no vendor's. */
export interface AnySamlRules {
  /** How far the clocks may be apart, in ms, in either direction (SAML-COR-13, SAML-ACC-05). */
  clockSkew(): number
  /** Whether IssueInstant may be a day off (SAML-COR-16). */
  checksIssueInstant(): boolean
  /** Whether a check is left out: none is (SAML-COR-01 to SAML-COR-28). */
  overlooks(check: CheckName): boolean
  /** Whether every AudienceRestriction must hold (SAML-COR-03). */
  everyRestriction(): boolean
  /** Whether what was decrypted must be signed, there or by the Response (SAML-ENC-01). */
  needsSignatureInside(): boolean
  /** Whether a message encrypted like this is decrypted (SAML-ENC-04). */
  acceptsEncryption(methods: EncryptionMethods): boolean
  /** What an Assertion is taken from that was decrypted: from it alone (SAML-ENC-05, SAML-ENC-06). */
  assertionIn(decrypted: string): { read: string; verified: string }
  /** Which checks are made of what was decrypted: all (SAML-ENC-02). */
  checksDecrypted(): boolean
  /** What is found wrong with a good message: nothing (SAML-ACC, SAML-SIG-07 and others that are declared to be accepted). */
  objectsTo(message: { envelope: Envelope; assertion: VerifiedAssertion }): string | undefined
  /** What becomes of a message that was refused by the gate or for its signature: the refusal stands. */
  misreads(message: RefusedMessage): Misreading | Promise<Misreading>
  /** A request, as it is sent (SAML-REQ). */
  writesRequest(xml: string): string
  /** The metadata, as they are published (SAML-MD). */
  writesMetadata(xml: string): string
  /** What goes along as the RelayState (SAML-REQ-07). */
  sendsRelayState(path: string | undefined): string | undefined
  /** Whether a check of a LogoutRequest is left out: none is (SAML-SLO-01, SAML-SLO-02). */
  logoutOverlooks(check: LogoutCheckName): boolean
  /** Whether a LogoutRequest ends the session (SAML-SLO-03). */
  logoutEndsSession(): boolean
  /** The answer to a LogoutRequest, before it is signed (SAML-SLO-04). */
  writesLogoutResponse(xml: string): string
  /** Whether a logout that begins here ends the session here, and what is asked of the IdP (SAML-SLO-05). */
  logoutEndsOwnSession(): boolean
  writesLogoutRequest(xml: string): string
  /** Whose identity provider a Response is verified with: that of the organisation whose ACS it is (SAML-COR-31). */
  verifiesFor(sp: Sp, issuer: string | undefined, organisations: readonly Sp[]): Promise<Sp>
  /** The field of the form that has the message (SAML-PAR-18). */
  messageIn(form: Readonly<Record<string, unknown>>): unknown
  /** Where a RelayState leads (SAML-REL-01); undefined: to a path of ours. */
  relayTarget(relayState: unknown): string | undefined
  /** Whether a RelayState that is not ours is shown: no (SAML-REL-02). */
  showsRelayState(): boolean
  /** Whether the session that a browser has goes on at a login: no (SAML-SES-01). */
  keepsSession(): boolean
  /** The name of the user, of the NameID: as it is (SAML-PAR-13, SAML-PAR-14). */
  readName(nameId: string): string
  /** Whether a NameID that is another SP's is taken: no (SAML-COR-28). */
  acceptsForeignName(): boolean
}

export const anySamlRules: AnySamlRules = {
  clockSkew: () => 60_000,
  checksIssueInstant: () => false,
  overlooks: () => false,
  everyRestriction: () => true,
  needsSignatureInside: () => true,
  acceptsEncryption: ({ data, key }) => /#aes(128|256)-(gcm|cbc)$/.test(data) && /#rsa-oaep(-mgf1p)?$/.test(key),
  assertionIn: (decrypted) => ({ read: decrypted, verified: decrypted }),
  checksDecrypted: () => true,
  objectsTo: () => undefined,
  misreads: () => undefined,
  writesRequest: (xml) => xml,
  writesMetadata: (xml) => xml,
  sendsRelayState: (path) => path,
  logoutOverlooks: () => false,
  logoutEndsSession: () => true,
  writesLogoutResponse: (xml) => xml,
  logoutEndsOwnSession: () => true,
  writesLogoutRequest: (xml) => xml,
  verifiesFor: async (sp) => sp,
  messageIn: (form) => form['SAMLResponse'],
  relayTarget: () => undefined,
  showsRelayState: () => false,
  keepsSession: () => false,
  readName: (nameId) => nameId,
  acceptsForeignName: () => false,
}
