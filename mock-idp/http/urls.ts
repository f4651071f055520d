import type { OrgRecord, RegistrationRecord } from '../store/orgs.ts'

/** Every public address, in one place. An Okta org has Okta's paths; a plain one has nothing in them that a vendor has. */
export interface Urls {
  sso(org: OrgRecord, registration: RegistrationRecord): string
  /** Single logout. */
  slo(org: OrgRecord, registration: RegistrationRecord): string
  metadata(org: OrgRecord, registration: RegistrationRecord): string
  /** The same metadata with the application's Name ID format. */
  applicationMetadata(org: OrgRecord, registration: RegistrationRecord, applicationId: string): string
  appLink(org: OrgRecord, registration: RegistrationRecord, applicationId: string): string
  /** Where a service provider sends the browser back to after a consent (RFC 6749 3.1.2). */
  oauthCallback(org: OrgRecord, registration: RegistrationRecord): string
}

/** @param base without a slash at the end */
export const urlsAt = (base: () => string): Urls => ({
  sso: (org, r) => base() + ssoPath(org, r),
  slo: (org, r) => base() + ssoPath(org, r).replace(/sso(?=(?:\/saml)?$)/, 'slo'),
  metadata: (org, r) =>
    base() +
    (org.shape === 'okta' ? `/${org.id}/app/${r.id}/sso/saml/metadata` : `${plainFolder(org, r)}/metadata.xml`),
  applicationMetadata: (org, r, applicationId) =>
    base() +
    (org.shape === 'okta'
      ? `/${org.id}/app/${applicationId}/sso/saml/metadata`
      : `${plainFolder(org, r)}/${applicationId}/metadata.xml`),
  appLink: (org, r, applicationId) =>
    base() +
    (org.shape === 'okta'
      ? `/${org.id}/home/${r.name}/${applicationId}`
      : `${plainFolder(org, r)}/${applicationId}/start`),
  oauthCallback: (org, r) =>
    base() + (org.shape === 'okta' ? `/${org.id}/admin/app/cpc/${r.name}/oauth/callback` : `/${org.id}/oauth/callback`),
})

export const ssoPath = (org: OrgRecord, r: RegistrationRecord): string =>
  org.shape === 'okta' ? `/${org.id}/app/${r.name}/${r.id}/sso/saml` : `${plainFolder(org, r)}/sso`

/** The name that the first registration of a plain org has; it does not show in its addresses. */
export const plainDefaultName = 'main'

const plainFolder = (org: OrgRecord, r: RegistrationRecord): string =>
  r.name === plainDefaultName ? `/${org.id}/idp` : `/${org.id}/idp/${r.name}`
