/** What is unusual, and no reason to refuse: ACC-1 to ACC-11 and COR-30. */

import type { PersonaStyle } from '../personas/persona.ts'
import type { AttributeDraft, ResponseDraft } from '../saml/draft.ts'
import { attributeNameFormatUri } from '../saml/names.ts'
import { renderResponse } from '../saml/render.ts'
import type { ElementEdit } from '../saml/signing-plan.ts'
import { editing, withAssertions, withConditions } from './correlation/change.ts'
import { claimsFault, type Fault, type FaultBase, signingFault, tamperFault } from './fault.ts'
import { all, first, withAttribute } from './text/nodes.ts'
import { prefixOf } from './text/parts.ts'

type Case = Pick<FaultBase, 'id' | 'title' | 'requirement' | 'basis'> & Partial<FaultBase>
const harmless = { severity: 'info', expect: 'accept' } as const

const claims = (value: Case, apply: (draft: ResponseDraft) => ResponseDraft): Fault =>
  claimsFault({ ...harmless, ...value, apply })
const edited = (value: Case, edit: { assertion?: ElementEdit; response?: ElementEdit }): Fault =>
  signingFault({ ...harmless, ...value, apply: (plan) => editing(plan, edit) })

const attribute = (
  name: string,
  values: string[],
  nameFormat: string | undefined = attributeNameFormatUri.basic,
): AttributeDraft => ({ name, nameFormat, values })
const adding =
  (...more: AttributeDraft[]) =>
  (draft: ResponseDraft): ResponseDraft =>
    withAssertions(draft, ({ attributes }) => ({ attributes: [...attributes, ...more] }))

const unknown = { requirement: 'SAML-ACC-01', basis: ['IIP-SP10', 'SAML Core 2.7.3'] }
const long = { requirement: 'SAML-ACC-07', basis: ['IIP-G02', 'SAML Core 1.3.1'] }
const nonLatin = 'Žofie 李 Ελένη ‏مريم 🦊 Zoë'

const attributes = [
  claims(
    { ...unknown, id: 'unknown-attributes', title: 'There are attributes that the service provider does not know' },
    adding(attribute('urn:example:shoe-size', ['42']), attribute('favouriteColour', ['blue'])),
  ),
  claims(
    { ...unknown, id: 'attribute-without-values', title: 'There is an unknown attribute without a value' },
    adding(attribute('urn:example:nothing', [])),
  ),
  claims(
    { ...unknown, id: 'attribute-with-empty-value', title: 'There is an unknown attribute whose value is empty' },
    adding(attribute('urn:example:empty', [''])),
  ),
  claims(
    {
      id: 'attributes-without-name-format',
      title: 'No attribute has a NameFormat',
      requirement: 'SAML-ACC-04',
      basis: ['SAML Core 2.7.3.1'],
    },
    (draft) =>
      withAssertions(adding(attribute('urn:example:plain', ['x']))(draft), ({ attributes: all }) => ({
        attributes: all.map((one) => ({ ...one, nameFormat: undefined })),
      })),
  ),
  claims(
    {
      id: 'attributes-with-uri-name-format',
      title: 'Every attribute has the NameFormat uri',
      requirement: 'SAML-ACC-04',
      basis: ['SAML Core 8.2.2'],
    },
    (draft) =>
      withAssertions(adding(attribute('urn:example:plain', ['x']))(draft), ({ attributes: all }) => ({
        attributes: all.map((one) => ({ ...one, nameFormat: attributeNameFormatUri.uri })),
      })),
  ),
  claims(
    { ...long, id: 'long-value', title: 'The value of an attribute has ten thousand characters' },
    adding(attribute('urn:example:long', ['lorem ipsum '.repeat(834)])),
  ),
  claims(
    { ...long, id: 'non-latin-values', title: 'The values of an attribute are in many scripts' },
    adding(attribute('urn:example:name', [nonLatin])),
  ),
  claims(
    { ...long, id: 'markup-in-values', title: 'The value of an attribute has the characters of markup in it' },
    adding(attribute('urn:example:markup', ['<b>"AT&T"</b> \'&amp;\''])),
  ),
  claims(
    {
      id: 'several-attribute-values',
      title: 'An attribute has three values',
      requirement: 'SAML-ACC-08',
      basis: ['SAML Core 2.7.3.1'],
    },
    adding(attribute('urn:example:groups', ['one', 'two', 'three'])),
  ),
  claims(
    {
      id: 'many-attribute-values',
      title: 'An attribute has two hundred values',
      requirement: 'SAML-ACC-08',
      basis: ['SAML Core 2.7.3.1'],
    },
    adding(
      attribute(
        'urn:example:groups',
        Array.from({ length: 200 }, (_, n) => `group ${n}`),
      ),
    ),
  ),
]

const audiences = { requirement: 'SAML-ACC-02', basis: ['SAML Core 2.5.1.4'] }
const withAudiences = (id: string, title: string, change: (ours: string) => string[][]): Fault =>
  claims({ ...audiences, id, title }, (draft) =>
    withConditions(draft, ({ audienceRestrictions }) => ({
      audienceRestrictions: change(audienceRestrictions[0]?.[0] ?? ''),
    })),
  )

const others = ['https://another-sp.example.test/saml', 'urn:example:third']
const manyAudiences = [
  withAudiences('other-audiences-after', 'The AudienceRestriction names others after this service provider', (ours) => [
    [ours, ...others],
  ]),
  withAudiences(
    'other-audiences-before',
    'The AudienceRestriction names others before this service provider',
    (ours) => [[...others, ours]],
  ),
  withAudiences(
    'audience-restriction-twice',
    'There are two AudienceRestrictions, and both name this service provider',
    (ours) => [[ours], [...others, ours]],
  ),
]

const instants =
  (change: (instant: string) => string) =>
  (draft: ResponseDraft): ResponseDraft => {
    const of = (value: string | undefined): string | undefined => (value === undefined ? undefined : change(value))
    return {
      ...withAssertions(draft, ({ issueInstant, subject, conditions, authnStatement }) => ({
        issueInstant: change(issueInstant),
        subject: subject && {
          ...subject,
          confirmations: subject.confirmations.map((one) => ({ ...one, notOnOrAfter: of(one.notOnOrAfter) })),
        },
        conditions: conditions && {
          ...conditions,
          notBefore: of(conditions.notBefore),
          notOnOrAfter: of(conditions.notOnOrAfter),
        },
        authnStatement: authnStatement && { ...authnStatement, authnInstant: change(authnStatement.authnInstant) },
      })),
      issueInstant: change(draft.issueInstant),
    }
  }
/** A second earlier, so that no fraction makes it a time to come: the service provider may allow for no skew. */
const fraction =
  (digits: string) =>
  (instant: string): string =>
    new Date(Date.parse(instant) - 1_000).toISOString().replace(/\.\d+Z$/, `${digits}Z`)
const time = { requirement: 'SAML-ACC-03', basis: ['SAML Core 1.3.3'] }
const times = [
  claims({ ...time, id: 'times-without-fraction', title: 'The times are in whole seconds' }, instants(fraction(''))),
  claims(
    { ...time, id: 'times-in-tenths', title: 'The times have one digit after the second' },
    instants(fraction('.5')),
  ),
  claims(
    { ...time, id: 'times-in-milliseconds', title: 'The times have three digits after the second' },
    instants(fraction('.123')),
  ),
  claims(
    { ...time, id: 'times-in-microseconds', title: 'The times have six digits after the second' },
    instants(fraction('.123456')),
  ),
]

/** How other identity providers write the same document. */
const look = (id: string, title: string, style: (own: PersonaStyle) => PersonaStyle, edit?: ElementEdit): Fault =>
  tamperFault({
    ...harmless,
    id: `look-${id}`,
    title,
    requirement: 'SAML-ACC-06',
    basis: ['XML Namespaces 2', 'XMLDSig 4.4.3'],
    apply: (_xml, { message: { draft, plan, style: own } }) =>
      renderResponse(draft, edit === undefined ? plan : editing(plan, { assertion: edit, response: edit }), style(own)),
  })

const prefixed =
  (protocol: string, assertion: string, signature: string) =>
  (own: PersonaStyle): PersonaStyle => ({ ...own, prefixes: { protocol, assertion, signature } })
/** Line breaks between elements are part of what is signed; a Signature that is there already stays as it is. */
const spacious: ElementEdit = (element) =>
  element
    .split(/(<(?:[\w.-]+:)?Signature[ >].*?<\/(?:[\w.-]+:)?Signature>)/s)
    .map((part, at) =>
      at % 2 === 1 ? part : part.replace(/(<\/[^<>]*>|\/>)(?=<)|(<[^/<>][^<>]*[^/]>)(?=<[^/])/g, '$&\n  '),
    )
    .join('')

const looks = [
  look('prefixes-of-other-idps', 'The prefixes are samlp, saml and dsig', prefixed('samlp', 'saml', 'dsig')),
  look('unusual-prefixes', 'The prefixes are words that nobody uses', prefixed('response-of', 'a.b', 'XMLSignature')),
  look('canonical-form', 'It is written in canonical form, as it is signed', (own) => ({
    ...own,
    markup: 'canonical',
    xmlDeclaration: '',
    inclusiveXs: false,
    attributeType: undefined,
  })),
  look('without-declaration', 'There is no XML declaration', (own) => ({ ...own, xmlDeclaration: '' })),
  look('white-space', 'There are line breaks and spaces between the elements', (own) => own, spacious),
  look('certificate-in-lines', 'The certificate in KeyInfo is broken into lines of 64 characters', (own) => ({
    ...own,
    certificateLine: 64,
  })),
  look('without-types', 'The values of attributes have no xsi:type', (own) => ({
    ...own,
    attributeType: undefined,
    inclusiveXs: false,
  })),
]

const optional = { requirement: 'SAML-ACC-11', basis: ['SAML Core 2.3.3', 'SAML Core 3.2.2'] }
const inAuthnStatement =
  (content: (p: string) => string): ElementEdit =>
  (element) => {
    const { openEnd } = first(element, 'AuthnStatement')
    return element.slice(0, openEnd) + content(prefixOf(element)) + element.slice(openEnd)
  }
const optionals = [
  claims(
    {
      ...optional,
      id: 'response-without-issuer',
      title: 'The Response has no Issuer, and is not signed itself',
      basis: ['SAML Core 3.2.2', 'SAML Profiles 4.1.4.2'],
      signed: 'assertion',
    },
    (draft) => ({ ...draft, issuer: undefined }),
  ),
  claims({ ...optional, id: 'no-session-index', title: 'The AuthnStatement has no SessionIndex' }, (draft) =>
    withAssertions(draft, ({ authnStatement }) => ({
      authnStatement: authnStatement && { ...authnStatement, sessionIndex: undefined },
    })),
  ),
  claims({ ...optional, id: 'no-begin', title: 'The Conditions have no NotBefore' }, (draft) =>
    withConditions(draft, () => ({ notBefore: undefined })),
  ),
  claims({ ...optional, id: 'status-message', title: 'The Status is Success with a StatusMessage' }, (draft) => ({
    ...draft,
    status: { ...draft.status, message: 'All is well.' },
  })),
  claims(
    { ...optional, id: 'session-ends-later', title: 'The session at the identity provider ends in eight hours' },
    (draft) =>
      withAssertions(draft, ({ authnStatement, issueInstant }) => ({
        authnStatement: authnStatement && {
          ...authnStatement,
          sessionNotOnOrAfter: new Date(Date.parse(issueInstant) + 8 * 3_600_000).toISOString(),
        },
      })),
  ),
  edited(
    { ...optional, id: 'subject-locality', title: 'The AuthnStatement says where the user was' },
    { assertion: inAuthnStatement((p) => `<${p}SubjectLocality Address="192.0.2.1"></${p}SubjectLocality>`) },
  ),
  edited(
    { ...optional, id: 'issuer-without-format', title: 'The Issuers have no Format' },
    {
      assertion: (element) => withoutFormat(element),
      response: (element) => withoutFormat(element),
    },
  ),
]
const withoutFormat = (element: string): string =>
  all(element, 'Issuer').reduceRight((xml, node) => withAttribute(xml, node, 'Format', undefined), element)

const oddity = { requirement: 'SAML-COR-30', severity: 'low', basis: ['IIP-SP10', 'SAML Core 2.4.1.2'] } as const
const oddities = [
  edited(
    { ...oddity, id: 'address-of-another', title: 'The SubjectConfirmationData has the Address of another browser' },
    {
      assertion: (element) => withAttribute(element, first(element, 'SubjectConfirmationData'), 'Address', '192.0.2.1'),
    },
  ),
  edited(
    { ...oddity, id: 'consent', title: 'The Response says that consent was given', basis: ['SAML Core 8.4'] },
    {
      response: (element) =>
        withAttribute(
          element,
          first(element, 'Response'),
          'Consent',
          'urn:oasis:names:tc:SAML:2.0:consent:current-implicit',
        ),
    },
  ),
  edited(
    { ...oddity, id: 'friendly-name', title: 'Attributes have a FriendlyName', basis: ['SAML Core 2.7.3.1'] },
    {
      assertion: (element) =>
        all(element, 'Attribute').length === 0
          ? element
          : withAttribute(element, first(element, 'Attribute'), 'FriendlyName', 'an attribute'),
    },
  ),
]

export const acceptableFaults: readonly Fault[] = [
  ...attributes,
  ...manyAudiences,
  ...times,
  ...looks,
  ...optionals,
  ...oddities,
]
