/** What was decrypted, taken for more than it is. */
import { also, type Defect, defect } from '../../defects/defect.ts'
import { LoginRefused } from '../../login-refused.ts'
import { below } from '../careless/dom.ts'
import { misreading } from './misreadings.ts'
import { taken } from './signature.ts'

const assertions = /<([\w.-]+:)?Assertion\b[\s\S]*?<\/\1Assertion>/g

export const encryptionDefects: readonly Defect[] = [
  defect('SAML-ENC-01', {
    title: 'That an Assertion could be decrypted is taken for proof of who made it.',
    rules: () => ({ needsSignatureInside: () => false }),
  }),
  defect('SAML-ENC-02', {
    title: 'Times, audience and recipient of an encrypted Assertion are not looked at.',
    rules: () => ({ checksDecrypted: () => false }),
  }),
  misreading('SAML-ENC-03', 'The answer tells whether what was decrypted was XML.', ({ refused }) => {
    if (refused.reason === 'ASSERTION_UNREADABLE' && refused.cause !== undefined)
      throw new LoginRefused('MESSAGE_MALFORMED', 'What was decrypted is no XML.')
    return undefined
  }),
  defect('SAML-ENC-04', {
    title: 'Keys encrypted by RSA with PKCS #1 1.5 are taken, although they are declared to be refused.',
    rules: () => ({ acceptsEncryption: () => true }),
  }),
  misreading('SAML-ENC-05', 'A plain Assertion beside an encrypted one is read.', ({ root, assertions: plain }) =>
    below(root, 'EncryptedAssertion').length > 0 ? taken(plain[0]) : undefined,
  ),
  defect('SAML-ENC-06', {
    title: 'Assertions are looked for in what was decrypted: the first is read, the last is verified.',
    rules: () => ({
      assertionIn: (decrypted) => {
        const found = decrypted.match(assertions) ?? []
        return { read: found[0] ?? decrypted, verified: found.at(-1) ?? decrypted }
      },
    }),
  }),
  defect('SAML-ACC-12', {
    title: 'Only AES-256 is decrypted, although a key is published.',
    alsoFails: [also('SAML-ENC-04', 'AES-128 is not decrypted where it is declared to be')],
    rules: (rules) => ({
      acceptsEncryption: (methods) => /aes256/.test(methods.data) && rules.acceptsEncryption(methods),
    }),
  }),
]
