/** What stands outside of the signed element, in other ways than by wrapping it: XSW-13 to XSW-17. */

import { strict } from '../../saml/markup.ts'
import { ns, status } from '../../saml/names.ts'
import { renderResponse } from '../../saml/render.ts'
import { type Fault, type FaultBase, tamperFault } from '../fault.ts'
import { forged, identityOf, identityParameter, newId } from '../forge.ts'
import { all, outer, tagOf } from '../text/nodes.ts'
import { assemble, partsOf, prefixOf, type ResponseParts, withoutSignature } from '../text/parts.ts'

type Case = Pick<FaultBase, 'id' | 'title' | 'requirement' | 'basis'> &
  Partial<Pick<FaultBase, 'signed' | 'expect' | 'severity'>>

const forgery = (value: Case, build: (parts: ResponseParts, other: string, xml: string) => string): Fault =>
  tamperFault({
    severity: 'critical',
    expect: 'reject-or-true-identity',
    signed: 'assertion',
    parameters: identityParameter,
    ...value,
    apply: (xml, _context, params) => {
      const parts = partsOf(xml)
      return build(parts, forged(parts.assertions[0] ?? '', identityOf(params)), xml)
    },
  })

const twoRoots = (order: 'forged-first' | 'genuine-first'): Fault =>
  forgery(
    {
      id: `two-roots/${order}`,
      title: `There are two root elements, a signed Response and a forged one: the ${order === 'forged-first' ? 'forged' : 'signed'} one comes first`,
      requirement: 'SAML-XSW-13',
      basis: ['XML 1.0 2.1', 'CVE-2022-39299', 'CVE-2022-39353'],
    },
    (parts, other) => {
      const genuine = assemble({ ...parts, prolog: '' })
      const evil = assemble({ ...parts, prolog: '', signature: '', assertions: [other] })
      return parts.prolog + (order === 'forged-first' ? evil + genuine : genuine + evil)
    },
  )

const wrappedRoot = (id: string, title: string, build: (genuine: string, evil: string, p: string) => string): Fault =>
  forgery(
    { id, title, requirement: 'SAML-XSW-14', basis: ['SAML Core 3.3.3'] },
    (parts, other) =>
      parts.prolog +
      build(
        assemble({ ...parts, prolog: '' }),
        assemble({
          ...parts,
          prolog: '',
          signature: '',
          open: parts.open.replace(/ ID="[^"]*"/, ` ID="${newId()}"`),
          assertions: [other],
        }),
        prefixOf(parts.open),
      ),
  )

const namespaces: readonly [name: string, what: string, uri: string][] = [
  ['no', 'no namespace', ''],
  ['saml-1', 'the namespace of SAML 1', 'urn:oasis:names:tc:SAML:1.0:assertion'],
  ['another', 'a namespace of nobody', 'urn:example:assertion'],
  ['protocol', 'the namespace of the protocol', ns.protocol],
]

/** The forged Assertion and all in it, in another namespace. */
const inNamespace = (assertion: string, uri: string): string => {
  const p = prefixOf(assertion)
  const bare = assertion
    .replaceAll(`<${p}`, '<')
    .replaceAll(`</${p}`, '</')
    .replaceAll(` xmlns:${p.replace(':', '')}="${ns.assertion}"`, '')
  return bare.replace('<Assertion', `<Assertion xmlns="${uri}"`)
}

const otherNamespace = ([name, what, uri]: (typeof namespaces)[number]): Fault[] =>
  (['forged-first', 'genuine-first'] as const).map((order) =>
    forgery(
      {
        id: `assertion-in-${name}-namespace/${order}`,
        title: `A forged Assertion in ${what} stands ${order === 'forged-first' ? 'before' : 'after'} the signed one`,
        requirement: 'SAML-XSW-15',
        basis: ['SAML Core 2.3.3', 'GHSA-8gqj-226h-gm8r'],
      },
      (parts, other) => {
        const evil = inNamespace(other, uri)
        return assemble({
          ...parts,
          assertions: order === 'forged-first' ? [evil, ...parts.assertions] : [...parts.assertions, evil],
        })
      },
    ),
  )

/** An attribute statement of somebody else: whoever reads attributes outside of the signed element takes it. */
const looseStatement = (assertion: string, identity: string): string => {
  const p = prefixOf(assertion)
  const [statement] = all(assertion, 'AttributeStatement')
  const value = strict.text(identity)
  const attribute = (name: string): string =>
    `<${p}Attribute Name="${name}"><${p}AttributeValue>${value}</${p}AttributeValue></${p}Attribute>`
  const named = statement
    ? all(outer(assertion, statement), 'Attribute').map(
        (node) => / Name="([^"]*)"/.exec(tagOf(outer(assertion, statement), node))?.[1] ?? 'email',
      )
    : ['email', 'mail', 'urn:oid:0.9.2342.19200300.100.1.3']
  return `<${p}AttributeStatement xmlns:${p.replace(':', '')}="${ns.assertion}">${[...new Set(named)].map(attribute).join('')}</${p}AttributeStatement>`
}

const looseAttributes = (place: 'before' | 'after' | 'extensions' | 'status-detail'): Fault =>
  tamperFault({
    id: `loose-attributes-${place}`,
    title: {
      before: 'Attributes of somebody else stand in the Response before the signed Assertion',
      after: 'Attributes of somebody else stand in the Response after the signed Assertion',
      extensions: 'Attributes of somebody else stand in the Extensions of the Response',
      'status-detail': 'Attributes of somebody else stand in a StatusDetail',
    }[place],
    requirement: 'SAML-XSW-16',
    severity: 'high',
    expect: 'reject-or-true-identity',
    signed: 'assertion',
    basis: ['SAML Core 5.4.2', 'CVE-2025-46573'],
    parameters: identityParameter,
    apply: (xml, _context, params) => {
      const parts = partsOf(xml)
      const [assertion = ''] = parts.assertions
      const loose = looseStatement(assertion, identityOf(params))
      const p = prefixOf(parts.open)
      const extensions = place === 'extensions' ? `<${p}Extensions>${loose}</${p}Extensions>` : ''
      const status =
        place === 'status-detail'
          ? parts.status.replace(/<\/[^<>]*>$/, (end) => `<${p}StatusDetail>${loose}</${p}StatusDetail>${end}`)
          : parts.status
      return assemble({
        ...parts,
        status: extensions + status,
        assertions: [...(place === 'before' ? [loose] : []), assertion, ...(place === 'after' ? [loose] : [])],
      })
    },
  })

/** The Response's Signature is genuine and covers another Response, so that the Assertion stands outside of it. */
const outsideReference = (id: string, title: string, place: 'extensions' | 'child' | 'status-detail'): Fault =>
  tamperFault({
    id,
    title,
    requirement: 'SAML-XSW-17',
    severity: 'critical',
    expect: 'reject',
    basis: ['SAML Core 5.4.2'],
    parameters: identityParameter,
    apply: async (xml, { message }, params) => {
      const { draft, plan, style } = message
      const denied = { ...draft, id: newId(), assertions: [], status: { code: status.responder } }
      const error = partsOf(await renderResponse(denied, { ...plan, signResponse: true }, style))
      const signed = assemble({ ...error, prolog: '', signature: '' })
      const parts = partsOf(xml)
      const p = prefixOf(parts.open)
      const other = forged(withoutSignature(parts.assertions[0] ?? ''), identityOf(params))
      const held =
        place === 'status-detail'
          ? parts.status.replace(/<\/[^<>]*>$/, (end) => `<${p}StatusDetail>${signed}</${p}StatusDetail>${end}`)
          : (place === 'extensions' ? `<${p}Extensions>${signed}</${p}Extensions>` : signed) + parts.status
      return assemble({ ...parts, signature: error.signature, status: held, assertions: [other] })
    },
  })

export const looseFaults: readonly Fault[] = [
  twoRoots('forged-first'),
  twoRoots('genuine-first'),
  wrappedRoot(
    'root-is-a-wrapper',
    'The root element is not a Response, and holds a forged one and the signed one',
    (genuine, evil) => `<wrapper>${evil}${genuine}</wrapper>`,
  ),
  wrappedRoot(
    'root-is-an-artifact-response',
    'The root element is an ArtifactResponse, which holds a forged Response and the signed one',
    (genuine, evil, p) =>
      `<${p}ArtifactResponse xmlns:${p.replace(':', '')}="${ns.protocol}">${evil}${genuine}</${p}ArtifactResponse>`,
  ),
  wrappedRoot(
    'root-is-a-soap-envelope',
    'The root element is a SOAP envelope around a forged Response and the signed one',
    (genuine, evil) =>
      `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>${evil}${genuine}</S:Body></S:Envelope>`,
  ),
  ...namespaces.flatMap(otherNamespace),
  looseAttributes('before'),
  looseAttributes('after'),
  looseAttributes('extensions'),
  looseAttributes('status-detail'),
  outsideReference(
    'signature-of-another-response',
    'The Signature of the Response covers an error Response that it holds, and the Assertion is forged',
    'child',
  ),
  outsideReference(
    'signature-of-response-in-extensions',
    'The Signature of the Response covers an error Response in its Extensions, and the Assertion is forged',
    'extensions',
  ),
  outsideReference(
    'signature-of-response-in-status-detail',
    'The Signature of the Response covers an error Response in its StatusDetail, and the Assertion is forged',
    'status-detail',
  ),
]
