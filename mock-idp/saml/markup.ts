import { InternalError } from '../../src/core/errors.ts'

/**
 * The two ways in which the renderer writes one and the same element.
 *
 * `canonical` is exclusive C14N by construction (W3C xml-exc-c14n, C14N 2.3): the bytes that are digested and signed.
 * `sorted` is the look of Okta's messages since 2020: attributes in the order of their names with the namespace
 * declarations among them, declarations repeated on elements that don't need them, empty elements closed at once.
 * Both parse to the same document, so a signature over the first verifies over the second.
 */
export interface Form {
  /**
   * @param attributes Without a prefix, in canonical order, each with a leading space: ` Format="…"`.
   * @param needed Declarations that this element is the first to use.
   * @param repeated Declarations that canonical form leaves out, because an ancestor has them or nothing uses them.
   * @param qualified Attributes with a prefix.
   */
  open(name: string, attributes?: string, needed?: string, repeated?: string, qualified?: string): string
  empty(name: string, attributes?: string, needed?: string): string
}

export const canonical: Form = {
  open: (name, attributes = '', needed = '', _repeated = '', qualified = '') =>
    `<${name}${needed}${attributes}${qualified}>`,
  empty: (name, attributes = '', needed = '') => `<${name}${needed}${attributes}></${name}>`,
}

export const sorted: Form = {
  open: (name, attributes = '', needed = '', repeated = '', qualified = '') =>
    `<${name}${attributes}${repeated}${needed}${qualified}>`,
  empty: (name, attributes = '', needed = '') => `<${name}${attributes}${needed}/>`,
}

/** What text and attribute values may not show as it is. Surrogates are here to be looked at, not to be escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: telling them apart is this file's purpose
const suspect = /[\u0000-\u001f&<>"\ud800-\udfff\ufffe\uffff]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: the complement of XML 1.0's Char (production 2)
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u

const textEntities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const attributeEntities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/** Whether every character is one that XML 1.0 lets a document contain (production 2, `Char`). */
export const isXmlText = (value: string): boolean => !suspect.test(value) || !forbidden.test(value)

/** Writes values into a document; made once for each document. */
export interface Escaper {
  text(value: string): string
  /** ` name="value"`, or nothing for `undefined`. */
  attribute(name: string, value: string | undefined): string
}

const escaper = (check: (value: string) => void): Escaper => ({
  text: (value) => {
    if (!suspect.test(value)) return value
    check(value)
    return value.replace(/[&<>\r]/g, (c) => textEntities[c] ?? c)
  },
  attribute: (name, value) => {
    if (value === undefined) return ''
    if (!suspect.test(value)) return ` ${name}="${value}"`
    check(value)
    return ` ${name}="${value.replace(/[&<"\t\n\r]/g, (c) => attributeEntities[c] ?? c)}"`
  },
})

/**
 * Escapes as C14N does (C14N 2.3), so that what was put in is what any conforming parser reads, and refuses what no
 * document may contain.
 *
 * @throws InternalError `forbidden-character`
 */
export const strict: Escaper = escaper((value) => {
  const found = forbidden.exec(value)
  if (!found) return
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw new InternalError(
    `Expected characters that XML 1.0 allows, found U+${code} at position ${found.index} of ${JSON.stringify(value.slice(0, 80))}.`,
    {
      code: 'forbidden-character',
      hint: 'Remove the character. Only a fault may ask for a document that no parser takes.',
    },
  )
})

/** The same, but writes forbidden characters as they are: for faults that want a document that is not well-formed. */
export const lenient: Escaper = escaper(() => {})
