import { type Info, infoOf } from '../info.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'
import { sloUrl } from './logout.ts'
import { pathOf } from './paths.ts'

export interface AnySamlInfo extends Info {
  contract: 'saml'
  acsUrl: string
  entityId: string
  startUrl: string
  sessionUrl: string
}

export const anySamlInfo = (service: Service): AnySamlInfo => {
  const [{ acs, decryptionKey, signingKey }, second] = service.organisations
  const base = infoOf(service)
  const [{ url: acsUrl, audience: entityId }] = acs
  const startUrl = `${service.url}/saml/login`
  const sessionUrl = `${service.url}/session`
  return {
    ...base,
    contract: 'saml',
    ...{ acsUrl, entityId, startUrl, sessionUrl },
    target: {
      saml: {
        acs: acsUrl,
        audience: entityId,
        start: startUrl,
        metadata: entityId,
        singleLogout: {
          post: sloUrl(service),
          redirect: sloUrl(service),
          ...(signingKey === undefined ? {} : { certificate: signingKey.certificatePem }),
          start: `${service.url}/saml/logout`,
        },
        ...(decryptionKey === undefined ? {} : { encryptionKey: decryptionKey.publicKeyPem }),
      },
      session: { url: sessionUrl, identity: '/nameID' },
      admin: { driver: 'reference', ...base.admin },
      ...(second === undefined ? {} : { tenants: { b: ofSecond(second, base) } }),
    },
    expect: {
      'saml.unsolicited': 'accept',
      'saml.unsignedAssertion': 'accept',
      'saml.unsignedResponse': 'accept',
      'saml.sha1': 'reject',
      'saml.rsaPss': 'reject',
      'saml.rsa1024': 'reject',
      'saml.rsa15': 'reject',
      'saml.aesCbc': 'accept',
      'saml.expiredCertificate': 'accept',
      'saml.keyRollover': 'accept',
      'saml.issueInstant': 'reject',
      'saml.authnContext': 'accept',
      'saml.nameIdFormat': 'accept',
      'saml.nameIdCase': 'reject',
    },
    parameters: {},
  }
}

/** The other organisation, as `target.tenants.b` of an idpact.yaml has it. */
const ofSecond = ({ acs: [acs], url, organisation }: Sp, { admin }: Pick<Info, 'admin'>): Record<string, unknown> => ({
  saml: { acs: acs.url, audience: acs.audience, start: `${url}${pathOf(organisation)}/saml/login` },
  session: { url: `${url}${pathOf(organisation)}/session`, identity: '/nameID' },
  admin: { driver: 'reference', baseUrl: `${admin.baseUrl}/organisations/${organisation}`, token: admin.token },
})

/** For people: what they look for first. */
export const anySamlOverview = (info: AnySamlInfo): [string, string][] => [
  ['Log in', info.startUrl],
  ['ACS', info.acsUrl],
  ['Entity ID and metadata', info.entityId],
  ['Who is logged in', `${info.sessionUrl}  (/nameID)`],
]
