import { refuse } from '../login-refused.ts'
import { ns } from './namespaces.ts'
import type { XmlElement } from './xml.ts'

const prefixes: Record<string, string> = {
  [ns.protocol]: 'samlp',
  [ns.assertion]: 'saml',
  [ns.signature]: 'ds',
  [ns.exclusiveC14n]: 'ec',
  [ns.encryption]: 'xenc',
  [ns.encryption11]: 'xenc11',
}

/** `samlp:Response`, whatever prefix the message uses; an unknown namespace stays visible. */
export const qualifiedName = (element: XmlElement): string =>
  `${prefixes[element.namespace] ?? `{${element.namespace}}`}:${element.name}`

interface Shape {
  /** Elements that may be inside. `*` = anything that is not SAML and not a signature. */
  children?: readonly string[]
  /** Of these at most one each. */
  once?: readonly string[]
  text?: boolean
}

const text: Shape = { text: true }
const empty: Shape = {}

/**
 * Every element that a login Response, or a logout message, may be made of, and where. What is not in this table is refused: a message that
 * has the same meaning to every reader has no room for `Extensions`, `Advice`, `Object` or a second Assertion, which is
 * where signature wrapping hides (SAML Core 3.2, 2.3 to 2.7; XMLDSig 4).
 */
const shapes: Record<string, Shape> = {
  'samlp:Response': {
    children: ['saml:Issuer', 'ds:Signature', 'samlp:Status', 'saml:Assertion', 'saml:EncryptedAssertion'],
    once: ['saml:Issuer', 'ds:Signature', 'samlp:Status', 'saml:Assertion', 'saml:EncryptedAssertion'],
  },
  'samlp:LogoutRequest': {
    children: ['saml:Issuer', 'ds:Signature', 'saml:NameID', 'samlp:SessionIndex'],
    once: ['saml:Issuer', 'ds:Signature', 'saml:NameID'],
  },
  'samlp:SessionIndex': text,
  'samlp:LogoutResponse': {
    children: ['saml:Issuer', 'ds:Signature', 'samlp:Status'],
    once: ['saml:Issuer', 'ds:Signature', 'samlp:Status'],
  },
  'samlp:Status': {
    children: ['samlp:StatusCode', 'samlp:StatusMessage', 'samlp:StatusDetail'],
    once: ['samlp:StatusCode', 'samlp:StatusMessage', 'samlp:StatusDetail'],
  },
  'samlp:StatusCode': { children: ['samlp:StatusCode'], once: ['samlp:StatusCode'] },
  'samlp:StatusMessage': text,
  'samlp:StatusDetail': { children: ['*'], text: true },
  'saml:Issuer': text,
  'saml:Assertion': {
    children: [
      'saml:Issuer',
      'ds:Signature',
      'saml:Subject',
      'saml:Conditions',
      'saml:AuthnStatement',
      'saml:AttributeStatement',
    ],
    once: ['saml:Issuer', 'ds:Signature', 'saml:Subject', 'saml:Conditions'],
  },
  'saml:Subject': { children: ['saml:NameID', 'saml:SubjectConfirmation'], once: ['saml:NameID'] },
  'saml:NameID': text,
  'saml:SubjectConfirmation': {
    children: ['saml:NameID', 'saml:SubjectConfirmationData'],
    once: ['saml:NameID', 'saml:SubjectConfirmationData'],
  },
  'saml:SubjectConfirmationData': empty,
  'saml:Conditions': {
    children: ['saml:AudienceRestriction', 'saml:OneTimeUse', 'saml:ProxyRestriction'],
    once: ['saml:OneTimeUse', 'saml:ProxyRestriction'],
  },
  'saml:AudienceRestriction': { children: ['saml:Audience'] },
  'saml:Audience': text,
  'saml:OneTimeUse': empty,
  'saml:ProxyRestriction': { children: ['saml:Audience'] },
  'saml:AuthnStatement': {
    children: ['saml:SubjectLocality', 'saml:AuthnContext'],
    once: ['saml:SubjectLocality', 'saml:AuthnContext'],
  },
  'saml:SubjectLocality': empty,
  'saml:AuthnContext': {
    children: ['saml:AuthnContextClassRef', 'saml:AuthnContextDeclRef', 'saml:AuthenticatingAuthority'],
  },
  'saml:AuthnContextClassRef': text,
  'saml:AuthnContextDeclRef': text,
  'saml:AuthenticatingAuthority': text,
  'saml:AttributeStatement': { children: ['saml:Attribute'] },
  'saml:Attribute': { children: ['saml:AttributeValue'] },
  'saml:AttributeValue': text,
  'ds:Signature': {
    children: ['ds:SignedInfo', 'ds:SignatureValue', 'ds:KeyInfo'],
    once: ['ds:SignedInfo', 'ds:SignatureValue', 'ds:KeyInfo'],
  },
  'ds:SignedInfo': {
    children: ['ds:CanonicalizationMethod', 'ds:SignatureMethod', 'ds:Reference'],
    once: ['ds:CanonicalizationMethod', 'ds:SignatureMethod', 'ds:Reference'],
  },
  'ds:CanonicalizationMethod': { children: ['ec:InclusiveNamespaces'], once: ['ec:InclusiveNamespaces'] },
  'ds:SignatureMethod': empty,
  'ds:Reference': {
    children: ['ds:Transforms', 'ds:DigestMethod', 'ds:DigestValue'],
    once: ['ds:Transforms', 'ds:DigestMethod', 'ds:DigestValue'],
  },
  'ds:Transforms': { children: ['ds:Transform'] },
  'ds:Transform': { children: ['ec:InclusiveNamespaces'], once: ['ec:InclusiveNamespaces'] },
  'ec:InclusiveNamespaces': empty,
  'ds:DigestMethod': empty,
  'ds:DigestValue': text,
  'ds:SignatureValue': text,
  // A hint only: the key is always one of the metadata's.
  'ds:KeyInfo': {
    children: ['ds:KeyName', 'ds:KeyValue', 'ds:X509Data', 'xenc:EncryptedKey'],
    once: ['xenc:EncryptedKey'],
  },
  'saml:EncryptedAssertion': { children: ['xenc:EncryptedData'], once: ['xenc:EncryptedData'] },
  'xenc:EncryptedData': {
    children: ['xenc:EncryptionMethod', 'ds:KeyInfo', 'xenc:CipherData'],
    once: ['xenc:EncryptionMethod', 'ds:KeyInfo', 'xenc:CipherData'],
  },
  'xenc:EncryptedKey': {
    children: ['xenc:EncryptionMethod', 'xenc:CipherData'],
    once: ['xenc:EncryptionMethod', 'xenc:CipherData'],
  },
  'xenc:EncryptionMethod': { children: ['ds:DigestMethod', 'xenc11:MGF'], once: ['ds:DigestMethod', 'xenc11:MGF'] },
  'xenc11:MGF': empty,
  'xenc:CipherData': { children: ['xenc:CipherValue'], once: ['xenc:CipherValue'] },
  'xenc:CipherValue': text,
  'ds:KeyName': text,
  'ds:KeyValue': { children: ['ds:RSAKeyValue'] },
  'ds:RSAKeyValue': { children: ['ds:Modulus', 'ds:Exponent'] },
  'ds:Modulus': text,
  'ds:Exponent': text,
  'ds:X509Data': {
    children: ['ds:X509Certificate', 'ds:X509SubjectName', 'ds:X509IssuerSerial', 'ds:X509SKI'],
  },
  'ds:X509Certificate': text,
  'ds:X509SubjectName': text,
  'ds:X509IssuerSerial': { children: ['ds:X509IssuerName', 'ds:X509SerialNumber'] },
  'ds:X509IssuerName': text,
  'ds:X509SerialNumber': text,
  'ds:X509SKI': text,
}

const isForeign = (element: XmlElement): boolean => prefixes[element.namespace] === undefined

/**
 * Walks a message along the table above.
 *
 * @throws LoginRefused with `MESSAGE_STRUCTURE`, `SIGNATURE_MISPLACED`, or `ASSERTION_ENCRYPTED`.
 */
export const checkStructure = (element: XmlElement, { decrypts = false }: { decrypts?: boolean } = {}): void => {
  const name = qualifiedName(element)
  const shape = shapes[name]
  if (shape === undefined) refuse('MESSAGE_STRUCTURE', `Unexpected element ${name}.`)
  if (shape.text !== true && element.text.trim() !== '') refuse('MESSAGE_STRUCTURE', `Unexpected text in ${name}.`)
  const seen = new Set<string>()
  for (const child of element.children) {
    const childName = qualifiedName(child)
    if (shape.children?.includes('*') === true && isForeign(child)) continue
    if (childName === 'saml:EncryptedAssertion' && !decrypts) refuse('ASSERTION_ENCRYPTED')
    if (shape.children?.includes(childName) !== true)
      refuse(
        childName === 'ds:Signature' ? 'SIGNATURE_MISPLACED' : 'MESSAGE_STRUCTURE',
        `Unexpected element ${childName} in ${name}.`,
      )
    if (seen.has(childName) && shape.once?.includes(childName) === true)
      refuse('MESSAGE_STRUCTURE', `More than one ${childName} in ${name}.`)
    seen.add(childName)
    checkStructure(child, { decrypts })
  }
}
