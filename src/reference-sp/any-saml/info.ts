import { type Info, infoOf } from '../info.ts'
import type { Service } from '../service.ts'
import { sloUrl } from './logout.ts'

export interface AnySamlInfo extends Info {
  contract: 'saml'
  acsUrl: string
  entityId: string
  startUrl: string
  sessionUrl: string
}

export const anySamlInfo = (service: Service): AnySamlInfo => {
  const [{ acs, decryptionKey, signingKey }] = service.organisations
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
    },
    expect: {
      'saml.unsolicited': 'accept',
      'saml.unsignedAssertion': 'accept',
      'saml.unsignedResponse': 'accept',
      'saml.sha1': 'reject',
      'saml.rsaPss': 'reject',
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

/** For people: what they look for first. */
export const anySamlOverview = (info: AnySamlInfo): [string, string][] => [
  ['Log in', info.startUrl],
  ['ACS', info.acsUrl],
  ['Entity ID and metadata', info.entityId],
  ['Who is logged in', `${info.sessionUrl}  (/nameID)`],
]
