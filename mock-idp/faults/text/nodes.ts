/**
 * Finding one's way in a document that our renderer wrote: double quotes, no CDATA, `>` only in attribute values and at the
 * end of a tag. Editing it as text is exact; parsing and writing it again would change bytes that are signed.
 */
import { UsageError } from '../../../src/core/errors.ts'

export interface Node {
  /** With its prefix. */
  name: string
  local: string
  /** Offsets: of `<`, after the start tag, before the end tag, after it. */
  start: number
  openEnd: number
  closeStart: number
  end: number
}

const markup = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w.-]+:)?([\w.-]+)((?:[^>"]|"[^"]*")*?)(\/?)>/g

/** Every element, in document order. */
export const scan = (xml: string): Node[] => {
  const nodes: Node[] = []
  const open: Node[] = []
  for (const { 0: tag, 1: slash, 2: prefix = '', 3: local, 5: empty, index } of xml.matchAll(markup)) {
    if (local === undefined) continue
    const after = index + tag.length
    if (slash === '/') {
      const node = open.pop()
      if (node) Object.assign(node, { closeStart: index, end: after })
      continue
    }
    const node = { name: prefix + local, local, start: index, openEnd: after, closeStart: after, end: after }
    nodes.push(node)
    if (empty !== '/') open.push(node)
  }
  return nodes
}

export const all = (xml: string, local: string): Node[] => scan(xml).filter((node) => node.local === local)

/** @throws UsageError where the message has no such element: a good message must not pass for a faulty one */
export const first = (xml: string, local: string): Node => {
  const [found] = all(xml, local)
  if (found) return found
  throw new UsageError(`Expected the element ${local} in the Response, found none.`, {
    code: 'fault-not-applicable',
    hint: 'The message of this application has no such element: send one that has, or leave the fault out.',
  })
}

export const outer = (xml: string, { start, end }: Node): string => xml.slice(start, end)
export const inner = (xml: string, { openEnd, closeStart }: Node): string => xml.slice(openEnd, closeStart)
export const tagOf = (xml: string, { start, openEnd }: Node): string => xml.slice(start, openEnd)

export const replaced = (xml: string, { start, end }: Node, by: string): string =>
  xml.slice(0, start) + by + xml.slice(end)

/** The document with the content of the element replaced; an element without an end tag gets one. */
export const refilled = (xml: string, node: Node, content: string): string =>
  node.closeStart === node.end
    ? replaced(xml, node, `${tagOf(xml, node).replace(/\/>$/, '>')}${content}</${node.name}>`)
    : xml.slice(0, node.openEnd) + content + xml.slice(node.closeStart)

export const before = (xml: string, { start }: Node, what: string): string =>
  xml.slice(0, start) + what + xml.slice(start)
export const after = (xml: string, { end }: Node, what: string): string => xml.slice(0, end) + what + xml.slice(end)
export const prepended = (xml: string, { openEnd }: Node, what: string): string =>
  xml.slice(0, openEnd) + what + xml.slice(openEnd)
export const appended = (xml: string, { closeStart }: Node, what: string): string =>
  xml.slice(0, closeStart) + what + xml.slice(closeStart)

const attributes = / ([\w.:-]+)="([^"]*)"/g

/** A start tag with an attribute set, or without it (`undefined`); those without a prefix stay in their canonical order. */
export const tagWith = (tag: string, name: string, value: string | undefined): string => {
  const head = /^<[\w.:-]+/.exec(tag)?.[0] ?? ''
  const tail = /\/?>$/.exec(tag)?.[0] ?? '>'
  const list = [...tag.matchAll(attributes)].map(([text, key = '']) => ({ text, key }))
  const rest = list.filter(({ key }) => key !== name)
  if (value === undefined) return head + rest.map(({ text }) => text).join('') + tail
  const own = { text: ` ${name}="${value}"`, key: name }
  const was = list.findIndex(({ key }) => key === name)
  const isPlain = (key: string): boolean => !key.includes(':') && key !== 'xmlns'
  const next = rest.findIndex(({ key }) => (key.includes(':') ? !key.startsWith('xmlns') : isPlain(key) && key > name))
  const at = was >= 0 ? was : next < 0 ? rest.length : next
  return head + [...rest.slice(0, at), own, ...rest.slice(at)].map(({ text }) => text).join('') + tail
}

/** The document with an attribute of the element set, or without it. The value is written as it is. */
export const withAttribute = (xml: string, node: Node, name: string, value: string | undefined): string =>
  xml.slice(0, node.start) + tagWith(tagOf(xml, node), name, value) + xml.slice(node.openEnd)

export const attributeOf = (xml: string, node: Node, name: string): string | undefined =>
  [...tagOf(xml, node).matchAll(attributes)].find(([, key]) => key === name)?.[2]
