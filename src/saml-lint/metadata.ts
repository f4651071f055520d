/** Metadata of a service provider, by what SAML says of them. */
import { createPublicKey, X509Certificate } from 'node:crypto'
import { type LintFinding, type LintRule, lint, unreadable } from './finding.ts'
import { childrenOf, type Node, ns, readXml } from './xml.ts'

export interface Metadata {
  xml: string
  /** The entity ID that is expected; any when left out. */
  entityId?: string | undefined
  /** The ACS that must be in it; any when left out. */
  acs?: readonly string[] | undefined
  now: number
}

interface Document extends Metadata {
  root: Node
  sp: Node | undefined
}

const isLoopback = (url: URL): boolean => /^(localhost|127\.|\[::1\])/.test(url.hostname)

const services = (sp: Node | undefined): Node[] => childrenOf(sp, 'AssertionConsumerService')

const certificatesOf = (sp: Node | undefined): string[] =>
  childrenOf(sp, 'KeyDescriptor')
    .flatMap((key) => childrenOf(key, 'KeyInfo'))
    .flatMap((info) => childrenOf(info, 'X509Data'))
    .flatMap((data) => childrenOf(data, 'X509Certificate'))
    .map(({ text }) => text.replace(/\s/g, ''))

const keyProblem = (base64: string): string[] => {
  try {
    const { publicKey } = new X509Certificate(Buffer.from(base64, 'base64'))
    const key = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return key.asymmetricKeyType === 'rsa' && bits < 2048 ? [`An RSA key has ${bits} bits.`] : []
  } catch {
    return ['An X509Certificate is no certificate in base64.']
  }
}

export const metadataRules: readonly LintRule<Document>[] = [
  {
    rule: 'MD-01',
    title: 'The metadata are those of the entity',
    clause: 'SAML Metadata 2.3.2',
    hint: 'Publish an md:EntityDescriptor whose entityID is the Issuer of your requests, of 1024 characters at most.',
    check: ({ root, entityId }) => {
      const found = root.attributes.get('entityID') ?? ''
      return [
        ...(root.namespace === ns.metadata && root.local === 'EntityDescriptor'
          ? []
          : [`Their root is {${root.namespace}}${root.local}.`]),
        ...(found === '' ? ['They have no entityID.'] : []),
        ...(found.length > 1024 ? ['Their entityID has more than 1024 characters.'] : []),
        ...(entityId === undefined || found === '' || found === entityId
          ? []
          : [`Their entityID is ${found}, and ${entityId} is expected.`]),
      ]
    },
  },
  {
    rule: 'MD-02',
    title: 'There is a service provider that supports SAML 2.0',
    clause: 'SAML Metadata 2.4.1, 2.4.4',
    hint: 'Publish an md:SPSSODescriptor whose protocolSupportEnumeration has urn:oasis:names:tc:SAML:2.0:protocol.',
    check: ({ sp }) => {
      if (sp === undefined) return ['They have no SPSSODescriptor.']
      const protocols = (sp.attributes.get('protocolSupportEnumeration') ?? '').split(/\s+/)
      return protocols.includes(ns.protocol)
        ? []
        : ['Their protocolSupportEnumeration does not have the protocol of SAML 2.0.']
    },
  },
  {
    rule: 'MD-03',
    title: 'There is an ACS for HTTP-POST, each with an index of its own',
    clause: 'SAML Metadata 2.4.4, SDP-SP08, SDP-SP09',
    hint: 'Publish each md:AssertionConsumerService with Binding, an absolute https Location and an index; one of them for HTTP-POST.',
    check: ({ sp, acs }) => {
      const all = services(sp)
      const locations = all.map((one) => one.attributes.get('Location') ?? '')
      const indexes = all.map((one) => one.attributes.get('index') ?? '')
      return [
        ...(all.some((one) => one.attributes.get('Binding')?.endsWith(':HTTP-POST') === true)
          ? []
          : ['They have no AssertionConsumerService for HTTP-POST.']),
        ...locations.flatMap((url) => {
          if (!URL.canParse(url)) return [`The Location ${JSON.stringify(url)} is no absolute URL.`]
          const parsed = new URL(url)
          return parsed.protocol === 'https:' || isLoopback(parsed)
            ? []
            : [`The Location ${url} is not protected by TLS.`]
        }),
        ...(indexes.every((index) => /^\d+$/.test(index)) && new Set(indexes).size === indexes.length
          ? []
          : [`The indexes are ${indexes.map((one) => one || 'missing').join(', ')}.`]),
        ...(acs ?? []).filter((url) => !locations.includes(url)).map((url) => `${url} is not among the Locations.`),
      ]
    },
  },
  {
    rule: 'MD-04',
    title: 'Keys are certificates that can be read, of 2048 bits at least',
    clause: 'SAML Metadata 2.4.1.1, SDP-MD06',
    hint: 'Publish keys of 2048 bits or more, in base64 without headers.',
    check: ({ sp }) => certificatesOf(sp).flatMap(keyProblem),
  },
  {
    rule: 'MD-05',
    title: 'The metadata hold now',
    clause: 'SAML Metadata 2.3.2, 4.3',
    hint: 'Renew the metadata before validUntil.',
    check: ({ root, sp, now }) =>
      [root, sp].flatMap((node) => {
        const until = node?.attributes.get('validUntil')
        if (until === undefined) return []
        const at = Date.parse(until)
        if (Number.isNaN(at)) return [`Their validUntil ${JSON.stringify(until)} is no time.`]
        return at < now ? [`They were valid until ${until}.`] : []
      }),
  },
]

/** Everything that is wrong with metadata. A document that cannot be read breaks the first rule. */
export const lintMetadata = (metadata: Metadata): LintFinding[] => {
  const { root, problems } = readXml(metadata.xml)
  const wrong = problems.map((message) => ({ rule: 'MD-01', message }))
  if (root === undefined) return unreadable(wrong)
  const [sp] = childrenOf(root, 'SPSSODescriptor')
  return [...wrong, ...lint({ ...metadata, root, sp }, metadataRules)]
}
