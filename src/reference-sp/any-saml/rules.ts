import type { VerifiedAssertion } from '../saml/assertion.ts'
import type { Envelope } from '../saml/gate.ts'
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
  /** What is found wrong with a good message: nothing (SAML-ACC, SAML-SIG-07 and others that are declared to be accepted). */
  objectsTo(message: { envelope: Envelope; assertion: VerifiedAssertion }): string | undefined
  /** What becomes of a message that was refused by the gate or for its signature: the refusal stands. */
  misreads(message: RefusedMessage): Misreading | Promise<Misreading>
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
  objectsTo: () => undefined,
  misreads: () => undefined,
  messageIn: (form) => form['SAMLResponse'],
  relayTarget: () => undefined,
  showsRelayState: () => false,
  keepsSession: () => false,
  readName: (nameId) => nameId,
  acceptsForeignName: () => false,
}
