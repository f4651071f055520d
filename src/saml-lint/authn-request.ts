/** AuthnRequests of a service provider, by what SAML says of them. */
import { type LintFinding, type LintRule, lint, unreadable } from './finding.ts'
import { childrenOf, isNcName, isUtc, type Node, ns, readXml } from './xml.ts'

/** A request, and what is known of who sent it and where. */
export interface SentRequest {
  xml: string
  relayState?: string | undefined
  /** Whether it is signed, in the document or in the query. */
  signed: boolean
  /** Where it went: the single sign-on URL of the identity provider. */
  sentTo: string
  entityIds: readonly string[]
  acs: readonly string[]
  /** IDs of requests that were seen before. */
  earlierIds: readonly string[]
  /** ms since the epoch, by the clock of the SP. */
  now: number
}

interface Document extends SentRequest {
  root: Node
}

const of = (root: Node, name: string): string | undefined => root.attributes.get(name)
const minutes = 60_000

export const authnRequestRules: readonly LintRule<Document>[] = [
  {
    rule: 'REQ-01',
    title: 'The request is an AuthnRequest of version 2.0, issued now',
    clause: 'SAML Core 3.2.1, 3.4.1',
    hint: 'Write samlp:AuthnRequest with Version="2.0", an ID and the present time in UTC as IssueInstant.',
    check: ({ root, now }) => {
      const issued = of(root, 'IssueInstant') ?? ''
      return [
        ...(root.namespace === ns.protocol && root.local === 'AuthnRequest'
          ? []
          : [`Its root is {${root.namespace}}${root.local}.`]),
        ...(of(root, 'Version') === '2.0' ? [] : [`Its Version is ${of(root, 'Version') ?? 'missing'}.`]),
        ...(isUtc(issued) ? [] : [`Its IssueInstant ${JSON.stringify(issued)} is no UTC time.`]),
        ...(isUtc(issued) && Math.abs(Date.parse(issued) - now) > 5 * minutes
          ? [`Its IssueInstant ${issued} is more than five minutes off.`]
          : []),
      ]
    },
  },
  {
    rule: 'REQ-02',
    title: 'The Issuer is the entity ID of the service provider',
    clause: 'SAML Profiles 4.1.4.1',
    hint: 'Write a saml:Issuer with the entity ID of the metadata, without a Format or with that of an entity.',
    check: ({ root, entityIds }) => {
      const [issuer] = childrenOf(root, 'Issuer')
      if (issuer === undefined) return ['It has no Issuer.']
      const format = issuer.attributes.get('Format')
      return [
        ...(entityIds.includes(issuer.text.trim())
          ? []
          : [`Its Issuer is ${JSON.stringify(issuer.text.trim())}, and not ${entityIds.join(' or ')}.`]),
        ...(format === undefined || format.endsWith(':nameid-format:entity')
          ? []
          : [`Its Issuer has the Format ${format}.`]),
      ]
    },
  },
  {
    rule: 'REQ-03',
    title: 'The request names one of the ACS URLs, in one way',
    clause: 'SAML Core 3.4.1, SDP-SP06',
    hint: 'Send AssertionConsumerServiceURL, exactly as in the metadata, or AssertionConsumerServiceIndex, or neither; never both.',
    check: ({ root, acs }) => {
      const url = of(root, 'AssertionConsumerServiceURL')
      const index = of(root, 'AssertionConsumerServiceIndex')
      const binding = of(root, 'ProtocolBinding')
      return [
        ...(url === undefined || acs.includes(url)
          ? []
          : [`Its AssertionConsumerServiceURL is ${url}, which is none of ${acs.join(', ')}.`]),
        ...(index !== undefined && (url !== undefined || binding !== undefined)
          ? ['It has AssertionConsumerServiceIndex beside AssertionConsumerServiceURL or ProtocolBinding.']
          : []),
        ...(binding === undefined || /:bindings:(HTTP-POST|HTTP-Artifact|PAOS)$/.test(binding)
          ? []
          : [`Its ProtocolBinding is ${binding}, by which no Response can come.`]),
      ]
    },
  },
  {
    rule: 'REQ-04',
    title: 'The Destination is where the request goes',
    clause: 'SAML Core 3.2.1, SAML Bindings 3.4.5.2, 3.5.5.2',
    hint: 'Write the single sign-on URL of the identity provider as Destination; a signed request must have it.',
    check: ({ root, sentTo, signed }) => {
      const destination = of(root, 'Destination')
      if (destination === undefined) return signed ? ['It is signed, and has no Destination.'] : []
      return destination.split('?')[0] === sentTo.split('?')[0]
        ? []
        : [`Its Destination is ${destination}, and it went to ${sentTo}.`]
    },
  },
  {
    rule: 'REQ-05',
    title: 'Each request has an ID of its own, which nobody guesses',
    clause: 'SAML Core 1.3.4',
    hint: 'Make IDs of at least 128 random bits, beginning with a letter or an underscore.',
    check: ({ root, earlierIds }) => {
      const id = of(root, 'ID') ?? ''
      return [
        ...(isNcName(id) ? [] : [`Its ID ${JSON.stringify(id)} is no NCName.`]),
        ...(earlierIds.includes(id) ? [`Its ID ${id} was used before.`] : []),
        ...(isNcName(id) && id.length < 16 ? [`Its ID ${id} has ${id.length} characters: it can be guessed.`] : []),
      ]
    },
  },
  {
    rule: 'REQ-06',
    title: 'The request says nothing about its subject that is for the identity provider to say',
    clause: 'SAML Profiles 4.1.4.1',
    hint: 'A Subject in a request must not have a SubjectConfirmation.',
    check: ({ root }) =>
      childrenOf(root, 'Subject').some((subject) => childrenOf(subject, 'SubjectConfirmation').length > 0)
        ? ['It has a Subject with a SubjectConfirmation.']
        : [],
  },
  {
    rule: 'REQ-07',
    title: 'The RelayState has 80 bytes at most',
    clause: 'SAML Bindings 3.4.3, 3.5.3',
    hint: 'Keep what is to be remembered at the service provider, and send a reference to it.',
    check: ({ relayState }) => {
      const bytes = Buffer.byteLength(relayState ?? '')
      return bytes <= 80 ? [] : [`Its RelayState has ${bytes} bytes.`]
    },
  },
]

/** Everything that is wrong with a request. A document that cannot be read breaks the first rule. */
export const lintAuthnRequest = (sent: SentRequest): LintFinding[] => {
  const { root, problems } = readXml(sent.xml)
  const wrong = problems.map((message) => ({ rule: 'REQ-01', message }))
  return root === undefined ? unreadable(wrong) : [...wrong, ...lint({ ...sent, root }, authnRequestRules)]
}
