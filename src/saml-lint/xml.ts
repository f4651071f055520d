/** A small, strict reading of XML, for documents of the service provider. */
import { SaxesParser } from 'saxes'

export interface Node {
  namespace: string
  local: string
  attributes: ReadonlyMap<string, string>
  children: Node[]
  text: string
}

export interface Read {
  root: Node | undefined
  /** Why there is none, or what no SAML document has. */
  problems: string[]
}

const limits = { characters: 2_000_000, depth: 64, elements: 50_000 }

/** Reads a document; what is wrong with it is said, and never thrown. */
export const readXml = (xml: string): Read => {
  if (xml.length > limits.characters)
    return { root: undefined, problems: [`It has more than ${limits.characters} characters.`] }
  const problems: string[] = []
  const open: Node[] = []
  let root: Node | undefined
  let elements = 0
  const parser = new SaxesParser({ xmlns: true, position: false })
  parser.on('error', ({ message }) => {
    throw new Error(`It is not well-formed: ${message.replace(/\.$/, '')}.`)
  })
  parser.on('doctype', () => problems.push('It has a DOCTYPE.'))
  parser.on('opentag', (tag) => {
    elements += 1
    if (elements > limits.elements || open.length >= limits.depth) throw new Error('It has too many elements.')
    const attributes = new Map<string, string>()
    for (const { uri, local, value, prefix } of Object.values(tag.attributes))
      if (prefix !== 'xmlns' && local !== 'xmlns') attributes.set(uri === '' ? local : `{${uri}}${local}`, value)
    const node: Node = { namespace: tag.uri, local: tag.local, attributes, children: [], text: '' }
    open.at(-1)?.children.push(node)
    root ??= node
    open.push(node)
  })
  parser.on('text', (text) => {
    const current = open.at(-1)
    if (current) current.text += text
  })
  parser.on('closetag', () => void open.pop())
  try {
    parser.write(xml.replace(/^\uFEFF/, '')).close()
  } catch (error) {
    return { root: undefined, problems: [...problems, error instanceof Error ? error.message : String(error)] }
  }
  return { root, problems }
}

export const childrenOf = (node: Node | undefined, local: string): Node[] =>
  (node?.children ?? []).filter((child) => child.local === local)

export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
} as const

/** xs:ID: letters or underscore first (Namespaces in XML, NCName). */
export const isNcName = (text: string): boolean => /^[\p{L}_][\p{L}\p{N}_.·-]*$/u.test(text)
/** A UTC time of xs:dateTime (SAML Core 1.3.3). */
export const isUtc = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) && !Number.isNaN(Date.parse(text))
