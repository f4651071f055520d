import type { AuthnRequest } from '../saml/authn-request.ts'

/** One login on its way: what was asked for, before it is known who answers. */
export interface Login {
  org: string
  registrationId: string
  /** SP-initiated. */
  request: AuthnRequest | undefined
  /** Certificates of service providers that verified the request's signature. */
  verifiedWith: readonly string[]
  /** IdP-initiated: the application whose link was opened. */
  applicationId: string | undefined
  /** Exactly as it came. */
  relayState: string | undefined
}
