import type { SamlSettings } from '../admin/schema.ts'

/** Where the Response of one login goes, and what it says about that. */
export interface Endpoint {
  acsUrl: string
  recipient: string
  destination: string
}

/** What an AuthnRequest asks for. Both left out: the configured one. */
export interface WantedEndpoint {
  acsUrl?: string | undefined
  acsIndex?: number | undefined
}

/**
 * The ACS for a request, as Okta chooses: the configured one, or another only if it is listed under "Other requestable SSO
 * URLs". Undefined when the wanted one is not registered.
 */
export const endpointFor = (saml: SamlSettings, { acsUrl, acsIndex }: WantedEndpoint): Endpoint | undefined => {
  const own = {
    acsUrl: saml.ssoUrl,
    recipient: saml.recipient ?? saml.ssoUrl,
    destination: saml.destination ?? saml.ssoUrl,
  }
  if (acsUrl !== undefined) {
    if (acsUrl === saml.ssoUrl) return own
    return saml.requestableSsoUrls.some(({ url }) => url === acsUrl) ? elsewhere(acsUrl) : undefined
  }
  if (acsIndex === undefined) return own
  const listed = saml.requestableSsoUrls.find(({ index }) => index === acsIndex)
  if (listed) return elsewhere(listed.url)
  // Index 0 means the configured one where the list does not say otherwise.
  return acsIndex === 0 ? own : undefined
}

const elsewhere = (url: string): Endpoint => ({ acsUrl: url, recipient: url, destination: url })
