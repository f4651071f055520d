/** What stands in a value, and what a reader makes of it: PAR-9 to PAR-15, PAR-19. */
import { decodeMessage } from '../../saml/bindings.ts'
import { editAssertions } from '../edit.ts'
import {
  claimsFault,
  type Expectation,
  type Fault,
  type FaultBase,
  signingFault,
  tamperFault,
  wireFault,
} from '../fault.ts'
import { identityOf, identityParameter } from '../forge.ts'
import { first, inner, refilled } from '../text/nodes.ts'

const truncation = ['CVE-2017-11427', 'CVE-2018-0489', 'XML 1.0 2.5']

/** Behind the name of somebody else, where the value begins with it; else in its middle. */
const cutAt = (value: string, identity: string): number =>
  value.startsWith(identity) ? identity.length : Math.floor(value.length / 2)

const insideNameId = (
  id: string,
  title: string,
  requirement: string,
  put: (value: string, cut: number) => string,
): Fault =>
  tamperFault({
    id,
    title,
    requirement,
    severity: requirement === 'SAML-PAR-09' ? 'critical' : 'high',
    expect: 'reject-or-true-identity',
    basis: truncation,
    parameters: identityParameter,
    apply: (xml, _context, params) => {
      const node = first(xml, 'NameID')
      const value = inner(xml, node)
      return refilled(xml, node, put(value, cutAt(value, identityOf(params))))
    },
  })

const comment = '<!-- -->'

const commentsInNameId = [
  insideNameId(
    'comment-in-name-id',
    'There is a comment inside the NameID, after the name of another user',
    'SAML-PAR-09',
    (value, cut) => value.slice(0, cut) + comment + value.slice(cut),
  ),
  insideNameId(
    'comment-before-name-id',
    'There is a comment at the start of the NameID',
    'SAML-PAR-09',
    (value) => comment + value,
  ),
  insideNameId(
    'comment-after-name-id',
    'There is a comment at the end of the NameID',
    'SAML-PAR-09',
    (value) => value + comment,
  ),
  insideNameId(
    'comments-in-name-id',
    'There are comments at the start, inside and at the end of the NameID',
    'SAML-PAR-09',
    (value, cut) => comment + value.slice(0, cut) + comment + value.slice(cut) + comment,
  ),
]

const cdataInNameId = [
  insideNameId(
    'cdata-in-name-id',
    'The NameID ends in a CDATA section, after the name of another user',
    'SAML-PAR-11',
    (value, cut) => `${value.slice(0, cut)}<![CDATA[${value.slice(cut)}]]>`,
  ),
  insideNameId(
    'cdata-before-name-id',
    'The NameID begins with a CDATA section',
    'SAML-PAR-11',
    (value, cut) => `<![CDATA[${value.slice(0, cut)}]]>${value.slice(cut)}`,
  ),
]

/** A processing instruction is part of the canonical form, so it is signed with the rest. */
const piInNameId = signingFault({
  id: 'pi-in-name-id',
  title: 'There is a processing instruction inside the NameID, after the name of another user',
  requirement: 'SAML-PAR-11',
  severity: 'high',
  expect: 'reject-or-true-identity',
  basis: truncation,
  parameters: identityParameter,
  apply: (plan, _context, params) => ({
    ...plan,
    edit: {
      ...plan.edit,
      assertion: (element) => {
        const node = first(element, 'NameID')
        const value = inner(element, node)
        const cut = cutAt(value, identityOf(params))
        return refilled(element, node, `${value.slice(0, cut)}<?x y?>${value.slice(cut)}`)
      },
    },
  }),
})

const commentInAttribute = tamperFault({
  id: 'comment-in-attribute-values',
  title: 'There is a comment inside every AttributeValue, after the name of another user',
  requirement: 'SAML-PAR-10',
  severity: 'high',
  expect: 'reject-or-true-identity',
  basis: truncation,
  parameters: identityParameter,
  apply: (xml, _context, params) => {
    const value = /(<(?:[\w-]+:)?AttributeValue\b[^>]*>)([^<]+)(<)/g
    first(xml, 'AttributeValue')
    return xml.replace(value, (_all, open: string, text: string, end: string) => {
      const cut = cutAt(text, identityOf(params))
      return open + text.slice(0, cut) + comment + text.slice(cut) + end
    })
  },
})

/** The value goes on after a comment: who stops at it reads what is expected. */
const continued = (local: 'Audience' | 'Issuer', what: string): Fault =>
  signingFault({
    id: `comment-in-${local.toLowerCase()}`,
    title: `The ${local} is ${what}, with a comment after the part that is expected`,
    requirement: 'SAML-PAR-10',
    severity: 'high',
    expect: 'reject',
    basis: truncation,
    apply: (plan) => ({
      ...plan,
      edit: {
        ...plan.edit,
        assertion: (element, form) => {
          const node = first(element, local)
          return refilled(element, node, `${inner(element, node)}${form === 'sent' ? comment : ''}.example.test`)
        },
      },
    }),
  })

const harmlessComment = tamperFault({
  id: 'comment-in-matching-audience',
  title: 'There is a comment inside the Audience, whose value is right',
  requirement: 'SAML-PAR-10',
  severity: 'high',
  expect: 'reject-or-true-identity',
  basis: truncation,
  apply: (xml) => {
    const node = first(xml, 'Audience')
    const value = inner(xml, node)
    return refilled(xml, node, value.slice(0, 4) + comment + value.slice(4))
  },
})

type Case = Pick<FaultBase, 'id' | 'title' | 'requirement' | 'severity' | 'basis'> & { expect?: Expectation }

/** The NameID that the identity provider signs is almost that of another user. */
const almost = (value: Case, change: (identity: string) => string): Fault =>
  claimsFault({
    expect: 'reject-or-true-identity',
    parameters: identityParameter,
    ...value,
    apply: (draft, _context, params) =>
      editAssertions(draft, ({ subject, ...assertion }) => ({
        ...assertion,
        subject: subject && {
          ...subject,
          nameId: subject.nameId && { ...subject.nameId, value: change(identityOf(params)) },
        },
      })),
  })

const exact = ['SAML Core 1.3.1']
const lookalike = (id: string, title: string, change: (identity: string) => string): Fault =>
  almost({ id: `name-id-${id}`, title, requirement: 'SAML-PAR-13', severity: 'medium', basis: exact }, change)

/** Full-width forms of ASCII letters: NFKC makes them ASCII again. */
const fullWidth = (text: string): string =>
  text.replace(/[a-z]/, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0))

const lookalikes = [
  lookalike('in-full-width', 'The NameID is that of another user, with a letter in full width', fullWidth),
  lookalike('with-homoglyph', 'The NameID is that of another user, with a Cyrillic letter in it', (identity) =>
    identity.replace(/[aeopc]/, (letter) => ({ a: 'а', e: 'е', o: 'о', p: 'р', c: 'с' })[letter] ?? letter),
  ),
  lookalike(
    'with-zero-width-space',
    'The NameID is that of another user, with a zero-width space in it',
    (identity) => `${identity.slice(0, 3)}\u200b${identity.slice(3)}`,
  ),
  lookalike(
    'with-byte-order-mark',
    'The NameID is that of another user, after a byte order mark',
    (identity) => `\ufeff${identity}`,
  ),
  lookalike(
    'with-combining-mark',
    'The NameID is that of another user, with a combining mark in it',
    (identity) => `${identity.slice(0, 3)}\u0301${identity.slice(3)}`,
  ),
  lookalike(
    'with-soft-hyphen',
    'The NameID is that of another user, with a soft hyphen in it',
    (identity) => `${identity.slice(0, 3)}\u00ad${identity.slice(3)}`,
  ),
]

const inOtherCase = claimsFault({
  id: 'name-id-in-upper-case',
  title: 'The NameID is that of another user, in upper case',
  requirement: 'SAML-PAR-13',
  severity: 'medium',
  expect: 'by-policy',
  knob: 'saml.nameIdCase',
  basis: exact,
  parameters: identityParameter,
  apply: (draft, _context, params) =>
    editAssertions(draft, ({ subject, ...assertion }) => ({
      ...assertion,
      subject: subject && {
        ...subject,
        nameId: subject.nameId && { ...subject.nameId, value: identityOf(params).toUpperCase() },
      },
    })),
})

const spaced = (id: string, title: string, change: (identity: string) => string): Fault =>
  almost(
    { id: `name-id-${id}`, title, requirement: 'SAML-PAR-14', severity: 'medium', basis: ['SAML Core 1.3.1'] },
    change,
  )

const spacings = [
  spaced('with-space-before', 'The NameID is that of another user, after a space', (identity) => ` ${identity}`),
  spaced('with-space-after', 'The NameID is that of another user, before a space', (identity) => `${identity} `),
  spaced(
    'with-line-breaks',
    'The NameID is that of another user, between line breaks',
    (identity) => `\n${identity}\n`,
  ),
  spaced('with-tab', 'The NameID is that of another user, after a tab', (identity) => `\t${identity}`),
  spaced(
    'with-no-break-space',
    'The NameID is that of another user, before a no-break space',
    (identity) => `${identity}\u00a0`,
  ),
]

/** xs:anyURI collapses white space, so a reader may take it; it must not take more. */
const spacedUri = (id: string, title: string, change: Parameters<typeof editAssertions>[1]): Fault =>
  claimsFault({
    id,
    title,
    requirement: 'SAML-PAR-14',
    severity: 'medium',
    expect: 'reject-or-true-identity',
    basis: ['SAML Core 1.3.2'],
    apply: (draft) => editAssertions(draft, change),
  })

const spacedUris = [
  spacedUri('audience-with-line-breaks', 'The Audience stands between line breaks', ({ conditions, ...assertion }) => ({
    ...assertion,
    conditions: conditions && {
      ...conditions,
      audienceRestrictions: conditions.audienceRestrictions.map((one) => one.map((uri) => `\n${uri}\n`)),
    },
  })),
  spacedUri('recipient-with-space', 'The Recipient ends in a space', ({ subject, ...assertion }) => ({
    ...assertion,
    subject: subject && {
      ...subject,
      confirmations: subject.confirmations.map((one) => ({ ...one, recipient: `${one.recipient ?? ''} ` })),
    },
  })),
]

const illFormed = (value: Omit<Case, 'expect'>, change: (xml: string) => string): Fault =>
  tamperFault({ expect: 'reject', ...value, apply: (xml) => change(xml) })

const character = (id: string, title: string, written: string): Fault =>
  illFormed({ id, title, requirement: 'SAML-PAR-12', severity: 'medium', basis: ['XML 1.0 2.2'] }, (xml) => {
    const node = first(xml, 'NameID')
    return refilled(xml, node, inner(xml, node) + written)
  })

const characters = [
  character('null-in-name-id', 'The NameID ends in a reference to the character U+0000', '&#0;'),
  character('control-character-in-name-id', 'The NameID ends in the control character U+0001', '\u0001'),
  character('surrogate-in-name-id', 'The NameID ends in a reference to half a surrogate pair', '&#xD800;'),
]

/** The document as bytes, and not as the UTF-8 of its text. */
const bytes = (value: Case, make: (xml: string) => Buffer): Fault =>
  wireFault({
    expect: 'reject',
    ...value,
    apply: (form) => ({ ...form, samlResponse: make(decodeMessage(form.samlResponse)).toString('base64') }),
  })

const invalidUtf8 = bytes(
  {
    id: 'invalid-utf-8',
    title: 'The NameID ends in a byte that is no UTF-8',
    requirement: 'SAML-PAR-12',
    severity: 'medium',
    basis: ['XML 1.0 2.2', 'XML 1.0 4.3.3'],
  },
  (xml) => {
    const { closeStart } = first(xml, 'NameID')
    return Buffer.concat([
      Buffer.from(xml.slice(0, closeStart)),
      Buffer.from([0xff]),
      Buffer.from(xml.slice(closeStart)),
    ])
  },
)

const declared = (xml: string, encoding: string): string =>
  `<?xml version="1.0" encoding="${encoding}"?>${xml.replace(/^<\?xml[^>]*\?>/, '')}`

const encodings = (
  [
    [
      'utf-16',
      'It is in UTF-16, and says so',
      (xml: string) => Buffer.from(`\ufeff${declared(xml, 'UTF-16')}`, 'utf16le'),
    ],
    [
      'utf-16-undeclared',
      'It is in UTF-16, and says that it is in UTF-8',
      (xml: string) => Buffer.from(`\ufeff${declared(xml, 'UTF-8')}`, 'utf16le'),
    ],
    ['utf-7', 'It says that it is in UTF-7', (xml: string) => Buffer.from(declared(xml, 'UTF-7'))],
    [
      'declared-utf-16',
      'It is in UTF-8, and says that it is in UTF-16',
      (xml: string) => Buffer.from(declared(xml, 'UTF-16')),
    ],
  ] as const
).map(([id, title, make]) =>
  bytes(
    {
      id: `encoding-${id}`,
      title,
      requirement: 'SAML-PAR-15',
      severity: 'medium',
      basis: ['XML 1.0 4.3.3'],
      expect: 'reject-or-true-identity',
    },
    make,
  ),
)

const notXml = (id: string, title: string, change: (xml: string) => string): Fault =>
  illFormed({ id, title, requirement: 'SAML-PAR-19', severity: 'low', basis: ['XML 1.0 2.1'] }, change)

const notWellFormed = [
  notXml('root-not-closed', 'The root element has no end tag', (xml) => xml.replace(/<\/[^<>]*>$/, '')),
  notXml('tags-crossed', 'Two end tags are in the wrong order', (xml) =>
    xml.replace(/(<\/[^<>]*>)(<\/[^<>]*>)$/, '$2$1'),
  ),
  notXml('text-after-root', 'There is text after the root element', (xml) => `${xml}and more`),
  notXml('text-before-root', 'There is text before the root element', (xml) => xml.replace(/<(?!\?)/, 'first <')),
  notXml('attribute-twice', 'The root element has an attribute twice', (xml) =>
    xml.replace(/ Version="2.0"/, ' Version="2.0" Version="2.0"'),
  ),
  notXml('unknown-entity', 'There is an entity that nothing declares', (xml) => {
    const node = first(xml, 'Status')
    return `${xml.slice(0, node.openEnd)}&nothing;${xml.slice(node.openEnd)}`
  }),
  notXml('prefix-undeclared', 'An element has a prefix that nothing declares', (xml) => {
    const { closeStart } = first(xml, 'Status')
    return `${xml.slice(0, closeStart)}<nobody:x></nobody:x>${xml.slice(closeStart)}`
  }),
  notXml('nothing', 'The message is empty', () => ''),
  notXml('json', 'The message is JSON', () => '{"Response":{}}'),
]

export const contentFaults: readonly Fault[] = [
  ...commentsInNameId,
  commentInAttribute,
  continued('Audience', 'that of another service provider'),
  continued('Issuer', 'another identity provider'),
  harmlessComment,
  ...cdataInNameId,
  piInNameId,
  ...characters,
  invalidUtf8,
  ...lookalikes,
  inOtherCase,
  ...spacings,
  ...spacedUris,
  ...encodings,
  ...notWellFormed,
]
