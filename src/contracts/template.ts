import { UsageError } from '../core/errors.ts'

/** What a template is filled with: text, lists to repeat for, and objects to go into. */
export type TemplateValue = string | TemplateData | readonly (string | TemplateData)[] | undefined
export interface TemplateData {
  readonly [name: string]: TemplateValue
}

/**
 * Fills a Gherkin template with the data of a contract. The language is the smallest that will do:
 *
 * - `{{name}}`, `{{rule.id}}`: a text;
 * - `{{#name}}` … `{{/name}}`, each on a line of its own: the lines between, once for each element of a list, or once for an
 *   object, whose members are then found first; not at all when there is nothing of this name.
 *   `{{.}}` is the element itself where the list is of texts.
 *
 * @throws UsageError when a text has no value, or a section has no end
 * @example renderTemplate('{{#roles}}\n| {{.}} |\n{{/roles}}\n', { roles: ['admin', 'reports'] })
 */
export const renderTemplate = (template: string, data: TemplateData): string =>
  alignTables(fill(template.split('\n'), [data]).join('\n')).replaceAll(/\n{3,}/g, '\n\n')

type Scope = string | TemplateData

const fill = (lines: readonly string[], scopes: readonly Scope[]): string[] => {
  const out: string[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const name = /^\s*\{\{#([\w.]+)\}\}\s*$/.exec(line)?.[1]
    if (name === undefined) {
      out.push(line.replaceAll(/\{\{([\w.]+)\}\}/g, (_, path: string) => textAt(scopes, path)))
      continue
    }
    const end = lines.findIndex((other, index) => index > at && other.trim() === `{{/${name}}}`)
    if (end < 0) throw new UsageError(`The section {{#${name}}} has no end`, { code: 'bad-template' })
    const value = valueAt(scopes, name)
    const elements: readonly Scope[] = value === undefined ? [] : Array.isArray(value) ? value : [value as Scope]
    for (const element of elements) out.push(...fill(lines.slice(at + 1, end), [element, ...scopes]))
    at = end
  }
  return out
}

const valueAt = (scopes: readonly Scope[], path: string): TemplateValue => {
  if (path === '.') return scopes[0]
  const names = path.split('.')
  for (const scope of scopes) {
    const value = names.reduce<TemplateValue>((at, name) => (isData(at) ? at[name] : undefined), scope)
    if (value !== undefined) return value
  }
  return undefined
}

const isData = (value: TemplateValue): value is TemplateData =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textAt = (scopes: readonly Scope[], path: string): string => {
  const value = valueAt(scopes, path)
  if (typeof value === 'string') return value
  throw new UsageError(`The template needs a text for {{${path}}}, and there is none`, { code: 'bad-template' })
}

/** Cells of one width, as one writes them by hand. */
const alignTables = (text: string): string =>
  text.replaceAll(/(?:^[ \t]*\|.*\|[ \t]*\n?)+/gm, (table) => {
    const rows = table
      .trimEnd()
      .split('\n')
      .map((row) =>
        row
          .trim()
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      )
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
    const indent = /^[ \t]*/.exec(table)?.[0] ?? ''
    const lines = rows.map(
      (row) => `${indent}| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
    )
    return `${lines.join('\n')}${table.endsWith('\n') ? '\n' : ''}`
  })
