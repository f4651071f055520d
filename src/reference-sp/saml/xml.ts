import { SaxesParser } from 'saxes'

/** A small, strict reading of XML: elements, attributes and text, and nothing that can be read in two ways. */
export interface XmlElement {
  namespace: string
  /** Without prefix. */
  name: string
  /** By local name; those of another namespace than none by `{namespace}name`. Namespace declarations are left out. */
  attributes: ReadonlyMap<string, string>
  children: readonly XmlElement[]
  /** The element's own text, its children's left out. */
  text: string
}

export type XmlProblem = 'malformed' | 'forbidden' | 'too-large'

export class XmlRefused extends Error {
  readonly problem: XmlProblem
  constructor(problem: XmlProblem, message: string) {
    super(message)
    this.problem = problem
  }
}

export interface XmlLimits {
  characters: number
  depth: number
  elements: number
  attributesOfOne: number
}

interface Open {
  namespace: string
  name: string
  attributes: Map<string, string>
  children: XmlElement[]
  text: string
}

export interface XmlOptions {
  limits: XmlLimits
  /** Whether comments and processing instructions are passed over (metadata) or refused (messages). */
  comments: 'refuse' | 'skip'
}

/**
 * Reads a document into a tree. Refused, whatever the options: a DOCTYPE and with it every entity of its own, CDATA
 * sections, an encoding other than UTF-8, and everything over the limits.
 *
 * Comments are refused in messages because parsers disagree on what the text around them is: `a@x<!---->.evil.test` has
 * logged in `a@x` at several SPs (CVE-2017-11427 and its kin).
 *
 * @throws XmlRefused
 */
export const parseXml = (xml: string, { limits, comments }: XmlOptions): XmlElement => {
  if (xml.length > limits.characters) refuse('too-large', `it has more than ${limits.characters} characters`)
  const parser = new SaxesParser({ xmlns: true, position: false })
  const open: Open[] = []
  let root: XmlElement | undefined
  let elements = 0

  parser.on('error', (error) => refuse('malformed', error.message))
  parser.on('doctype', () => refuse('forbidden', 'it has a DOCTYPE'))
  parser.on('cdata', () => refuse('forbidden', 'it has a CDATA section'))
  parser.on('comment', () => comments === 'refuse' && refuse('forbidden', 'it has a comment'))
  parser.on(
    'processinginstruction',
    () => comments === 'refuse' && refuse('forbidden', 'it has a processing instruction'),
  )
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') refuse('forbidden', `its encoding is ${encoding}`)
  })
  parser.on('opentag', (tag) => {
    elements += 1
    if (elements > limits.elements) refuse('too-large', `it has more than ${limits.elements} elements`)
    if (open.length >= limits.depth) refuse('too-large', `it is nested more than ${limits.depth} deep`)
    const attributes = new Map<string, string>()
    let count = 0
    for (const attribute of Object.values(tag.attributes)) {
      count += 1
      if (count > limits.attributesOfOne) refuse('too-large', `<${tag.local}> has too many attributes`)
      if (attribute.prefix === 'xmlns' || attribute.name === 'xmlns') continue
      attributes.set(attribute.uri === '' ? attribute.local : `{${attribute.uri}}${attribute.local}`, attribute.value)
    }
    open.push({ namespace: tag.uri, name: tag.local, attributes, children: [], text: '' })
  })
  parser.on('text', (text) => {
    const current = open.at(-1)
    if (current !== undefined) current.text += text
  })
  parser.on('closetag', () => {
    const element = open.pop()
    if (element === undefined) return
    const parent = open.at(-1)
    if (parent === undefined) root = element
    else parent.children.push(element)
  })
  parser.write(xml).close()
  return root ?? refuse('malformed', 'it has no element')
}

const refuse = (problem: XmlProblem, message: string): never => {
  throw new XmlRefused(problem, message)
}

export const childrenOf = (element: XmlElement, namespace: string, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name && child.namespace === namespace)

export const childOf = (element: XmlElement | undefined, namespace: string, name: string): XmlElement | undefined =>
  element && childrenOf(element, namespace, name)[0]

/** Text and attribute values for XML that we write. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
