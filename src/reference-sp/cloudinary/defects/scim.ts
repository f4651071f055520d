import { alsoEach, type Defect, defect } from '../../defects/defect.ts'
import type { User } from '../../store/users.ts'

const staysEnabled = alsoEach(
  'Who is deactivated there stays enabled.',
  ...['CLD-SCIM-04', 'CLD-SCIM-30', 'CLD-SCIM-31', 'CLD-SCIM-32', 'CLD-SCIM-41', 'CLD-SCIM-64', 'CLD-PROV-40'],
)
const staysEnabledBeside = (id: string) => staysEnabled.filter(({ requirement }) => requirement !== id)

/** What goes wrong at the SCIM server. */
export const scimDefects: readonly Defect[] = [
  defect('CLD-SCIM-01', {
    title: 'A new name is answered with 200 and waits for an administrator.',
    alsoFails: alsoEach(
      'A new name is looked at.',
      'CLD-SCIM-38',
      'CLD-SCIM-39',
      'CLD-SCIM-40',
      'CLD-SCIM-53',
      'CLD-SCIM-62',
      'CLD-SCIM-69',
    ),
    rules: () => ({ scimAppliesNames: () => false }),
  }),
  defect('CLD-SCIM-03', {
    title: 'SCIM answers on accounts that do not have it.',
    rules: () => ({ scimIsOn: () => true }),
  }),
  defect('CLD-SCIM-04', {
    title: 'A token outlives the account of whoever gave it.',
    rules: () => ({ keepsTokens: () => true }),
  }),
  defect('CLD-SCIM-07', {
    title: 'Answers name the schemas of SCIM 1.1.',
    alsoFails: alsoEach('An answer is one of SCIM 2.0 or none.', 'CLD-SCIM-03', 'CLD-SCIM-11'),
    rules: () => ({ scimSchema: () => 'urn:scim:schemas:core:1.0' }),
  }),
  defect('CLD-SCIM-08', {
    title: 'A create for a userName that is taken makes a second account.',
    rules: () => ({ scimUserNameIsUnique: () => false }),
  }),
  defect('CLD-SCIM-11', {
    title: 'Who sends no token is let in.',
    alsoFails: alsoEach('A push without a token is taken.', 'CLD-SCIM-18'),
    rules: () => ({ scimNeedsToken: () => false }),
  }),
  defect('CLD-SCIM-18', {
    title: 'Any token is good for SCIM, whatever it was given for.',
    rules: () => ({ scimScopeIsEnough: () => true }),
  }),
  defect('CLD-SCIM-20', {
    title: 'role and product_environments are looked for in an extension, and not at the top level.',
    alsoFails: alsoEach(
      'A role and environments that are not read do not take effect.',
      'CLD-SCIM-01',
      'CLD-SCIM-21',
      'CLD-SCIM-24',
      'CLD-SCIM-25',
      'CLD-SCIM-26',
      'CLD-SCIM-36',
      'CLD-SCIM-37',
      'CLD-SCIM-39',
      'CLD-SCIM-40',
      'CLD-SCIM-60',
      'CLD-SCIM-69',
    ),
    rules: () => ({ scimReadsTopLevel: () => false }),
  }),
  defect('CLD-SCIM-21', {
    title: 'The attribute with the cloud names is called productEnvironments.',
    alsoFails: alsoEach(
      'Environments that are not read do not take effect.',
      'CLD-SCIM-20',
      'CLD-SCIM-37',
      'CLD-SCIM-60',
    ),
    rules: () => ({ scimEnvironmentsName: () => 'productEnvironments' }),
  }),
  defect('CLD-SCIM-22', {
    title: 'Who has no product environments named may use none.',
    rules: () => ({ scimAllEnvironmentsByDefault: () => false }),
  }),
  defect('CLD-SCIM-24', {
    title: 'role is answered as a list of complex values.',
    alsoFails: [
      ...staysEnabled, // Okta sends back what GET gave.
      ...alsoEach('What GET gave is refused when it is sent back.', 'CLD-SCIM-53', 'CLD-SCIM-62'),
      ...alsoEach('The role is looked at.', 'CLD-SCIM-37', 'CLD-SCIM-60', 'CLD-SCIM-69'),
    ],
    rules: () => ({ scimRoleShown: (role) => [{ value: role, primary: true }] }),
  }),
  defect('CLD-SCIM-25', {
    title: 'technical_admin is taken for admin.',
    alsoFails: alsoEach('It is the role that is looked at.', 'CLD-SCIM-24'),
    rules: (rules) => ({ scimRole: (role) => rules.scimRole(role === 'technical_admin' ? 'admin' : role) }),
  }),
  defect('CLD-SCIM-26', {
    title: 'A role that there is not becomes the default role.',
    rules: (rules) => ({ scimRole: (role) => rules.scimRole(role) ?? 'media_library_user' }),
  }),
  defect('CLD-SCIM-31', {
    title: 'A deactivation is answered with 200, and the account stays enabled.',
    alsoFails: staysEnabledBeside('CLD-SCIM-31'),
    rules: () => ({ scimDeactivation: () => 'ignore' }),
  }),
  defect('CLD-SCIM-32', {
    title: 'Whether an account is disabled is looked at by password logins only.',
    alsoFails: alsoEach('The same account, at a login with all attributes.', 'CLD-PROV-40'),
    rules: () => ({ disabledMayLogIn: () => true }),
  }),
  defect('CLD-SCIM-39', {
    title: 'A lookup finds only those whom SCIM has made.',
    alsoFails: alsoEach(
      'Who was made by something else is not found.',
      'CLD-SCIM-04',
      'CLD-SCIM-32',
      'CLD-SCIM-53',
      'CLD-SCIM-62',
      'CLD-SCIM-68',
    ),
    rules: () => ({ scimFinds: (user) => user.source === 'scim' }),
  }),
  defect('CLD-SCIM-40', {
    title: 'A user with an extension that is not known is refused.',
    rules: () => ({ scimRefusesUnknown: () => true }),
  }),
  defect('CLD-SCIM-42', {
    title: 'Groups of SCIM are kept apart from the user groups of the account.',
    alsoFails: alsoEach(
      'The group is looked for in the account.',
      'CLD-SCIM-43',
      'CLD-SCIM-44',
      'CLD-SCIM-47',
      'CLD-SCIM-48',
      'CLD-SCIM-49',
      'CLD-SCIM-61',
      'CLD-SCIM-67',
    ),
    rules: () => ({ groupShownInAccount: ({ byScim }) => !byScim }),
  }),
  defect('CLD-SCIM-43', {
    title: 'Members of a group are ignored.',
    alsoFails: alsoEach(
      'There are no members to be looked at.',
      'CLD-SCIM-44',
      'CLD-SCIM-46',
      'CLD-SCIM-47',
      'CLD-SCIM-48',
      'CLD-SCIM-49',
      'CLD-SCIM-61',
      'CLD-SCIM-65',
      'CLD-SCIM-67',
    ),
    rules: () => ({ scimSetsMembers: () => false }),
  }),
  defect('CLD-SCIM-47', {
    title: 'Who leaves a group stays in it, and a new name is not taken.',
    alsoFails: alsoEach('Who is left out of a list stays too.', 'CLD-SCIM-65', 'CLD-SCIM-67'),
    rules: () => ({ scimRemovesMembers: () => false }),
  }),
  defect('CLD-SCIM-50', {
    title: 'With a group its members are deleted.',
    rules: () => ({ scimDeletesMembersWithGroup: () => true }),
  }),
  defect('CLD-SCIM-54', {
    title: 'startIndex is counted from 0: pages overlap by one.',
    rules: () => ({ scimPageStart: (startIndex) => Math.max(1, startIndex - 1) }),
  }),
  defect('CLD-SCIM-57', {
    title: 'SCIM answers with the name that it was told itself, and not with the one of the account.',
    alsoFails: alsoEach('Okta learns of a name by import.', 'CLD-SCIM-56', 'CLD-SCIM-59', 'CLD-SCIM-74'),
    rules: () => {
      const copies = new Map<string, User>()
      return {
        scimWrote: (user) => void copies.set(user.id, user),
        scimShowsName: (user) => copies.get(user.id) ?? user,
      }
    },
  }),
  defect('CLD-SCIM-60', {
    title: 'role and product_environments are taken and never answered.',
    alsoFails: alsoEach('They are read by SCIM.', 'CLD-SCIM-21', 'CLD-SCIM-24', 'CLD-SCIM-37', 'CLD-SCIM-69'),
    rules: () => ({ scimShowsCustomAttributes: () => false }),
  }),
  defect('CLD-SCIM-61', {
    title: 'SCIM shows the first member of a group only.',
    alsoFails: alsoEach('Members are read by SCIM.', 'CLD-SCIM-43', 'CLD-SCIM-47', 'CLD-SCIM-48'),
    rules: () => ({ scimMembersShown: (ids) => ids.slice(0, 1) }),
  }),
  defect('CLD-SCIM-64', {
    title: 'Who is in no group is not deactivated: what is told of users waits for a group.',
    alsoFails: staysEnabledBeside('CLD-SCIM-64'),
    rules: () => ({ scimDeactivates: (groups) => groups > 0 }),
  }),
  defect('CLD-SCIM-65', {
    title: 'SCIM lists its own groups only.',
    alsoFails: alsoEach('A group of the account is not found, and cannot be linked.', 'CLD-SCIM-46'),
    rules: () => ({ scimListsGroup: ({ byScim }) => byScim }),
  }),
  defect('CLD-SCIM-66', {
    title: 'Groups cannot be deleted.',
    alsoFails: alsoEach('A group is deleted.', 'CLD-SCIM-49', 'CLD-SCIM-50'),
    rules: () => ({ scimDeletesGroups: () => false }),
  }),
  defect('CLD-SCIM-67', {
    title: 'A full list of members is added to those who are there.',
    alsoFails: alsoEach('Who is left out of a list stays.', 'CLD-SCIM-47', 'CLD-SCIM-65'),
    rules: () => ({ scimReplacesMembers: () => false }),
  }),
  defect('CLD-SCIM-68', {
    title: 'Accounts of the console are invisible to SCIM.',
    alsoFails: alsoEach(
      'Who was made in the console is not found.',
      'CLD-SCIM-04',
      'CLD-SCIM-32',
      'CLD-SCIM-39',
      'CLD-SCIM-53',
      'CLD-SCIM-54',
      'CLD-SCIM-55',
      'CLD-SCIM-59',
      'CLD-SCIM-62',
      'CLD-SCIM-71',
    ),
    rules: () => ({ scimListsUser: (user) => user.source !== 'api' && user.source !== 'console' }),
  }),
  defect('CLD-SCIM-69', {
    title: 'A new role is answered with 200, and the old one stays.',
    alsoFails: alsoEach('A new role is looked at.', 'CLD-SCIM-25', 'CLD-SCIM-36', 'CLD-SCIM-37', 'CLD-SCIM-39'),
    rules: () => ({ scimUpdatesRole: () => false }),
  }),
  defect('CLD-SCIM-70', {
    title: 'Accounts of SCIM cannot log in with SAML.',
    alsoFails: alsoEach('Somebody whom SCIM made logs in.', 'CLD-SCIM-32', 'CLD-SCIM-37'),
    rules: () => ({ mayUseSaml: (user) => user.source !== 'scim' }),
  }),
]
