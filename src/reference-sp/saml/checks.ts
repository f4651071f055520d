import { refuse } from '../login-refused.ts'
import type { VerificationRules } from '../rules/verification.ts'
import type { SubjectConfirmation, VerifiedAssertion } from './assertion.ts'
import type { Acs } from './authn-request.ts'
import type { Envelope } from './gate.ts'
import type { IdpMetadata } from './metadata.ts'
import { bearer } from './namespaces.ts'

/** How far the clocks of IdP and SP may be apart, in milliseconds, in either direction. */
export const clockSkew = 60_000

export interface CheckContext {
  /** Where the message arrived. */
  acs: Acs
  /** Every ACS of this SP, the default first. */
  allAcs: readonly Acs[]
  idp: IdpMetadata
  rules: VerificationRules
  now: number
}

export interface Checked {
  /** The request that the message says it answers; undefined when it is unsolicited. */
  inResponseTo: string | undefined
  /** Until when this assertion could be used, ms since the epoch: so long it must be remembered. */
  usableUntil: number
  /** When the IdP wants the session to end. */
  sessionNotOnOrAfter: number | undefined
}

/**
 * The third layer: is this message meant for us, here and now? (SAML Profiles 4.1.4.2 and 4.1.4.3, Core 2.5.) All of it
 * is ours to do; node-saml alone lets through a wrong Destination, Recipient, Status or Response Issuer, an expired
 * SubjectConfirmationData and an unknown InResponseTo.
 *
 * @throws LoginRefused
 */
export const checkMessage = (envelope: Envelope, assertion: VerifiedAssertion, context: CheckContext): Checked => {
  checkDestination(envelope, context)
  checkIssuers(envelope, assertion, context)
  checkAudience(assertion, context, envelope.inResponseTo !== undefined)
  checkConditions(assertion, context.now)
  const confirmation = confirmedBy(assertion, context)
  if (confirmation.inResponseTo !== envelope.inResponseTo)
    refuse('UNKNOWN_REQUEST', 'Response and Assertion do not agree on the request.')
  const usableUntil = instant(confirmation.notOnOrAfter ?? '')
  if (assertion.authnStatements.length === 0) refuse('NOT_AUTHENTICATED')
  const sessionEnds = assertion.authnStatements
    .map((statement) => statement.sessionNotOnOrAfter)
    .filter((value) => value !== undefined)
    .map(instant)
  if (sessionEnds.some((end) => expired(end, context.now))) refuse('ASSERTION_EXPIRED', 'SessionNotOnOrAfter is past.')
  return {
    inResponseTo: envelope.inResponseTo,
    usableUntil: usableUntil + clockSkew,
    sessionNotOnOrAfter: sessionEnds.length === 0 ? undefined : Math.min(...sessionEnds),
  }
}

const checkDestination = ({ destination, signed }: Envelope, { acs, allAcs, rules }: CheckContext): void => {
  // A signed Response must name it (SAML Bindings 3.5.5.2); some IdPs leave it out where only the Assertion is signed.
  if (destination === undefined) {
    if (signed.response) refuse('DESTINATION_MISMATCH', 'It is missing.')
    return
  }
  if (!rules.destinationIsOurs(destination, acs, allAcs)) refuse('DESTINATION_MISMATCH')
}

const checkIssuers = (envelope: Envelope, assertion: VerifiedAssertion, { idp }: CheckContext): void => {
  if (assertion.issuer !== idp.entityId) refuse('ISSUER_MISMATCH', 'That of the Assertion differs.')
  if (envelope.issuer !== undefined && envelope.issuer !== idp.entityId)
    refuse('ISSUER_MISMATCH', 'That of the Response differs.')
}

const checkAudience = (
  { conditions }: VerifiedAssertion,
  { acs, allAcs, rules }: CheckContext,
  solicited: boolean,
): void => {
  if (conditions.audiences.length === 0) refuse('AUDIENCE_MISMATCH', 'The assertion names none.')
  for (const audiences of conditions.audiences)
    if (!audiences.some((audience) => rules.audienceIsOurs(audience, allAcs, { acs, solicited })))
      refuse('AUDIENCE_MISMATCH')
}

const checkConditions = ({ conditions, issueInstant }: VerifiedAssertion, now: number): void => {
  if (conditions.notBefore !== undefined && now + clockSkew < instant(conditions.notBefore))
    refuse('ASSERTION_NOT_YET_VALID')
  if (conditions.notOnOrAfter !== undefined && expired(instant(conditions.notOnOrAfter), now))
    refuse('ASSERTION_EXPIRED')
  if (now + clockSkew < instant(issueInstant)) refuse('ASSERTION_NOT_YET_VALID', 'It was issued in the future.')
}

/** The bearer confirmation that holds here (SAML Profiles 4.1.4.2); one for another SP may stand beside it. */
const confirmedBy = ({ confirmations }: VerifiedAssertion, context: CheckContext): SubjectConfirmation => {
  const bearers = confirmations.filter((confirmation) => confirmation.method === bearer)
  if (bearers.length === 0) return refuse('SUBJECT_NOT_CONFIRMED')
  const here = bearers.filter(
    ({ recipient }) => recipient !== undefined && context.rules.recipientIsOurs(recipient, context.acs),
  )
  if (here.length === 0) return refuse('RECIPIENT_MISMATCH')
  const dated = here.filter(({ notOnOrAfter, notBefore }) => notOnOrAfter !== undefined && notBefore === undefined)
  if (dated.length === 0)
    return refuse('SUBJECT_NOT_CONFIRMED', 'A bearer confirmation needs NotOnOrAfter and must not have NotBefore.')
  return (
    dated.find(({ notOnOrAfter }) => !expired(instant(notOnOrAfter ?? ''), context.now)) ?? refuse('ASSERTION_EXPIRED')
  )
}

const expired = (notOnOrAfter: number, now: number): boolean => now - clockSkew >= notOnOrAfter

/** xs:dateTime in UTC, the only form that SAML has (Core 1.3.3). What is no time must not compare as a valid one. */
const instant = (value: string): number => {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? refuse('INVALID_TIME') : ms
}
