/** What was sent and what came back: messages beside those of the twin, and the exchanges. Runs in the page too. */
import type { Exchange, LoginEvidence } from '../../core/evidence.ts'
import { type Html, html, raw } from '../../core/html.ts'
import { type ComparedLine, compareXml, type XmlLine, xmlLines } from './xml-lines.ts'

/** The messages and exchanges of a scenario; `open` where they are what somebody came for. */
export const messages = (logins: readonly LoginEvidence[], { open }: { open: boolean }): Html =>
  html`${assertions(logins, open)}${logins.map(exchanges)}`

const has = (role: LoginEvidence['role']) => (login: LoginEvidence) =>
  login.role === role && login.responseXml !== undefined

/** The logins with what is shown of them, and no more. */
export const shortened = (logins: readonly LoginEvidence[]): LoginEvidence[] => {
  const shown = [logins.findLast(has('probe')), logins.findLast(has('twin'))]
  return logins.map((login) => ({
    ...login,
    responseXml: shown.includes(login) ? login.responseXml : undefined,
    exchanges: login.exchanges.map((one) => ({
      ...one,
      requestBody: bodyText(one.requestBody),
      responseBody: bodyText(one.responseBody),
    })),
  }))
}

/** The last login under test beside the good one that it is compared with; without a twin, alone. */
const assertions = (logins: readonly LoginEvidence[], open: boolean): Html => {
  const probe = logins.findLast(has('probe'))
  const twin = logins.findLast(has('twin'))
  if (probe?.responseXml === undefined) return html``
  if (twin?.responseXml === undefined)
    return html`<details ${raw(open ? 'open' : '')}><summary>The message that was sent</summary>
<pre tabindex="0">${xmlLines(probe.responseXml).map((line) => html`${lineText(line)}\n`)}</pre></details>`
  const [left, right] = whoTellsApart(probe.user, twin.user)
  const lines = compareXml(probe.responseXml, twin.responseXml, { left, right })
  const titles = [
    `Under test: ${probe.verdict}${probe.faults.length > 0 ? ` (${probe.faults.join(', ')})` : ''}`,
    `Twin: ${twin.verdict}`,
  ]
  return html`<details ${raw(open ? 'open' : '')}><summary>What differs between the message under test and its twin's</summary>
${comparison(titles, nearDifferences(lines))}
<p class="legend">Marked lines differ in what matters; pale ones only in what differs between any two logins: ids, times, signatures, the person's name.</p></details>
<details><summary>Both messages, whole</summary>${comparison(titles, lines)}</details>`
}

const comparison = (titles: readonly string[], rows: readonly (ComparedLine | number)[]): Html =>
  html`<div class="compare" tabindex="0"><table><thead><tr>${titles.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => (typeof row === 'number' ? html`<tr class="alike"><td colspan="2">⋯ ${row} lines</td></tr>` : comparedRow(row)))}</tbody></table></div>`

const context = 3

/** The lines around what really differs; a number stands for that many lines in between. */
const nearDifferences = (lines: readonly ComparedLine[]): (ComparedLine | number)[] => {
  const differs = lines.flatMap(({ difference }, at) => (difference === 'real' ? [at] : []))
  if (differs.length === 0) return [...lines]
  const rows: (ComparedLine | number)[] = []
  for (const [at, line] of lines.entries()) {
    const last = rows.at(-1)
    if (differs.some((one) => Math.abs(one - at) <= context)) rows.push(line)
    else if (typeof last === 'number') rows[rows.length - 1] = last + 1
    else rows.push(1)
  }
  return rows
}

const comparedRow = ({ left, right, difference }: ComparedLine): Html => {
  const [a, b] =
    difference === 'real' && left !== undefined && right !== undefined
      ? [marked(left, right), marked(right, left)]
      : [left && lineText(left), right && lineText(right)]
  return html`<tr class="${difference}"><td>${a}</td><td>${b}</td></tr>`
}

const indent = ({ depth }: XmlLine): string => '  '.repeat(depth)

/** What of a line is not in the other, marked: between what they begin with and what they end with. */
const marked = (line: XmlLine, other: XmlLine): Html => {
  const [a, b] = [line.text, other.text]
  const shorter = Math.min(a.length, b.length)
  let start = 0
  while (start < shorter && a[start] === b[start]) start++
  let end = 0
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const middle = a.slice(start, a.length - end)
  return html`${indent(line)}${a.slice(0, start)}${middle !== '' && html`<mark>${middle}</mark>`}${a.slice(a.length - end)}`
}

/** Names of elements and attributes stand out; text and values are as they are. */
const tokens = /(<[/?]?[\w:.-]+|[/?]?>)|(\s[\w:.-]+)=("[^"]*")/g

const lineText = (line: XmlLine): Html => {
  const parts: Html[] = []
  let done = 0
  for (const { index, 0: whole, 1: tag, 2: name, 3: value } of line.text.matchAll(tokens)) {
    parts.push(
      html`${line.text.slice(done, index)}${tag === undefined ? html`<i>${name}</i>=${value}` : html`<b>${tag}</b>`}`,
    )
    done = index + whole.length
  }
  return html`${indent(line)}${parts}${line.text.slice(done)}`
}

/** `the user (p-abc-user@…)`, `the user (p-abct-user@…)` → `abc`, `abct`: the part of the names that says whose they are. */
const whoTellsApart = (probe: string, twin: string): [string, string] => {
  const [a, b] = [probe.split(/[^\p{L}\p{N}]+/u), twin.split(/[^\p{L}\p{N}]+/u)]
  const at = a.findIndex((word, index) => word !== b[index])
  return [a[at] ?? '', b[at] ?? '']
}

const exchanges = (
  login: LoginEvidence,
): Html => html`<details><summary>The exchange ${roleWords[login.role]}: ${login.user}, ${login.flow}, ${login.verdict}</summary>
${login.exchanges.map(exchange)}</details>`

const roleWords = { probe: 'under test', twin: 'of the twin', alive: 'afterwards', setup: 'before it' } as const

const exchange = (
  one: Exchange,
): Html => html`<details class="exchange"><summary><code>${one.method} ${shortUrl(one.url)}</code> → ${one.status} <span class="why">${Math.round(one.durationMs)} ms</span></summary>
<pre tabindex="0">${`${one.method} ${one.url}\n${headerLines(one.requestHeaders)}\n${bodyText(one.requestBody)}`}</pre>
<pre tabindex="0">${`${one.status}\n${headerLines(one.responseHeaders)}\n${bodyText(one.responseBody)}`}</pre></details>`

const shortUrl = (url: string): string => (url.length <= 120 ? url : `${url.slice(0, 119)}…`)

const headerLines = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')

const longestBody = 6000
/** What says how much was cut off. */
const suffix = 80

const bodyText = (body: string | undefined): string => {
  if (body === undefined || body === '') return ''
  return `${body.length <= longestBody + suffix ? body : `${body.slice(0, longestBody)}… (${body.length} characters; all of it is in the files)`}`
}
