/** Documents with a DOCTYPE, and reserved prefixes: PAR-1 to PAR-8. SAML messages have none (IIP-G03). */
import { type Fault, type FaultBase, type FaultParams, tamperFault } from '../fault.ts'
import { forged, identityOf, identityParameter } from '../forge.ts'
import { first, refilled } from '../text/nodes.ts'
import { assemble, partsOf, prefixOf, signatureOf, withoutSignature } from '../text/parts.ts'
import { afterIssuer } from '../wrapping/layouts.ts'

const canaryParameter = { canary: { title: 'The URL that nobody must call', type: 'string', required: true } } as const

type Case = Pick<FaultBase, 'id' | 'title' | 'requirement' | 'severity' | 'basis'> & Partial<FaultBase>

/** The document with a DOCTYPE before its root, and a StatusMessage that uses it. */
const withDoctype = (xml: string, declaration: string, message = ''): string => {
  const parts = partsOf(xml)
  const p = prefixOf(parts.open)
  const status =
    message === ''
      ? parts.status
      : parts.status.replace(/<\/[^<>]*>$/, (end) => `<${p}StatusMessage>${message}</${p}StatusMessage>${end}`)
  return `${parts.prolog}<!DOCTYPE ${p}Response ${declaration}>${assemble({ ...parts, prolog: '', status })}`
}

/** A StatusMessage is changed after signing: then the Response must not be signed. Before the root nothing ever is. */
const doctype = (
  value: Case,
  make: (params: FaultParams) => { declaration: string; message?: string },
  { message: usesMessage = true } = {},
): Fault =>
  tamperFault({
    expect: 'reject',
    ...(usesMessage ? { signed: 'assertion' as const } : {}),
    ...value,
    apply: (xml, _context, params) => {
      const { declaration, message } = make(params)
      return withDoctype(xml, declaration, message)
    },
  })

const canary = (params: FaultParams): string => String(params['canary'])

const noDoctype = ['IIP-G03', 'SAML Bindings 3.5']
const xxe = ['CWE-611', 'IIP-G03']
const bomb = ['CWE-776', 'IIP-G03']

const benign = [
  doctype(
    {
      id: 'doctype',
      title: 'There is a DOCTYPE that declares nothing',
      requirement: 'SAML-PAR-01',
      severity: 'critical',
      basis: noDoctype,
    },
    () => ({ declaration: '' }),
    { message: false },
  ),
  doctype(
    {
      id: 'doctype-with-unused-entity',
      title: 'There is a DOCTYPE with an entity that nothing uses',
      requirement: 'SAML-PAR-01',
      severity: 'critical',
      basis: noDoctype,
    },
    () => ({ declaration: '[<!ENTITY unused "x">]' }),
    { message: false },
  ),
  doctype(
    {
      id: 'doctype-with-used-entity',
      title: 'There is a DOCTYPE with an entity, which the StatusMessage uses',
      requirement: 'SAML-PAR-01',
      severity: 'critical',
      basis: noDoctype,
    },
    () => ({ declaration: '[<!ENTITY used "all is well">]', message: '&used;' }),
  ),
]

const external = (id: string, title: string, declaration: (url: string) => string, message?: string): Fault =>
  doctype(
    {
      id,
      title,
      requirement: message === undefined ? 'SAML-PAR-03' : 'SAML-PAR-02',
      severity: 'critical',
      basis: xxe,
      parameters: canaryParameter,
    },
    (params) => ({
      declaration: declaration(canary(params)),
      ...(message === undefined ? {} : { message }),
    }),
    { message: message !== undefined },
  )

const entityInNameId = tamperFault({
  id: 'external-entity-in-name-id',
  title: 'The NameID is an external entity',
  requirement: 'SAML-PAR-02',
  severity: 'critical',
  expect: 'reject',
  basis: xxe,
  parameters: canaryParameter,
  apply: (xml, _context, params) => {
    const declared = withDoctype(xml, `[<!ENTITY ext SYSTEM "${canary(params)}">]`)
    return refilled(declared, first(declared, 'NameID'), '&ext;')
  },
})

const externals = [
  external(
    'external-entity',
    'The StatusMessage is an external entity, at a URL',
    (url) => `[<!ENTITY ext SYSTEM "${url}">]`,
    '&ext;',
  ),
  entityInNameId,
  external(
    'external-public-entity',
    'The StatusMessage is an external entity with a public identifier',
    (url) => `[<!ENTITY ext PUBLIC "-//example//text" "${url}">]`,
    '&ext;',
  ),
  external('external-dtd', 'The DTD is at a URL', (url) => `SYSTEM "${url}"`),
  external(
    'external-public-dtd',
    'The DTD has a public identifier, and is at a URL',
    (url) => `PUBLIC "-//example//DTD" "${url}"`,
  ),
  external(
    'external-parameter-entity',
    'The DTD has a parameter entity that is at a URL',
    (url) => `[<!ENTITY % ext SYSTEM "${url}"> %ext;]`,
  ),
]

const markerFile = doctype(
  {
    id: 'external-entity-of-a-file',
    title: 'The StatusMessage is an external entity, a file of the machine',
    requirement: 'SAML-PAR-02',
    severity: 'critical',
    basis: xxe,
    parameters: { file: { title: 'A file: URL whose content must not come back', type: 'string', required: true } },
  },
  (params) => ({ declaration: `[<!ENTITY ext SYSTEM "${String(params['file'])}">]`, message: '&ext;' }),
)

/** Ten entities of ten each, five times over: at most a megabyte, expanded. */
const nested = (levels: number): string => {
  const level = (n: number): string => `<!ENTITY e${n} "${`&e${n - 1};`.repeat(10)}">`
  return `[<!ENTITY e0 "0123456789">${Array.from({ length: levels }, (_, n) => level(n + 1)).join('')}]`
}

const bombs = [
  doctype(
    {
      id: 'nested-entities',
      title: 'Entities expand to entities, five times over, to a megabyte',
      requirement: 'SAML-PAR-04',
      severity: 'high',
      basis: bomb,
    },
    () => ({ declaration: nested(5), message: '&e5;' }),
  ),
  doctype(
    {
      id: 'nested-entities-in-attribute',
      title: 'A default value of an attribute expands to a megabyte',
      requirement: 'SAML-PAR-04',
      severity: 'high',
      basis: bomb,
    },
    () => ({ declaration: nested(5).replace(']', '<!ATTLIST x note CDATA "&e5;">]'), message: '<x xmlns=""></x>' }),
  ),
  doctype(
    {
      id: 'long-entity-many-times',
      title: 'An entity of ten kilobytes is used a hundred times',
      requirement: 'SAML-PAR-05',
      severity: 'high',
      basis: bomb,
    },
    () => ({ declaration: `[<!ENTITY long "${'x'.repeat(10_000)}">]`, message: '&long;'.repeat(100) }),
  ),
  doctype(
    {
      id: 'recursive-entities',
      title: 'Two entities expand to each other',
      requirement: 'SAML-PAR-05',
      severity: 'high',
      basis: bomb,
    },
    () => ({ declaration: '[<!ENTITY a "&b;"><!ENTITY b "&a;">]', message: '&a;' }),
  ),
]

/** The Assertion that was signed stands without its Signature after a forged one that has it. */
const withForged = (
  id: string,
  title: string,
  requirement: string,
  basis: readonly string[],
  build: (other: string, p: string, originalId: string) => { declaration: string; evil: string },
): Fault =>
  tamperFault({
    id,
    title,
    requirement,
    severity: 'critical',
    expect: 'reject-or-true-identity',
    signed: 'assertion',
    basis,
    parameters: identityParameter,
    apply: (xml, _context, params) => {
      const parts = partsOf(xml)
      const [assertion = ''] = parts.assertions
      const originalId = / ID="([^"]*)"/.exec(assertion)?.[1] ?? ''
      const other = afterIssuer(forged(assertion, identityOf(params), 'none'), signatureOf(assertion))
      const { declaration, evil } = build(other, prefixOf(assertion), originalId)
      return withDoctype(assemble({ ...parts, assertions: [evil, withoutSignature(assertion)] }), declaration)
    },
  })

const defaults = ['CVE-2025-25291', 'CVE-2025-25292', 'IIP-G03']

const byDtd = [
  withForged(
    'default-id-by-dtd',
    'The DTD gives a forged Assertion the ID of the signed one',
    'SAML-PAR-06',
    defaults,
    (other, p, originalId) => ({
      declaration: `[<!ATTLIST ${p}Assertion ID CDATA "${originalId}">]`,
      evil: other,
    }),
  ),
  withForged(
    'default-namespace-by-dtd',
    'The DTD gives a forged Assertion its namespace',
    'SAML-PAR-06',
    defaults,
    (other, p, originalId) => {
      const prefix = p.replace(':', '')
      const namespace = new RegExp(` xmlns:${prefix}="([^"]*)"`).exec(other)?.[1] ?? ''
      return {
        declaration: `[<!ATTLIST ${p}Assertion xmlns:${prefix} CDATA #FIXED "${namespace}">]`,
        evil: other
          .replace(` xmlns:${prefix}="${namespace}"`, '')
          .replace(/^<[^\s>]+/, (head) => `${head} ID="x${originalId}"`),
      }
    },
  ),
  withForged(
    'entity-in-id',
    'The ID of a forged Assertion is an entity, which is the ID of the signed one',
    'SAML-PAR-07',
    ['CVE-2025-23369', 'IIP-G03'],
    (other, _p, originalId) => ({
      declaration: `[<!ENTITY id "${originalId}">]`,
      evil: other.replace(/^<[^\s>]+/, (head) => `${head} ID="&id;"`),
    }),
  ),
  withForged(
    'entity-in-part-of-id',
    'A part of the ID of a forged Assertion is an entity',
    'SAML-PAR-07',
    ['CVE-2025-23369', 'IIP-G03'],
    (other, _p, originalId) => ({
      declaration: `[<!ENTITY id "${originalId.slice(0, 4)}">]`,
      evil: other.replace(/^<[^\s>]+/, (head) => `${head} ID="&id;${originalId.slice(4)}"`),
    }),
  ),
]

/** Attributes that no namespace-aware reader takes (Namespaces in XML 1.0, 3). */
const onRoot = (id: string, title: string, attributes: string): Fault =>
  tamperFault({
    id,
    title,
    requirement: 'SAML-PAR-08',
    severity: 'critical',
    expect: 'reject',
    signed: 'assertion',
    basis: ['XML Namespaces 3', 'CVE-2025-66567'],
    apply: (xml) => {
      const parts = partsOf(xml)
      return assemble({ ...parts, open: parts.open.replace(/^<[^\s>]+/, (head) => `${head} ${attributes}`) })
    },
  })

export const doctypeFaults: readonly Fault[] = [
  ...benign,
  ...externals,
  markerFile,
  ...bombs,
  ...byDtd,
  onRoot('xml-prefix-redeclared', 'The prefix xml is declared for another namespace', 'xmlns:xml="urn:example"'),
  onRoot('xmlns-prefix-declared', 'The prefix xmlns is declared', 'xmlns:xmlns="urn:example"'),
  onRoot(
    'prefix-of-reserved-namespace',
    'Another prefix is declared for the namespace of declarations',
    'xmlns:x="http://www.w3.org/2000/xmlns/"',
  ),
  onRoot(
    'attribute-twice-by-prefix',
    'The same attribute is there twice, by two prefixes of one namespace',
    'xmlns:a="urn:example" xmlns:b="urn:example" a:x="1" b:x="2"',
  ),
]
