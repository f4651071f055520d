import { createHash, X509Certificate } from 'node:crypto'
import { ConfigError } from '../../core/errors.ts'
import { bindings, ns } from './namespaces.ts'
import { childOf, childrenOf, parseXml, type XmlElement, XmlRefused } from './xml.ts'

/** What an SP needs to know of its identity provider. */
export interface IdpMetadata {
  entityId: string
  /** SSO URL by binding. */
  sso: { redirect: string | undefined; post: string | undefined }
  /** Single logout URL by binding; none where it has no single logout. */
  slo: { redirect: string | undefined; post: string | undefined }
  /** Signing certificates, PEM. Several while the IdP changes its key. */
  certificates: readonly string[]
}

const limits = { characters: 1024 * 1024, depth: 32, elements: 20_000, attributesOfOne: 64 }

/**
 * Reads IdP metadata: an EntityDescriptor, or an EntitiesDescriptor with exactly one identity provider in it
 * (SAML Metadata 2.3).
 *
 * @throws ConfigError that says what is missing.
 */
export const readMetadata = (xml: string): IdpMetadata => {
  const root = parse(xml)
  const entity = onlyIdp(root)
  const descriptor = childOf(entity, ns.metadata, 'IDPSSODescriptor')
  if (entity === undefined || descriptor === undefined)
    return wrong('no-idp', `it has no IDPSSODescriptor; its root is <${root.name}>`)
  const entityId = entity.attributes.get('entityID')
  if (!entityId) return wrong('no-entity-id', 'its EntityDescriptor has no entityID')
  const validUntil = Date.parse(entity.attributes.get('validUntil') ?? '')
  if (validUntil < Date.now()) return wrong('expired', `it was valid until ${new Date(validUntil).toISOString()}`)
  const location = (service: string, binding: string): string | undefined =>
    childrenOf(descriptor, ns.metadata, service)
      .find(({ attributes }) => attributes.get('Binding') === binding)
      ?.attributes.get('Location')
  const both = (service: string) => ({
    redirect: location(service, bindings.redirect),
    post: location(service, bindings.post),
  })
  const sso = both('SingleSignOnService')
  const slo = both('SingleLogoutService')
  if (sso.redirect === undefined && sso.post === undefined)
    return wrong('no-sso', 'it has no SingleSignOnService for HTTP-Redirect or HTTP-POST')
  for (const url of [sso.redirect, sso.post, slo.redirect, slo.post])
    if (url !== undefined && !/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      return wrong('bad-sso', `one of its services is at ${url}, which is no http URL`)
  const certificates = childrenOf(descriptor, ns.metadata, 'KeyDescriptor')
    .filter((key) => (key.attributes.get('use') ?? 'signing') === 'signing')
    .flatMap((key) => childrenOf(childOf(key, ns.signature, 'KeyInfo') ?? key, ns.signature, 'X509Data'))
    .flatMap((data) => childrenOf(data, ns.signature, 'X509Certificate'))
    .map((certificate) => readCertificate(certificate.text))
  if (certificates.length === 0) return wrong('no-certificate', 'it has no signing certificate')
  return { entityId, sso, slo, certificates: [...new Set(certificates)] }
}

/** The same metadata has the same fingerprint. */
export const fingerprint = (xml: string): string => createHash('sha256').update(xml).digest('base64url')

const parse = (xml: string): XmlElement => {
  try {
    return parseXml(xml.replace(/^\uFEFF/, '').trimStart(), { limits, comments: 'skip' })
  } catch (cause) {
    if (!(cause instanceof XmlRefused)) throw cause
    return wrong('not-xml', `it cannot be read as XML: ${cause.message.replace(/\.$/, '')}`, cause)
  }
}

const onlyIdp = (root: XmlElement): XmlElement | undefined => {
  if (root.namespace !== ns.metadata) return undefined
  if (root.name === 'EntityDescriptor') return root
  const entities = childrenOf(root, ns.metadata, 'EntityDescriptor').filter(
    (entity) => childOf(entity, ns.metadata, 'IDPSSODescriptor') !== undefined,
  )
  if (entities.length > 1) return wrong('several-idps', `it has ${entities.length} identity providers`)
  return entities[0]
}

const readCertificate = (text: string): string => {
  try {
    return new X509Certificate(Buffer.from(text.replace(/\s/g, ''), 'base64')).toString()
  } catch (cause) {
    return wrong('bad-certificate', 'one of its certificates is not an X.509 certificate', cause)
  }
}

const wrong = (code: string, what: string, cause?: unknown): never => {
  throw new ConfigError(`The identity provider's metadata cannot be used: ${what}.`, {
    code: `metadata-${code}`,
    hint: 'Give the metadata XML of one identity provider, with its SSO URL and its signing certificate.',
    cause,
  })
}
