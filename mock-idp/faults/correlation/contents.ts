/** What an Assertion and a Response must have in them: COR-20 to COR-28, COR-32. */

import type { ResponseDraft, StatusDraft } from '../../saml/draft.ts'
import { strict } from '../../saml/markup.ts'
import { bearer, ns, status } from '../../saml/names.ts'
import type { ElementEdit, ToSign } from '../../saml/signing-plan.ts'
import { claimsFault, type Fault, type FaultBase, signingFault, type TamperContext, tamperFault } from '../fault.ts'
import { identityOf, identityParameter, newId } from '../forge.ts'
import { text } from '../params.ts'
import { first, inner, refilled, withAttribute } from '../text/nodes.ts'
import { prefixOf } from '../text/parts.ts'
import { signatureXml, usualRecipe } from '../text/signature-xml.ts'
import { editing, withAssertions, withSubject } from './change.ts'

type Case = Pick<FaultBase, 'id' | 'title' | 'requirement' | 'severity' | 'basis'> & Partial<FaultBase>

const claims = (value: Case, apply: (draft: ResponseDraft) => ResponseDraft): Fault =>
  claimsFault({ expect: 'reject', ...value, apply })
const edited = (value: Case, edit: { assertion?: ElementEdit; response?: ElementEdit }): Fault =>
  signingFault({ expect: 'reject', ...value, apply: (plan) => editing(plan, edit) })

const inConditions =
  (content: (p: string, form: 'signed' | 'sent') => string): ElementEdit =>
  (element, form) => {
    const node = first(element, 'Conditions')
    return refilled(element, node, inner(element, node) + content(prefixOf(element), form))
  }

const oneTimeUse = edited(
  {
    id: 'one-time-use',
    title: 'The Conditions say that the Assertion is for one use',
    requirement: 'SAML-COR-20',
    severity: 'medium',
    basis: ['SAML Core 2.5.1.5'],
    expect: 'accept',
  },
  { assertion: inConditions((p) => `<${p}OneTimeUse></${p}OneTimeUse>`) },
)

const unknownConditions = [
  edited(
    {
      id: 'unknown-condition',
      title: 'The Conditions have a Condition of a type that nobody knows',
      requirement: 'SAML-COR-21',
      severity: 'medium',
      basis: ['SAML Core 2.5.1.1', 'SAML Core 2.5.1.3'],
    },
    {
      // Exclusive C14N leaves a declaration out that is used in a value only.
      assertion: inConditions(
        (p, form) =>
          `<${p}Condition${form === 'sent' ? ' xmlns:x="urn:example:conditions"' : ''} xmlns:xsi="${ns.xsi}" xsi:type="x:OnMondays"></${p}Condition>`,
      ),
    },
  ),
  edited(
    {
      id: 'condition-of-another-namespace',
      title: 'The Conditions have an element of another namespace',
      requirement: 'SAML-COR-21',
      severity: 'medium',
      basis: ['SAML Core 2.5.1.1'],
    },
    { assertion: inConditions(() => '<x:OnMondays xmlns:x="urn:example:conditions"></x:OnMondays>') },
  ),
]

const denied: StatusDraft = { code: status.responder, subCode: status.requestDenied }
const ofStatus = (id: string, title: string, value: StatusDraft, withAssertion = true): Fault =>
  claims(
    {
      id,
      title,
      requirement: 'SAML-COR-22',
      severity: withAssertion ? 'high' : 'medium',
      basis: ['SAML Core 3.2.2.2', 'SAML Profiles 4.1.4.2'],
    },
    (draft) => ({ ...draft, status: value, ...(withAssertion ? {} : { assertions: [] }) }),
  )

const authnFailed = 'urn:oasis:names:tc:SAML:2.0:status:AuthnFailed'
const statuses = [
  ofStatus('request-denied', 'The Status says that the request was denied, and there is no Assertion', denied, false),
  ofStatus(
    'request-denied-with-assertion',
    'The Status says that the request was denied, beside an Assertion that is valid',
    denied,
  ),
  ofStatus(
    'requester-error-with-assertion',
    'The Status says that the requester made a mistake, beside an Assertion that is valid',
    { code: status.requester },
  ),
  ofStatus(
    'authn-failed-with-assertion',
    'The Status says that the user was not authenticated, beside an Assertion that is valid',
    { code: status.responder, subCode: authnFailed },
  ),
  ofStatus(
    'success-below-failure',
    'The Status is a failure with Success below it, beside an Assertion that is valid',
    { code: status.responder, subCode: status.success },
  ),
  ofStatus('unknown-status-with-assertion', 'The Status is one that nobody knows, beside an Assertion that is valid', {
    code: 'urn:example:status:unknown',
  }),
  ofStatus('empty-status-with-assertion', 'The Value of the StatusCode is empty, beside an Assertion that is valid', {
    code: '',
  }),
  edited(
    {
      id: 'no-status',
      title: 'The Response has no Status',
      requirement: 'SAML-COR-22',
      severity: 'high',
      basis: ['SAML Core 3.2.2'],
    },
    {
      response: (element) => {
        const node = first(element, 'Status')
        return element.slice(0, node.start) + element.slice(node.end)
      },
    },
  ),
]

const incomplete = (id: string, title: string, apply: (draft: ResponseDraft) => ResponseDraft): Fault =>
  claims({ id, title, requirement: 'SAML-COR-23', severity: 'high', basis: ['SAML Profiles 4.1.4.2'] }, apply)

const incompletes = [
  incomplete('no-assertion', 'The Status is Success, and there is no Assertion', (draft) => ({
    ...draft,
    assertions: [],
  })),
  incomplete('no-subject', 'The Assertion has no Subject', (draft) =>
    withAssertions(draft, () => ({ subject: undefined })),
  ),
  incomplete('missing-name-id', 'The Subject has no NameID', (draft) =>
    withSubject(draft, () => ({ nameId: undefined })),
  ),
  incomplete('no-authn-statement', 'The Assertion has no AuthnStatement', (draft) =>
    withAssertions(draft, () => ({ authnStatement: undefined })),
  ),
]

/** Both are signed by the identity provider: whose session is it? Never that of the second alone. */
const twoAssertions = (id: string, title: string, order: 'user-first' | 'other-first'): Fault =>
  claimsFault({
    id,
    title,
    requirement: 'SAML-COR-24',
    severity: 'medium',
    expect: 'reject-or-true-identity',
    basis: ['SDP-IDP10'],
    parameters: identityParameter,
    apply: (draft, _context, params) => {
      const [assertion] = draft.assertions
      if (!assertion) return draft
      const { subject } = assertion
      const other = {
        ...assertion,
        id: newId(),
        subject: subject && { ...subject, nameId: subject.nameId && { ...subject.nameId, value: identityOf(params) } },
      }
      return { ...draft, assertions: order === 'user-first' ? [assertion, other] : [other, assertion] }
    },
  })

const version = (id: string, title: string, of: 'assertion' | 'response', value: string | undefined): Fault =>
  edited(
    { id, title, requirement: 'SAML-COR-25', severity: 'medium', basis: ['SAML Core 4.1'] },
    {
      [of]: (element: string) =>
        withAttribute(element, first(element, of === 'assertion' ? 'Assertion' : 'Response'), 'Version', value),
    },
  )

const versions = (['response', 'assertion'] as const).flatMap((of) => {
  const what = of === 'response' ? 'Response' : 'Assertion'
  return [
    version(`version-1-1-of-${of}`, `The ${what} is of version 1.1`, of, '1.1'),
    version(`version-2-1-of-${of}`, `The ${what} is of version 2.1`, of, '2.1'),
    version(`no-version-of-${of}`, `The ${what} has no Version`, of, undefined),
  ]
})

const weakClass = (id: string, title: string, classRef: string): Fault =>
  claims(
    {
      id,
      title,
      requirement: 'SAML-COR-26',
      severity: 'medium',
      expect: 'by-policy',
      knob: 'saml.authnContext',
      basis: ['SAML Core 3.3.2.2.1', 'IIP-SP07'],
    },
    (draft) =>
      withAssertions(draft, ({ authnStatement }) => ({
        authnStatement: authnStatement && { ...authnStatement, classRef },
      })),
  )

const nameId = (
  value: Omit<Case, 'requirement' | 'basis'> & Partial<FaultBase>,
  apply: (draft: ResponseDraft) => ResponseDraft,
): Fault => claims({ requirement: 'SAML-COR-28', basis: ['SAML Core 2.2.2', 'SAML Core 2.2.3'], ...value }, apply)

const withNameId = (draft: ResponseDraft, change: { value?: string; format?: string }): ResponseDraft =>
  withSubject(draft, ({ nameId: one }) => ({ nameId: one && { ...one, ...change } }))

const qualified = (id: string, title: string, attribute: string): Fault =>
  signingFault({
    id,
    title,
    requirement: 'SAML-COR-28',
    severity: 'medium',
    expect: 'reject',
    basis: ['SAML Core 2.2.2'],
    apply: (plan, { other }) =>
      editing(plan, {
        assertion: (element) =>
          withAttribute(
            element,
            first(element, 'NameID'),
            attribute,
            attribute === 'NameQualifier' ? other.idpEntityId : other.spEntityId,
          ),
      }),
  })

const nameIds = [
  nameId({ id: 'empty-name-id', title: 'The NameID is empty', severity: 'high' }, (draft) =>
    withNameId(draft, { value: '' }),
  ),
  nameId({ id: 'name-id-of-spaces', title: 'The NameID is nothing but spaces', severity: 'medium' }, (draft) =>
    withNameId(draft, { value: '   ' }),
  ),
  nameId(
    {
      id: 'long-name-id',
      title: 'The NameID has three hundred characters',
      severity: 'medium',
      expect: 'reject-or-true-identity',
      basis: ['IIP-G02'],
    },
    (draft) =>
      withSubject(draft, ({ nameId: one }) => ({
        nameId: one && { ...one, value: `${'x'.repeat(300 - one.value.length)}${one.value}` },
      })),
  ),
  nameId(
    {
      id: 'name-id-format-unknown',
      title: 'The NameID has a Format that nobody knows',
      severity: 'medium',
      expect: 'by-policy',
      knob: 'saml.nameIdFormat',
      basis: ['SAML Core 8.3'],
    },
    (draft) => withNameId(draft, { format: 'urn:example:nameid-format:unknown' }),
  ),
  nameId(
    {
      id: 'name-id-format-entity',
      title: 'The NameID has the Format of an entity',
      severity: 'medium',
      expect: 'by-policy',
      knob: 'saml.nameIdFormat',
      basis: ['SAML Core 8.3.6'],
    },
    (draft) => withNameId(draft, { format: 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity' }),
  ),
  qualified('name-id-of-another-sp', 'The NameID is qualified by another service provider', 'SPNameQualifier'),
]

export const nameIdValue = claimsFault({
  id: 'name-id-value',
  title: 'The NameID has another value',
  severity: 'info',
  expect: 'by-policy',
  basis: ['SAML Core 2.2.3'],
  parameters: { value: { title: 'The value to send', type: 'string', required: true } },
  apply: (draft, _context, params) => withNameId(draft, { value: text(params, 'value') }),
})

export const nameIdFormat = claimsFault({
  id: 'name-id-format',
  title: 'The NameID has another Format',
  severity: 'info',
  expect: 'by-policy',
  basis: ['SAML Core 2.2.2', 'SAML Core 8.3'],
  parameters: { format: { title: 'The Format to send, a URI', type: 'string', required: true } },
  apply: (draft, _context, params) => withNameId(draft, { format: text(params, 'format') }),
})

/** Another kind of message, signed by the identity provider, and about the same user. */
const otherKind = (
  id: string,
  title: string,
  make: (name: string, issuer: string, context: TamperContext) => { element: string; id: string },
): Fault =>
  tamperFault({
    id,
    title,
    requirement: 'SAML-COR-32',
    severity: 'medium',
    expect: 'reject',
    basis: ['SAML Core 3', 'SAML Profiles 4.1.4.3'],
    apply: async (_xml, context) => {
      const { draft, plan, style } = context.message
      const made = make(draft.assertions[0]?.subject?.nameId?.value ?? '', draft.issuer ?? '', context)
      const toSign: ToSign = {
        element: made.element,
        reference: made.id,
        inclusiveXs: false,
        prefix: style.prefixes.signature,
      }
      const signature = await signatureXml(usualRecipe(toSign, plan))
      const { end } = first(made.element, 'Issuer')
      return made.element.slice(0, end) + signature + made.element.slice(end)
    },
  })

const message = (
  local: string,
  id: string,
  issuer: string,
  { message: { draft }, now }: TamperContext,
  content: string,
  more = '',
): string =>
  `<samlp:${local} xmlns:samlp="${ns.protocol}"${draft.destination === undefined ? '' : strict.attribute('Destination', draft.destination)} ID="${id}" IssueInstant="${new Date(now).toISOString()}"${more} Version="2.0">` +
  `<saml:Issuer xmlns:saml="${ns.assertion}">${strict.text(issuer)}</saml:Issuer>${content}</samlp:${local}>`

const subject = (name: string): string =>
  `<saml:Subject xmlns:saml="${ns.assertion}"><saml:NameID>${strict.text(name)}</saml:NameID><saml:SubjectConfirmation Method="${bearer}"></saml:SubjectConfirmation></saml:Subject>`

const success = `<samlp:Status><samlp:StatusCode Value="${status.success}"></samlp:StatusCode></samlp:Status>`

const otherKinds = [
  otherKind('logout-response', 'It is a LogoutResponse', (_name, issuer, context) => {
    const id = newId()
    return { id, element: message('LogoutResponse', id, issuer, context, success) }
  }),
  otherKind('authn-request', 'It is an AuthnRequest about the user', (name, issuer, context) => {
    const id = newId()
    return { id, element: message('AuthnRequest', id, issuer, context, subject(name)) }
  }),
  otherKind('logout-request', 'It is a LogoutRequest for the user', (name, issuer, context) => {
    const id = newId()
    return {
      id,
      element: message(
        'LogoutRequest',
        id,
        issuer,
        context,
        `<saml:NameID xmlns:saml="${ns.assertion}">${strict.text(name)}</saml:NameID>`,
      ),
    }
  }),
  // An Assertion that answers an AttributeQuery says who somebody is, not that they have signed in.
  claims(
    {
      id: 'attribute-query-response',
      title: 'It answers an AttributeQuery: the Assertion has attributes, and says of no sign-in',
      requirement: 'SAML-COR-32',
      severity: 'medium',
      basis: ['SAML Core 3.3.2.3', 'SAML Profiles 4.1.4.2'],
    },
    (draft) =>
      withAssertions(draft, ({ attributes }) => ({
        authnStatement: undefined,
        attributes:
          attributes.length > 0
            ? attributes
            : [{ name: 'email', nameFormat: undefined, values: ['someone@example.test'] }],
      })),
  ),
]

export const contentsFaults: readonly Fault[] = [
  oneTimeUse,
  ...unknownConditions,
  ...statuses,
  ...incompletes,
  twoAssertions(
    'two-assertions/user-first',
    'There are two signed Assertions: of the user, and of another one',
    'user-first',
  ),
  twoAssertions(
    'two-assertions/other-first',
    'There are two signed Assertions: of another user, and of the user',
    'other-first',
  ),
  ...versions,
  weakClass(
    'authn-context-unspecified',
    'How the user signed in is left unspecified',
    'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified',
  ),
  weakClass(
    'authn-context-unknown',
    'How the user signed in is a class that nobody knows',
    'urn:example:ac:classes:unknown',
  ),
  ...nameIds,
  nameIdValue,
  nameIdFormat,
  ...otherKinds,
]
