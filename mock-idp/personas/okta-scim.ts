import type { ScimPersona } from './scim-persona.ts'

/**
 * A SCIM application made with Okta's "App Integration Wizard": PUT everywhere. It cannot be switched to PATCH.
 *
 * Never sent by Okta, and so not here: DELETE of a user, `.search`, Bulk, `/Me`, `/ServiceProviderConfig`, If-Match, any
 * filter operator but `eq`.
 */
export const oktaScim: ScimPersona = {
  id: 'okta',
  title: 'Okta (SCIM 2.0 application of the wizard)',
  source:
    'okta-developer-docs (concepts/scim, reference/scim/scim-20), requests in public issues of goauthentik and ory',
  asOf: '2026-03',
  headers: {
    Accept: 'application/scim+json',
    'Accept-Charset': 'utf-8',
    'User-Agent': 'Okta SCIM Client 1.0.0',
    Connection: 'Keep-Alive',
    'Accept-Encoding': 'gzip,deflate',
  },
  contentType: 'application/scim+json; charset=utf-8',
  filterSpace: '%20',
  pageSize: 100,
  connectorTest: ['/Users?startIndex=1&count=2', '/Groups?startIndex=1&count=100'],
  activation: 'put',
  password: 'put',
  groups: 'put',
  memberBatch: 1_000,
  emptyGroup: 'path',
  retry: { waitMs: 300_000, attempts: 10 },
}

/** An application of Okta's catalogue (OIN): PATCH for activation, passwords and groups; profiles still by PUT. */
export const oktaOinScim: ScimPersona = {
  ...oktaScim,
  id: 'okta-oin',
  title: 'Okta (SCIM 2.0 application of the catalogue)',
  activation: 'patch',
  password: 'patch',
  groups: 'patch',
}

export const scimPersonas: Readonly<Record<'okta' | 'okta-oin', ScimPersona>> = {
  okta: oktaScim,
  'okta-oin': oktaOinScim,
}
