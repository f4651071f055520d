/** XML for reading: one element, text or comment a line, indented; and two such documents beside each other. */
import { SaxesParser } from 'saxes'

export interface XmlLine {
  depth: number
  text: string
}

const longest = 100

/**
 * A document as indented lines. Long start tags are broken at their attributes. What is not well-formed comes back as it
 * is, cut at the tags, because evidence of a broken message is evidence too.
 */
export const xmlLines = (xml: string): XmlLine[] => {
  try {
    return parsed(xml)
  } catch {
    return xml
      .replaceAll('><', '>\n<')
      .split('\n')
      .map((text) => ({ depth: 0, text }))
  }
}

interface Open {
  line: XmlLine
  empty: boolean
}

const parsed = (xml: string): XmlLine[] => {
  const lines: XmlLine[] = []
  const open: Open[] = []
  const add = (text: string): XmlLine => {
    const line = { depth: open.length, text }
    lines.push(line)
    const parent = open.at(-1)
    if (parent) parent.empty = false
    return line
  }
  const parser = new SaxesParser({ xmlns: false })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', (doctype) => add(`<!DOCTYPE${doctype}>`))
  parser.on('comment', (comment) => add(`<!--${comment}-->`))
  parser.on('cdata', (text) => add(`<![CDATA[${text}]]>`))
  parser.on('processinginstruction', ({ target, body }) => add(`<?${target} ${body}?>`))
  parser.on('text', (text) => {
    if (text.trim() !== '') add(asText(text))
  })
  parser.on('opentag', ({ name, attributes }) => {
    const pairs = Object.entries(attributes).map(([key, value]) => `${key}="${asText(value)}"`)
    const whole = [`<${name}`, ...pairs].join(' ')
    const last =
      whole.length <= longest || pairs.length < 2
        ? add(`${whole}>`)
        : [add(`<${name}`), ...pairs.map((pair, at) => add(`    ${pair}${at === pairs.length - 1 ? '>' : ''}`))].at(-1)
    if (last) open.push({ line: last, empty: true })
  })
  parser.on('closetag', ({ name }) => {
    const closed = open.pop()
    if (closed === undefined) return
    const only = lines.at(-1)
    if (closed.empty) closed.line.text = closed.line.text.replace(/>$/, '/>')
    else if (isSingleText(lines, closed, only)) {
      lines.pop()
      closed.line.text = `${closed.line.text}${only?.text ?? ''}</${name}>`
    } else add(`</${name}>`)
  })
  parser.write(xml).close()
  return lines
}

/** `<a>text</a>` fits one line when the text is all that there is in it. */
const isSingleText = (lines: readonly XmlLine[], { line }: Open, only: XmlLine | undefined): boolean =>
  only !== undefined && lines.at(-2) === line && !only.text.startsWith('<')

/** As it would stand in the document, so that what could be markup is seen to be none. */
const asText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;').replaceAll('\n', '&#10;')

export interface ComparedLine {
  left?: XmlLine | undefined
  right?: XmlLine | undefined
  /** `other`: only what differs between any two logins (ids, times, signatures, who it is). */
  difference: 'none' | 'other' | 'real'
}

/**
 * Two documents, line beside line. Times are compared by their distance to the document's own IssueInstant, so that an
 * expired assertion shows, and a login that came a second later does not.
 *
 * @param persons what tells the one person's name from the other's; not compared
 */
export const compareXml = (left: string, right: string, persons: { left: string; right: string }): ComparedLine[] => {
  const [a, b] = [masked(left, persons.left), masked(right, persons.right)]
  return pairUp(a, b).map(({ left: l, right: r }): ComparedLine => {
    if (l === undefined || r === undefined || l.key !== r.key)
      return { left: l?.line, right: r?.line, difference: 'real' }
    return { left: l.line, right: r.line, difference: l.line.text === r.line.text ? 'none' : 'other' }
  })
}

interface Masked {
  line: XmlLine
  key: string
}

const masked = (xml: string, person: string): Masked[] => {
  const issued = Date.parse(/IssueInstant="([^"]+)"/.exec(xml)?.[1] ?? '')
  return xmlLines(xml).map((line) => ({ line, key: `${line.depth} ${mask(line.text, issued, person)}` }))
}

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g

const mask = (text: string, issued: number, person: string): string =>
  (person === '' ? text : text.replaceAll(person, '•'))
    .replace(instant, (time) => String(Math.round((Date.parse(time) - issued) / 10_000)))
    .replace(/\b(ID|InResponseTo|SessionIndex)="[^"]*"/g, '$1')
    .replace(/\bURI="#[^"]*"/g, 'URI')
    .replace(/(<(?:\w+:)?(?:DigestValue|SignatureValue)\b[^>]*>)[^<]*/g, '$1')

interface Pair {
  left?: Masked
  right?: Masked
}

/** The longest common subsequence of the masked lines; what is left over stands alone, or side by side where both have some. */
const pairUp = (left: readonly Masked[], right: readonly Masked[]): Pair[] => {
  const width = right.length + 1
  const common = new Uint16Array((left.length + 1) * width)
  const at = (i: number, j: number): number => common[i * width + j] ?? 0
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--)
      common[i * width + j] =
        left[i]?.key === right[j]?.key ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < left.length || j < right.length) {
    const [l, r] = [left[i], right[j]]
    if (l && r && l.key === r.key) {
      pairs.push({ left: l, right: r })
      i += 1
      j += 1
    } else if (l && (r === undefined || at(i + 1, j) >= at(i, j + 1))) {
      pairs.push({ left: l })
      i += 1
    } else if (r) {
      pairs.push({ right: r })
      j += 1
    }
  }
  return sideBySide(pairs)
}

/** Within one run of differences, the first line of the left stands beside the first of the right. */
const sideBySide = (pairs: readonly Pair[]): Pair[] => {
  const out: Pair[] = []
  for (const pair of pairs) {
    const open = pair.left === undefined ? out.findIndex((known, at) => isOpen(known) && sameRun(out, at)) : -1
    const waiting = out[open]
    if (waiting !== undefined && pair.right !== undefined) waiting.right = pair.right
    else out.push({ ...pair })
  }
  return out
}

const isOpen = (pair: Pair): boolean => pair.left !== undefined && pair.right === undefined

const sameRun = (pairs: readonly Pair[], from: number): boolean =>
  pairs.slice(from).every(({ left, right }) => left?.key !== right?.key)
