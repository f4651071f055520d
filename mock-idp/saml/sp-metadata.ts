import { ProtocolError } from '../../src/core/errors.ts'
import { bindingUri } from './names.ts'
import { readCertificate } from './request-signature.ts'
import { extractServiceProviders } from './sp-metadata-gate.ts'

/** What an identity provider needs to know of a service provider (SAML Metadata 2.4.4). */
export interface SpMetadata {
  entityId: string
  acs: AssertionConsumerService[]
  nameIdFormats: string[]
  /** For verifying its signatures: DER in base64, without line breaks. */
  certificates: string[]
  /** Where it takes logout messages, by binding; undefined where it has no single logout. */
  singleLogout: { post?: string; redirect?: string } | undefined
  /** Assertions may be encrypted for these. */
  encryptionCertificates: string[]
  wantAssertionsSigned: boolean
  authnRequestsSigned: boolean
}

export interface AssertionConsumerService {
  url: string
  index: number
  /** URI. */
  binding: string
  isDefault: boolean
}

const list = <T>(value: T | readonly T[] | undefined | null): T[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? [...value] : [value as T]

const isTrue = (value: string | undefined): boolean => value === 'true' || value === '1'

const problem = (code: string, expected: string, found: string, hint: string): ProtocolError =>
  new ProtocolError(`Service provider metadata: expected ${expected}, found ${found}.`, { code, hint })

/** The shape in which samlify returns what it was asked for: one element alone, several as an array. */
interface Extracted {
  spSSODescriptor?: { wantAssertionsSigned?: string; authnRequestsSigned?: string } | string
  assertionConsumerService?: OneOrMore<{ index?: string; isDefault?: string; binding?: string; location?: string }>
  singleLogoutService?: OneOrMore<{ binding?: string; location?: string }>
  sharedCertificate?: OneOrMore<string>
  certificate?: { signing?: OneOrMore<string> }
  nameIDFormat?: OneOrMore<string>
}
type OneOrMore<T> = T | T[]

const readAcs = (meta: Extracted): AssertionConsumerService[] =>
  list(meta.assertionConsumerService).map((service, position) => {
    const url = service.location ?? ''
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
      throw problem(
        'metadata-bad-acs',
        'the Location of each AssertionConsumerService to be an http or https address',
        JSON.stringify(url.slice(0, 300)),
        'Correct the Location at the service provider.',
      )
    const index = Number(service.index ?? position)
    return {
      url,
      index: Number.isInteger(index) ? index : position,
      binding: service.binding ?? '',
      isDefault: isTrue(service.isDefault),
    }
  })

const readLogout = (meta: Extracted): SpMetadata['singleLogout'] => {
  const at = (binding: keyof typeof bindingUri): string | undefined =>
    list(meta.singleLogoutService).find((service) => service.binding === bindingUri[binding])?.location
  const [post, redirect] = [at('HTTP-POST'), at('HTTP-Redirect')]
  if (post === undefined && redirect === undefined) return undefined
  return { ...(post === undefined ? {} : { post }), ...(redirect === undefined ? {} : { redirect }) }
}

/** In base64, without line breaks, each once. */
const inBase64 = (texts: readonly string[]): string[] => [
  ...new Set(texts.map((text) => readCertificate(text).raw.toString('base64'))),
]

/**
 * Reads a service provider's metadata: one EntityDescriptor, or an EntitiesDescriptor with one service provider in it.
 * A gate of ours reads first (size, depth, no DOCTYPE) and hands samlify nothing but the service provider's own part.
 *
 * @param options.entityId Which one, where there are several.
 * @throws ProtocolError `metadata-too-large`, `metadata-doctype`, `metadata-not-xml`, `metadata-no-sp`,
 * `metadata-several-sps`, `metadata-no-acs`, `metadata-bad-acs`; AuthnRequestError `bad-sp-certificate`
 * @example const { entityId, acs } = await readSpMetadata(await readFile('sp-metadata.xml', 'utf8'))
 */
export const readSpMetadata = async (xml: string, options: { entityId?: string } = {}): Promise<SpMetadata> => {
  const all = extractServiceProviders(xml)
  const wanted = options.entityId === undefined ? all : all.filter((sp) => sp.entityId === options.entityId)
  const [only, ...others] = wanted
  if (!only)
    throw problem(
      'metadata-no-sp',
      options.entityId === undefined
        ? 'an md:EntityDescriptor with an md:SPSSODescriptor for SAML 2.0'
        : `the service provider ${JSON.stringify(options.entityId)}`,
      all.map((sp) => sp.entityId).join(', ') || 'none',
      "Check that this is the service provider's own metadata, not the identity provider's.",
    )
  if (others.length > 0)
    throw problem(
      'metadata-several-sps',
      'one service provider',
      wanted
        .map((sp) => sp.entityId)
        .slice(0, 10)
        .join(', '),
      'Say which one by its entityId.',
    )
  // samlify brings a DOM and XPath along: loaded when the first metadata comes.
  const { default: samlify } = await import('samlify')
  const meta = samlify.SPMetadata(only.xml).meta as Extracted
  const acs = readAcs(meta)
  if (acs.length === 0)
    throw problem(
      'metadata-no-acs',
      'at least one md:AssertionConsumerService',
      'none',
      'Declare the address at which the service provider takes Responses.',
    )
  const flags = typeof meta.spSSODescriptor === 'object' ? meta.spSSODescriptor : {}
  return {
    entityId: only.entityId,
    acs,
    nameIdFormats: list(meta.nameIDFormat).map((format) => format.trim()),
    certificates: inBase64([...list(meta.sharedCertificate), ...list(meta.certificate?.signing)]),
    singleLogout: readLogout(meta),
    encryptionCertificates: inBase64(only.encryptionCertificates),
    wantAssertionsSigned: isTrue(flags.wantAssertionsSigned),
    authnRequestsSigned: isTrue(flags.authnRequestsSigned),
  }
}
