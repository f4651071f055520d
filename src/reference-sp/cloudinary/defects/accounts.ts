import { also, type Defect, defect } from '../../defects/defect.ts'

/** Accounts managed wrongly outside of SAML, and mail that is sent or not. */
export const accountDefects: readonly Defect[] = [
  defect('CLD-SAML-10', {
    title: 'A new master_admin is not invited to set a password.',
    alsoFails: [also('CLD-SAML-33', 'without the invitation there is no link')],
    rules: (rules) => ({ invites: (user, origin) => user.role !== 'master_admin' && rules.invites(user, origin) }),
  }),
  defect('CLD-SAML-16', {
    title: 'A deleted account stays, and can still be used.',
    rules: () => ({ removesDeletedAccount: () => false }),
  }),
  defect('CLD-SAML-33', {
    title: 'The link in the invitation of a master_admin is dead.',
    rules: () => ({ invitationOpens: (user) => user.role !== 'master_admin' }),
  }),
  defect('CLD-PROV-26', {
    title: 'Accounts from SAML are sent an invitation to set a password.',
    rules: () => ({ invites: () => true }),
  }),
  defect('CLD-PROV-27', {
    title: 'Accounts from SAML are left out of lists and do not show their source.',
    alsoFails: [
      also('CLD-PROV-03', 'It is looked at in the same journey.'),
      also('CLD-SCIM-39', 'Whether an account is there once cannot be seen in such a list.'),
    ],
    rules: () => ({
      listsAccount: (user, asked) => asked || user.source !== 'saml',
      sourceShown: (user) => (user.source === 'saml' ? undefined : user.source),
    }),
  }),
  defect('CLD-PROV-28', {
    title: 'A password can be set for an account from SAML.',
    rules: () => ({ takesPasswordOf: () => true }),
  }),
]
