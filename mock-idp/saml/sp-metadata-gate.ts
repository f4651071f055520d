import type { SaxesTagNS } from 'saxes'
import { ProtocolError } from '../../src/core/errors.ts'
import { lenient } from './markup.ts'
import { ns } from './names.ts'
import { parseStrictly } from './strict-parser.ts'

/** Characters, depth and elements; a federation's file of all its members is larger, and not what is asked for. */
export const metadataLimits = { size: 5_000_000, depth: 32, elements: 200_000 } as const

export interface ExtractedSp {
  entityId: string
  /** The EntityDescriptor alone, with its SPSSODescriptor and what an IdP reads of it. */
  xml: string
  /** Certificates of keys that are for encryption, as they stand there. */
  encryptionCertificates: string[]
}

const hints: Record<string, string> = {
  doctype: 'Remove the document type declaration.',
  'not-xml': 'Check that this is the metadata document itself, and not a web page about it.',
}

/** Elements to keep, by their namespace; whatever is in no such place is left out with all that it contains. */
const kept: Record<string, readonly string[]> = {
  [ns.metadata]: [
    'EntityDescriptor',
    'SPSSODescriptor',
    'KeyDescriptor',
    'NameIDFormat',
    'AssertionConsumerService',
    'SingleLogoutService',
  ],
  [ns.signature]: ['KeyInfo', 'X509Data', 'X509Certificate'],
}

const isKept = (tag: SaxesTagNS): boolean => {
  if (!kept[tag.uri]?.includes(tag.local)) return false
  // Other protocols than SAML 2.0 are another role, and keys for encryption verify nothing.
  if (tag.local === 'SPSSODescriptor')
    return (tag.attributes['protocolSupportEnumeration']?.value ?? ns.protocol).split(/\s+/).includes(ns.protocol)
  return tag.local !== 'KeyDescriptor' || isKeyFor('signing', tag)
}

/** A KeyDescriptor without a use is for both (SAML Metadata 2.4.1.1). */
const isKeyFor = (use: 'signing' | 'encryption', tag: SaxesTagNS): boolean =>
  tag.uri === ns.metadata && tag.local === 'KeyDescriptor' && (tag.attributes['use']?.value ?? use) === use

/**
 * The EntityDescriptors that are service providers, each written anew with names of ours: samlify reads an
 * EntitiesDescriptor as nothing, mixes the keys of several roles, and forgets keys where some have a `use` and some not.
 *
 * @throws ProtocolError
 */
export const extractServiceProviders = (xml: string): ExtractedSp[] => {
  if (xml.length > metadataLimits.size)
    throw new ProtocolError(
      `Service provider metadata: expected at most ${metadataLimits.size} characters, found ${xml.length}.`,
      { code: 'metadata-too-large', hint: "Take the service provider's own metadata instead of its federation's." },
    )
  const found: ExtractedSp[] = []
  let entity: { id: string; out: string; isSp: boolean; encryption: string[] } | undefined
  let skipping = 0
  // Keys for encryption are told apart here: what is written anew has no uses.
  let forEncryption = false
  let certificate: string | undefined

  const open = (tag: SaxesTagNS): void => {
    if (tag.uri === ns.metadata && tag.local === 'EntityDescriptor' && !entity)
      entity = { id: tag.attributes['entityID']?.value ?? '', out: '', isSp: false, encryption: [] }
    if (!entity) return
    if (skipping === 0 && isKeyFor('encryption', tag)) forEncryption = true
    if (forEncryption && tag.uri === ns.signature && tag.local === 'X509Certificate') certificate = ''
    if (skipping > 0 || !isKept(tag)) {
      skipping += 1
      return
    }
    if (tag.local === 'SPSSODescriptor') entity.isSp = true
    const attributes = Object.values(tag.attributes)
      .filter((a) => a.uri === '' && a.name !== 'use')
      .map((a) => lenient.attribute(a.local, a.value))
    entity.out += `<${tag.local} xmlns="${tag.uri}"${attributes.join('')}>`
  }
  const close = (tag: SaxesTagNS): void => {
    if (!entity) return
    if (certificate !== undefined && tag.local === 'X509Certificate') {
      entity.encryption.push(certificate)
      certificate = undefined
    }
    if (tag.uri === ns.metadata && tag.local === 'KeyDescriptor') forEncryption = false
    if (skipping > 0) {
      skipping -= 1
      return
    }
    entity.out += `</${tag.local}>`
    if (tag.local !== 'EntityDescriptor') return
    if (entity.isSp && entity.id !== '')
      found.push({ entityId: entity.id, xml: entity.out, encryptionCertificates: entity.encryption })
    entity = undefined
  }
  const text = (value: string): void => {
    if (certificate !== undefined) certificate += value
    if (entity && skipping === 0) entity.out += lenient.text(value)
  }
  parseStrictly(
    xml,
    metadataLimits,
    { open, close, text },
    ({ code, expected, found: what }) =>
      new ProtocolError(`Service provider metadata: expected ${expected}, found ${what}.`, {
        code: `metadata-${code}`,
        hint: hints[code] ?? "Take the service provider's own metadata.",
      }),
  )
  return found
}
