import { toInstant } from '../../src/core/clock.ts'
import type { AssertionDraft, ResponseDraft } from '../saml/draft.ts'
import { status } from '../saml/names.ts'
import { editAssertions } from './edit.ts'
import { fault } from './fault.ts'
import { text } from './params.ts'

const hour = 3_600_000

export const wrongAudience = fault({
  id: 'wrong-audience',
  title: 'The Assertion is addressed to another service provider',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Core 2.5.1.4', 'SAML Profiles 4.1.4.2'],
  apply: (draft, { other }) => withConditions(draft, () => ({ audienceRestrictions: [[other.spEntityId]] })),
})

export const wrongRecipient = fault({
  id: 'wrong-recipient',
  title: 'The SubjectConfirmationData names the Assertion Consumer Service of another service provider',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Profiles 4.1.4.2', 'SAML Profiles 4.1.4.3'],
  apply: (draft, { other }) =>
    editAssertions(draft, ({ subject, ...assertion }) => ({
      ...assertion,
      subject: subject && {
        ...subject,
        confirmations: subject.confirmations.map((c) => ({ ...c, recipient: other.acsUrl })),
      },
    })),
})

export const wrongDestination = fault({
  id: 'wrong-destination',
  title: 'The Destination of the Response is the Assertion Consumer Service of another service provider',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Core 3.2.2', 'SAML Bindings 3.5.5.2'],
  apply: (draft, { other }) => ({ ...draft, destination: other.acsUrl }),
})

export const wrongIssuer = fault({
  id: 'wrong-issuer',
  title: 'Response and Assertion name another identity provider as their Issuer',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Profiles 4.1.4.2'],
  apply: (draft, { other }) => ({
    ...editAssertions(draft, (assertion) => ({ ...assertion, issuer: other.idpEntityId })),
    issuer: other.idpEntityId,
  }),
})

const withConditions = (
  draft: ResponseDraft,
  change: (c: NonNullable<AssertionDraft['conditions']>) => Partial<NonNullable<AssertionDraft['conditions']>>,
): ResponseDraft =>
  editAssertions(draft, ({ conditions, ...assertion }) => ({
    ...assertion,
    conditions: conditions && { ...conditions, ...change(conditions) },
  }))

/** By the service provider's clock, so that a clock that is off does not make it valid again, or invalid twice. */
const spTime = ({ now, spClockOffsetMs }: { now: number; spClockOffsetMs: number }): number => now + spClockOffsetMs

export const expired = fault({
  id: 'expired',
  title: 'The Conditions of the Assertion ended an hour ago',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Core 2.5.1.2'],
  // NotBefore moves along: it must be earlier than NotOnOrAfter (SAML Core 2.5.1.2).
  apply: (draft, context) =>
    withConditions(draft, () => ({
      notBefore: toInstant(spTime(context) - 2 * hour),
      notOnOrAfter: toInstant(spTime(context) - hour),
    })),
})

export const notYetValid = fault({
  id: 'not-yet-valid',
  title: 'The Conditions of the Assertion begin in an hour',
  stage: 'claims',
  severity: 'medium',
  expect: 'reject',
  basis: ['SAML Core 2.5.1.2'],
  apply: (draft, context) =>
    withConditions(draft, () => ({
      notBefore: toInstant(spTime(context) + hour),
      notOnOrAfter: toInstant(spTime(context) + 2 * hour),
    })),
})

const denied = { code: status.responder, subCode: status.requestDenied }

export const requestDenied = fault({
  id: 'request-denied',
  title: 'The Status says that the request was denied, and there is no Assertion',
  stage: 'claims',
  severity: 'medium',
  expect: 'reject',
  basis: ['SAML Core 3.2.2.2', 'SAML Profiles 4.1.4.2'],
  apply: (draft) => ({ ...draft, status: denied, assertions: [] }),
})

export const requestDeniedWithAssertion = fault({
  id: 'request-denied-with-assertion',
  title: 'The Status says that the request was denied, beside an Assertion that is valid',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Core 3.2.2.2'],
  apply: (draft) => ({ ...draft, status: denied }),
})

const withNameId = (draft: ResponseDraft, change: { value?: string; format?: string }): ResponseDraft =>
  editAssertions(draft, ({ subject, ...assertion }) => ({
    ...assertion,
    subject: subject && { ...subject, nameId: subject.nameId && { ...subject.nameId, ...change } },
  }))

export const nameIdValue = fault({
  id: 'name-id-value',
  title: 'The NameID has another value',
  stage: 'claims',
  severity: 'info',
  expect: 'by-policy',
  basis: ['SAML Core 2.2.3'],
  parameters: { value: { title: 'The value to send', type: 'string', required: true } },
  apply: (draft, _context, params) => withNameId(draft, { value: text(params, 'value') }),
})

export const nameIdFormat = fault({
  id: 'name-id-format',
  title: 'The NameID has another Format',
  stage: 'claims',
  severity: 'info',
  expect: 'by-policy',
  basis: ['SAML Core 2.2.2', 'SAML Core 8.3'],
  parameters: { format: { title: 'The Format to send, a URI', type: 'string', required: true } },
  apply: (draft, _context, params) => withNameId(draft, { format: text(params, 'format') }),
})

export const missingNameId = fault({
  id: 'missing-name-id',
  title: 'The Subject has no NameID',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Profiles 4.1.4.2'],
  apply: (draft) =>
    editAssertions(draft, ({ subject, ...assertion }) => ({
      ...assertion,
      subject: subject && { ...subject, nameId: undefined },
    })),
})

export const emptyNameId = fault({
  id: 'empty-name-id',
  title: 'The NameID is empty',
  stage: 'claims',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Core 2.2.3'],
  apply: (draft) => withNameId(draft, { value: '' }),
})

export const claimsFaults = [
  wrongAudience,
  wrongRecipient,
  wrongDestination,
  wrongIssuer,
  expired,
  notYetValid,
  requestDenied,
  requestDeniedWithAssertion,
  missingNameId,
  emptyNameId,
  nameIdValue,
  nameIdFormat,
] as const
