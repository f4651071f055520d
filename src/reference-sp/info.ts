import { authorizationUrl } from './oauth/scopes.ts'
import { productEnvironments, type Sp } from './sp.ts'

/** Everything that somebody needs to use this SP, or to point idpact at it. JSON. It holds secrets. */
export interface ReferenceSpInfo {
  contract: 'cloudinary'
  url: string
  /** The console's first, then the older one. */
  acsUrls: [string, string]
  /** The audience (entity ID) of each. */
  audiences: [string, string]
  /** Metadata of this SP, by audience. */
  metadataUrls: [string, string]
  /** Where an SP-initiated login begins; `{email}` is to be replaced, percent-encoded. */
  startUrl: string
  /** The same, to be answered at the second ACS. */
  startUrlSecondAcs: string
  sessionUrl: string
  passwordLoginUrl: string
  /** `baseUrl` goes up to and without `/accounts/{account_id}`. */
  provisioningApi: { baseUrl: string; accountId: string; key: string; secret: string }
  /**
   * What an identity provider's SCIM client is set up with. The authorization URL has a query already, with raw spaces in
   * it, as the documentation writes it. The redirect URIs are those registered at the start.
   */
  oauth: {
    authorizationUrl: string
    tokenUrl: string
    clientId: string
    clientSecret: string
    redirectUris: string[]
  }
  /** `baseUrl` is what a SCIM connector is configured with: `/Users` and `/Groups` follow it. */
  scim: { baseUrl: string }
  /** `baseUrl` is what `/settings`, `/settings/oauth`, `/reset`, `/defects`, `/users/{id}/two_factor` and `/users/{id}/tokens` stand below. */
  admin: { baseUrl: string; token: string }
  /** The first master_admin; without a password where the database is of an earlier start. */
  masterAdmin: { email: string; password?: string }
  /** Cloud names. */
  productEnvironments: string[]
  defects: string[]
}

export const infoOf = (sp: Sp): ReferenceSpInfo => {
  const { url, acs, masterAdmin } = sp
  return {
    contract: 'cloudinary',
    url,
    acsUrls: [acs[0].url, acs[1].url],
    audiences: [acs[0].audience, acs[1].audience],
    metadataUrls: [`${acs[0].audience}/metadata`, `${acs[1].audience}/metadata`],
    startUrl: `${url}/login/sso?email={email}`,
    startUrlSecondAcs: `${url}/login/sso?email={email}&acs=second`,
    sessionUrl: `${url}/api/me`,
    passwordLoginUrl: `${url}/login/password`,
    provisioningApi: { baseUrl: `${url}/v1_1/provisioning`, accountId: sp.accountId, ...sp.api },
    oauth: {
      authorizationUrl: authorizationUrl(url),
      tokenUrl: `${url}/oauth2/token`,
      clientId: sp.oauthClient.id,
      clientSecret: sp.oauthClient.secret,
      redirectUris: [...sp.store.settings.oauth().redirectUris],
    },
    scim: { baseUrl: `${url}/scim/v2` },
    admin: { baseUrl: `${url}/admin/api`, token: sp.adminToken },
    masterAdmin: {
      email: masterAdmin.email,
      ...(masterAdmin.password === undefined ? {} : { password: masterAdmin.password }),
    },
    productEnvironments: [...productEnvironments],
    defects: [...sp.defects()],
  }
}
