import type { SaxesTagNS } from 'saxes'
import { AuthnRequestError } from './authn-request-error.ts'
import { ns, transformUri } from './names.ts'
import { type ParseLimits, parseStrictly } from './strict-parser.ts'

interface Found {
  signatures: number[]
  references: string[]
  objects: number
  transforms: string[]
  canonicalization: string
  signatureMethod: string
  idCount: number
}

const wrong = (expected: string, found: string): AuthnRequestError =>
  new AuthnRequestError('signature-covers-something-else', {
    expected,
    found,
    hint: 'Sign the root element itself: one ds:Signature as its child, with one Reference to its ID (SAML Core 5.4).',
  })

const value = (tag: SaxesTagNS, name: string): string => tag.attributes[name]?.value ?? ''

const collect = (xml: string, id: string, limits: ParseLimits): Found => {
  const found: Found = {
    signatures: [],
    references: [],
    objects: 0,
    transforms: [],
    canonicalization: '',
    signatureMethod: '',
    idCount: 0,
  }
  const open = (tag: SaxesTagNS, depth: number): void => {
    // Verifiers look an element up by any attribute that is called ID, whatever its case and namespace.
    for (const attribute of Object.values(tag.attributes))
      if (attribute.local.toLowerCase() === 'id' && attribute.value === id) found.idCount += 1
    if (tag.local === 'Signature') found.signatures.push(tag.uri === ns.signature ? depth : 0)
    if (tag.uri !== ns.signature) return
    if (tag.local === 'Reference') found.references.push(value(tag, 'URI'))
    if (tag.local === 'Object') found.objects += 1
    if (tag.local === 'Transform') found.transforms.push(value(tag, 'Algorithm'))
    if (tag.local === 'CanonicalizationMethod') found.canonicalization = value(tag, 'Algorithm')
    if (tag.local === 'SignatureMethod') found.signatureMethod = value(tag, 'Algorithm')
  }
  parseStrictly(xml, limits, { open }, ({ code, ...problem }) => new AuthnRequestError(code, { ...problem, hint: '' }))
  return found
}

/**
 * Whether a message's signature covers the message, before anyone verifies it: one Signature, a child of the root; one
 * Reference, to the root's ID; no other element of that ID; no transforms but the two that SAML allows (Core 5.4.4).
 *
 * @throws AuthnRequestError `signature-covers-something-else`
 */
export const checkEnvelopedSignature = (
  xml: string,
  rootId: string,
  limits: ParseLimits,
): { signatureMethod: string } => {
  const found = collect(xml, rootId, limits)
  if (found.signatures.length !== 1 || found.signatures[0] !== 2)
    throw wrong('one ds:Signature, a child of the root', `${found.signatures.length}, or one in another place`)
  if (found.references.length !== 1 || found.references[0] !== `#${rootId}`)
    throw wrong(`one Reference, to #${rootId}`, found.references.map((uri) => JSON.stringify(uri)).join(', ') || 'none')
  if (found.idCount !== 1) throw wrong('one element with the ID of the root', `${found.idCount}`)
  if (found.objects > 0) throw wrong('a Signature without ds:Object', 'one with it')
  const [first, second, ...more] = found.transforms
  if (first !== transformUri.enveloped || second !== transformUri.excC14n || more.length > 0)
    throw wrong(
      'the transforms enveloped-signature and exclusive C14N, in this order',
      found.transforms.join(', ') || 'none',
    )
  if (found.canonicalization !== transformUri.excC14n)
    throw wrong('SignedInfo in exclusive C14N', JSON.stringify(found.canonicalization))
  return { signatureMethod: found.signatureMethod }
}
