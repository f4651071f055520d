import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { advisory, core, implementation, metadata, profiles, xmldsig } from './sources.ts'

const takeover = 'Anybody logs in as anybody: no key is needed.'
const substitution = 'Who has one login of their own logs in as any other user.'

const mustBeSigned = profiles('4.1.4.5', 'the enclosed assertion(s) MUST be signed')
const verifyAny = profiles('4.1.4.3', 'Verify any signatures present on the assertion(s) or the response')
const singleReference = core(
  '5.4.2',
  'Signatures MUST contain a single <ds:Reference> containing a same-document reference to the ID attribute value of the root element of the assertion or protocol message being signed.',
)
const keyInfo = core(
  '5.4.5',
  'SAML does not require the use of <ds:KeyInfo>, nor does it impose any restrictions on its use.',
)
const schema = xmldsig('4.1', 'Signature has one SignedInfo and one SignatureValue; a Reference has one DigestValue.')

/** Who signed, where the Signature stands, and what it covers. */
export const signature: readonly Requirement[] = area('signature', {
  'SIG-01': {
    severity: 'critical',
    statement: 'A message without any Signature is refused.',
    violation: 'The Assertion is read although nothing is signed.',
    gain: takeover,
    hint: 'Refuse a Response in which neither it nor its Assertion is signed, before anything in it is read.',
    source: mustBeSigned,
    basis: 'stated',
  },
  'SIG-02': {
    severity: 'critical',
    statement: 'A message that was changed after it was signed is refused.',
    violation: 'The digest, or the signature value, is not compared.',
    gain: substitution,
    hint: 'Compare every digest, and verify SignatureValue over SignedInfo with the key of the metadata.',
    source: xmldsig('3.2', 'Core validation: every Reference and the SignatureValue must be valid.'),
  },
  'SIG-03': {
    severity: 'critical',
    statement: 'A message signed with an unknown key and without KeyInfo is refused.',
    violation: 'A Signature that no trusted key verifies is taken.',
    gain: takeover,
    hint: 'Verify with the keys of the metadata only; without one that fits, refuse.',
    source: keyInfo,
  },
  'SIG-04': {
    severity: 'critical',
    statement: 'A message signed with an unknown key is refused, although KeyInfo carries the certificate of that key.',
    violation: 'The certificate in the message is trusted.',
    gain: takeover,
    hint: 'Never verify with a key from the message. KeyInfo is a hint which of the known keys to try.',
    source: advisory('CVE-2024-32962', 'The certificate embedded in the message was trusted.'),
  },
  'SIG-05': {
    severity: 'critical',
    statement: 'A message signed with an unknown key is refused, although KeyInfo carries the trusted certificate.',
    violation:
      'The certificate in KeyInfo is compared with the trusted one, and the signature value is not verified with it.',
    gain: takeover,
    hint: 'That the certificate is the right one proves nothing: verify the signature value with its key.',
    source: keyInfo,
  },
  'SIG-06': {
    severity: 'high',
    statement:
      'A message signed with an unknown key is refused, although its certificate has the names and serial number of the trusted one.',
    violation: 'Certificates are compared by subject, issuer or serial number.',
    gain: takeover,
    hint: 'Pin the key, not the names of its certificate.',
    source: keyInfo,
  },
  'SIG-07': {
    severity: 'critical',
    statement: 'An unsigned Assertion in a signed Response is handled as the service provider declares.',
    violation: 'The service provider asks for signed Assertions, and takes an unsigned one.',
    gain: 'An Assertion that the identity provider did not sign gets by where only the Response around it is covered.',
    hint: 'Where WantAssertionsSigned is true, require a Signature that covers the Assertion itself.',
    source: metadata(
      '2.4.4',
      'WantAssertionsSigned: a requirement for the <saml:Assertion> elements received by this service provider to be signed.',
    ),
    expect: 'saml.unsignedAssertion',
  },
  'SIG-08': {
    severity: 'high',
    statement: 'An unsigned Response around a signed Assertion is handled as the service provider declares.',
    violation: 'The service provider asks for signed Responses, and takes an unsigned one.',
    gain: 'Status, Destination and InResponseTo of the Response can be changed on the way.',
    hint: 'Where Responses must be signed, require a Signature whose Reference is to the Response.',
    source: implementation(
      'IIP-SP13',
      'Service Providers MUST support the ability to reject unsigned <samlp:Response> elements and SHOULD do so by default.',
    ),
    basis: 'stated',
    expect: 'saml.unsignedResponse',
  },
  'SIG-09': {
    severity: 'critical',
    statement: 'A broken Signature is a reason to refuse, although another one in the message is good.',
    violation: 'One good Signature is enough.',
    gain: 'A message that was tampered with is taken.',
    hint: 'Verify every Signature that is a child of the Response or of an Assertion; one that fails ends the login.',
    source: verifyAny,
    basis: 'stated',
  },
  'SIG-10': {
    severity: 'high',
    statement: 'A Signature that is not a child of the element that it covers is refused.',
    violation: 'A Signature is looked for anywhere in the document.',
    gain: 'A first step to wrapping: the Signature verifies, and says nothing about what is read.',
    hint: 'Take only a ds:Signature that is a direct child of the Response or the Assertion.',
    source: core('5.4.1', 'The signature is enveloped: it stands in the assertion or protocol message that it signs.'),
  },
  'SIG-11': {
    severity: 'high',
    statement: 'A Reference that is not to an ID in the same document is refused, and nothing is fetched for it.',
    violation: 'An empty, missing, XPointer or external URI is resolved.',
    gain: 'The SP is made to call URLs of the attacker, or verifies another element than the one that it reads.',
    hint: 'Accept only "#" followed by the ID of the parent of the Signature.',
    source: singleReference,
    basis: 'stated',
  },
  'SIG-12': {
    severity: 'critical',
    statement: 'A Reference to the ID of another element than the one around the Signature is refused.',
    violation: 'The element that is verified is not the one that is read.',
    gain: substitution,
    hint: 'Compare the URI of the Reference with the ID of the parent of the Signature.',
    source: singleReference,
    basis: 'stated',
  },
  'SIG-13': {
    severity: 'critical',
    statement: 'A Signature with more than one Reference is refused.',
    violation: 'Only the first, or any, Reference is verified.',
    gain: substitution,
    hint: 'Refuse a SignedInfo that has not exactly one Reference.',
    source: singleReference,
    basis: 'stated',
  },
  'SIG-14': {
    severity: 'critical',
    statement: 'A Signature without a Reference is refused.',
    violation: 'A genuine SignatureValue is enough, although it covers nothing.',
    gain: substitution,
    hint: 'Refuse a SignedInfo that has not exactly one Reference.',
    source: singleReference,
    basis: 'stated',
  },
  'SIG-15': {
    severity: 'critical',
    statement: 'A Signature with more than one SignedInfo is refused.',
    violation: 'The signature is verified over one SignedInfo, the digest is taken from the other.',
    gain: substitution,
    hint: 'Refuse a Signature with two SignedInfo, and read the digest from the very SignedInfo that was verified.',
    source: advisory('CVE-2025-29774', 'Several SignedInfo nodes in one Signature were accepted.'),
  },
  'SIG-16': {
    severity: 'critical',
    statement: 'A comment in DigestValue does not change which digest is compared.',
    violation: 'The first node in DigestValue is read, and that is a comment.',
    gain: substitution,
    hint: 'Read DigestValue from the canonical form that was verified; refuse comments in a Signature.',
    source: advisory('CVE-2025-29775', 'A comment inside DigestValue replaced the digest that was verified.'),
  },
  'SIG-17': {
    severity: 'high',
    statement: 'Comments, white space and CDATA in the values of a Signature change nothing about who is logged in.',
    violation: 'The SP breaks, or reads another value.',
    gain: 'A crash, or a value that is verified differently from how it is used.',
    hint: 'Refuse what is no plain base64 text, or read the whole text of the element.',
    source: xmldsig('4.2', 'The value of SignatureValue is base64.'),
  },
  'SIG-18': {
    severity: 'critical',
    statement: 'A Signature with two values or two digests is refused.',
    violation: 'One of the two is taken, and another reader takes the other.',
    gain: 'A first step to a Signature that means one thing to the verifier and another to the reader.',
    hint: 'Check the Signature against its schema before it is verified.',
    source: schema,
  },
  'SIG-19': {
    severity: 'critical',
    statement: 'An Assertion inside an Object of a genuine Signature is never read.',
    violation: 'Assertions are looked for anywhere in the document, also inside the Signature.',
    gain: substitution,
    hint: 'Refuse ds:Object, and read nothing but the element that was verified.',
    source: xmldsig('4.5', 'An Object that no Reference points to is not signed.'),
  },
  'SIG-20': {
    severity: 'critical',
    statement: 'A signed error Response lets nobody in, whatever is added to it.',
    violation: 'The Signature is good, so an Assertion that stands in it is taken.',
    gain: 'Everybody can get a signed error from the identity provider, and so log in as anybody.',
    hint: 'Read the Assertion from the verified bytes only, and refuse when there is none.',
    source: profiles(
      '4.1.4.2',
      'If the identity provider wishes to return an error, it MUST NOT include any assertions in the <Response> message.',
    ),
  },
  'SIG-21': {
    severity: 'critical',
    statement: 'A Signature over something else that the identity provider signed lets nobody in.',
    violation: 'That something in the document is signed is enough.',
    gain: 'Signed metadata and logout messages are public: anybody logs in as anybody.',
    hint: 'Ask which element was verified, and read that one.',
    source: advisory(
      'CVE-2025-47949, CVE-2022-39299',
      'A signed document of another kind was enough to get an Assertion accepted.',
    ),
  },
  'SIG-22': {
    severity: 'critical',
    statement: 'A DigestValue elsewhere in the document is never the one that is compared.',
    violation: 'The digest is looked for with //ds:DigestValue.',
    gain: substitution,
    hint: 'Read DigestValue from the SignedInfo that was verified, by its path, not by its name.',
    source: advisory(
      'CVE-2024-45409',
      'An XPath from the root found another DigestValue than the one that was signed.',
    ),
  },
})
