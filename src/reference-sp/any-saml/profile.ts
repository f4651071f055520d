import { X509Certificate } from 'node:crypto'
import type { Profile } from '../profile.ts'
import { goodRules } from '../rules/rules.ts'
import { defaultSettings } from '../store/settings.ts'
import { anySamlDefects } from './defects/defects.ts'
import { enter } from './enter.ts'
import { pathOf } from './paths.ts'
import { anySamlRoutes } from './routes.ts'

/** SDP-MD06: RSA keys of 2048 bits at least. The same list where all are, so that nothing is verified anew. */
const withoutWeak = (certificates: readonly string[]): readonly string[] => {
  const strong = certificates.filter((pem) => {
    const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(pem).publicKey
    return asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) >= 2048
  })
  return strong.length === certificates.length ? certificates : strong
}

/** A service provider of no vendor's: users are who the NameID says, and are made by their first login. */
export const anySamlProfile: Profile = {
  id: 'saml',
  title: 'SAML',
  organisations: ['main', 'other'],
  settings: { ...defaultSettings, provisioning: true, scim: false },
  decrypts: true,
  signs: true,
  roles: ['user'],
  rules: {
    ...goodRules,
    refusalStatus: () => 403,
    invites: () => false,
    defaultRole: () => 'user',
    // Between the three and the five minutes of SDP-G01.
    clockSkew: () => 240_000,
    checksIssueInstant: () => true,
    trustedCertificates: ({ certificates }) => withoutWeak(certificates),
  },
  defects: anySamlDefects,
  acs: (url, organisation) => {
    const base = `${url}${pathOf(organisation)}/saml`
    return [{ url: `${base}/acs`, audience: `${base}/metadata` }]
  },
  administrator: { email: 'administrator@sp.example.test', firstName: 'Administrator', lastName: '', role: 'user' },
  fill: () => undefined,
  enter,
  routes: anySamlRoutes,
}
