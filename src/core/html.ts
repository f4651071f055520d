/** Markup that is already safe to send. Only {@link html} and {@link raw} make it. */
export class Html {
  readonly value: string
  constructor(value: string) {
    this.value = value
  }
  toString(): string {
    return this.value
  }
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c] ?? c)

/** Marks a string as safe markup. For constants of ours only; never for anything that came from outside. */
export const raw = (value: string): Html => new Html(value)

type Part = Html | string | number | false | null | undefined | readonly Part[]

const render = (part: Part): string => {
  if (part === false || part === null || part === undefined) return ''
  if (part instanceof Html) return part.value
  if (Array.isArray(part)) return (part as readonly Part[]).map(render).join('')
  return escapeHtml(String(part))
}

/**
 * Tagged template for HTML: every interpolated value is escaped unless it is itself {@link Html}.
 * `false`, `null` and `undefined` render as nothing; arrays are joined.
 *
 * @example html`<p title="${name}">${items.map((i) => html`<b>${i}</b>`)}</p>`
 */
export const html = (strings: TemplateStringsArray, ...values: Part[]): Html =>
  new Html(strings.reduce((out, s, i) => out + render(values[i - 1]) + s))
