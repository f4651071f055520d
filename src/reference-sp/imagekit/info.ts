import { type Info, infoOf } from '../info.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'

export interface ImagekitInfo extends Info {
  contract: 'imagekit'
  acsUrl: string
  audience: string
  startUrl: string
  sessionUrl: string
  /** The organisation under test first. */
  organisations: readonly {
    name: string
    imagekitId: string
    directory: { baseUrl: string; key: string; secret: string }
  }[]
}

export const imagekitInfo = (service: Service): ImagekitInfo => {
  const [first, ...others] = service.organisations
  const [acs] = first.acs
  const [second] = others
  const base = infoOf(service)
  return {
    ...base,
    contract: 'imagekit',
    acsUrl: acs.url,
    audience: acs.audience,
    startUrl: `${service.url}/single-sign-on?email={email}`,
    sessionUrl: `${service.url}/api/me`,
    organisations: service.organisations.map((sp) => ({
      name: sp.organisation,
      imagekitId: sp.accountId,
      directory: { baseUrl: `${service.url}/directory/${sp.accountId}`, ...sp.api },
    })),
    target: {
      ...portsOf(first, base),
      session: { url: `${service.url}/api/me`, identity: '/email', role: '/role', name: '/full_name' },
      ssoSetup: { url: `${service.url}/settings/sso`, fields: { metadata: '{metadata}' } },
      ...(second === undefined
        ? {}
        : {
            tenants: {
              b: {
                ...portsOf(second, base, `/organisations/${second.organisation}`),
                parameters: parametersOf(second),
              },
            },
          }),
    },
    parameters: parametersOf(first),
  }
}

const parametersOf = (sp: Sp): Info['parameters'] => ({ imagekitId: sp.accountId })

/** As `target` and `target.tenants.b` of an idpact.yaml have them. */
const portsOf = (sp: Sp, { admin, url }: Pick<Info, 'admin' | 'url'>, settings = ''): Record<string, unknown> => {
  const [acs] = sp.acs
  const { key, secret } = sp.api
  const at = (query: string) => ({ url: `/users${query}`, at: '/users' })
  return {
    saml: { acs: acs.url, audience: acs.audience, start: `${url}/single-sign-on?email={email}` },
    accounts: {
      driver: 'http',
      baseUrl: `${url}/directory/${sp.accountId}`,
      headers: { authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` },
      account: { name: '/full_name', role: '/role', enabled: '/active' },
      find: at('?email={email}'),
      findById: { url: '/users/{id}' },
      list: at('?prefix={prefix}'),
      create: { method: 'POST', url: '/users', body: { email: '{email}', full_name: '{name}', role: '{role}' } },
      delete: { method: 'DELETE', url: '/users/{id}' },
    },
    admin: { driver: 'reference', baseUrl: `${admin.baseUrl}${settings}`, token: admin.token },
  }
}

/** For people: what they look for first. */
export const imagekitOverview = (info: ImagekitInfo): [string, string][] => [
  ['Single sign-on page', info.startUrl.split('?')[0] ?? ''],
  ['SSO URL (ACS)', info.acsUrl],
  ['Audience URI', info.audience],
  ...info.organisations.flatMap(({ name, imagekitId, directory }): [string, string][] => [
    [`imagekit_id of ${name}`, imagekitId],
    [`Users of ${name}`, `${directory.baseUrl}/users  key ${directory.key}  secret ${directory.secret}`],
  ]),
]
