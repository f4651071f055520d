/** What is an ID, and whose: ID-1 to ID-3. */
import { ns } from '../saml/names.ts'
import { claimsFault, type Fault, signingFault, tamperFault } from './fault.ts'
import { forged, identityOf, identityParameter } from './forge.ts'
import { first, withAttribute } from './text/nodes.ts'
import { assemble, partsOf, prefixOf, signatureOf, withoutSignature } from './text/parts.ts'
import { afterIssuer } from './wrapping/layouts.ts'

const sharedId = claimsFault({
  id: 'response-and-assertion-share-an-id',
  title: 'The Response and its Assertion have the same ID',
  severity: 'high',
  expect: 'reject',
  basis: ['SAML Core 1.3.4'],
  requirement: 'SAML-ID-01',
  apply: (draft) => ({ ...draft, id: draft.assertions[0]?.id ?? draft.id }),
})

const idInExtensions = tamperFault({
  id: 'id-of-the-assertion-in-extensions',
  title: 'An element in the Extensions has the ID of the signed Assertion',
  severity: 'high',
  expect: 'reject',
  signed: 'assertion',
  basis: ['SAML Core 1.3.4'],
  requirement: 'SAML-ID-01',
  apply: (xml) => {
    const parts = partsOf(xml)
    const p = prefixOf(parts.open)
    const id = / ID="([^"]*)"/.exec(parts.assertions[0] ?? '')?.[1] ?? ''
    return assemble({ ...parts, status: `<${p}Extensions><x ID="${id}" xmlns=""></x></${p}Extensions>${parts.status}` })
  },
})

/** Other attributes that some reader takes for the ID (xmlsec and DOM libraries look for several). */
const names: readonly [name: string, attribute: string, declaration: string][] = [
  ['protocol-id', 'idp1:ID', ` xmlns:idp1="${ns.protocol}"`],
  ['signature-id', 'idp1:Id', ` xmlns:idp1="${ns.signature}"`],
  ['xsi-id', 'xsi:ID', ` xmlns:xsi="${ns.xsi}"`],
  ['xml-id', 'xml:id', ''],
  ['mixed-case-id', 'Id', ''],
  ['lower-case-id', 'id', ''],
]

const polluted = (
  [name, attribute, declaration]: (typeof names)[number],
  order: 'forged-first' | 'genuine-first',
): Fault =>
  tamperFault({
    id: `${name}/${order}`,
    title: `A forged Assertion has the genuine Signature, and the ID of the signed one in ${attribute.replace('idp1:', 'a qualified ')}: the ${order === 'forged-first' ? 'forged' : 'signed'} one comes first`,
    severity: 'critical',
    expect: 'reject-or-true-identity',
    signed: 'assertion',
    basis: ['SAML Core 1.3.4', 'CVE-2025-23369'],
    requirement: 'SAML-ID-02',
    parameters: identityParameter,
    apply: (xml, _context, params) => {
      const parts = partsOf(xml)
      const [assertion = ''] = parts.assertions
      const id = / ID="([^"]*)"/.exec(assertion)?.[1] ?? ''
      const other = afterIssuer(forged(assertion, identityOf(params)), signatureOf(assertion))
      const evil = other.replace(/^<[^\s>]+/, (head) => `${head}${declaration} ${attribute}="${id}"`)
      const genuine = withoutSignature(assertion)
      return assemble({ ...parts, assertions: order === 'forged-first' ? [evil, genuine] : [genuine, evil] })
    },
  })

const oddId = (id: string, title: string, value: string): Fault =>
  claimsFault({
    id: `id-${id}`,
    title,
    severity: 'medium',
    expect: 'reject',
    basis: ['SAML Core 1.3.4', 'XML Schema 3.3.8'],
    requirement: 'SAML-ID-03',
    apply: (draft) => ({
      ...draft,
      id: value === '' ? '' : `${value}r`,
      assertions: draft.assertions.map((assertion) => ({ ...assertion, id: value })),
    }),
  })

const withoutId = signingFault({
  id: 'id-missing',
  title: 'The Assertion has no ID',
  severity: 'medium',
  expect: 'reject',
  basis: ['SAML Core 2.3.3'],
  requirement: 'SAML-ID-03',
  apply: (plan) => ({
    ...plan,
    edit: {
      ...plan.edit,
      assertion: (element) => withAttribute(element, first(element, 'Assertion'), 'ID', undefined),
    },
  }),
})

export const idFaults: readonly Fault[] = [
  sharedId,
  idInExtensions,
  ...names.flatMap((name) => [polluted(name, 'forged-first'), polluted(name, 'genuine-first')]),
  withoutId,
  oddId('empty', 'The IDs of Response and Assertion are empty', ''),
  oddId('with-digit-first', 'The IDs of Response and Assertion begin with a digit', '1234567890'),
  oddId('with-space', 'The IDs of Response and Assertion have a space in them', 'id one two'),
  oddId('with-quote', 'The IDs of Response and Assertion have quotes in them', `id'"one`),
  oddId('with-xpath', 'The IDs of Response and Assertion are a piece of XPath', `x' or '1'='1`),
  oddId('with-xpath-union', 'The IDs of Response and Assertion end an XPath and begin another', `x'] | //*[@ID='x`),
]
