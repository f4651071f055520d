/** XML for reading: one element, text or comment a line, indented; and two such documents beside each other. Runs in the page too. */
export interface XmlLine {
  depth: number
  text: string
}

const longest = 100

/** Markup, or the text before the next of it. What is not well-formed is taken as it comes: evidence of a broken message is evidence too. */
const xmlTokens =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<!DOCTYPE(?:[^[>]|\[[\s\S]*?\])*>|<(?:"[^"]*"|'[^']*'|[^<>"'])*>|<|[^<]+/g

const attributePairs = /\s+([^\s=>]+=(?:"[^"]*"|'[^']*'))/g

interface Open {
  name: string
  /** The last line of its start tag. */
  line: XmlLine
}

/**
 * A document as indented lines. Long start tags are broken at their attributes; an element with nothing but text is one
 * line.
 */
export const xmlLines = (xml: string): XmlLine[] => {
  const lines: XmlLine[] = []
  const open: Open[] = []
  const add = (text: string): XmlLine => {
    const line = { depth: open.length, text: text.replaceAll('\n', '&#10;') }
    lines.push(line)
    return line
  }
  for (const [token] of xml.matchAll(xmlTokens)) {
    if (token.startsWith('</')) closeTag(token, { lines, open, add })
    else if (/^<[^!?]/.test(token)) {
      const line = startTag(token).map(add).at(-1)
      if (line !== undefined && !token.endsWith('/>')) open.push({ name: nameIn(token), line })
    } else if (token.trim() !== '') add(token.startsWith('<') ? token : token.trim())
  }
  return lines
}

const nameIn = (tag: string): string => /^<\/?([^\s/>]*)/.exec(tag)?.[1] ?? ''

const startTag = (token: string): string[] => {
  const pairs = [...token.matchAll(attributePairs)].map(([, pair = '']) => pair)
  if (token.length <= longest || pairs.length < 2) return [token]
  const name = /^<[^\s>]+/.exec(token)?.[0] ?? token
  const end = token.endsWith('/>') ? '/>' : '>'
  return [name, ...pairs.map((pair, at) => `    ${pair}${at === pairs.length - 1 ? end : ''}`)]
}

/** `<a>text</a>` fits one line when the text is all that there is in it, and `<a></a>` is `<a/>`. What closes nothing is shown where it is. */
const closeTag = (
  token: string,
  { lines, open, add }: { lines: XmlLine[]; open: Open[]; add: (text: string) => XmlLine },
): void => {
  const last = open.at(-1)
  if (last === undefined || last.name !== nameIn(token)) return void add(token)
  open.pop()
  const text = lines.at(-1)
  if (text === last.line) last.line.text = last.line.text.replace(/>$/, '/>')
  else if (lines.at(-2) === last.line && text !== undefined && !text.text.startsWith('<')) {
    last.line.text = `${last.line.text}${text.text}${token}`
    lines.pop()
  } else add(token)
}

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
  left?: Masked | undefined
  right?: Masked | undefined
}

/** Alike from the begin and from the end; in between the longest common subsequence. */
const pairUp = (left: readonly Masked[], right: readonly Masked[]): Pair[] => {
  const shorter = Math.min(left.length, right.length)
  let start = 0
  while (start < shorter && left[start]?.key === right[start]?.key) start++
  let end = 0
  while (end < shorter - start && left.at(-1 - end)?.key === right.at(-1 - end)?.key) end++
  const both = (from: number, to: number, shift: number): Pair[] =>
    left.slice(from, to).map((line, at) => ({ left: line, right: right[from + shift + at] }))
  return [
    ...both(0, start, 0),
    ...sideBySide(middle(left.slice(start, left.length - end), right.slice(start, right.length - end))),
    ...both(left.length - end, left.length, right.length - left.length),
  ]
}

const middle = (left: readonly Masked[], right: readonly Masked[]): Pair[] => {
  const width = right.length + 1
  const common = new Uint16Array((left.length + 1) * width)
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--) {
      const here = i * width + j
      const [below = 0, beside = 0, both = 0] = [common[here + width], common[here + 1], common[here + width + 1]]
      common[here] = left[i]?.key === right[j]?.key ? both + 1 : Math.max(below, beside)
    }
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  while (i < left.length || j < right.length) {
    const [l, r, here] = [left[i], right[j], i * width + j]
    if (l && r && l.key === r.key) {
      pairs.push({ left: l, right: r })
      i += 1
      j += 1
    } else if (l && (r === undefined || (common[here + width] ?? 0) >= (common[here + 1] ?? 0))) {
      pairs.push({ left: l })
      i += 1
    } else {
      if (r) pairs.push({ right: r })
      j += 1
    }
  }
  return pairs
}

/** Within one run of differences, the first line of the left stands beside the first of the right. */
const sideBySide = (pairs: readonly Pair[]): Pair[] => {
  const out: Pair[] = []
  let waiting: Pair[] = []
  for (const pair of pairs) {
    if (pair.left !== undefined && pair.right !== undefined) waiting = []
    const first = pair.left === undefined ? waiting.shift() : undefined
    if (first !== undefined) {
      first.right = pair.right
      continue
    }
    const own = { ...pair }
    out.push(own)
    if (own.left !== undefined && own.right === undefined) waiting.push(own)
  }
  return out
}
