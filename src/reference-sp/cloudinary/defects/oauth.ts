import { alsoEach, type Defect, defect } from '../../defects/defect.ts'

/** What goes wrong between the consent and the token. */
export const oauthDefects: readonly Defect[] = [
  defect('CLD-SCIM-12', {
    title: 'The token answer says neither of which type the token is nor how long it lives.',
    alsoFails: alsoEach('A token answer that lacks them is not a good one.', 'CLD-SCIM-14', 'CLD-SCIM-19'),
    rules: () => ({
      tokenAnswer: ({ token_type: _type, expires_in: _lifetime, ...rest }) => rest,
    }),
  }),
  defect('CLD-SCIM-13', {
    title: 'Several scopes with spaces between them are read as one, which is unknown.',
    alsoFails: alsoEach(
      'No consent comes about with the scopes that Okta asks for.',
      'CLD-SCIM-12',
      'CLD-SCIM-14',
      'CLD-SCIM-15',
      'CLD-SCIM-16',
      'CLD-SCIM-18',
      'CLD-SCIM-19',
    ),
    rules: () => ({ scopesAsked: (scope) => [scope] }),
  }),
  defect('CLD-SCIM-14', {
    title: 'Any client secret is good.',
    rules: () => ({ clientSecretIsRight: () => true }),
  }),
  defect('CLD-SCIM-15', {
    title: 'Codes are sent wherever the request says.',
    rules: () => ({ redirectUriIsRegistered: (uri) => URL.canParse(uri) }),
  }),
  defect('CLD-SCIM-16', {
    title: 'Whoever is logged in gives access without being asked.',
    rules: () => ({ asksConsent: () => false }),
  }),
  defect('CLD-SCIM-19', {
    title: 'No refresh token is given, so the connection ends with the first access token.',
    rules: () => ({ givesRefreshToken: () => false }),
  }),
]
