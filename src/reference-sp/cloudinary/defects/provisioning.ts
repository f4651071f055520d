import { also, type Defect, defect } from '../../defects/defect.ts'
import { emailKey } from '../../store/users.ts'

/** Assertions that become the wrong account, or change too little or too much in it. */
export const provisioningDefects: readonly Defect[] = [
  defect('CLD-SAML-17', {
    title: 'A group that lost its last member by a SAML login is deleted.',
    alsoFails: [also('CLD-PROV-34', 'the group that was left is gone')],
    rules: () => ({ deletesEmptyGroups: () => true }),
  }),
  defect('CLD-PROV-03', {
    title: 'The first login of someone whose name has more than plain letters makes the account and is refused.',
    rules: () => ({
      logsInAtCreation: ({ firstName, lastName }) => /^[\x20-\x7e]*$/.test(firstName + lastName),
    }),
  }),
  defect('CLD-PROV-04', {
    title: 'Later logins change nothing in the account.',
    alsoFails: [
      also('CLD-PROV-08', 'a new e-mail address is not stored'),
      also('CLD-PROV-17', 'groups are not joined later'),
      also('CLD-PROV-30', 'a new e-mail address is not stored'),
      also('CLD-PROV-32', 'names and role are not stored'),
      also('CLD-PROV-33', 'a new e-mail address is not stored'),
      also('CLD-PROV-34', 'groups are not left'),
      also('CLD-PROV-35', 'environments are not taken away'),
      also('CLD-PROV-45', 'the role is not overwritten'),
      also('CLD-SAML-17', 'the last member does not leave'),
    ],
    rules: () => ({ updates: () => false }),
  }),
  defect('CLD-PROV-08', {
    title: 'A known external id with another e-mail address makes a second account.',
    alsoFails: [
      also('CLD-PROV-30', 'a new e-mail address makes a second account'),
      also('CLD-PROV-33', 'a new e-mail address makes a second account'),
    ],
    rules: () => ({
      findAccount: ({ username, email }, directory) =>
        directory.byExternalId(username).find((user) => emailKey(user.email) === emailKey(email)) ??
        directory.byEmail(email).find((user) => user.externalId === undefined),
    }),
  }),
  defect('CLD-PROV-17', {
    title: 'Groups that exist already do not get the user as a member.',
    alsoFails: [also('CLD-PROV-18', 'the one that exists of two groups is not joined')],
    rules: () => ({ assignsExistingGroups: () => false }),
  }),
  defect('CLD-PROV-18', {
    title: 'Groups that do not exist are skipped.',
    alsoFails: [
      also('CLD-SCIM-65', 'There is no group of a login that SCIM could list.'),
      also('CLD-PROV-16', 'groups that the login names first are not made'),
      also('CLD-PROV-34', 'groups that the login names first are not made'),
      also('CLD-PROV-39', 'groups that the login names first are not made'),
      also('CLD-SAML-17', 'groups that the login names first are not made'),
    ],
    rules: () => ({ createsGroups: () => false }),
  }),
  defect('CLD-PROV-19', {
    title: 'Users of every role are put into groups.',
    alsoFails: [also('CLD-PROV-20', 'the attribute is not ignored')],
    rules: () => ({ groupsFor: () => 'assign' }),
  }),
  defect('CLD-PROV-20', {
    title: 'For other roles, groups that do not exist are made and stay without the user.',
    rules: (rules) => ({ groupsFor: (role) => (rules.groupsFor(role) === 'assign' ? 'assign' : 'create') }),
  }),
  defect('CLD-PROV-21', {
    title: 'A new user without the attribute can use no environment.',
    rules: () => ({ allEnvironmentsByDefault: () => false }),
  }),
  defect('CLD-PROV-22', {
    title: 'The list of environments is checked and then not applied: access stays to all.',
    alsoFails: [
      also('CLD-SCIM-36', 'It is looked at in the same journey.'),
      also('CLD-SCIM-37', 'A login widens what SCIM has limited.'),
      also('CLD-PROV-24', 'access is never limited'),
      also('CLD-PROV-35', 'access is never limited'),
    ],
    rules: () => ({ limitsEnvironments: () => false }),
  }),
  defect('CLD-PROV-23', {
    title: 'A master_admin is limited to the environments that were sent.',
    rules: () => ({ environmentsFor: () => true }),
  }),
  defect('CLD-PROV-24', {
    title: 'Unknown cloud names are dropped, and a list with nothing left means all environments.',
    alsoFails: [
      also('CLD-SCIM-21', 'SCIM asks the same rule.'),
      also('CLD-PROV-39', 'a cloud name in another case is unknown, and dropped'),
    ],
    rules: () => ({ refusesUnknownEnvironments: () => false }),
  }),
  defect('CLD-PROV-29', {
    title: 'Someone who had an account with the same e-mail address gets a second one.',
    alsoFails: [also('CLD-PROV-30', 'the first account is never bound')],
    rules: () => ({
      findAccount: ({ username }, directory) => directory.byExternalId(username)[0],
      emailIsTaken: (holders) => holders.some(({ externalId }) => externalId !== undefined),
    }),
  }),
  defect('CLD-PROV-30', {
    title: 'An account that was found by its e-mail address does not get the external id.',
    rules: () => ({ bindsExternalId: () => false }),
  }),
  defect('CLD-PROV-32', {
    title: 'Names and role are written at the first login only.',
    alsoFails: [
      also('CLD-PROV-04', 'names and role of later logins are not stored'),
      also('CLD-PROV-45', 'the role is not overwritten'),
    ],
    rules: (rules) => ({ updates: (part) => part !== 'name' && part !== 'role' && rules.updates(part) }),
  }),
  defect('CLD-PROV-33', {
    title: 'A known external id with a new e-mail address is refused.',
    alsoFails: [
      also('CLD-PROV-08', 'the login with a new e-mail address is refused'),
      also('CLD-PROV-30', 'the login with a new e-mail address is refused'),
    ],
    rules: () => ({ emailMayChange: () => false }),
  }),
  defect('CLD-PROV-34', {
    title: 'Memberships only ever grow.',
    alsoFails: [also('CLD-SAML-17', 'the last member does not leave')],
    rules: () => ({ removesFromGroups: () => false }),
  }),
  defect('CLD-PROV-35', {
    title: 'Access to environments only ever grows.',
    rules: () => ({ removesEnvironments: () => false }),
  }),
  defect('CLD-PROV-36', {
    title: 'Where the external id is an e-mail address, a namesake whose address begins alike is taken, and rewritten.',
    rules: (rules) => ({
      findAccount: (asserted, directory) =>
        rules.findAccount(asserted, directory) ??
        (emailKey(asserted.username) === emailKey(asserted.email)
          ? directory
              .all()
              .filter((user) => user.externalId !== undefined && emailKey(user.externalId) === emailKey(user.email))
              .find(
                (user) =>
                  (asserted.nameId !== undefined && emailKey(user.email) === emailKey(asserted.nameId)) ||
                  (user.firstName === asserted.firstName &&
                    user.lastName === (asserted.lastName ?? '') &&
                    asserted.email?.startsWith(`${user.email.split('@')[0]}.`)),
              )
          : undefined),
    }),
  }),
  defect('CLD-PROV-40', {
    title: 'Someone who has lost all groups or environments is disabled.',
    rules: () => ({ disablesAccount: (lost) => lost.groups || lost.environments }),
  }),
  defect('CLD-PROV-45', {
    title: 'A role that was set at the SP wins over that of the identity provider.',
    rules: () => ({ keepsLocalRole: (user) => user.roleSetLocally }),
  }),
]
