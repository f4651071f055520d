import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { advisory, core, deployment, implementation, xmldsig } from './sources.ts'

const takeover = 'Who has one login of their own logs in as any other user.'
const everybody = 'Anybody logs in as anybody: no key is needed.'
const blocked = implementation(
  'IIP-ALG08',
  'Implementations MUST support the ability to prevent the use of particular algorithms such that any attempt to configure or select them will result in failure.',
)
const transforms = core(
  '5.4.4',
  'Verifiers of signatures MAY reject signatures that contain other transform algorithms as invalid. If they do not, verifiers MUST ensure that no content of the SAML message is excluded from the signature.',
)
const onlyTwo = 'Accept the enveloped-signature transform and exclusive C14N, each once, and nothing else.'

export const canonicalization: readonly Requirement[] = area('canonicalization', {
  'C14-01': {
    severity: 'critical',
    statement: 'A canonical form that is empty never verifies.',
    violation: 'Canonicalization fails, gives nothing, and the digest of nothing is accepted.',
    gain: takeover,
    hint: 'Treat an error of the canonicalizer as a failure, and refuse an empty form.',
    source: advisory(
      'CVE-2025-66568, CVE-2025-66578',
      'Canonicalization that failed gave an empty text, whose digest was compared.',
    ),
  },
  'C14-02': {
    severity: 'high',
    statement: 'A comment that is part of what was signed cuts nothing off.',
    violation: 'With comments kept, the text is read up to the first one.',
    gain: 'Who may choose the end of their own name logs in as whom it begins with.',
    hint: 'Refuse comments in messages, or read the whole text of an element.',
    source: core('5.4.3', 'Exclusive Canonicalization, with or without comments.'),
  },
  'C14-03': {
    severity: 'high',
    statement: 'Another canonicalization than the exclusive one changes nothing about who is logged in.',
    violation: 'The element is canonicalized in another context than that in which it is read.',
    gain: 'A Signature that verifies in another document than it was made for.',
    hint: 'Accept exclusive C14N only.',
    source: core('5.4.3', 'SAML implementations SHOULD use Exclusive Canonicalization'),
  },
})

export const transformRequirements: readonly Requirement[] = area('transforms', {
  'TRF-01': {
    severity: 'high',
    statement: 'A Signature with an XSLT Transform is refused, and the stylesheet is not run.',
    violation: 'The stylesheet is run before the Signature is known to be good.',
    gain: 'Code of the attacker runs in the service.',
    hint: onlyTwo,
    source: transforms,
    basis: 'stated',
  },
  'TRF-02': {
    severity: 'critical',
    statement: 'A Signature whose Transforms leave content out is refused.',
    violation: 'XPath transforms are run, and what they leave out is read as if it were signed.',
    gain: takeover,
    hint: onlyTwo,
    source: transforms,
    basis: 'stated',
  },
  'TRF-03': {
    severity: 'high',
    statement: 'A Signature with unknown Transforms, or without the usual ones, is refused.',
    violation: 'Transforms are ignored, and the usual ones are applied whatever the Signature says.',
    gain: 'What was verified is not what the Signature says.',
    hint: onlyTwo,
    source: transforms,
  },
  'TRF-04': {
    severity: 'medium',
    statement: 'A Signature with a hundred Transforms is refused.',
    violation: 'Every Transform is run, however many there are.',
    gain: 'A single message takes the service down.',
    hint: onlyTwo,
    source: advisory('CVE-2021-39171', 'A message with many transforms kept the service busy.'),
  },
})

export const algorithms: readonly Requirement[] = area('algorithms', {
  'ALG-01': {
    severity: 'high',
    statement: 'A Signature made with SHA-1 is handled as the service provider declares.',
    violation: 'SHA-1 is declared to be refused, and is taken.',
    gain: 'Who can make collisions of SHA-1 gets a message signed that means another.',
    hint: 'List the algorithms that are accepted; SHA-1 should not be one.',
    source: blocked,
    expect: 'saml.sha1',
  },
  'ALG-02': {
    severity: 'high',
    statement: 'A digest made with SHA-1 is handled as the service provider declares.',
    violation: 'SHA-1 is declared to be refused, and is taken as the DigestMethod.',
    gain: 'Who can make collisions of SHA-1 gets a message signed that means another.',
    hint: 'Check the DigestMethod as well as the SignatureMethod.',
    source: blocked,
    expect: 'saml.sha1',
  },
  'ALG-03': {
    severity: 'high',
    statement: 'A Signature or digest made with MD5 is refused.',
    violation: 'MD5 is taken.',
    gain: 'Collisions of MD5 are made in seconds.',
    hint: 'List the algorithms that are accepted.',
    source: blocked,
  },
  'ALG-04': {
    severity: 'critical',
    statement: 'A Signature by HMAC is refused, whatever it is keyed with.',
    violation: 'The public certificate of the identity provider is taken for the secret of an HMAC.',
    gain: everybody,
    hint: 'Accept signature algorithms of the kind of the trusted key only.',
    source: advisory('GHSA-c27r-x354-4m68', 'A public key was taken for the secret of an HMAC.'),
  },
  'ALG-05': {
    severity: 'critical',
    statement: 'A Signature whose algorithms are unknown, empty or missing is refused.',
    violation: 'What is not known is not verified.',
    gain: everybody,
    hint: 'List the algorithms that are accepted, and refuse every other.',
    source: xmldsig(
      '4.4.2',
      'SignatureMethod is a required element that specifies the algorithm used for signature generation and validation.',
    ),
  },
  'ALG-06': {
    severity: 'medium',
    statement: 'A Signature by RSA-PSS is handled as the service provider declares.',
    violation: 'RSA-PSS is declared to be refused, or taken, and is not.',
    gain: 'A salt that is not checked makes another signature scheme of it.',
    hint: 'List the algorithms that are accepted, with their parameters.',
    source: blocked,
    expect: 'saml.rsaPss',
  },
  'ALG-07': {
    severity: 'info',
    statement:
      'A certificate of the trusted key with other dates in KeyInfo is handled as the service provider declares.',
    violation: 'The certificate in KeyInfo is declared not to matter, and does.',
    hint: 'Metadata fixes the key, not the dates of a certificate around it.',
    source: implementation(
      'IIP-MD12',
      'Support for any number of long-lived, self-signed end entity certificates is REQUIRED as is support for expired certificates',
    ),
    basis: 'stated',
    expect: 'saml.expiredCertificate',
  },
  'ALG-08': {
    severity: 'medium',
    statement: 'A signing key of less than 2048 bits in the metadata is handled as the service provider declares.',
    violation: 'A key that can be factored is trusted, although it is declared not to be.',
    gain: 'Who factors the key signs whatever they like.',
    hint: 'Refuse metadata with RSA keys of less than 2048 bits, or leave those keys out.',
    source: deployment('SDP-MD06', 'RSA public keys MUST be at least 2048 bits in length.'),
    basis: 'stated',
    expect: 'saml.rsa1024',
  },
})
