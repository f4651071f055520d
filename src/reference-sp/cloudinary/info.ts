import { type Info, infoOf } from '../info.ts'
import { authorizationUrl } from '../oauth/scopes.ts'
import type { Service } from '../service.ts'
import { productEnvironments } from './product-environments.ts'

/** Everything that somebody needs to use this SP, or to point idpact at it. JSON. It holds secrets. */
export interface CloudinaryInfo extends Info {
  contract: 'cloudinary'
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
  /** The first master_admin; without a password where the database is of an earlier start. */
  masterAdmin: { email: string; password?: string }
  /** Cloud names. */
  productEnvironments: string[]
}

export const cloudinaryInfo = (service: Service): CloudinaryInfo => {
  const [sp] = service.organisations
  const { url, acs, administrator: admin } = sp
  const [first, second = first] = acs
  const info = {
    ...infoOf(service),
    contract: 'cloudinary' as const,
    acsUrls: [first.url, second.url] as [string, string],
    audiences: [first.audience, second.audience] as [string, string],
    metadataUrls: [`${first.audience}/metadata`, `${second.audience}/metadata`] as [string, string],
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
    masterAdmin: { email: admin.email, ...(admin.password === undefined ? {} : { password: admin.password }) },
    productEnvironments: [...productEnvironments],
  }
  return { ...info, ...toIdpact(info) }
}

/** As `idpact.yaml` says it. */
const toIdpact = (info: Omit<CloudinaryInfo, 'target' | 'parameters'>): Pick<Info, 'target' | 'parameters'> => {
  const { masterAdmin, oauth, provisioningApi } = info
  const { email, password } = masterAdmin
  const { redirectUris: _, ...client } = oauth
  return {
    target: {
      saml: { acs: info.acsUrls, audience: info.audiences, start: [info.startUrl, info.startUrlSecondAcs] },
      session: { url: info.sessionUrl, identity: '/email', role: '/role', name: '/name' },
      passwordLogin: { driver: 'http', url: info.passwordLoginUrl, secondFactor: 'form[action="/login/otp"]' },
      accounts: { driver: 'cloudinary-provisioning-api', ...provisioningApi },
      admin: { driver: 'reference', ...info.admin },
      scim: {
        baseUrl: info.scim.baseUrl,
        auth: { type: 'oauth2', ...client },
        ...(password === undefined ? {} : { consent: { driver: 'pages', email, password } }),
      },
      users: { fixtures: [{ role: 'master_admin', ...masterAdmin }] },
    },
    parameters: { accountId: provisioningApi.accountId, productEnvironments: info.productEnvironments },
  }
}

/** For people: what they look for first. */
export const cloudinaryOverview = (info: CloudinaryInfo): [string, string][] => [
  ['Console', info.url],
  ['Master admin', `${info.masterAdmin.email}  ${info.masterAdmin.password ?? '(the password of the first start)'}`],
  ['SSO URL (ACS)', info.acsUrls[0]],
  ['Audience URI', info.audiences[0]],
  ['Second ACS', `${info.acsUrls[1]}  (audience ${info.audiences[1]})`],
  ['SP metadata', info.metadataUrls[0]],
  ['Provisioning API', `${info.provisioningApi.baseUrl}/accounts/${info.provisioningApi.accountId}`],
  ['API key', `${info.provisioningApi.key}  secret ${info.provisioningApi.secret}`],
  ['OAuth 2 authorization', info.oauth.authorizationUrl],
  ['OAuth 2 token', info.oauth.tokenUrl],
  ['Client ID', `${info.oauth.clientId}  secret ${info.oauth.clientSecret}`],
  ['Redirect URIs', info.oauth.redirectUris.join('  ') || 'none (--redirect-uri URL registers one)'],
]
