import { SaxesParser, type SaxesTagNS } from 'saxes'

/** Why a document was not read to its end. `position` counts characters from the start. */
export interface ParseProblem {
  code: 'doctype' | 'too-deep' | 'too-many-elements' | 'not-xml'
  expected: string
  found: string
}

export interface ParseLimits {
  depth: number
  elements: number
}

export interface ParseHandlers {
  /** `path` ends with this element; names are local, with their namespaces in `tag`. */
  open(tag: SaxesTagNS, depth: number): void
  close?(tag: SaxesTagNS, depth: number): void
  text?(text: string): void
}

/** Doctype or not, and where: found before the parser has read through it. */
const cut = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 200)

/**
 * Reads a document that strangers sent, as a stream: namespaces checked, no DOCTYPE (so no entities of their own and
 * nothing to fetch), limited depth and number of elements. CDATA counts as text, comments are nothing, and neither
 * splits the text around it.
 *
 * @throws what `fail` returns
 */
export const parseStrictly = (
  xml: string,
  limits: ParseLimits,
  handlers: ParseHandlers,
  fail: (problem: ParseProblem) => Error,
): void => {
  const parser = new SaxesParser({ xmlns: true, position: true })
  let depth = 0
  let elements = 0
  parser.on('doctype', () => {
    throw fail({ code: 'doctype', expected: 'no document type declaration', found: 'a <!DOCTYPE …>' })
  })
  parser.on('error', (error) => {
    throw fail({ code: 'not-xml', expected: 'a well-formed XML document', found: cut(error.message) })
  })
  parser.on('opentag', (tag) => {
    depth += 1
    elements += 1
    if (depth > limits.depth)
      throw fail({
        code: 'too-deep',
        expected: `elements at most ${limits.depth} deep`,
        found: `<${tag.name}> inside ${limits.depth} others`,
      })
    if (elements > limits.elements)
      throw fail({ code: 'too-many-elements', expected: `at most ${limits.elements} elements`, found: 'more' })
    handlers.open(tag, depth)
  })
  parser.on('closetag', (tag) => {
    handlers.close?.(tag, depth)
    depth -= 1
  })
  if (handlers.text) {
    parser.on('text', handlers.text)
    parser.on('cdata', handlers.text)
  }
  parser.write(xml).close()
}
