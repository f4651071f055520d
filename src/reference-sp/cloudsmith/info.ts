import { type Info, infoOf } from '../info.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'

interface Organisation {
  slug: string
  acsUrl: string
  audience: string
  loginUrl: string
  sessionUrl: string
  apiKey: string
  scimToken: string
}

export interface CloudsmithInfo extends Info {
  contract: 'cloudsmith'
  /** `/orgs/{org}/…` follows it. */
  apiUrl: string
  scimUrl: string
  /** The organisation under test first. */
  organisations: readonly Organisation[]
}

export const cloudsmithInfo = (service: Service): CloudsmithInfo => {
  const [first, ...others] = service.organisations
  const [second] = others
  const base = infoOf(service)
  return {
    ...base,
    contract: 'cloudsmith',
    apiUrl: `${service.url}/api`,
    scimUrl: `${service.url}/scim/v2`,
    organisations: service.organisations.map(organisationInfo),
    target: {
      ...portsOf(first, base, ''),
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

const organisationInfo = (sp: Sp): Organisation => ({
  slug: sp.organisation,
  acsUrl: sp.acs[0].url,
  audience: sp.acs[0].audience,
  loginUrl: `${sp.url}/orgs/${sp.organisation}/saml/login/`,
  sessionUrl: `${sp.url}/orgs/${sp.organisation}/me`,
  apiKey: sp.api.secret,
  scimToken: sp.scimToken,
})

const parametersOf = (sp: Sp): Info['parameters'] => ({ organization: sp.organisation })

/** As `target` and `target.tenants.b` of an idpact.yaml have them. */
const portsOf = (sp: Sp, { admin, url }: Pick<Info, 'admin' | 'url'>, settings: string): Record<string, unknown> => {
  const { acsUrl, audience, loginUrl, sessionUrl, apiKey, scimToken } = organisationInfo(sp)
  const api = { driver: 'cloudsmith-api', baseUrl: `${url}/api`, organization: sp.organisation, key: apiKey }
  return {
    saml: { acs: acsUrl, audience, start: loginUrl },
    session: { url: sessionUrl, identity: '/email', name: '/name' },
    accounts: api,
    groupSync: api,
    admin: { driver: 'reference', baseUrl: `${admin.baseUrl}${settings}`, token: admin.token },
    scim: { baseUrl: `${url}/scim/v2`, auth: { type: 'basic', username: 'token', password: scimToken } },
  }
}

/** For people: what they look for first. */
export const cloudsmithOverview = (info: CloudsmithInfo): [string, string][] => [
  ['API', info.apiUrl],
  ['SCIM base URL', `${info.scimUrl}  user token`],
  ...info.organisations.flatMap(({ slug, acsUrl, loginUrl, apiKey, scimToken }): [string, string][] => [
    [`ACS and audience of ${slug}`, acsUrl],
    [`Landing page of ${slug}`, loginUrl],
    [`API key of ${slug}`, apiKey],
    [`SCIM token of ${slug}`, scimToken],
  ]),
]
