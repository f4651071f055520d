import type { Persona } from '../personas/persona.ts'
import { strict } from './markup.ts'
import { bindingUri, ns } from './names.ts'

export interface MetadataInput {
  persona: Persona
  entityId: string
  ssoUrl: string
  /** Single logout; left out where it is off. */
  sloUrl?: string | undefined
  /** DER in base64, without line breaks; the active one first. */
  certificates: readonly string[]
  /** URI. */
  nameIdFormat: string
  wantAuthnRequestsSigned: boolean
}

const lines = (base64: string, length: number | undefined): string =>
  length === undefined ? base64 : base64.replace(new RegExp(`.{${length}}(?=.)`, 'g'), '$&\n')

/**
 * The identity provider's metadata (SAML Metadata 2.4.3) in the persona's shape. Not signed, no validUntil: Okta's is
 * neither.
 *
 * @example renderMetadata({ persona: okta, entityId, ssoUrl, certificates: [key.certificateBase64],
 *   nameIdFormat: nameIdFormatUri.unspecified, wantAuthnRequestsSigned: false })
 */
export const renderMetadata = (input: MetadataInput): string => {
  const shape = input.persona.metadata
  const md = shape.prefix
  const keys = input.certificates.map(
    (certificate) =>
      `<${md}:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${ns.signature}"><ds:X509Data><ds:X509Certificate>` +
      `${lines(certificate, shape.certificateLine)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></${md}:KeyDescriptor>`,
  )
  const services = shape.singleSignOnBindings.map(
    (binding) =>
      `<${md}:SingleSignOnService Binding="${bindingUri[binding]}"${strict.attribute('Location', input.ssoUrl)}/>`,
  )
  const logout =
    input.sloUrl === undefined
      ? []
      : shape.singleSignOnBindings.map(
          (binding) =>
            `<${md}:SingleLogoutService Binding="${bindingUri[binding]}"${strict.attribute('Location', input.sloUrl ?? '')}/>`,
        )
  return (
    `${shape.xmlDeclaration}<${md}:EntityDescriptor${strict.attribute('entityID', input.entityId)} xmlns:${md}="${ns.metadata}">` +
    `<${md}:IDPSSODescriptor WantAuthnRequestsSigned="${input.wantAuthnRequestsSigned}" protocolSupportEnumeration="${ns.protocol}">` +
    `${keys.join('')}${logout.join('')}<${md}:NameIDFormat>${strict.text(input.nameIdFormat)}</${md}:NameIDFormat>${services.join('')}` +
    `</${md}:IDPSSODescriptor></${md}:EntityDescriptor>`
  )
}
