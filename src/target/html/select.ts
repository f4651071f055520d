import { type Compound, parseSelector } from '../../config/selector.ts'
import type { HtmlElement } from './parse.ts'

const fits = ({ name, attributes }: HtmlElement, { tag, id, classes, attributes: wanted }: Compound): boolean => {
  if (tag !== undefined && tag !== name) return false
  if (id !== undefined && attributes['id'] !== id) return false
  const own = (attributes['class'] ?? '').split(/\s+/)
  if (!classes.every((one) => own.includes(one))) return false
  return wanted.every(({ name: attribute, value }) =>
    value === undefined ? attribute in attributes : attributes[attribute] === value,
  )
}

const standsInside = (element: HtmlElement, outer: readonly Compound[]): boolean => {
  let left = outer.length
  for (let at = element.parent; at !== undefined && left > 0; at = at.parent) {
    const compound = outer[left - 1]
    if (compound !== undefined && fits(at, compound)) left--
  }
  return left === 0
}

/** The first element that a selector (the part of CSS of {@link parseSelector}) means; undefined when there is none. */
export const select = (elements: readonly HtmlElement[], selector: string): HtmlElement | undefined => {
  const compounds = parseSelector(selector) ?? []
  const last = compounds.at(-1)
  if (last === undefined) return undefined
  return elements.find((element) => fits(element, last) && standsInside(element, compounds.slice(0, -1)))
}

/** What a person reads there: a field's value, a meta's content, else the text with its white space collapsed. */
export const shownText = (element: HtmlElement): string => {
  const own = { input: element.attributes['value'], meta: element.attributes['content'] }[element.name]
  return (own ?? element.text()).replace(/\s+/g, ' ').trim()
}
