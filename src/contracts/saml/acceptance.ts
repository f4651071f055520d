import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { core, deployment, implementation, metadata, xmldsig } from './sources.ts'

const anyXml = xmldsig(
  '4.4.3',
  'The digest is over the canonical form: prefixes and white space are those of the document.',
)

/** What is unusual, and no reason to refuse. */
export const acceptance: readonly Requirement[] = area('acceptance', {
  'ACC-01': {
    severity: 'medium',
    keyword: 'MUST',
    statement: 'Attributes that the service provider does not know are no reason to refuse.',
    violation: 'A login fails because of an attribute more.',
    hint: 'Ignore attributes that you do not use.',
    source: implementation(
      'IIP-SP10',
      'Service Providers MUST NOT fail or reject responses due to the presence of unrecognized <saml:Attribute> elements.',
    ),
    basis: 'stated',
  },
  'ACC-02': {
    severity: 'medium',
    statement: 'Other audiences beside the own one are no reason to refuse.',
    violation: 'Only the first Audience is compared, or exactly one is expected.',
    hint: 'One of the audiences of each restriction must be yours.',
    source: core('2.5.1.4', 'The relying party is a member of one or more of the audiences specified.'),
  },
  'ACC-03': {
    severity: 'medium',
    statement: 'Times with or without a fraction of a second are accepted.',
    violation: 'Times are parsed by a pattern that knows one form only.',
    hint: 'Parse xs:dateTime: the fraction is optional, and of any length.',
    source: core('1.3.3', 'All SAML time values have the type xs:dateTime.'),
  },
  'ACC-04': {
    severity: 'medium',
    statement: 'Attributes without a NameFormat, or with another, are no reason to refuse.',
    violation: 'NameFormat is required.',
    hint: 'Without a NameFormat, unspecified is meant.',
    source: core(
      '2.7.3.1',
      'If no NameFormat value is provided, the identifier urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified is in effect.',
    ),
    basis: 'stated',
  },
  'ACC-05': {
    severity: 'medium',
    statement: 'Three minutes of clock skew are allowed for, in either direction.',
    violation: 'A message of an identity provider whose clock is off by minutes is refused.',
    hint: 'Allow for three to five minutes in either direction.',
    source: deployment(
      'SDP-G01',
      'Deployments MUST allow between three (3) and five (5) minutes of clock skew -- in either direction',
    ),
    basis: 'stated',
  },
  'ACC-06': {
    severity: 'medium',
    keyword: 'MUST',
    statement: 'The prefixes, the white space and the look of the document do not matter.',
    violation: 'Elements are found by their prefix, or the document is changed before it is verified.',
    hint: 'Find elements by namespace, and verify the bytes that came.',
    source: anyXml,
  },
  'ACC-07': {
    severity: 'medium',
    statement: 'Long values, other scripts and characters of markup in values are accepted.',
    violation: 'The login fails, or the database does.',
    hint: 'Accept any XML character, and 256 of them at least.',
    source: implementation(
      'IIP-G02',
      'implementations MUST be able to accept, without error or truncation, element and attribute values of type xs:string that are comprised of any combination of valid XML characters and contain up to 256 characters.',
    ),
  },
  'ACC-08': {
    severity: 'medium',
    statement: 'An attribute with several values is accepted.',
    violation: 'The login fails because an attribute has more than one value.',
    hint: 'Read all AttributeValue elements.',
    source: core('2.7.3.1', 'An <Attribute> may have any number of <AttributeValue> elements.'),
  },
  'ACC-09': {
    severity: 'info',
    expect: 'saml.keyRollover',
    statement:
      'While the identity provider changes its key, the service provider does as it says with the second key in the metadata.',
    violation: 'Of several certificates in the metadata one is trusted, although it is said that all are.',
    hint: 'Trust every signing key in the metadata of the identity provider.',
    source: metadata(
      '2.4.1',
      '<KeyDescriptor> [Zero or More]: information about the cryptographic keys that the entity uses when acting in this role.',
    ),
  },
  'ACC-10': {
    severity: 'medium',
    keyword: 'MUST',
    statement: 'What KeyInfo says, and whether it is there, does not matter.',
    violation: 'A Signature is refused because its KeyInfo has another form, or is missing.',
    hint: 'Take the key from the metadata.',
    source: core(
      '5.4.5',
      'SAML does not require the use of <ds:KeyInfo>, nor does it impose any restrictions on its use.',
    ),
    basis: 'stated',
  },
  'ACC-11': {
    severity: 'medium',
    statement: 'Optional parts may be missing, or be there.',
    violation: 'A part that SAML leaves optional is required, or not expected.',
    hint: 'Require what the profile requires, and no more.',
    source: core('2.3.3', 'Which attributes and elements of an <Assertion> are required, and which optional.'),
  },
})
