import type { User } from '../store/users.ts'
import { also, type Defect, defect } from './defect.ts'

/** What goes wrong at the SCIM server. */
export const scimDefects: readonly Defect[] = [
  defect('CLD-SCIM-01', {
    title: 'Updates are answered with 200 and wait for an administrator.',
    rules: () => ({ scimAppliesUpdates: () => false }),
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
    rules: () => ({ scimSchema: () => 'urn:scim:schemas:core:1.0' }),
  }),
  defect('CLD-SCIM-08', {
    title: 'Filters are ignored: the whole list comes back.',
    alsoFails: [also('CLD-SCIM-01', 'Okta looks people up before it makes them.')],
    rules: () => ({ scimFilters: () => false }),
  }),
  defect('CLD-SCIM-11', {
    title: 'Who sends no token is let in.',
    rules: () => ({ scimNeedsToken: () => false }),
  }),
  defect('CLD-SCIM-18', {
    title: 'Any token is good for SCIM, whatever it was given for.',
    rules: () => ({ scimScopeIsEnough: () => true }),
  }),
  defect('CLD-SCIM-20', {
    title: 'role and product_environments are looked for in an extension, and not at the top level.',
    alsoFails: [also('CLD-SCIM-01', 'A role that is not read does not take effect.')],
    rules: () => ({ scimReadsTopLevel: () => false }),
  }),
  defect('CLD-SCIM-21', {
    title: 'The attribute with the cloud names is called productEnvironments.',
    rules: () => ({ scimEnvironmentsName: () => 'productEnvironments' }),
  }),
  defect('CLD-SCIM-22', {
    title: 'Who has no product environments named may use none.',
    rules: () => ({ scimAllEnvironmentsByDefault: () => false }),
  }),
  defect('CLD-SCIM-24', {
    title: 'role is answered as a list of complex values.',
    rules: () => ({ scimRoleShown: (role) => [{ value: role, primary: true }] }),
  }),
  defect('CLD-SCIM-25', {
    title: 'technical_admin is taken for admin.',
    rules: (rules) => ({ scimRole: (role) => rules.scimRole(role === 'technical_admin' ? 'admin' : role) }),
  }),
  defect('CLD-SCIM-26', {
    title: 'A role that there is not becomes the default role.',
    rules: (rules) => ({ scimRole: (role) => rules.scimRole(role) ?? 'media_library_user' }),
  }),
  defect('CLD-SCIM-31', {
    title: 'A deactivation is answered with 200, and the account stays enabled.',
    rules: () => ({ scimDeactivation: () => 'ignore' }),
  }),
  defect('CLD-SCIM-32', {
    title: 'Whether an account is disabled is looked at by password logins only.',
    rules: () => ({ disabledMayLogIn: () => true }),
  }),
  defect('CLD-SCIM-39', {
    title: 'A lookup finds only those whom SCIM has made.',
    rules: () => ({ scimFinds: (user) => user.source === 'scim' }),
  }),
  defect('CLD-SCIM-40', {
    title: 'A user with an attribute that is not known is refused.',
    alsoFails: [also('CLD-SCIM-01', 'Every create of Okta has such an attribute: locale.')],
    rules: () => ({ scimRefusesUnknown: () => true }),
  }),
  defect('CLD-SCIM-42', {
    title: 'Groups of SCIM are kept apart from the user groups of the account.',
    rules: () => ({ groupShownInAccount: ({ byScim }) => !byScim }),
  }),
  defect('CLD-SCIM-43', {
    title: 'Members of a group are ignored.',
    rules: () => ({ scimSetsMembers: () => false }),
  }),
  defect('CLD-SCIM-47', {
    title: 'Who leaves a group stays in it, and a new name is not taken.',
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
    rules: () => ({ scimShowsCustomAttributes: () => false }),
  }),
  defect('CLD-SCIM-61', {
    title: 'SCIM shows the first member of a group only.',
    rules: () => ({ scimMembersShown: (ids) => ids.slice(0, 1) }),
  }),
  defect('CLD-SCIM-64', {
    title: 'Who is in no group is not deactivated: what is told of users waits for a group.',
    rules: () => ({ scimDeactivates: (groups) => groups > 0 }),
  }),
  defect('CLD-SCIM-65', {
    title: 'SCIM lists its own groups only.',
    rules: () => ({ scimListsGroup: ({ byScim }) => byScim }),
  }),
  defect('CLD-SCIM-66', {
    title: 'Groups cannot be deleted.',
    rules: () => ({ scimDeletesGroups: () => false }),
  }),
  defect('CLD-SCIM-67', {
    title: 'A full list of members is added to those who are there.',
    rules: () => ({ scimReplacesMembers: () => false }),
  }),
  defect('CLD-SCIM-68', {
    title: 'Accounts of the console are invisible to SCIM.',
    rules: () => ({ scimListsUser: (user) => user.source !== 'api' && user.source !== 'console' }),
  }),
  defect('CLD-SCIM-69', {
    title: 'A new role is answered with 200, and the old one stays.',
    rules: () => ({ scimUpdatesRole: () => false }),
  }),
  defect('CLD-SCIM-70', {
    title: 'Accounts of SCIM cannot log in with SAML.',
    rules: () => ({ mayUseSaml: (user) => user.source !== 'scim' }),
  }),
]
