import type { AutoForm } from '../user-agent.ts'
import { type HtmlElement, isInside, parseHtml } from './parse.ts'

export interface Form extends AutoForm {
  element: HtmlElement
}

const notSent = new Set(['submit', 'image', 'reset', 'button', 'file'])

const isOf = (field: HtmlElement, form: HtmlElement): boolean => {
  const owner = field.attributes['form']
  return owner === undefined ? field.form === form : owner !== '' && owner === form.attributes['id']
}

const sentValue = (field: HtmlElement, elements: readonly HtmlElement[]): string | undefined => {
  const { name, attributes } = field
  if ('disabled' in attributes) return undefined
  if (name === 'textarea') return field.text()
  if (name === 'input') {
    const type = (attributes['type'] ?? 'text').toLowerCase()
    if (notSent.has(type)) return undefined
    if (type === 'checkbox' || type === 'radio')
      return 'checked' in attributes ? (attributes['value'] ?? 'on') : undefined
    return attributes['value'] ?? ''
  }
  if (name !== 'select') return undefined
  const options = elements.filter((element) => element.name === 'option' && isInside(element, field))
  const chosen = options.find((option) => 'selected' in option.attributes) ?? options[0]
  return chosen === undefined ? undefined : (chosen.attributes['value'] ?? chosen.text().trim())
}

const target = (action: string, pageUrl: string, elements: readonly HtmlElement[]): string => {
  const base = elements.find(({ name, attributes }) => name === 'base' && 'href' in attributes)?.attributes['href']
  const against = base !== undefined && URL.canParse(base, pageUrl) ? new URL(base, pageUrl).href : pageUrl
  const trimmed = action.trim()
  // An empty action means the page itself, whatever the base says (HTML 4.10.21.3).
  if (trimmed === '') return pageUrl
  return URL.canParse(trimmed, against) ? new URL(trimmed, against).href : trimmed
}

const enctypeOf = ({ attributes }: HtmlElement): AutoForm['enctype'] => {
  const enctype = attributes['enctype']?.trim().toLowerCase()
  return enctype === 'text/plain' || enctype === 'multipart/form-data' ? enctype : undefined
}

const formsIn = (elements: readonly HtmlElement[], pageUrl: string): Form[] =>
  elements
    .filter(({ name }) => name === 'form')
    .map((element): Form => {
      const fields = elements.flatMap((field): [string, string][] => {
        const name = field.attributes['name']
        if (name === undefined || name === '' || !isOf(field, element)) return []
        const value = sentValue(field, elements)
        return value === undefined ? [] : [[name, value]]
      })
      return {
        element,
        action: target(element.attributes['action'] ?? '', pageUrl, elements),
        method: element.attributes['method']?.trim().toLowerCase() === 'post' ? 'POST' : 'GET',
        enctype: enctypeOf(element),
        fields: Object.fromEntries(fields),
        entries: fields,
      }
    })

/** The forms of a page, with what a browser would send of them when nobody touched them. */
export const readForms = (html: string, pageUrl: string): Form[] => formsIn(parseHtml(html), pageUrl)

const submits = /\b(?:submit|requestSubmit)\s*\(/
const callsSubmit = /\.\s*(?:submit|requestSubmit)\s*\(|\[\s*['"]submit['"]\s*\]/

/** Whether a browser (or a person without scripts, by the button in `noscript`) would post this form at once. */
const postsItself = (form: Form, elements: readonly HtmlElement[]): boolean => {
  if ('SAMLResponse' in form.fields || 'SAMLRequest' in form.fields) return true
  if (form.method !== 'POST') return false
  const isButton = ({ name, attributes }: HtmlElement): boolean =>
    name === 'button' || (name === 'input' && attributes['type']?.toLowerCase() === 'submit')
  return elements.some((element) => {
    if (element.name === 'body') return submits.test(element.attributes['onload'] ?? '')
    if (element.name === 'script') return callsSubmit.test(element.text())
    return (
      element.name === 'noscript' &&
      element.form === form.element &&
      elements.some((inner) => isButton(inner) && isInside(inner, element))
    )
  })
}

/** The form that the page posts by itself: one that carries a SAML message before any other. */
export const readAutoForm = (html: string, pageUrl: string): AutoForm | undefined => {
  if (!/<form/i.test(html)) return undefined
  const elements = parseHtml(html)
  const forms = formsIn(elements, pageUrl)
  const found =
    forms.find(({ fields }) => 'SAMLResponse' in fields || 'SAMLRequest' in fields) ??
    forms.find((form) => postsItself(form, elements))
  if (found === undefined) return undefined
  const { action, method, enctype, fields, entries } = found
  return { action, method, ...(enctype === undefined ? {} : { enctype }), fields, entries }
}
