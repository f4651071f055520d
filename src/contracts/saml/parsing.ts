import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { advisory, bindings, core, implementation, weakness, xml } from './sources.ts'

const dtd = implementation(
  'IIP-G03',
  'Implementations MUST not send and MUST have the ability to reject SAML protocol messages containing a DTD (Document Type Definition).',
)
const noDoctype = 'Refuse a document with a DOCTYPE before its entities are looked at; no SAML message has one.'
const truncation = advisory(
  'CVE-2017-11427 to 11430, CVE-2018-0489',
  'The text of a NameID was read up to a comment that is not signed.',
)
const exact = core('1.3.1', 'All comparisons of strings are exact, by their characters, unless otherwise noted.')
const post = bindings('3.5.4', 'The message is base64-encoded, and is the value of the form control SAMLResponse.')

const takeover = 'Who has one login of their own logs in as any other user.'
const outage = 'A single message takes the service down.'

/** What a reader makes of a document. */
export const parsing: readonly Requirement[] = area('parsing', {
  'PAR-01': {
    severity: 'critical',
    statement: 'A message with a DOCTYPE is refused.',
    violation: 'The DOCTYPE is skipped, or read.',
    gain: 'The way to entities, external files and default attributes is open.',
    hint: noDoctype,
    source: dtd,
    basis: 'stated',
  },
  'PAR-02': {
    severity: 'critical',
    statement: 'A message with an external entity is refused; nothing is fetched for it, and no file comes back.',
    violation: 'External entities are resolved.',
    gain: 'Files of the server, and calls to hosts that only it can reach.',
    hint: noDoctype,
    source: weakness('CWE-611', 'Improper restriction of XML external entity reference.'),
  },
  'PAR-03': {
    severity: 'critical',
    statement: 'A message with an external DTD or parameter entity is refused, and nothing is fetched for it.',
    violation: 'The DTD is loaded.',
    gain: 'Files of the server, and calls to hosts that only it can reach.',
    hint: noDoctype,
    source: weakness('CWE-611', 'Improper restriction of XML external entity reference.'),
  },
  'PAR-04': {
    severity: 'high',
    statement: 'A message whose entities expand to others is refused in time.',
    violation: 'Entities are expanded.',
    gain: outage,
    hint: noDoctype,
    source: weakness('CWE-776', 'Improper restriction of recursive entity references in DTDs.'),
  },
  'PAR-05': {
    severity: 'high',
    statement:
      'A message with a long entity used many times, or with entities that expand to each other, is refused in time.',
    violation: 'Entities are expanded.',
    gain: outage,
    hint: noDoctype,
    source: weakness('CWE-776', 'Improper restriction of recursive entity references in DTDs.'),
  },
  'PAR-06': {
    severity: 'critical',
    statement: 'Default attributes of a DTD never make an element another one.',
    violation: 'A forged element gets its ID or its namespace from the DTD.',
    gain: takeover,
    hint: noDoctype,
    source: advisory('CVE-2025-25291, CVE-2025-25292', 'Two parsers read one document with a DTD differently.'),
  },
  'PAR-07': {
    severity: 'critical',
    statement: 'An ID that is an entity is never resolved to another element.',
    violation: 'The ID is compared before in one place, and after its expansion in another.',
    gain: takeover,
    hint: noDoctype,
    source: advisory('CVE-2025-23369', 'An entity in an ID got another element verified than the one that was read.'),
  },
  'PAR-08': {
    severity: 'critical',
    statement: 'A document that redeclares reserved prefixes, or has an attribute twice by two prefixes, is refused.',
    violation: 'Attributes are read without regard to namespaces.',
    gain: 'Two readers see two documents.',
    hint: 'Use a namespace-aware parser that refuses what Namespaces in XML forbids.',
    source: advisory('CVE-2025-66567', 'Two parsers read one document with odd namespace declarations differently.'),
  },
  'PAR-09': {
    severity: 'critical',
    statement: 'A comment in the NameID cuts nothing off.',
    violation: 'The text is read up to the comment.',
    gain: 'Who may choose the end of their own name logs in as whom it begins with.',
    hint: 'Refuse comments in messages, or read the whole text of an element.',
    source: truncation,
  },
  'PAR-10': {
    severity: 'high',
    statement: 'A comment in an AttributeValue, Audience or Issuer cuts nothing off.',
    violation: 'The text is read up to the comment.',
    gain: 'Who may choose the end of a value is taken for whom it begins with.',
    hint: 'Refuse comments in messages, or read the whole text of an element.',
    source: truncation,
  },
  'PAR-11': {
    severity: 'high',
    statement: 'CDATA and processing instructions in the NameID cut nothing off.',
    violation: 'Only the first text node is read.',
    gain: 'Who may choose the end of their own name logs in as whom it begins with.',
    hint: 'Refuse CDATA and processing instructions in messages, or read the whole text of an element.',
    source: truncation,
  },
  'PAR-12': {
    severity: 'medium',
    statement: 'A document with characters that XML does not allow, or that is no UTF-8, is refused.',
    violation: 'What is not allowed is dropped or replaced, and the rest is taken.',
    gain: 'A name that is another one to the next component: NUL cuts it off in many.',
    hint: 'Decode strictly, and use a parser that checks characters.',
    source: xml('2.2', 'Char: any Unicode character, excluding the surrogate blocks, FFFE, and FFFF.'),
  },
  'PAR-13': {
    severity: 'medium',
    statement: 'A name that only looks like that of an account does not log in to it.',
    violation: 'Names are normalised before they are compared: NFKC, zero-width characters, homoglyphs.',
    gain: 'Who may choose their own name at the identity provider logs in as one that looks alike.',
    hint: 'Compare identifiers by their characters. What is done about the case of e-mail addresses is yours to declare.',
    source: exact,
    expect: 'saml.nameIdCase',
  },
  'PAR-14': {
    severity: 'medium',
    statement: 'White space around a name is not taken away to make it that of an account.',
    violation: 'The name is trimmed before it is compared.',
    gain: 'Who may have white space in their name logs in as another user.',
    hint: 'Compare identifiers as they are, or refuse white space around them.',
    source: exact,
  },
  'PAR-15': {
    severity: 'medium',
    statement: 'A document in another encoding than it says, or than UTF-8, is refused or means the same.',
    violation: 'Two components decode it differently.',
    gain: 'What is verified is not what is read.',
    hint: 'Accept UTF-8 only, and refuse a declaration that says otherwise.',
    source: xml(
      '4.3.3',
      'It is a fatal error for an entity to be presented in an encoding other than that named in its declaration.',
    ),
  },
  'PAR-16': {
    severity: 'medium',
    statement: 'Very deep, very wide and very large documents are answered in time, and the service stays up.',
    violation: 'The parser recurses, or compares every attribute with every other.',
    gain: outage,
    hint: 'Limit the size of the body, the depth, and the number of elements and attributes.',
    source: weakness('CWE-400', 'Uncontrolled resource consumption.'),
  },
  'PAR-17': {
    severity: 'medium',
    statement: 'A field that is not the base64 of a document is refused.',
    violation: 'The SP guesses: raw XML, compressed or doubly encoded messages are taken.',
    gain: 'Filters in front of the service see another message; compressed ones may be bombs.',
    hint: 'Decode the field once, strictly, and inflate only what came by HTTP-Redirect.',
    source: post,
  },
  'PAR-18': {
    severity: 'medium',
    statement: 'A message is taken from one form field, in a POST of a form, and from nowhere else.',
    violation: 'The field is read from the query, twice, or as a list.',
    gain: 'Filters in front of the service see another message than it reads.',
    hint: 'Accept POST with application/x-www-form-urlencoded, and SAMLResponse once.',
    source: post,
  },
  'PAR-20': {
    severity: 'high',
    // A call that is seen breaks the requirement of its message; that none was made is known only where one could be.
    keyword: 'SHOULD',
    statement: 'An address in a message is never called: seen at a service provider that is known to reach it.',
    violation: 'What the message points to is fetched, although the message is refused afterwards.',
    gain: 'Calls to hosts that only the service can reach.',
    hint: noDoctype,
    source: weakness('CWE-918', 'Server-side request forgery.'),
  },
  'PAR-19': {
    severity: 'low',
    statement: 'A document that is not well-formed is refused.',
    violation: 'The parser repairs what it reads.',
    gain: 'What is verified is not what is read.',
    hint: 'Let the parser fail at the first error.',
    source: xml(
      '2.1',
      'A textual object is a well-formed XML document if, taken as a whole, it matches the production labeled document.',
    ),
  },
})
