import type { AnySamlRules, CheckName } from '../any-saml/rules.ts'
import type { ErrorCode } from '../error-codes.ts'
import { refuse } from '../login-refused.ts'
import type { VerificationRules } from '../rules/verification.ts'
import type { SubjectConfirmation, VerifiedAssertion } from './assertion.ts'
import type { Acs } from './authn-request.ts'
import type { Envelope } from './gate.ts'
import type { IdpMetadata } from './metadata.ts'
import { bearer, entityFormat } from './namespaces.ts'

export interface CheckContext {
  /** Where the message arrived. */
  acs: Acs
  /** Every ACS of this SP, the default first. */
  allAcs: readonly Acs[]
  idp: IdpMetadata
  rules: VerificationRules & Pick<AnySamlRules, 'clockSkew' | 'checksIssueInstant' | 'overlooks' | 'everyRestriction'>
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
  checkConditions(assertion, context)
  checkIssueInstants(envelope, assertion, context)
  const confirmation = confirmedBy(assertion, context)
  if (confirmation.inResponseTo !== envelope.inResponseTo)
    found(context, 'request-agreement', 'UNKNOWN_REQUEST', 'Response and Assertion do not agree on the request.')
  const usableUntil = instant(confirmation.notOnOrAfter ?? farAway, context)
  if (assertion.authnStatements.length === 0) found(context, 'authn-statement', 'NOT_AUTHENTICATED')
  const sessionEnds = assertion.authnStatements
    .map((statement) => statement.sessionNotOnOrAfter)
    .filter((value) => value !== undefined)
    .map((value) => instant(value, context))
  if (sessionEnds.some((end) => expired(end, context)))
    found(context, 'session-end', 'ASSERTION_EXPIRED', 'SessionNotOnOrAfter is past.')
  return {
    inResponseTo: envelope.inResponseTo,
    usableUntil: usableUntil + context.rules.clockSkew(),
    sessionNotOnOrAfter:
      sessionEnds.length === 0 || context.rules.overlooks('session-end') ? undefined : Math.min(...sessionEnds),
  }
}

/** Refuses, unless a defect overlooks this. */
const found = ({ rules }: CheckContext, check: CheckName, reason: ErrorCode, detail?: string): void => {
  if (!rules.overlooks(check)) refuse(reason, detail)
}

const checkDestination = ({ destination, signed }: Envelope, context: CheckContext): void => {
  const { acs, allAcs, rules } = context
  // A signed Response must name it (SAML Bindings 3.5.5.2); some IdPs leave it out where only the Assertion is signed.
  if (destination === undefined) {
    if (signed.response) found(context, 'destination-missing', 'DESTINATION_MISMATCH', 'It is missing.')
    return
  }
  if (!rules.destinationIsOurs(destination, acs, allAcs)) refuse('DESTINATION_MISMATCH')
}

const checkIssuers = (envelope: Envelope, assertion: VerifiedAssertion, context: CheckContext): void => {
  const { idp } = context
  const formats = [assertion.issuerFormat, envelope.issuerFormat]
  if (formats.some((format) => format !== undefined && format !== entityFormat))
    found(context, 'issuer-format', 'ISSUER_MISMATCH', 'It has the Format of something else than an entity.')
  if (assertion.issuer !== idp.entityId) found(context, 'issuer', 'ISSUER_MISMATCH', 'That of the Assertion differs.')
  if (envelope.issuer !== undefined && envelope.issuer !== idp.entityId)
    found(context, 'issuer', 'ISSUER_MISMATCH', 'That of the Response differs.')
}

const checkAudience = ({ conditions }: VerifiedAssertion, context: CheckContext, solicited: boolean): void => {
  const { acs, allAcs, rules } = context
  if (conditions.audiences.length === 0)
    found(context, 'audience-missing', 'AUDIENCE_MISMATCH', 'The assertion names none.')
  const holds = (audiences: readonly string[]): boolean =>
    audiences.some((audience) => rules.audienceIsOurs(audience, allAcs, { acs, solicited }))
  const { audiences } = conditions
  if (audiences.every(holds) || (audiences.some(holds) && !rules.everyRestriction())) return
  refuse('AUDIENCE_MISMATCH')
}

const checkConditions = ({ conditions, issueInstant }: VerifiedAssertion, context: CheckContext): void => {
  const latest = context.now + context.rules.clockSkew()
  if (conditions.notBefore !== undefined && latest < instant(conditions.notBefore, context))
    found(context, 'conditions-begin', 'ASSERTION_NOT_YET_VALID')
  if (conditions.notOnOrAfter !== undefined && expired(instant(conditions.notOnOrAfter, context), context))
    found(context, 'conditions-end', 'ASSERTION_EXPIRED')
  if (latest < instant(issueInstant, context))
    found(context, 'issued-in-future', 'ASSERTION_NOT_YET_VALID', 'It was issued in the future.')
}

/** The bearer confirmation that holds here (SAML Profiles 4.1.4.2); one for another SP may stand beside it. */
const confirmedBy = ({ confirmations }: VerifiedAssertion, context: CheckContext): SubjectConfirmation => {
  const { rules, acs } = context
  const bearers = narrowed(context, 'confirmation-method', confirmations, ({ method }) => method === bearer)
  if (bearers.length === 0) return refuse('SUBJECT_NOT_CONFIRMED')
  const here = narrowed(
    context,
    'recipient',
    bearers,
    ({ recipient }) => recipient !== undefined && rules.recipientIsOurs(recipient, acs),
  )
  if (here.length === 0) return refuse('RECIPIENT_MISMATCH')
  const dated = narrowed(
    context,
    'confirmation-times',
    here,
    ({ notOnOrAfter, notBefore }) => notOnOrAfter !== undefined && notBefore === undefined,
  )
  if (dated.length === 0)
    return refuse('SUBJECT_NOT_CONFIRMED', 'A bearer confirmation needs NotOnOrAfter and must not have NotBefore.')
  const inTime = narrowed(
    context,
    'confirmation-end',
    dated,
    ({ notOnOrAfter }) => !expired(instant(notOnOrAfter ?? farAway, context), context),
  )
  return inTime[0] ?? refuse('ASSERTION_EXPIRED')
}

const farAway = '9999-01-01T00:00:00Z'

/** Those that hold; all of them where a defect overlooks this. */
const narrowed = (
  { rules }: CheckContext,
  check: CheckName,
  all: readonly SubjectConfirmation[],
  holds: (one: SubjectConfirmation) => boolean,
): readonly SubjectConfirmation[] => (rules.overlooks(check) ? all : all.filter(holds))

const expired = (notOnOrAfter: number, { now, rules }: CheckContext): boolean => now - rules.clockSkew() >= notOnOrAfter

/** xs:dateTime in UTC, the only form that SAML has (Core 1.3.3). What is no time must not compare as a valid one. */
const instant = (value: string, { rules }: Pick<CheckContext, 'rules'>): number => {
  if (rules.overlooks('time-format')) return Date.parse(value)
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(ms) ? refuse('INVALID_TIME') : ms
}

const halfADay = 12 * 60 * 60_000

const checkIssueInstants = (envelope: Envelope, assertion: VerifiedAssertion, context: CheckContext): void => {
  if (!context.rules.checksIssueInstant()) return
  for (const value of [envelope.issueInstant, assertion.issueInstant])
    if (Math.abs(instant(value, context) - context.now) > halfADay)
      refuse('ASSERTION_EXPIRED', 'It was issued long ago, or will be.')
}
