import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { advisory, core, profiles, xml } from './sources.ts'

const takeover = 'Who has one login of their own logs in as any other user.'
const covered = core(
  '5.4.2',
  'The Reference is to the ID of the root element of the assertion or protocol message that is signed.',
)
const hint =
  'Take the element that the verified Reference points to, by identity and not by name, and read nothing else.'

/** The signed element is kept somewhere, and a forged one stands where a careless reader looks. */
export const wrapping: readonly Requirement[] = area('wrapping', {
  'XSW-01': {
    severity: 'critical',
    statement:
      'Nobody is logged in by a forged element around, beside or inside the signed one (the eight classical layouts).',
    violation: 'The signature is verified over one element, the user is read from another.',
    gain: takeover,
    hint,
    source: covered,
  },
  'XSW-09': {
    severity: 'critical',
    statement: 'An unsigned Assertion after the signed one lets nobody in.',
    violation: 'The last Assertion is read.',
    gain: takeover,
    hint: 'Refuse a Response with an Assertion that nothing signs.',
    source: profiles('4.1.4.5', 'the enclosed assertion(s) MUST be signed'),
    basis: 'stated',
  },
  'XSW-10': {
    severity: 'critical',
    statement: 'A forged Assertion with a copy of the genuine Signature lets nobody in.',
    violation: 'That an Assertion has a Signature, and that this Signature verifies somewhere, is enough.',
    gain: takeover,
    hint: 'Compare the Reference of a Signature with the ID of its parent.',
    source: covered,
  },
  'XSW-11': {
    severity: 'critical',
    statement:
      'Nobody is logged in by a forged Assertion while the signed one is hidden in Extensions, StatusDetail, Advice, SubjectConfirmationData or an AttributeValue.',
    violation: 'The signed Assertion is found anywhere in the document, and the user is read from the usual place.',
    gain: takeover,
    hint,
    source: advisory(
      'CVE-2025-47949',
      'A signed element elsewhere in the document stood in for the one that was read.',
    ),
  },
  'XSW-12': {
    severity: 'critical',
    statement:
      'Nobody is logged in by a forged Assertion while the signed one is hidden in an Object or KeyInfo of an empty Signature.',
    violation: 'Signatures are looked for anywhere, also inside one another.',
    gain: takeover,
    hint,
    source: advisory('CVE-2024-9487', 'A signed Assertion inside a ds:Object got a forged one accepted.'),
  },
  'XSW-13': {
    severity: 'critical',
    statement: 'A document with two root elements is refused.',
    violation: 'One parser reads the first root, another the second.',
    gain: takeover,
    hint: 'Use a parser that refuses anything but white space and comments after the root element.',
    source: xml(
      '2.1',
      'There is exactly one element, called the root, no part of which appears in the content of any other element.',
    ),
  },
  'XSW-14': {
    severity: 'critical',
    statement: 'A document whose root is not a samlp:Response, or with a Response in a Response, is refused.',
    violation: 'A Response is looked for anywhere in the document.',
    gain: takeover,
    hint: 'Check namespace and name of the root element first.',
    source: core('3.3.3', 'The <Response> message element is the root of what answers a request.'),
  },
  'XSW-15': {
    severity: 'critical',
    statement: 'An Assertion in another namespace, or in none, is never read.',
    violation: 'Elements are found by their local name.',
    gain: takeover,
    hint: 'Compare namespace and local name of each element.',
    source: advisory('GHSA-8gqj-226h-gm8r', 'Elements were looked up by local name, whatever their namespace.'),
  },
  'XSW-16': {
    severity: 'high',
    statement: 'Attributes outside of the signed element change nothing about who is logged in.',
    violation: 'Attribute statements are read from anywhere in the document.',
    gain: 'Who has one login of their own gives themselves the attributes, and with them the name or role, of another.',
    hint: 'Read attributes from the verified Assertion only.',
    source: advisory('CVE-2025-46573', 'Attributes outside of the signed Assertion were read.'),
  },
  'XSW-17': {
    severity: 'critical',
    statement: 'A Signature of the Response that covers another element lets no Assertion in.',
    violation: 'That the Response has a Signature that verifies is enough.',
    gain: 'Everybody can get a signed error from the identity provider, and so log in as anybody.',
    hint: 'Check that the Assertion is inside the element that the Reference points to.',
    source: covered,
  },
  'ID-01': {
    severity: 'high',
    statement: 'A document in which two elements have the same ID is refused.',
    violation: 'The verifier finds one of the two, the reader the other.',
    gain: takeover,
    hint: 'Collect all IDs before anything is verified, and refuse when one is there twice.',
    source: core('1.3.4', 'The xs:ID type: a value must not appear more than once in a document.'),
  },
  'ID-02': {
    severity: 'high',
    statement: 'An attribute that only looks like an ID is never taken for one.',
    violation: 'The Reference is resolved by Id, id or xml:id too.',
    gain: takeover,
    hint: 'Resolve references by the attribute ID, without a namespace, of SAML elements only.',
    source: advisory('CVE-2025-23369', 'The Reference was resolved to another element than the one that was read.'),
  },
  'ID-03': {
    severity: 'medium',
    statement: 'A message whose ID is missing, empty or no NCName is refused, and the ID is never part of a query.',
    violation: 'The ID is put into an XPath as it is.',
    gain: 'An ID that ends the XPath chooses which element is verified.',
    hint: 'Check IDs against NCName, and compare attributes instead of building an XPath from a value.',
    source: core('1.3.4', 'Identifiers of assertions, requests and responses are of the type xs:ID.'),
  },
})
