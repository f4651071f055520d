/** The reference SP that idpact brings: how to reach it, and its settings API. */
import type { AdminConfig, TargetConfig } from '../../config/schema.ts'
import { defaultEmailDomain, targetSchema } from '../../config/schema.ts'
import type { AdminPort, SettingsChange, SettingsSnapshot, Verb } from '../ports.ts'
import type { Transport } from '../transport.ts'
import { isRecord, jsonOf, unexpected } from './api.ts'

type Config = Extract<AdminConfig, { driver: 'reference' }>

/** What a running reference SP says of itself (`idpact sp --json`). */
export interface ReferenceSpInfo {
  url: string
  acsUrls: readonly string[]
  audiences: readonly string[]
  /** `…/login/sso?email={email}` */
  startUrl: string
  /** The same, answered at the second ACS URL. */
  startUrlSecondAcs: string
  sessionUrl: string
  passwordLoginUrl: string
  provisioningApi: { baseUrl: string; accountId: string; key: string; secret: string }
  scim: { baseUrl: string }
  oauth: { authorizationUrl: string; tokenUrl: string; clientId: string; clientSecret: string }
  admin: { baseUrl: string; token: string }
  /** The administrator who is there from the start. */
  masterAdmin?: { email: string; password?: string }
  productEnvironments: readonly string[]
}

/**
 * The target that a running reference SP is, as if it stood in idpact.yaml.
 *
 * @param options.emailDomain of the generated people
 * @param options.outboxPort where idpact's own SMTP sink listens; 0 = any
 */
export const referenceTargetConfig = (
  info: ReferenceSpInfo,
  { emailDomain = defaultEmailDomain, outboxPort = 0 }: { emailDomain?: string; outboxPort?: number } = {},
): TargetConfig => {
  const { accountId, key, secret } = info.provisioningApi
  const { authorizationUrl, tokenUrl, clientId, clientSecret } = info.oauth
  const { masterAdmin } = info
  // What follows /accounts is the driver's to say.
  const baseUrl = info.provisioningApi.baseUrl.replace(/\/accounts(\/[^/]*)?\/?$/, '')
  const target = targetSchema.parse({
    name: 'reference SP',
    saml: {
      acs: [...info.acsUrls],
      audience: [...info.audiences],
      start: info.acsUrls.length > 1 ? [info.startUrl, info.startUrlSecondAcs] : info.startUrl,
    },
    session: { url: info.sessionUrl, identity: '/email', role: '/role', name: '/name' },
    passwordLogin: { driver: 'http', url: info.passwordLoginUrl, secondFactor: 'form[action="/login/otp"]' },
    accounts: { driver: 'cloudinary-provisioning-api', baseUrl, accountId, key, secret },
    admin: { driver: 'reference', baseUrl: info.admin.baseUrl, token: info.admin.token },
    outbox: { driver: 'smtp', port: outboxPort },
    scim: {
      baseUrl: info.scim.baseUrl,
      auth: { type: 'oauth2', authorizationUrl, tokenUrl, clientId, clientSecret },
      ...(masterAdmin?.password !== undefined && {
        consent: { driver: 'pages', email: masterAdmin.email, password: masterAdmin.password },
      }),
    },
    users: { emailDomain, fixtures: masterAdmin === undefined ? [] : [{ role: 'master_admin', ...masterAdmin }] },
  })
  const password = masterAdmin?.password === undefined ? [] : [masterAdmin.password]
  return { ...target, secrets: [key, secret, clientSecret, info.admin.token, ...password] }
}

export const referenceAdminVerbs: readonly Verb[] = [
  'admin.saml',
  'admin.provisioning',
  'admin.enforce',
  'admin.metadata',
  'admin.twoFactor',
  'admin.scim',
]

const bodyOf = ({ saml, provisioning, enforce, scim, metadata }: SettingsChange): Record<string, unknown> => {
  const source =
    metadata && ('inline' in metadata ? { mode: 'inline', xml: metadata.inline } : { mode: 'url', url: metadata.url })
  const samlChange = {
    ...(saml === undefined ? {} : { enabled: saml === 'on' }),
    ...(source === undefined ? {} : { metadata: source }),
  }
  return {
    ...(Object.keys(samlChange).length === 0 ? {} : { saml: samlChange }),
    ...(provisioning === undefined ? {} : { provisioning: provisioning === 'on' }),
    ...(enforce === undefined ? {} : { enforce: enforce === 'on' }),
    ...(scim === undefined ? {} : { scim: scim === 'on' }),
  }
}

export const referenceAdmin = ({ baseUrl, token }: Config, transport: Transport): AdminPort => {
  const root = `${baseUrl.replace(/\/$/, '').replace(/\/settings$/, '')}`
  const call = async (method: string, path: string, body?: unknown): Promise<SettingsSnapshot> => {
    const url = `${root}/${path}`
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const answer = await transport.send({
      method,
      url,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const json = jsonOf(answer)
    if (answer.status !== 200 || !isRecord(json)) throw unexpected({ method, url }, answer, '200 and JSON', transport)
    return json
  }
  return {
    settings: ['saml', 'provisioning', 'enforce', 'metadata', 'idp', 'scim'],
    read: () => call('GET', 'settings'),
    restore: async (snapshot) => {
      await call('PUT', 'settings', snapshot)
    },
    apply: async (change) => {
      await call('PUT', 'settings', bodyOf(change))
    },
    tellsOfFailedFetch: true,
    toldDefects: async () => {
      const { defects } = await call('GET', 'defects')
      return Array.isArray(defects) ? defects.filter((id) => typeof id === 'string') : []
    },
    registerRedirectUri: async (uri) => {
      await call('POST', 'settings/oauth/redirect_uris', { uri })
    },
    setTwoFactor: async (id, on) => {
      await call('PUT', `users/${encodeURIComponent(id)}/two_factor`, { enabled: on })
    },
  }
}
