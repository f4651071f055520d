import { alsoEach, type Defect, defect } from '../defects/defect.ts'

const folded = (text: string): string => text.toLowerCase()

/** What an SP like Cloudsmith can get wrong. */
export const cloudsmithDefects: readonly Defect[] = [
  defect('CSM-SSO-02', {
    title: 'Only one organisation has an assertion consumer service.',
    rules: () => ({ acceptsAcs: (acs) => !acs.url.includes('/orgs/globex/') }),
  }),
  defect('CSM-SSO-03', {
    title: 'An organisation that there is not is taken for the first one.',
    rules: (rules) => ({
      csmOrganisation: (slug, organisations) => rules.csmOrganisation(slug, organisations) ?? organisations[0],
      destinationIsOurs: () => true,
      recipientIsOurs: () => true,
    }),
  }),
  defect('CSM-SSO-04', {
    title: 'The audience of an assertion is not looked at.',
    rules: () => ({ audienceIsOurs: () => true }),
  }),
  defect('CSM-SSO-05', {
    title: 'What the identity provider of any organisation has signed, for any organisation, is good for all.',
    rules: () => ({
      csmVerifiesFor: async (sp, issuer, organisations) => {
        for (const one of organisations)
          if ((await one.trust.current().catch(() => undefined))?.idp.entityId === issuer) return one
        return sp
      },
      audienceIsOurs: (audience) => audience.endsWith('/saml/acs/'),
      recipientIsOurs: (recipient) => recipient.endsWith('/saml/acs/'),
      destinationIsOurs: (destination) => destination.endsWith('/saml/acs/'),
    }),
  }),
  defect('CSM-SSO-07', {
    title: 'A member is known by an attribute called username, where there is one.',
    rules: (rules) => ({
      csmEmail: (nameId, attributes) =>
        attributes.find(({ name }) => name === 'username')?.values[0] ?? rules.csmEmail(nameId, attributes),
    }),
  }),
  defect('CSM-SSO-08', {
    title: 'First and last name are not read.',
    rules: () => ({ csmTakesNames: () => false }),
  }),
  defect('CSM-SSO-10', {
    title: 'Metadata that was pasted is still fetched from the identity provider at each login.',
    rules: () => ({
      urlNeededByInline: ({ sso }) => {
        const location = sso.redirect ?? sso.post ?? ''
        return location.replace(/\/app\/[^/]+\/(exk[^/]+\/sso\/saml)$/, '/app/$1/metadata')
      },
    }),
  }),
  defect('CSM-SSO-11', {
    title: 'Who was switched off comes back only when the service is started anew.',
    alsoFails: alsoEach('SAML stays off for the phases after it was off.', 'CSM-SSO-14'),
    rules: (rules) => ({ samlIsOn: (settings, wasOff) => rules.samlIsOn(settings, wasOff) && !wasOff }),
  }),
  defect('CSM-SSO-12', {
    title: 'The switch hides the landing page only: the assertion consumer service takes logins while SAML is off.',
    rules: () => ({ samlIsOn: () => true }),
  }),
  defect('CSM-SSO-13', {
    title: 'The landing page tells people to go to the portal of their identity provider.',
    alsoFails: alsoEach('The landing page of no organisation leads anywhere.', 'CSM-SSO-12'),
    rules: () => ({ csmStarts: () => false }),
  }),
  defect('CSM-SSO-14', {
    title: 'Whom no mapping leads to a team cannot log in.',
    alsoFails: alsoEach(
      'Whom no mapping leads to a team logs in.',
      'CSM-SSO-02',
      'CSM-SSO-04',
      'CSM-SSO-06',
      'CSM-SSO-07',
      'CSM-SSO-08',
      'CSM-SSO-10',
      'CSM-SSO-11',
      'CSM-SSO-13',
      'CSM-GRP-04',
      'CSM-GRP-08',
      'CSM-SCIM-02',
    ),
    rules: () => ({ csmNeedsTeam: () => true }),
  }),
  defect('CSM-GRP-01', {
    title: 'Mappings can be made, and do nothing.',
    alsoFails: alsoEach(
      'Nobody joins a team.',
      'CSM-GRP-04',
      'CSM-GRP-05',
      'CSM-GRP-06',
      'CSM-GRP-07',
      'CSM-GRP-08',
      'CSM-GRP-09',
    ),
    rules: () => ({ csmSyncs: () => false }),
  }),
  defect('CSM-GRP-02', {
    title: 'Group Sync can be turned on without SAML.',
    rules: () => ({ csmSyncNeedsSaml: () => false }),
  }),
  defect('CSM-GRP-04', {
    title: 'Values are compared without case, and the name of the attribute not at all.',
    rules: () => ({ csmFits: ({ value }, { values }) => values.some((one) => folded(one) === folded(value)) }),
  }),
  defect('CSM-GRP-05', {
    title: 'Who is led to a team waits for its manager to approve.',
    alsoFails: alsoEach(
      'Nobody joins a team at once.',
      'CSM-GRP-01',
      'CSM-GRP-04',
      'CSM-GRP-06',
      'CSM-GRP-07',
      'CSM-GRP-08',
      'CSM-GRP-09',
    ),
    rules: () => ({ csmJoinsAtOnce: () => false }),
  }),
  defect('CSM-GRP-06', {
    title: 'A new mapping is applied at once, to whom an earlier assertion would have led there.',
    rules: () => ({ csmSyncsWithoutLogin: () => true }),
  }),
  defect('CSM-GRP-07', {
    title: 'Only the first mapping that fits counts.',
    rules: () => ({ csmFitting: (mappings) => mappings.slice(0, 1) }),
  }),
  defect('CSM-GRP-08', {
    title: 'Who has lost the last group stays in the teams, because the assertion then names none.',
    rules: () => ({
      csmLeaves: (attributes) =>
        attributes.some(({ name, values }) => !/^(First|Last)Name$/.test(name) && values.some((value) => value !== '')),
    }),
  }),
  defect('CSM-GRP-09', {
    title: 'A group that has no team gets one.',
    rules: () => ({ csmMakesTeams: () => true }),
  }),
  defect('CSM-SCIM-01', {
    title: 'Answers name the schemas of SCIM 1.1.',
    alsoFails: alsoEach(
      'A good answer is one of SCIM 2.0.',
      'CSM-SCIM-06',
      'CSM-SCIM-08',
      'CSM-SCIM-13',
      'CSM-SCIM-14',
    ),
    rules: () => ({ scimSchema: () => 'urn:scim:schemas:core:1.0' }),
  }),
  defect('CSM-SCIM-02', {
    title: 'A create is answered with 201 and makes nobody a member.',
    alsoFails: alsoEach(
      'There is nobody to be read or changed.',
      'CSM-SCIM-03',
      'CSM-SCIM-04',
      'CSM-SCIM-09',
      'CSM-SCIM-11',
      'CSM-SCIM-15',
      'CSM-SCIM-18',
      'CSM-SCIM-19',
    ),
    rules: () => ({ scimKeepsCreated: () => false }),
  }),
  defect('CSM-SCIM-03', {
    title: 'Who is deactivated keeps the access.',
    rules: () => ({ scimDeactivation: () => 'ignore' }),
  }),
  defect('CSM-SCIM-04', {
    title: 'New names are answered as done and not stored.',
    alsoFails: alsoEach('A new name is looked at.', 'CSM-SCIM-19'),
    rules: () => ({ scimAppliesNames: () => false }),
  }),
  defect('CSM-SCIM-06', {
    title: 'SCIM answers for organisations that have not allowed it.',
    rules: () => ({ scimIsOn: () => true }),
  }),
  defect('CSM-SCIM-08', {
    title: 'The base URL answers with a list that is no ListResponse.',
    alsoFails: alsoEach(
      'A good answer is a ListResponse.',
      'CSM-SCIM-01',
      'CSM-SCIM-06',
      'CSM-SCIM-13',
      'CSM-SCIM-14',
      'CSM-SCIM-16',
    ),
    rules: () => ({ scimWrapsLists: () => false }),
  }),
  defect('CSM-SCIM-09', {
    title: 'A lookup by e-mail address finds nobody, and a second user of the same address is made.',
    alsoFails: alsoEach(
      'Who is looked up is not found.',
      'CSM-SCIM-02',
      'CSM-SCIM-03',
      'CSM-SCIM-04',
      'CSM-SCIM-18',
      'CSM-SCIM-19',
    ),
    rules: () => ({ scimFindsByEmail: () => false, scimUserNameIsUnique: () => false }),
  }),
  defect('CSM-SCIM-13', {
    title: 'Who sends no credential is let in.',
    rules: () => ({ scimNeedsToken: () => false }),
  }),
  defect('CSM-SCIM-14', {
    title: 'The user name of the credential is not looked at.',
    rules: () => ({ csmScimUsername: () => true }),
  }),
  defect('CSM-SCIM-15', {
    title: 'The token of any organisation opens the first one.',
    rules: (rules) => ({
      csmScimOrganisation: (token, organisations) =>
        rules.csmScimOrganisation(token, organisations) && organisations[0],
    }),
  }),
  defect('CSM-SCIM-16', {
    title: 'A list is answered whatever the credential is; only changes are refused.',
    alsoFails: alsoEach('A wrong credential is answered.', 'CSM-SCIM-15'),
    rules: (rules) => ({
      csmScimOrganisation: (token, organisations) =>
        rules.csmScimOrganisation(token, organisations) ?? organisations[0],
    }),
  }),
  defect('CSM-SCIM-18', {
    title: 'Who was deactivated cannot come back.',
    rules: () => ({ csmReactivates: () => false }),
  }),
  defect('CSM-SCIM-19', {
    title: 'Members whom SCIM has not made are not found by it, and a create for one fails.',
    rules: () => ({ scimFinds: (user) => user.source === 'scim' }),
  }),
]
