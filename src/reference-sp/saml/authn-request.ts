import { randomBytes } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { toInstant } from '../../core/clock.ts'
import type { IdpMetadata } from './metadata.ts'
import { bindings, ns } from './namespaces.ts'
import { escapeXml } from './xml.ts'

/** An assertion consumer service of ours, with the audience (entity ID) that goes with it. */
export interface Acs {
  url: string
  audience: string
}

/** How the browser takes the request to the IdP. */
export type OutgoingRequest = { id: string } & (
  | { binding: 'redirect'; url: string }
  | { binding: 'post'; url: string; samlRequest: string; relayState: string | undefined }
)

/**
 * An AuthnRequest (SAML Core 3.4.1) that asks to be answered at one ACS. No NameIDPolicy: which format the NameID has is
 * set in the IdP's application. HTTP-Redirect (SAML Bindings 3.4.4.1) where the IdP has it, else HTTP-POST.
 *
 * @param write changes it before it is sent; only with a defect
 * @param relayState comes back with the Response; 80 bytes at most (SAML Bindings 3.4.3)
 */
export const makeAuthnRequest = (
  idp: IdpMetadata,
  acs: Acs,
  now: number,
  relayState?: string,
  write: (xml: string) => string = (xml) => xml,
): OutgoingRequest => {
  const newId = `_${randomBytes(16).toString('hex')}`
  const destination = idp.sso.redirect ?? idp.sso.post ?? ''
  const xml = write(
    `<samlp:AuthnRequest xmlns:samlp="${ns.protocol}" ID="${newId}" Version="2.0" IssueInstant="${toInstant(now)}"` +
      ` Destination="${escapeXml(destination)}" ProtocolBinding="${bindings.post}"` +
      ` AssertionConsumerServiceURL="${escapeXml(acs.url)}">` +
      `<saml:Issuer xmlns:saml="${ns.assertion}">${escapeXml(acs.audience)}</saml:Issuer></samlp:AuthnRequest>`,
  )
  const id = / ID="([^"]*)"/.exec(xml)?.[1] ?? newId
  if (idp.sso.redirect === undefined)
    return { id, binding: 'post', url: destination, samlRequest: Buffer.from(xml).toString('base64'), relayState }
  const url = new URL(idp.sso.redirect)
  url.searchParams.set('SAMLRequest', deflateRawSync(xml).toString('base64'))
  if (relayState !== undefined) url.searchParams.set('RelayState', relayState)
  return { id, binding: 'redirect', url: url.toString() }
}
