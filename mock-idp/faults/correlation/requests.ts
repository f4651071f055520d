/** Which request a message answers, and how its subject is confirmed: COR-8 to COR-10, COR-14, COR-17, COR-18. */
import { toInstant } from '../../../src/core/clock.ts'
import type { ConfirmationDraft, ResponseDraft } from '../../saml/draft.ts'
import { claimsFault, type Fault, type FaultBase, type FaultContext, signingFault } from '../fault.ts'
import { newId } from '../forge.ts'
import { text } from '../params.ts'
import { all, outer } from '../text/nodes.ts'
import { editing, withConfirmations, withSubject } from './change.ts'

const inResponseToBasis = ['SAML Core 3.2.2', 'SAML Profiles 4.1.4.3']

const answering = (draft: ResponseDraft, id: string | undefined): ResponseDraft => ({
  ...withConfirmations(draft, () => ({ inResponseTo: id })),
  inResponseTo: id,
})

/** Which request a Response says that it answers. */
const inResponseTo = claimsFault({
  id: 'in-response-to',
  title: 'The Response and its Assertion answer another request, or one where there was none',
  severity: 'high',
  expect: 'reject',
  basis: [...inResponseToBasis, 'SAML Profiles 4.1.5'],
  requirement: 'SAML-COR-08',
  parameters: { id: { title: 'The ID of the request', type: 'string', required: true } },
  apply: (draft, _context, params) => answering(draft, text(params, 'id')),
})

const request = (
  id: string,
  title: string,
  apply: (draft: ResponseDraft) => ResponseDraft,
  requirement = 'SAML-COR-08',
): Fault =>
  claimsFault({
    id,
    title,
    severity: 'high',
    expect: 'reject',
    basis: requirement === 'SAML-COR-10' ? ['SAML Profiles 4.1.5'] : inResponseToBasis,
    requirement,
    apply,
  })

const requests = [
  request('in-response-to-unknown', 'Response and Assertion answer a request that was never sent', (draft) =>
    answering(draft, newId()),
  ),
  request(
    'in-response-to-of-response-unknown',
    'The Response answers a request that was never sent, the Assertion that which was',
    (draft) => ({ ...draft, inResponseTo: newId() }),
  ),
  request(
    'in-response-to-of-assertion-unknown',
    'The Assertion answers a request that was never sent, the Response that which was',
    (draft) => withConfirmations(draft, () => ({ inResponseTo: newId() })),
  ),
  request('in-response-to-empty', 'InResponseTo is empty in Response and Assertion', (draft) => answering(draft, '')),
  request(
    'unsolicited-in-response-to',
    'Response and Assertion answer a request, and there was none',
    (draft) => answering(draft, newId()),
    'SAML-COR-10',
  ),
  request(
    'unsolicited-assertion-in-response-to',
    'The Assertion answers a request, the Response none, and there was none',
    (draft) => withConfirmations(draft, () => ({ inResponseTo: newId() })),
    'SAML-COR-10',
  ),
]

type Apply = (draft: ResponseDraft, context: FaultContext) => ResponseDraft
const confirmation =
  (requirement: string, severity: FaultBase['severity'], basis: readonly string[]) =>
  (id: string, title: string, apply: Apply): Fault =>
    claimsFault({ id, title, severity, expect: 'reject', basis, requirement, apply })

const ofTimes = confirmation('SAML-COR-14', 'medium', ['SAML Profiles 4.1.4.2'])
const ofMethod = confirmation('SAML-COR-17', 'high', ['SAML Profiles 4.1.4.2', 'SAML Profiles 3'])
const several = confirmation('SAML-COR-18', 'medium', ['SAML Profiles 4.1.4.3'])

const spTime = ({ now, spClockOffsetMs }: FaultContext): number => now + spClockOffsetMs
const hour = 3_600_000

const method = (id: string, title: string, uri: string): Fault =>
  ofMethod(`confirmation-${id}`, title, (draft) => withConfirmations(draft, () => ({ method: uri })))

const both = (draft: ResponseDraft, change: (ours: ConfirmationDraft) => ConfirmationDraft[]): ResponseDraft =>
  withSubject(draft, ({ confirmations }) => ({ confirmations: confirmations.flatMap(change) }))

const expiredOurs = (context: FaultContext, ours: ConfirmationDraft): ConfirmationDraft => ({
  ...ours,
  notOnOrAfter: toInstant(spTime(context) - hour),
})

const twoData = signingFault({
  id: 'two-confirmation-data',
  title: 'The SubjectConfirmation has two SubjectConfirmationData, the first for another service provider',
  severity: 'medium',
  expect: 'reject',
  basis: ['SAML Core 2.4.1.1'],
  requirement: 'SAML-COR-18',
  apply: (plan, { other }) =>
    editing(plan, {
      assertion: (element) => {
        const [node] = all(element, 'SubjectConfirmationData')
        if (!node) return element
        const ours = outer(element, node)
        const theirs = ours.replace(/ Recipient="[^"]*"/, ` Recipient="${other.acsUrl}"`)
        return element.slice(0, node.start) + theirs + element.slice(node.start)
      },
    }),
})

export const requestFaults: readonly Fault[] = [
  inResponseTo,
  ...requests,
  ofTimes('confirmation-without-end', 'The SubjectConfirmationData has no NotOnOrAfter', (draft) =>
    withConfirmations(draft, () => ({ notOnOrAfter: undefined })),
  ),
  ofTimes(
    'confirmation-with-begin',
    'The SubjectConfirmationData has a NotBefore, which a bearer must not have',
    (draft, context) => withConfirmations(draft, () => ({ notBefore: toInstant(spTime(context) - hour) })),
  ),
  ofTimes('confirmation-begins-later', 'The SubjectConfirmationData has a NotBefore in an hour', (draft, context) =>
    withConfirmations(draft, () => ({
      notBefore: toInstant(spTime(context) + hour),
      notOnOrAfter: toInstant(spTime(context) + 2 * hour),
    })),
  ),
  method(
    'holder-of-key',
    'The subject is confirmed as the holder of a key',
    'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key',
  ),
  method(
    'sender-vouches',
    'The subject is confirmed by a sender who vouches',
    'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches',
  ),
  method('unknown', 'The subject is confirmed by a method that nobody knows', 'urn:example:cm:unknown'),
  method('empty', 'The Method of the SubjectConfirmation is empty', ''),
  ofMethod('no-confirmation', 'The Subject has no SubjectConfirmation', (draft) =>
    withSubject(draft, () => ({ confirmations: [] })),
  ),
  several(
    'confirmation-for-another-sp-first',
    'The SubjectConfirmation for this service provider has expired, and one for another that holds stands before it',
    (draft, context) =>
      both(draft, (ours) => [{ ...ours, recipient: context.other.acsUrl }, expiredOurs(context, ours)]),
  ),
  several(
    'confirmation-for-another-sp-second',
    'The SubjectConfirmation for this service provider has expired, and one for another that holds stands after it',
    (draft, context) =>
      both(draft, (ours) => [expiredOurs(context, ours), { ...ours, recipient: context.other.acsUrl }]),
  ),
  several(
    'confirmation-of-another-method',
    'The bearer confirmation has expired, and one by the holder of a key holds',
    (draft, context) =>
      both(draft, (ours) => [
        { ...ours, method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' },
        expiredOurs(context, ours),
      ]),
  ),
  twoData,
]
