/** For whom a message is, and from whom: COR-1 to COR-7. */
import type { ResponseDraft } from '../../saml/draft.ts'
import { nameIdFormatUri } from '../../saml/names.ts'
import { editAssertions } from '../edit.ts'
import { claimsFault, type Fault, type FaultBase, type FaultContext, signingFault } from '../fault.ts'
import { all, withAttribute } from '../text/nodes.ts'
import { editing, withAssertions, withConditions, withConfirmations } from './change.ts'

type Apply = (draft: ResponseDraft, context: FaultContext) => ResponseDraft

const high =
  (requirement: string, basis: readonly string[]) =>
  (id: string, title: string, apply: Apply, more: Partial<Pick<FaultBase, 'signed'>> = {}): Fault =>
    claimsFault({ id, title, severity: 'high', expect: 'reject', basis, requirement, ...more, apply })

const ofAudience = high('SAML-COR-01', ['SAML Core 2.5.1.4', 'SAML Profiles 4.1.4.2'])
const withoutAudience = high('SAML-COR-02', ['SAML Profiles 4.1.4.2'])
const twoRestrictions = high('SAML-COR-03', ['SAML Core 2.5.1.4'])
const almostAudience = high('SAML-COR-04', ['SAML Core 2.5.1.4', 'SAML Core 1.3.2'])
const ofRecipient = high('SAML-COR-05', ['SAML Profiles 4.1.4.2', 'SAML Profiles 4.1.4.3'])
const ofDestination = high('SAML-COR-06', ['SAML Core 3.2.2', 'SAML Bindings 3.5.5.2'])
const ofIssuer = high('SAML-COR-07', ['SAML Profiles 4.1.4.2'])

const audiences = (draft: ResponseDraft, change: (ours: string) => string[][]): ResponseDraft =>
  withConditions(draft, ({ audienceRestrictions }) => ({
    audienceRestrictions: change(audienceRestrictions[0]?.[0] ?? ''),
  }))

const changedAudience = (id: string, title: string, change: (ours: string) => string): Fault =>
  almostAudience(id, title, (draft) => audiences(draft, (ours) => [[change(ours)]]))

const changedCase = (text: string): string => {
  const upper = text.toUpperCase()
  return upper === text ? text.toLowerCase() : upper
}

/** Signed as it is: the Response has no Issuer, or one of another Format. */
const issuerFormat = signingFault({
  id: 'issuer-with-format-of-a-user',
  title: 'The Issuers have the Format of an e-mail address',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Profiles 4.1.4.2'],
  requirement: 'SAML-COR-07',
  apply: (plan) => {
    const edit = (element: string): string =>
      all(element, 'Issuer').reduceRight(
        (xml, node) => withAttribute(xml, node, 'Format', nameIdFormatUri.emailAddress),
        element,
      )
    return editing(plan, { assertion: edit, response: edit })
  },
})

export const addresseeFaults: readonly Fault[] = [
  ofAudience('wrong-audience', 'The Assertion is addressed to another service provider', (draft, { other }) =>
    withConditions(draft, () => ({ audienceRestrictions: [[other.spEntityId]] })),
  ),
  ofAudience(
    'several-wrong-audiences',
    'The Assertion is addressed to several service providers, and this is none of them',
    (draft, { other }) =>
      withConditions(draft, () => ({ audienceRestrictions: [[other.spEntityId, other.acsUrl, other.idpEntityId]] })),
  ),
  withoutAudience('no-audience-restriction', 'The Conditions have no AudienceRestriction', (draft) =>
    withConditions(draft, () => ({ audienceRestrictions: [] })),
  ),
  withoutAudience('no-conditions', 'There are no Conditions', (draft) =>
    withAssertions(draft, () => ({ conditions: undefined })),
  ),
  withoutAudience('empty-audience', 'The Audience is empty', (draft) => audiences(draft, () => [['']])),
  withoutAudience('audience-restriction-without-audience', 'The AudienceRestriction has no Audience', (draft) =>
    audiences(draft, () => [[]]),
  ),
  twoRestrictions(
    'two-audience-restrictions/ours-first',
    'There are two AudienceRestrictions: the first names this service provider, the second another',
    (draft, { other }) => audiences(draft, (ours) => [[ours], [other.spEntityId]]),
  ),
  twoRestrictions(
    'two-audience-restrictions/ours-second',
    'There are two AudienceRestrictions: the first names another service provider, the second this one',
    (draft, { other }) => audiences(draft, (ours) => [[other.spEntityId], [ours]]),
  ),
  changedAudience(
    'audience-longer',
    'The Audience begins with that of this service provider, and goes on',
    (ours) => `${ours}.example.test`,
  ),
  changedAudience(
    'audience-after-prefix',
    'The Audience ends with that of this service provider',
    (ours) => `https://example.test/?${ours}`,
  ),
  changedAudience('audience-shorter', 'The Audience is the beginning of that of this service provider', (ours) =>
    ours.slice(0, -1),
  ),
  changedAudience(
    'audience-in-other-case',
    'The Audience is that of this service provider in another case',
    changedCase,
  ),
  changedAudience(
    'audience-with-slash',
    'The Audience is that of this service provider, with a slash more or less at the end',
    (ours) => (ours.endsWith('/') ? ours.slice(0, -1) : `${ours}/`),
  ),
  ofRecipient(
    'wrong-recipient',
    'The SubjectConfirmationData names the Assertion Consumer Service of another service provider',
    (draft, { other }) => withConfirmations(draft, () => ({ recipient: other.acsUrl })),
  ),
  ofRecipient('no-recipient', 'The SubjectConfirmationData has no Recipient', (draft) =>
    withConfirmations(draft, () => ({ recipient: undefined })),
  ),
  ofRecipient('empty-recipient', 'The Recipient is empty', (draft) =>
    withConfirmations(draft, () => ({ recipient: '' })),
  ),
  ofRecipient('recipient-longer', 'The Recipient begins with the URL of this service provider, and goes on', (draft) =>
    withConfirmations(draft, ({ recipient = '' }) => ({ recipient: `${recipient}.example.test` })),
  ),
  ofDestination(
    'wrong-destination',
    'The Destination of the Response is the Assertion Consumer Service of another service provider',
    (draft, { other }) => ({
      ...draft,
      destination: other.acsUrl,
    }),
  ),
  ofDestination(
    'no-destination',
    'The Response is signed, and has no Destination',
    (draft) => ({ ...draft, destination: undefined }),
    { signed: 'response' },
  ),
  ofDestination(
    'empty-destination',
    'The Response is signed, and its Destination is empty',
    (draft) => ({ ...draft, destination: '' }),
    { signed: 'response' },
  ),
  ofDestination(
    'destination-longer',
    'The Destination begins with the URL of this service provider, and goes on',
    (draft) => ({
      ...draft,
      destination: `${draft.destination ?? ''}.example.test`,
    }),
  ),
  ofIssuer(
    'wrong-issuer',
    'Response and Assertion name another identity provider as their Issuer',
    (draft, { other }) => ({
      ...editAssertions(draft, (assertion) => ({ ...assertion, issuer: other.idpEntityId })),
      issuer: other.idpEntityId,
    }),
  ),
  ofIssuer(
    'wrong-issuer-of-assertion',
    'The Issuer of the Assertion is another identity provider than that of the Response',
    (draft, { other }) => withAssertions(draft, () => ({ issuer: other.idpEntityId })),
  ),
  ofIssuer(
    'wrong-issuer-of-response',
    'The Issuer of the Response is another identity provider than that of the Assertion',
    (draft, { other }) => ({
      ...draft,
      issuer: other.idpEntityId,
    }),
  ),
  ofIssuer('no-issuer-of-assertion', 'The Assertion has no Issuer', (draft) =>
    withAssertions(draft, () => ({ issuer: undefined })),
  ),
  ofIssuer('empty-issuer-of-assertion', 'The Issuer of the Assertion is empty', (draft) =>
    withAssertions(draft, () => ({ issuer: '' })),
  ),
  ofIssuer('issuer-longer', 'The Issuers begin with that of the identity provider, and go on', (draft) => {
    const issuer = `${draft.issuer ?? ''}.example.test`
    return { ...withAssertions(draft, () => ({ issuer })), issuer }
  }),
  issuerFormat,
]
