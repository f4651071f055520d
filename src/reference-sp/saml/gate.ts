import { refuse } from '../login-refused.ts'
import { type EncryptionMethods, methodsOf } from './decryption.ts'
import { ns, statusSuccess } from './namespaces.ts'
import { checkStructure } from './structure.ts'
import { childOf, childrenOf, parseXml, type XmlElement, type XmlLimits, XmlRefused } from './xml.ts'

/** What of a message is accepted at most. A Response for 5,000 groups has about 260,000 characters. */
export const messageLimits: XmlLimits = { characters: 512 * 1024, depth: 24, elements: 20_000, attributesOfOne: 32 }

const algorithms = {
  // No SHA-1, no MD5, no HMAC; what @node-saml/node-saml can verify with an RSA certificate.
  signature: ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512'],
  digest: ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512'],
  canonicalization: [ns.exclusiveC14n as string],
  transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', ns.exclusiveC14n as string],
}

/**
 * What the gate tells of a message. Nothing here has been verified: it may lead to a refusal, never to an identity.
 */
export interface Envelope {
  xml: string
  responseId: string
  issueInstant: string
  assertionId: string | undefined
  /** With what the Assertion is encrypted; then nothing more is known of it yet. */
  encryption?: EncryptionMethods
  issuer: string | undefined
  issuerFormat: string | undefined
  destination: string | undefined
  inResponseTo: string | undefined
  status: { success: boolean; code: string }
  signed: { response: boolean; assertion: boolean }
}

/**
 * The first layer: our own look at the message, before a verifier sees it. It lets through only what every parser reads
 * in the same way: no DOCTYPE, comment, CDATA or processing instruction, known elements in their places, IDs that are
 * there once, at most one Signature each in Response and Assertion, which covers exactly that element.
 *
 * @param base64 the form field `SAMLResponse`
 * @throws LoginRefused
 */
export const openEnvelope = (base64: string, options: GateOptions = {}): Envelope =>
  openDocument(decode(base64), options)

export interface GateOptions {
  /** Whether an encrypted Assertion is taken. */
  decrypts?: boolean
}

/** The same for what was decoded already. */
export const openDocument = (xml: string, { decrypts = false }: GateOptions = {}): Envelope => {
  const response = parse(xml)
  if (response.name !== 'Response' || response.namespace !== ns.protocol)
    return refuse('MESSAGE_STRUCTURE', 'The root element is not a samlp:Response.')
  checkStructure(response, { decrypts })
  checkIds(response)
  const assertion = childOf(response, ns.assertion, 'Assertion')
  const encrypted = childOf(response, ns.assertion, 'EncryptedAssertion')
  if (assertion !== undefined && encrypted !== undefined)
    return refuse('MESSAGE_STRUCTURE', 'There is an Assertion beside an encrypted one.')
  for (const element of [response, ...(assertion ? [assertion] : [])]) {
    if (element.attributes.get('Version') !== '2.0')
      return refuse('MESSAGE_STRUCTURE', `${element.name} is not of version 2.0.`)
    checkSignature(element)
  }
  const code = childOf(childOf(response, ns.protocol, 'Status'), ns.protocol, 'StatusCode')
  return {
    xml,
    responseId: response.attributes.get('ID') ?? '',
    issueInstant: response.attributes.get('IssueInstant') ?? '',
    assertionId: assertion?.attributes.get('ID'),
    ...(encrypted === undefined ? {} : { encryption: methodsOf(encrypted) }),
    issuer: childOf(response, ns.assertion, 'Issuer')?.text,
    issuerFormat: childOf(response, ns.assertion, 'Issuer')?.attributes.get('Format'),
    destination: response.attributes.get('Destination'),
    inResponseTo: response.attributes.get('InResponseTo'),
    status: readStatus(code),
    signed: {
      response: childOf(response, ns.signature, 'Signature') !== undefined,
      assertion: childOf(assertion, ns.signature, 'Signature') !== undefined,
    },
  }
}

/** What was decrypted: one Assertion, and nothing else; looked at like any other. */
export const openAssertion = (xml: string): { id: string; signed: boolean } => {
  const assertion = parse(xml)
  if (assertion.name !== 'Assertion' || assertion.namespace !== ns.assertion)
    return refuse('MESSAGE_STRUCTURE', 'What was encrypted is not a saml:Assertion.')
  checkStructure(assertion)
  checkIds(assertion)
  if (assertion.attributes.get('Version') !== '2.0')
    return refuse('MESSAGE_STRUCTURE', 'Assertion is not of version 2.0.')
  checkSignature(assertion)
  return {
    id: assertion.attributes.get('ID') ?? '',
    signed: childOf(assertion, ns.signature, 'Signature') !== undefined,
  }
}

/** A LogoutRequest or LogoutResponse, looked at like a Response. */
export const openLogout = (xml: string): XmlElement => {
  const message = parse(xml)
  if (message.namespace !== ns.protocol || !/^Logout(?:Request|Response)$/.test(message.name))
    return refuse('MESSAGE_STRUCTURE', 'The root element is not a logout message.')
  checkStructure(message)
  checkIds(message)
  if (message.attributes.get('Version') !== '2.0') return refuse('MESSAGE_STRUCTURE', 'It is not of version 2.0.')
  checkSignature(message)
  return message
}

export const decode = (base64: string): string => {
  const packed = base64.replace(/[\r\n\t ]/g, '')
  if (packed.length > messageLimits.characters * 2) return refuse('MESSAGE_TOO_LARGE')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(packed) || packed.length % 4 !== 0)
    return refuse('MESSAGE_MALFORMED', 'It is not base64.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(packed, 'base64'))
  } catch (cause) {
    return refuse('MESSAGE_MALFORMED', 'It is not UTF-8.', cause)
  }
}

const parse = (xml: string): XmlElement => {
  try {
    return parseXml(xml, { limits: messageLimits, comments: 'refuse' })
  } catch (cause) {
    if (!(cause instanceof XmlRefused)) throw cause
    // The parser's own words would show parts of the message; only ours go out.
    if (cause.problem === 'malformed') return refuse('MESSAGE_MALFORMED', 'It is not well-formed XML.', cause)
    return refuse(cause.problem === 'too-large' ? 'MESSAGE_TOO_LARGE' : 'MESSAGE_FORBIDDEN_XML', undefined, cause)
  }
}

const idNames = ['ID', 'Id', 'id', '{http://www.w3.org/XML/1998/namespace}id']

const checkIds = (root: XmlElement): void => {
  const seen = new Set<string>()
  const visit = (element: XmlElement): void => {
    for (const name of idNames) {
      const id = element.attributes.get(name)
      if (id === undefined) continue
      if (!/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(id)) refuse('MESSAGE_STRUCTURE', 'An ID is not an NCName.')
      if (seen.has(id)) refuse('DUPLICATE_ID')
      seen.add(id)
    }
    element.children.forEach(visit)
  }
  visit(root)
}

/** SAML Core 5.4: enveloped, one Reference, to the ID of the element that it stands in. */
const checkSignature = (element: XmlElement): void => {
  const id = element.attributes.get('ID')
  if (id === undefined) refuse('MESSAGE_STRUCTURE', `${element.name} has no ID.`)
  const signature = childOf(element, ns.signature, 'Signature')
  if (signature === undefined) return
  const before = element.children.slice(0, element.children.indexOf(signature))
  if (before.some((sibling) => sibling.name !== 'Issuer')) refuse('SIGNATURE_MISPLACED')
  const signedInfo = childOf(signature, ns.signature, 'SignedInfo')
  const reference = childOf(signedInfo, ns.signature, 'Reference')
  if (reference === undefined) refuse('SIGNATURE_MISPLACED', 'It has no Reference.')
  if (reference.attributes.get('URI') !== `#${id}`)
    refuse('SIGNATURE_MISPLACED', 'It does not cover the element that it is in.')
  const transforms = childrenOf(childOf(reference, ns.signature, 'Transforms') ?? reference, ns.signature, 'Transform')
  if (transforms.length !== 2) refuse('SIGNATURE_ALGORITHM', 'Two transforms are expected.')
  const algorithm = (element: XmlElement | undefined): string => element?.attributes.get('Algorithm') ?? ''
  const used: [readonly string[], string][] = [
    [algorithms.canonicalization, algorithm(childOf(signedInfo, ns.signature, 'CanonicalizationMethod'))],
    [algorithms.signature, algorithm(childOf(signedInfo, ns.signature, 'SignatureMethod'))],
    [algorithms.digest, algorithm(childOf(reference, ns.signature, 'DigestMethod'))],
    ...transforms.map((transform, i): [string[], string] => [[algorithms.transforms[i] ?? ''], algorithm(transform)]),
  ]
  for (const [allowed, found] of used)
    if (!allowed.includes(found)) refuse('SIGNATURE_ALGORITHM', 'SHA-256 or SHA-512 with RSA is expected.')
}

const readStatus = (code: XmlElement | undefined): Envelope['status'] => {
  if (code === undefined) return refuse('MESSAGE_STRUCTURE', 'The Response has no StatusCode.')
  const value = code.attributes.get('Value') ?? ''
  const second = childOf(code, ns.protocol, 'StatusCode')?.attributes.get('Value')
  const short = (uri: string): string => /^urn:oasis:names:tc:SAML:2\.0:status:([A-Za-z]+)$/.exec(uri)?.[1] ?? 'unknown'
  return {
    success: value === statusSuccess,
    code: second === undefined ? short(value) : `${short(value)}, ${short(second)}`,
  }
}
