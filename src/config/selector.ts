/**
 * The small part of CSS selectors that `session` and `secondFactor` understand: `tag`, `#id`, `.class`, `[attr]`,
 * `[attr=value]` (quotes as you like), any of them together, and a space for "inside".
 */
export interface Compound {
  tag?: string | undefined
  id?: string | undefined
  classes: readonly string[]
  attributes: readonly { name: string; value?: string | undefined }[]
}

const part =
  /(?:(?<tag>[a-zA-Z][\w-]*|\*)|#(?<id>[\w-]+)|\.(?<cls>[\w-]+)|\[\s*(?<name>[\w:-]+)\s*(?:=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^\s\]"']+))\s*)?\])/y

const compoundAt = (text: string, start: number): { compound: Compound; end: number } | undefined => {
  let tag: string | undefined
  let id: string | undefined
  const classes: string[] = []
  const attributes: { name: string; value?: string | undefined }[] = []
  let end = start
  for (;;) {
    part.lastIndex = end
    const groups = part.exec(text)?.groups
    if (groups === undefined) break
    if (groups['tag'] !== undefined) {
      if (end !== start) return undefined
      tag = groups['tag'] === '*' ? undefined : groups['tag'].toLowerCase()
    } else if (groups['id'] !== undefined) id = groups['id']
    else if (groups['cls'] !== undefined) classes.push(groups['cls'])
    else {
      const value = groups['double'] ?? groups['single'] ?? groups['bare']
      attributes.push({ name: (groups['name'] ?? '').toLowerCase(), value })
    }
    end = part.lastIndex
  }
  return end === start ? undefined : { compound: { tag, id, classes, attributes }, end }
}

/**
 * The compounds of a selector, outermost first; undefined when it is not of the part of CSS that is understood.
 *
 * @example parseSelector('#user [data-role=email]')
 */
export const parseSelector = (selector: string): Compound[] | undefined => {
  const text = selector.trim()
  const compounds: Compound[] = []
  let at = 0
  while (at < text.length) {
    const next = compoundAt(text, at)
    if (next === undefined) return undefined
    compounds.push(next.compound)
    at = next.end
    if (at < text.length && !/\s/.test(text[at] ?? '')) return undefined
    while (/\s/.test(text[at] ?? '')) at++
  }
  return compounds.length === 0 ? undefined : compounds
}
