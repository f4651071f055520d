import type { Requirement } from '../contract.ts'
import { area } from './requirement.ts'
import { advisory, core, deployment, implementation, weakness } from './sources.ts'

const everybody = 'Anybody logs in as anybody: the key for encrypting is public.'

/** Encrypted Assertions: what was decrypted must itself be verified. */
export const encryption: readonly Requirement[] = area('encryption', {
  'ENC-01': {
    severity: 'critical',
    statement: 'An encrypted Assertion that nothing signs, or that was changed after signing, is refused.',
    violation: 'That an Assertion could be decrypted is taken for proof of who made it.',
    gain: everybody,
    hint: 'Decrypt first, and then verify what was decrypted as if it had come in the clear.',
    source: core('6.2', 'Encryption says nothing of who has encrypted: integrity is by a signature.'),
  },
  'ENC-02': {
    severity: 'high',
    statement: 'What a plain Assertion is refused for, an encrypted one is refused for too.',
    violation: 'Conditions are checked before decryption, and not after.',
    gain: 'An Assertion for another service provider, or an old one, is taken when it is encrypted.',
    hint: 'Check times, audience and recipient of what was decrypted.',
    source: advisory('GHSA-mfcp-34xw-p57x', 'Conditions of encrypted assertions were not checked.'),
  },
  'ENC-03': {
    severity: 'high',
    statement: 'An Assertion that cannot be decrypted is refused, and always with the same answer.',
    violation: 'The answer tells apart whether the key, the padding or the text was wrong.',
    gain: 'A padding oracle: encrypted Assertions of others can be read, byte by byte.',
    hint: 'Answer every failure of decryption with one status and one text.',
    source: weakness('CWE-203', 'Observable discrepancy.'),
  },
  'ENC-04': {
    severity: 'medium',
    statement:
      'Encryption by RSA with PKCS #1 1.5, or by AES in CBC mode, is handled as the service provider declares.',
    violation: 'Such encryption is declared to be refused, and is taken.',
    gain: 'Both can be attacked with a padding oracle.',
    hint: 'Accept RSA-OAEP and AES-GCM only, where the identity providers allow it.',
    source: deployment(
      'SDP-ALG01',
      'Deployments MUST support, and use, the following XML Signature and Encryption algorithms: AES-GCM, RSA-OAEP.',
    ),
    expect: 'saml.aesCbc',
  },
  'ENC-05': {
    severity: 'critical',
    statement: 'A forged Assertion beside an encrypted one lets nobody in.',
    violation: 'The signed Assertion is found in one place, and the user is read from the other.',
    gain: 'Who has one login of their own logs in as any other user.',
    hint: 'Refuse a Response with more than one Assertion, encrypted or not.',
    source: advisory('CVE-2024-9487', 'An encrypted Assertion got a forged one beside it accepted.'),
  },
  'ENC-06': {
    severity: 'high',
    statement: 'What is encrypted is one Assertion; anything else lets nobody in.',
    violation: 'Whatever is decrypted is put into the document, and Assertions are looked for in it.',
    gain: 'Who has one login of their own logs in as any other user.',
    hint: 'Parse what was decrypted alone, and require one saml:Assertion at its root.',
    source: core('2.3.4', 'The encrypted content MUST be an <Assertion>.'),
  },
  'ACC-12': {
    severity: 'medium',
    statement: 'An encrypted Assertion is accepted by a service provider that publishes a key for it.',
    violation: 'A key is published, and messages encrypted for it by AES-GCM and RSA-OAEP are refused.',
    hint: 'Decrypt with the key of your metadata; support AES-128-GCM and AES-256-GCM.',
    source: implementation(
      'IIP-SP08',
      'Service Providers MUST support decryption of <saml:EncryptedAssertion> elements.',
    ),
    basis: 'stated',
  },
})
