import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { bindings, core, deployment, metadata, profiles } from './sources.ts'

/** What the service provider itself writes: its AuthnRequests and its metadata. */
export const requests: readonly Requirement[] = area('requests', {
  'REQ-01': {
    severity: 'medium',
    statement: 'A request is a well-formed AuthnRequest of version 2.0, issued now.',
    violation: 'Another version, no time or an old one, or no AuthnRequest at all.',
    hint: 'Write samlp:AuthnRequest with Version="2.0", an ID and the present time in UTC as IssueInstant.',
    source: core('3.2.1', 'ID, Version and IssueInstant are required; the version of this document is 2.0.'),
  },
  'REQ-02': {
    severity: 'medium',
    statement: 'The Issuer of a request is the entity ID of the service provider.',
    violation: 'The Issuer is missing, or is another.',
    hint: 'Write a saml:Issuer with the entity ID of the metadata.',
    source: profiles(
      '4.1.4.1',
      'The <Issuer> element MUST be present and MUST contain the unique identifier of the requesting service provider',
    ),
    basis: 'stated',
  },
  'REQ-03': {
    severity: 'medium',
    statement: 'A request names one of the ACS URLs of the service provider, in one way.',
    violation: 'A URL that is not registered, or an index beside a URL.',
    hint: 'Send AssertionConsumerServiceURL, exactly as in the metadata, or AssertionConsumerServiceIndex, or neither; never both.',
    source: deployment(
      'SDP-SP06',
      "The AssertionConsumerServiceURL value, if present, MUST match an endpoint location expressed in the SP's metadata exactly",
    ),
    basis: 'stated',
  },
  'REQ-04': {
    severity: 'medium',
    statement: 'The Destination of a request is where it goes.',
    violation: 'The Destination is another URL, or a signed request has none.',
    hint: 'Write the single sign-on URL of the identity provider as Destination.',
    source: core('3.2.1', 'Destination: the address to which this request has been sent.'),
  },
  'REQ-05': {
    severity: 'medium',
    statement: 'Each request has an ID of its own, which nobody guesses.',
    violation: 'An ID is used twice, or is short.',
    gain: 'Who guesses the ID of a request can have a Response answer it.',
    hint: 'Make IDs of at least 128 random bits, beginning with a letter or an underscore.',
    source: core(
      '1.3.4',
      'The probability of two randomly chosen identifiers being identical MUST be less than or equal to 2^-128.',
    ),
  },
  'REQ-06': {
    severity: 'low',
    statement: 'A request says nothing of its subject that is for the identity provider to say.',
    violation: 'There is a SubjectConfirmation in the request.',
    hint: 'Leave SubjectConfirmation out of requests.',
    source: profiles('4.1.4.1', 'If a <Subject> is included, it MUST NOT contain any <SubjectConfirmation> elements.'),
  },
  'REQ-07': {
    severity: 'low',
    statement: 'The RelayState of a request has 80 bytes at most.',
    violation: 'A whole URL, or state of the application, is sent.',
    hint: 'Keep what is to be remembered at the service provider, and send a reference to it.',
    source: bindings('3.4.3', 'The value MUST NOT exceed 80 bytes in length'),
    basis: 'stated',
  },
  'MD-01': {
    severity: 'medium',
    statement: 'The metadata of the service provider are well-formed, and those of its entity ID.',
    violation: 'No EntityDescriptor, or another entityID.',
    hint: 'Publish an md:EntityDescriptor whose entityID is the Issuer of your requests.',
    source: metadata(
      '2.3.2',
      "entityID: the unique identifier of the SAML entity whose metadata is described by the element's contents.",
    ),
  },
  'MD-02': {
    severity: 'medium',
    statement: 'The metadata have a service provider that supports SAML 2.0.',
    violation: 'No SPSSODescriptor, or another protocol.',
    hint: 'Publish an md:SPSSODescriptor whose protocolSupportEnumeration has urn:oasis:names:tc:SAML:2.0:protocol.',
    source: metadata(
      '2.4.1',
      'protocolSupportEnumeration: a set of URIs that identify the protocol specifications supported by the role element.',
    ),
  },
  'MD-03': {
    severity: 'medium',
    statement: 'The metadata have an ACS for HTTP-POST, protected by TLS, each with an index of its own.',
    violation: 'The ACS that is used is not published, or cannot be told from another.',
    hint: 'Publish each md:AssertionConsumerService with Binding, an absolute https Location and an index.',
    source: metadata(
      '2.4.4',
      'One or more elements of type IndexedEndpointType that describe indexed endpoints that support the profiles of the Authentication Request protocol',
    ),
  },
  'MD-04': {
    severity: 'medium',
    statement: 'Keys in the metadata can be read, and have 2048 bits at least.',
    violation: 'A certificate that is no base64, or an RSA key of 1024 bits.',
    hint: 'Publish keys of 2048 bits or more, in base64 without headers.',
    source: deployment('SDP-MD06', 'RSA public keys MUST be at least 2048 bits in length.'),
    basis: 'stated',
  },
  'MD-05': {
    severity: 'low',
    statement: 'The metadata hold now.',
    violation: 'validUntil is past.',
    hint: 'Renew the metadata before validUntil.',
    source: metadata(
      '2.3.2',
      'validUntil: the expiration time of the metadata contained in the element and any contained elements.',
    ),
  },
})
