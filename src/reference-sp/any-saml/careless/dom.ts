/**
 * Reading a message carelessly, as service providers have done: for defects only. What the gate refuses is read once more
 * here where a defect says so.
 */
import { DOMParser } from '@xmldom/xmldom'

const elementNode = 1
const textNode = 3
const cdataNode = 4

/** A document, whatever is wrong with it; undefined where there is no element at all. */
export const parseLoosely = (xml: string): Document | undefined => {
  const quiet = (): void => undefined
  try {
    const parser = new DOMParser({ errorHandler: { warning: quiet, error: quiet, fatalError: quiet } })
    const document = parser.parseFromString(xml, 'text/xml')
    return document?.documentElement ? document : undefined
  } catch {
    return undefined
  }
}

export const childrenOf = (parent: Node): Element[] => {
  const found: Element[] = []
  for (let node = parent.firstChild; node !== null; node = node.nextSibling)
    if (node.nodeType === elementNode) found.push(node as Element)
  return found
}

/** Children by their local name, whatever their namespace. */
export const named = (parent: Element | undefined, local: string): Element[] =>
  parent === undefined ? [] : childrenOf(parent).filter(({ localName }) => localName === local)

/** Every element of this local name below, in document order; the element itself counts. */
export const below = (root: Element, local: string): Element[] => [
  ...(root.localName === local ? [root] : []),
  ...childrenOf(root).flatMap((child) => below(child, local)),
]

export const textOf = (element: Element | undefined): string => {
  let text = ''
  for (let node = element?.firstChild ?? null; node !== null; node = node.nextSibling)
    if (node.nodeType === textNode || node.nodeType === cdataNode) text += node.nodeValue ?? ''
  return text
}

/** The text up to the first thing that is no plain text: a comment, a CDATA section, a processing instruction. */
export const firstTextOf = (element: Element | undefined): string => {
  const first = element?.firstChild
  return first?.nodeType === textNode ? (first.nodeValue ?? '') : ''
}

export const attribute = (element: Element | undefined, name: string): string | undefined =>
  element?.hasAttribute(name) === true ? (element.getAttribute(name) ?? undefined) : undefined

export const isInside = (node: Node, ancestor: Node): boolean => {
  for (let at: Node | null = node; at !== null; at = at.parentNode) if (at === ancestor) return true
  return false
}

/** The nearest ancestor of this local name. */
export const ancestorNamed = (element: Element, local: string): Element | undefined => {
  for (let at = element.parentNode; at !== null; at = at.parentNode)
    if ((at as Element).localName === local) return at as Element
  return undefined
}
