import { also, type Defect, defect } from './defect.ts'

/** What a refused login looks like, or leaves behind, and should not. */
export const refusalDefects: readonly Defect[] = [
  defect('CLD-SAML-15', {
    title: 'Someone whom the identity provider denies has the account disabled.',
    alsoFails: [
      also('CLD-SAML-24', 'the account is changed by a login that was refused'),
      also('CLD-PROV-40', 'the account is disabled by SAML'),
    ],
    rules: () => ({ disablesDeniedAccount: () => true }),
  }),
  defect('CLD-SAML-22', {
    title: 'A failed SAML login is answered with 403.',
    rules: () => ({ refusalStatus: () => 403 }),
  }),
  defect('CLD-SAML-23', {
    title: 'A failed SAML login is answered without code and cause.',
    rules: () => ({ refusalBody: () => ({ description: 'Login failed.' }) }),
  }),
  defect('CLD-SAML-24', {
    title: 'An account is made as soon as the signature is verified, before the rest is checked.',
    rules: () => ({ makesAccountBeforeChecks: () => true }),
  }),
]
