/**
 * A tolerant reader of HTML: enough to find forms and to read a page, for pages as they are and not as they should be.
 * It makes a flat list of elements that know their parents, so nothing of it recurses and depth costs nothing.
 */
import { decodeEntities } from './entities.ts'

export interface HtmlElement {
  /** Lower case. */
  name: string
  /** Names in lower case, references decoded; of the same name the first one counts. */
  attributes: Readonly<Record<string, string>>
  parent: HtmlElement | undefined
  /** The form that it belongs to by its place. */
  form: HtmlElement | undefined
  /** Its text, with that of everything inside. */
  text(): string
}

const voids = new Set('area base br col embed hr img input link meta param source track wbr keygen frame'.split(' '))
/** Their content is text: `</script` ends a script, and no tag inside counts. */
const rawText = new Set(['script', 'style', 'xmp', 'iframe', 'noembed', 'noframes'])
const escapableText = new Set(['title', 'textarea'])
/** A second one ends the first: they are seldom closed. */
const endedByTheSame = new Set(['option', 'li', 'tr', 'td', 'th', 'dt', 'dd', 'p'])

const attributeGap = /[\s/]*/y
const attributeName = /=?[^\s/>=]*/y
const attributeValue = /\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*))/y
const tagName = /[a-zA-Z][^\s/>]*/y

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | undefined => {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

/** The attributes from a place inside a tag, and where the tag ends. */
const attributesAt = (html: string, start: number): { attributes: Record<string, string>; end: number } => {
  const attributes: Record<string, string> = Object.create(null)
  let at = start
  for (;;) {
    at += match(attributeGap, html, at)?.[0].length ?? 0
    if (at >= html.length || html[at] === '>') return { attributes, end: Math.min(at + 1, html.length) }
    const name = (match(attributeName, html, at)?.[0] ?? '').toLowerCase()
    at += Math.max(name.length, 1)
    const value = match(attributeValue, html, at)
    if (value !== undefined) at += value[0].length
    if (!(name in attributes)) attributes[name] = decodeEntities(value?.[1] ?? value?.[2] ?? value?.[3] ?? '', true)
  }
}

/**
 * The elements of a page, in the order of the document. Never throws.
 *
 * @example parseHtml('<p class=a>Hi &amp; bye').find(({ name }) => name === 'p')?.text() // 'Hi & bye'
 */
export const parseHtml = (html: string): readonly HtmlElement[] => {
  const elements: HtmlElement[] = []
  const texts: string[] = []
  const open: { element: HtmlElement; close(): void }[] = []
  const openNames = new Map<string, number>()
  let form: HtmlElement | undefined

  const say = (text: string): void => {
    if (text !== '') texts.push(text)
  }
  const start = (name: string, attributes: Record<string, string>): (() => void) => {
    const from = texts.length
    let to: number | undefined
    const text = (): string => texts.slice(from, to ?? texts.length).join('')
    const element: HtmlElement = { name, attributes, parent: open.at(-1)?.element, form, text }
    elements.push(element)
    if (name === 'form') form = element
    open.push({
      element,
      close: () => {
        to = texts.length
      },
    })
    openNames.set(name, (openNames.get(name) ?? 0) + 1)
    return pop
  }
  const pop = (): void => {
    const top = open.pop()
    if (top === undefined) return
    top.close()
    openNames.set(top.element.name, (openNames.get(top.element.name) ?? 1) - 1)
  }
  const end = (name: string): void => {
    if (name === 'form') form = undefined
    if ((openNames.get(name) ?? 0) === 0) return
    while (open.at(-1)?.element.name !== name) pop()
    pop()
  }
  /** Reads the text of a script, a title… up to its end tag; gives the place of that tag. */
  const textOf = (name: string, at: number): number => {
    const closing = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
    closing.lastIndex = at
    const stop = closing.exec(html)?.index ?? html.length
    const content = html.slice(at, stop)
    const text = rawText.has(name) ? content : decodeEntities(content)
    // A line break right after <textarea> is not part of its value (HTML 13.1.2.5).
    say(name === 'textarea' ? text.replace(/^\r?\n/, '') : text)
    return stop
  }

  let at = 0
  while (at < html.length) {
    const next = html.indexOf('<', at)
    if (next === -1) {
      say(decodeEntities(html.slice(at)))
      break
    }
    say(decodeEntities(html.slice(at, next)))
    if (html.startsWith('<!--', next)) {
      const stop = html.indexOf('-->', next + 4)
      at = stop === -1 ? html.length : stop + 3
      continue
    }
    const second = html[next + 1]
    if (second === '!' || second === '?') {
      const stop = html.indexOf('>', next)
      at = stop === -1 ? html.length : stop + 1
      continue
    }
    const closing = second === '/'
    const name = match(tagName, html, next + (closing ? 2 : 1))?.[0].toLowerCase()
    if (name === undefined) {
      say('<')
      at = next + 1
      continue
    }
    const tag = attributesAt(html, next + (closing ? 2 : 1) + name.length)
    at = tag.end
    if (closing) {
      end(name)
      continue
    }
    if (endedByTheSame.has(name) && open.at(-1)?.element.name === name) pop()
    // A form inside a form does not count (HTML 13.2.6.4.7).
    if (name === 'form' && form !== undefined) continue
    const close = start(name, tag.attributes)
    if (rawText.has(name) || escapableText.has(name)) at = textOf(name, at)
    else if (voids.has(name)) close()
  }
  return elements
}

/** Whether an element stands inside another. */
export const isInside = (element: HtmlElement, outer: HtmlElement): boolean => {
  for (let at = element.parent; at !== undefined; at = at.parent) if (at === outer) return true
  return false
}
