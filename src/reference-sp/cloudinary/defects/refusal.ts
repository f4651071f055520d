import { also, type Defect, defect } from '../../defects/defect.ts'

/** What a refused login looks like, or leaves behind, and should not. */
export const refusalDefects: readonly Defect[] = [
  defect('CLD-SAML-15', {
    title: 'A login that began at the service provider and is denied deletes the account of who had asked for it.',
    rules: () => ({ deletesDeniedAccount: () => true }),
  }),
  defect('CLD-SAML-22', {
    title: 'A failed SAML login is answered with 403.',
    alsoFails: [also('CLD-SAML-14', 'the refusal of a denied login is answered with 403')],
    rules: () => ({ refusalStatus: () => 403 }),
  }),
  defect('CLD-SAML-23', {
    title: 'A failed SAML login is answered without code and cause.',
    rules: () => ({ refusalBody: () => ({ description: 'Login failed.' }) }),
  }),
  defect('CLD-SAML-24', {
    title: 'Groups are made as soon as the signature is verified, before the rest is checked.',
    rules: () => ({ makesGroupsBeforeChecks: () => true }),
  }),
]
