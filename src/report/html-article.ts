/** One scenario that went wrong, with everything that is needed to see why. */
import type { Exchange, LoginEvidence } from '../core/evidence.ts'
import { type Html, html } from '../core/html.ts'
import { badge, type ReportDetails } from './html-parts.ts'
import type { Report, ReportRequirement, ReportScenario } from './model.ts'
import { type ComparedLine, compareXml, type XmlLine, xmlLines } from './xml-lines.ts'

/** @param alike scenarios that are told together: the first one, and those that ended for the same reason */
export const article = (alike: readonly ReportScenario[], report: Report, details: ReportDetails): Html => {
  const [scenario, ...others] = alike
  if (scenario === undefined) return html``
  const requirements = report.requirements.filter(({ id }) => scenario.requirements.includes(id))
  const logins = details.logins.get(scenario.id) ?? []
  return html`<article id="s-${scenario.id}" class="${scenario.outcome === 'failed' ? 'bad' : 'warn'}">
<h3>${others.length === 0 ? heading(scenario, requirements) : `${alike.length} scenarios did not run`}</h3>
${others.length === 0 && html`<p class="place">${scenario.feature} · ${scenario.name} · ${scenario.uri}:${scenario.line}${scenario.phase !== '' && scenario.phase !== 'defaults' && ` · with ${scenario.phase}`}</p>`}
<dl class="said">${said(scenario, others.length === 0 ? requirements : [])}
<dt>Run it again</dt><dd><code class="run" tabindex="0">${others.length === 0 ? scenario.rerun : report.reproduce}</code></dd></dl>
${others.length > 0 && html`<details><summary>Which ones</summary><ul>${alike.map((one) => html`<li id="s-${one === scenario ? `${one.id}-0` : one.id}">${one.requirements.join(', ')}: ${one.name}</li>`)}</ul></details>`}
${assertions(logins)}
${logins.map(exchanges)}
${scenario.evidence.length > 0 && html`<p class="legend">Files: ${scenario.evidence.map((file) => html`<a href="${file}">${file.replace('evidence/', '')}</a> `)}</p>`}
</article>`
}

const heading = (scenario: ReportScenario, requirements: readonly ReportRequirement[]): Html =>
  requirements.length === 0
    ? html`${scenario.name}`
    : html`${requirements.map(({ id, title }, at) => html`${at > 0 && html`<br>`}${id}: ${title}`)}`

const said = ({ failure, outcome, reason }: ReportScenario, requirements: readonly ReportRequirement[]): Html => html`
<dt>Outcome</dt><dd>${badge(outcome)}${failure && html` at the step “${failure.step}” <span class="why">(${failure.code})</span>`}</dd>
${failure && html`<dt>Expected</dt><dd>${failure.expected}</dd><dt>Actual</dt><dd class="actual">${failure.actual}</dd>`}
${!failure && reason !== undefined && html`<dt>Reason</dt><dd>${reason}</dd>`}
${requirements.map(({ gain, severity }) => html`${gain !== undefined && html`<dt>An attacker gains</dt><dd>${gain} <span class="why">(${severity})</span></dd>`}`)}
${requirements.map(({ source }) => html`<dt>Promised</dt><dd><blockquote>“${source.quote}”<cite>${source.document}</cite></blockquote></dd>`)}
${failure?.clause !== undefined && html`<dt>Clause</dt><dd>${failure.clause}</dd>`}
${failure?.hint !== undefined && html`<dt>Hint</dt><dd>${failure.hint}</dd>`}`

/** The last login under test beside the good one that it is compared with; without a twin, alone. */
const assertions = (logins: readonly LoginEvidence[]): Html => {
  const probe = logins.findLast(({ role, responseXml }) => role === 'probe' && responseXml !== undefined)
  const twin = logins.findLast(({ role, responseXml }) => role === 'twin' && responseXml !== undefined)
  if (probe?.responseXml === undefined) return html``
  if (twin?.responseXml === undefined)
    return html`<details open><summary>The message that was sent</summary>
<pre tabindex="0">${xmlLines(probe.responseXml).map(text).join('\n')}</pre></details>`
  const [left, right] = whoTellsApart(probe.user, twin.user)
  const lines = compareXml(probe.responseXml, twin.responseXml, { left, right })
  const titles = [
    `Under test: ${probe.verdict}${probe.faults.length > 0 ? ` (${probe.faults.join(', ')})` : ''}`,
    `Twin: ${twin.verdict}`,
  ]
  return html`<details open><summary>What differs between the message under test and its twin's</summary>
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

const comparedRow = ({ left, right, difference }: ComparedLine): Html =>
  html`<tr class="${difference}"><td>${left && text(left)}</td><td>${right && text(right)}</td></tr>`

const text = ({ depth, text: line }: XmlLine): string => '  '.repeat(depth) + line

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
<pre tabindex="0">${`${one.method} ${one.url}\n${headerLines(one.requestHeaders)}${bodyText(one.requestBody)}`}</pre>
<pre tabindex="0">${`${one.status}\n${headerLines(one.responseHeaders)}${bodyText(one.responseBody)}`}</pre></details>`

const shortUrl = (url: string): string => (url.length <= 120 ? url : `${url.slice(0, 119)}…`)

const headerLines = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')

const longestBody = 6000

const bodyText = (body: string | undefined): string => {
  if (body === undefined || body === '') return ''
  return `\n${body.length <= longestBody ? body : `${body.slice(0, longestBody)}… (${body.length} characters; all of it is in the files)`}`
}
