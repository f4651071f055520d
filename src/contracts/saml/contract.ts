import type { Contract, Knob } from '../contract.ts'
import { acceptance } from './acceptance.ts'
import { algorithms, canonicalization, transformRequirements } from './algorithms.ts'
import { correlation } from './correlation.ts'
import { encryption } from './encryption.ts'
import { flow } from './flow.ts'
import { logout } from './logout.ts'
import { parsing } from './parsing.ts'
import { requests } from './requests.ts'
import { signature } from './signature.ts'
import { wrapping } from './wrapping.ts'

/** What an SP may do as it likes, and says. */
const choice = (title: string): Knob => ({ title, values: ['reject', 'accept', 'unchecked'], default: 'unchecked' })

/** Any SAML 2.0 service provider, of which nothing is known but its ACS, its entity ID and a URL that says who is logged in. */
export const saml: Contract = {
  id: 'saml',
  version: 1,
  title: 'SAML 2.0: any service provider',
  areas: [
    { id: 'signature', title: 'Signatures' },
    { id: 'wrapping', title: 'Signature wrapping and IDs' },
    { id: 'parsing', title: 'Parsing' },
    { id: 'canonicalization', title: 'Canonicalization' },
    { id: 'transforms', title: 'Transforms' },
    { id: 'algorithms', title: 'Algorithms' },
    { id: 'encryption', title: 'Encrypted Assertions' },
    { id: 'correlation', title: 'Addressees, times and contents' },
    { id: 'flow', title: 'Around the message' },
    { id: 'logout', title: 'Single logout' },
    { id: 'acceptance', title: 'What must be accepted' },
    { id: 'requests', title: 'Requests and metadata of the service provider' },
  ],
  requirements: [
    ...signature,
    ...wrapping,
    ...parsing,
    ...canonicalization,
    ...transformRequirements,
    ...algorithms,
    ...encryption,
    ...correlation,
    ...flow,
    ...logout,
    ...acceptance,
    ...requests,
  ],

  attributes: [
    { name: 'email', title: 'E-mail address', type: 'string', mandatory: false, value: 'user.email' },
    { name: 'firstName', title: 'First name', type: 'string', mandatory: false, value: 'user.firstName' },
    { name: 'lastName', title: 'Last name', type: 'string', mandatory: false, value: 'user.lastName' },
  ],
  directory: {},
  roles: { values: [], default: undefined, strongest: undefined },
  nameIdFormat: 'emailAddress',
  discoversShape: true,

  settings: {
    saml: { title: 'SAML login', values: ['on'], default: 'on' },
    metadata: { title: 'How the service provider gets the metadata', values: ['inline', 'url'], default: 'inline' },
    idp: { title: 'Which identity provider is trusted', values: ['okta', 'plain'], default: 'okta' },
  },

  expect: {
    'saml.flow': {
      title:
        'How scenarios that are not about it begin a login: found out by trying, from the app link of the IdP, or at the SP',
      values: ['discover', 'idp-initiated', 'sp-initiated'],
      default: 'discover',
    },
    'saml.unsolicited': choice('A Response that nobody asked for'),
    'saml.unsignedAssertion': choice('An Assertion without a Signature of its own in a signed Response'),
    'saml.unsignedResponse': choice('A Response without a Signature of its own around a signed Assertion'),
    'saml.sha1': choice('Signatures and digests made with SHA-1'),
    'saml.rsaPss': choice('Signatures by RSA-PSS'),
    'saml.rsa1024': {
      ...choice(
        'A Response signed with a key of 1024 bits in the metadata of the identity provider (idpact metadata --weak-key)',
      ),
      metadata: 'weakKey',
    },
    'saml.rsa15': choice('Keys encrypted by RSA with PKCS #1 1.5'),
    'saml.aesCbc': choice('Assertions encrypted by AES in CBC mode'),
    'saml.expiredCertificate': choice(
      'A certificate of the trusted key in KeyInfo that has expired, or is not valid yet',
    ),
    'saml.keyRollover': {
      ...choice(
        'A Response signed with the second of two keys in the metadata of the identity provider (idpact metadata --rollover)',
      ),
      metadata: 'rollover',
    },
    'saml.issueInstant': choice('A message that was issued a day ago, or will be'),
    'saml.authnContext': choice('A sign-in at the identity provider in an unspecified or unknown way'),
    'saml.nameIdFormat': choice('A NameID of a Format that nobody agreed on'),
    'saml.nameIdCase': choice(
      'A NameID that is that of another account but for upper and lower case, taken as that account',
    ),
  },
  parameters: {},
}
