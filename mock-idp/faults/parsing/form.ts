/** How much there is of a message, and how it is posted: PAR-16 to PAR-18. */
import { deflateRawSync } from 'node:zlib'
import { decodeMessage, encodeMessage } from '../../saml/bindings.ts'
import { type Expectation, type Fault, type FaultBase, type FormPost, tamperFault, wireFault } from '../fault.ts'
import { identityOf, identityParameter, inTheNameOf } from '../forge.ts'
import { assemble, partsOf, prefixOf } from '../text/parts.ts'

/** Something large in the StatusDetail, where SAML lets anything stand (SAML Core 3.2.2.4). */
const large = (id: string, title: string, detail: () => string): Fault =>
  tamperFault({
    id,
    title,
    requirement: 'SAML-PAR-16',
    severity: 'medium',
    expect: 'reject-or-true-identity',
    signed: 'assertion',
    basis: ['CWE-400', 'CVE-2026-41673', 'CVE-2025-54572'],
    apply: (xml) => {
      const parts = partsOf(xml)
      const p = prefixOf(parts.open)
      const status = parts.status.replace(
        /<\/[^<>]*>$/,
        (end) => `<${p}StatusDetail>${detail()}</${p}StatusDetail>${end}`,
      )
      return assemble({ ...parts, status })
    },
  })

const sizes = [
  large('ten-thousand-deep', 'Elements are nested ten thousand deep', () =>
    '<x xmlns="">'.concat('<x>'.repeat(9_999), '</x>'.repeat(10_000)),
  ),
  large(
    'fifty-thousand-attributes',
    'An element has fifty thousand attributes',
    () => `<x xmlns=""${Array.from({ length: 50_000 }, (_, n) => ` a${n}=""`).join('')}></x>`,
  ),
  large('five-megabytes', 'The message has five megabytes', () => `<x xmlns="">${'0123456789'.repeat(370_000)}</x>`),
]

type Case = Pick<FaultBase, 'id' | 'title' | 'basis'> & { expect?: Expectation }

const encoded = (value: Case, change: (form: FormPost) => string): Fault =>
  wireFault({
    requirement: 'SAML-PAR-17',
    severity: 'medium',
    expect: 'reject',
    ...value,
    apply: (form) => ({ ...form, samlResponse: change(form) }),
  })

const base64 = ['SAML Bindings 3.5.4']

const encodings = [
  encoded(
    { id: 'not-base64', title: 'The field has the XML itself, and not its base64', basis: base64 },
    ({ samlResponse }) => decodeMessage(samlResponse),
  ),
  encoded({ id: 'base64-cut-off', title: 'The base64 is cut off in the middle', basis: base64 }, ({ samlResponse }) =>
    samlResponse.slice(0, samlResponse.length / 2),
  ),
  encoded({ id: 'base64-twice', title: 'The message is in base64 twice', basis: base64 }, ({ samlResponse }) =>
    encodeMessage(samlResponse),
  ),
  encoded(
    { id: 'deflated', title: 'The message is compressed, as for HTTP-Redirect', basis: [...base64, 'CVE-2025-25293'] },
    ({ samlResponse }) => deflateRawSync(Buffer.from(samlResponse, 'base64')).toString('base64'),
  ),
  encoded(
    {
      id: 'deflated-bomb',
      title: 'The message is a megabyte of nothing, compressed',
      basis: ['CVE-2025-25293', 'CWE-409'],
    },
    () => deflateRawSync(Buffer.alloc(1_000_000, ' ')).toString('base64'),
  ),
  encoded({ id: 'empty-field', title: 'The field is empty', basis: base64 }, () => ''),
]

const posted = (value: Case, change: (form: FormPost, identity: string) => FormPost, ofAnother = false): Fault =>
  wireFault({
    requirement: 'SAML-PAR-18',
    severity: 'medium',
    expect: 'reject',
    ...(ofAnother ? { parameters: identityParameter } : {}),
    ...value,
    apply: (form, _context, params) => change(form, ofAnother ? identityOf(params) : ''),
  })

/** The message without a Signature and in the name of somebody else. */
const unsignedFor = ({ samlResponse }: FormPost, identity: string): string => {
  const parts = partsOf(decodeMessage(samlResponse))
  const bare = parts.assertions.map((assertion) =>
    inTheNameOf(assertion, identity).replace(/<([\w-]+:)?Signature\b[\s\S]*?<\/\1?Signature>/, ''),
  )
  return encodeMessage(assemble({ ...parts, signature: '', assertions: bare }))
}

const form = ['SAML Bindings 3.5.4']
const forms = [
  posted(
    {
      id: 'field-twice/forged-first',
      title: 'The form has SAMLResponse twice: a forged one, and the signed one',
      basis: form,
      expect: 'reject-or-true-identity',
    },
    (post, identity) => ({
      ...post,
      fields: [
        ['SAMLResponse', unsignedFor(post, identity)],
        ['SAMLResponse', post.samlResponse],
      ],
    }),
    true,
  ),
  posted(
    {
      id: 'field-twice/genuine-first',
      title: 'The form has SAMLResponse twice: the signed one, and a forged one',
      basis: form,
      expect: 'reject-or-true-identity',
    },
    (post, identity) => ({
      ...post,
      fields: [
        ['SAMLResponse', post.samlResponse],
        ['SAMLResponse', unsignedFor(post, identity)],
      ],
    }),
    true,
  ),
  posted(
    {
      id: 'field-as-list',
      title: 'The field is called SAMLResponse[], as for a list',
      basis: form,
      expect: 'reject-or-true-identity',
    },
    (post) => ({ ...post, fields: [['SAMLResponse[]', post.samlResponse]] }),
  ),
  posted(
    {
      id: 'field-as-object',
      title: 'The field is called SAMLResponse[value], as for an object',
      basis: form,
      expect: 'reject-or-true-identity',
    },
    (post) => ({ ...post, fields: [['SAMLResponse[value]', post.samlResponse]] }),
  ),
  posted({ id: 'field-in-lower-case', title: 'The field is called samlresponse', basis: form }, (post) => ({
    ...post,
    fields: [['samlresponse', post.samlResponse]],
  })),
  posted({ id: 'no-field', title: 'The form has no field', basis: form }, (post) => ({ ...post, fields: [] })),
  posted(
    { id: 'by-get', title: 'The form is sent by GET', basis: ['SAML Profiles 4.1.2', 'SAML Bindings 3.5'] },
    (post) => ({ ...post, method: 'GET' }),
  ),
  posted({ id: 'as-plain-text', title: 'The form is posted as text/plain', basis: form }, (post) => ({
    ...post,
    enctype: 'text/plain',
  })),
]

export const formFaults: readonly Fault[] = [...sizes, ...encodings, ...forms]
