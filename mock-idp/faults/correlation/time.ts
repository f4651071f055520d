/** When a message holds: COR-11 to COR-13, COR-15, COR-16, COR-27. By the clock of the service provider. */
import { toInstant } from '../../../src/core/clock.ts'
import type { ResponseDraft } from '../../saml/draft.ts'
import { claimsFault, type Fault, type FaultBase, type FaultContext } from '../fault.ts'
import { withAssertions, withConditions, withConfirmations } from './change.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** By the service provider's clock, so that a clock that is off does not make it valid again, or invalid twice. */
const at = ({ now, spClockOffsetMs }: FaultContext, offset: number): string => toInstant(now + spClockOffsetMs + offset)

type Apply = (draft: ResponseDraft, context: FaultContext) => ResponseDraft
const times =
  (
    requirement: string,
    severity: FaultBase['severity'],
    basis: readonly string[],
    more: Partial<Pick<FaultBase, 'expect' | 'knob'>> = {},
  ) =>
  (id: string, title: string, apply: Apply): Fault =>
    claimsFault({ id, title, severity, expect: 'reject', basis, requirement, ...more, apply })

// NotBefore moves along: it must be earlier than NotOnOrAfter (SAML Core 2.5.1.2).
const ended =
  (ago: number): Apply =>
  (draft, context) =>
    withConditions(draft, () => ({ notBefore: at(context, -ago - hour), notOnOrAfter: at(context, -ago) }))
const beginning =
  (ahead: number): Apply =>
  (draft, context) =>
    withConditions(draft, () => ({ notBefore: at(context, ahead), notOnOrAfter: at(context, ahead + hour) }))
const confirmed =
  (ago: number): Apply =>
  (draft, context) =>
    withConfirmations(draft, () => ({ notOnOrAfter: at(context, -ago) }))

const past = times('SAML-COR-11', 'high', ['SAML Core 2.5.1.2', 'SAML Profiles 4.1.4.3'])
const future = times('SAML-COR-12', 'medium', ['SAML Core 2.5.1.2'])
const skew = times('SAML-COR-13', 'medium', ['SDP-G01', 'SAML Core 2.5.1.2'])
const malformed = times('SAML-COR-15', 'medium', ['SAML Core 1.3.3'])
const issued = times('SAML-COR-16', 'low', ['SAML Core 2.3.3', 'SAML Core 3.2.2'], {
  expect: 'by-policy',
  knob: 'saml.issueInstant',
})
const session = times('SAML-COR-27', 'medium', ['SAML Core 2.7.2', 'SAML Profiles 4.1.4.3'])

/** What stands in place of the end of the Conditions, and of the confirmation. */
const strange: readonly [id: string, what: string, value: (context: FaultContext) => string][] = [
  ['words', 'a word', () => 'tomorrow'],
  ['empty', 'empty', () => ''],
  ['month-13', 'in the thirteenth month', () => '2099-13-01T00:00:00Z'],
  ['hour-25', 'at 25 hours', () => '2099-01-01T25:00:00Z'],
  [
    'number',
    'a number of seconds',
    (context) => String(Math.floor((context.now + context.spClockOffsetMs + hour) / second)),
  ],
  ['date-only', 'a date without a time', () => '2099-01-01'],
  ['offset', 'in another time zone than UTC', (context) => at(context, 2 * hour).replace('Z', '+01:00')],
  ['no-zone', 'without a time zone', (context) => at(context, hour).replace('Z', '')],
]

const strangeTimes = strange.flatMap(([id, what, value]) => [
  malformed(`conditions-end-${id}`, `The NotOnOrAfter of the Conditions is ${what}`, (draft, context) =>
    withConditions(draft, () => ({ notOnOrAfter: value(context) })),
  ),
  malformed(`confirmation-ends-${id}`, `The NotOnOrAfter of the SubjectConfirmationData is ${what}`, (draft, context) =>
    withConfirmations(draft, () => ({ notOnOrAfter: value(context) })),
  ),
])

export const timeFaults: readonly Fault[] = [
  past('expired', 'The Conditions of the Assertion ended an hour ago', ended(hour)),
  past('confirmation-expired', 'The SubjectConfirmationData ended an hour ago', confirmed(hour)),
  past(
    'conditions-end-at-their-begin',
    'The Conditions end at the moment at which they begin, an hour ago',
    (draft, context) =>
      withConditions(draft, () => ({ notBefore: at(context, -hour), notOnOrAfter: at(context, -hour) })),
  ),
  future('not-yet-valid', 'The Conditions of the Assertion begin in an hour', beginning(hour)),
  skew(
    'conditions-end-beyond-skew',
    'The Conditions ended five minutes and five seconds ago',
    ended(5 * minute + 5 * second),
  ),
  skew(
    'confirmation-ends-beyond-skew',
    'The SubjectConfirmationData ended five minutes and five seconds ago',
    confirmed(5 * minute + 5 * second),
  ),
  skew(
    'conditions-begin-beyond-skew',
    'The Conditions begin in five minutes and five seconds',
    beginning(5 * minute + 5 * second),
  ),
  ...strangeTimes,
  malformed('conditions-begin-words', 'The NotBefore of the Conditions is a word', (draft) =>
    withConditions(draft, () => ({ notBefore: 'yesterday' })),
  ),
  malformed('issue-instant-words', 'The IssueInstant of the Assertion is a word', (draft) =>
    withAssertions(draft, () => ({ issueInstant: 'now' })),
  ),
  issued('assertion-issued-a-day-ago', 'The Assertion was issued a day ago', (draft, context) =>
    withAssertions(draft, () => ({ issueInstant: at(context, -day) })),
  ),
  issued('assertion-issued-in-a-day', 'The Assertion will be issued in a day', (draft, context) =>
    withAssertions(draft, () => ({ issueInstant: at(context, day) })),
  ),
  issued('response-issued-a-day-ago', 'The Response was issued a day ago', (draft, context) => ({
    ...draft,
    issueInstant: at(context, -day),
  })),
  issued('response-issued-in-a-day', 'The Response will be issued in a day', (draft, context) => ({
    ...draft,
    issueInstant: at(context, day),
  })),
  session('session-ended', 'The session at the identity provider ended an hour ago', (draft, context) =>
    withAssertions(draft, ({ authnStatement }) => ({
      authnStatement: authnStatement && { ...authnStatement, sessionNotOnOrAfter: at(context, -hour) },
    })),
  ),
]

/** Within what a service provider shall put up with (SDP-G01: three minutes at least). */
const tolerated = times('SAML-ACC-05', 'medium', ['SDP-G01'], { expect: 'accept' })

export const skewFaults: readonly Fault[] = [
  tolerated(
    'conditions-end-within-skew',
    'The Conditions ended two minutes and 55 seconds ago',
    ended(3 * minute - 5 * second),
  ),
  tolerated(
    'confirmation-ends-within-skew',
    'The SubjectConfirmationData ended two minutes and 55 seconds ago',
    confirmed(3 * minute - 5 * second),
  ),
  tolerated(
    'conditions-begin-within-skew',
    'The Conditions begin in two minutes and 55 seconds',
    beginning(3 * minute - 5 * second),
  ),
]
