/** The tables below the failures: what could not be seen, findings, leftovers, the comparison, the run itself. */
import { type Html, html } from '../../core/html.ts'
import type { Report } from '../model.ts'
import { minutes, share, verdictTitles } from '../words.ts'
import { moment } from './parts.ts'

export const notObservable = ({ notObservable: all }: Report): Html => {
  const byNeed = Map.groupBy(all, ({ needs, how }) => `${needs.join(', ')}\n${how}`)
  return html`${
    all.length > 0 &&
    html`<section><h2 id="not-observable">What could not be observed</h2>
<table><thead><tr><th scope="col">Requirements</th><th scope="col">What is missing</th><th scope="col">How to provide it</th></tr></thead>
<tbody>${[...byNeed.values()].map((same) => {
      const ids = [...new Set(same.map(({ requirement }) => requirement))]
      return html`<tr><td>${ids.map((id) => html`<a href="#${id}">${id}</a> `)}</td>
<td>${same[0]?.needs.map((need) => html`<code>${need}</code> `)}</td><td>${same[0]?.how}</td></tr>`
    })}</tbody></table></section>`
  }`
}

export const findings = ({ findings: all }: Report): Html =>
  html`${
    all.length > 0 &&
    html`<section><h2 id="findings">Findings</h2><p class="why">Worth a look; they don't change the verdict.</p>
<table><thead><tr><th scope="col">Severity</th><th scope="col">What</th><th scope="col">Scenarios</th></tr></thead>
<tbody>${all.map(
      ({ severity, code, message, scenarios }) =>
        html`<tr><td>${severity}</td><td>${message} <span class="why">(${code})</span></td><td>${scenarios.length}</td></tr>`,
    )}</tbody></table></section>`
  }`

export const leftovers = ({ leftovers: all }: Report): Html =>
  html`${
    all.length > 0 &&
    html`<section><h2 id="leftovers">What is left at the service provider</h2>
<table><thead><tr><th scope="col">Kind</th><th scope="col">Name</th><th scope="col"></th></tr></thead>
<tbody>${all.map(({ kind, name, note }) => html`<tr><td>${kind}</td><td>${name}</td><td>${note}</td></tr>`)}</tbody></table></section>`
  }`

const changes = [
  ['broken', 'Newly broken'],
  ['worse', 'Broken in more scenarios'],
  ['lost', 'No longer told'],
  ['mended', 'Mended'],
  ['stillBroken', 'Still broken'],
  ['added', 'New'],
  ['gone', 'Gone'],
] as const

export const comparison = ({ comparison: found, requirements }: Report): Html => {
  if (found === undefined) return html``
  const known = new Set(requirements.map(({ id }) => id))
  const { baseline, same } = found
  const rows = changes.filter(([key]) => found[key].length > 0)
  return html`<section><h2 id="comparison">Since the baseline</h2>
<p>Compared with ${baseline.target}${baseline.version === undefined ? '' : ` ${baseline.version}`}, ${moment(baseline.startedAt)}: ${verdictTitles[baseline.verdict].toLowerCase()}.
${!same.contracts && html`<b>The contracts ask for something else than then.</b>`} ${!same.suite && 'The scenarios are not the same.'} ${!same.configuration && 'The configuration is not the same.'}</p>
${
  rows.length === 0
    ? html`<p>Nothing has changed.</p>`
    : html`<table><tbody>${rows.map(
        ([key, title]) =>
          html`<tr><th scope="row">${title} (${found[key].length})</th><td>${found[key].map((id) => (known.has(id) ? html`<a href="#${id}">${id}</a> ` : html`${id} `))}</td></tr>`,
      )}</tbody></table>`
}</section>`
}

export const about = ({
  run,
  runner,
  suite,
  subject,
  summary,
  contracts,
  reproduce,
}: Report): Html => html`<section><h2 id="run">The run</h2>
<dl class="facts">
<dt>Run</dt><dd>${run.id}, ${moment(run.startedAt)}, took ${minutes(summary.durationMs)}${share(summary)}</dd>
<dt>Command</dt><dd><code>${run.command}</code></dd>
<dt>Settings</dt><dd>${run.settings.map((settings) => html`${settingsText(settings)}<br>`)}</dd>
<dt>Seed</dt><dd>${run.seed}</dd>
<dt>Service provider</dt><dd>${subject.urls.join(', ')}</dd>
<dt>Scenarios</dt><dd>${Object.values(summary.scenarios).reduce((sum, count) => sum + count, 0)}; features ${suite.featuresSha256.slice(0, 12)}</dd>
<dt>Contracts</dt><dd>${contracts.map(({ id, version, sha256 }) => html`${id}@${version} ${sha256.slice(0, 12)}<br>`)}</dd>
<dt>Configuration</dt><dd>${run.configurationSha256.slice(0, 12)}</dd>
<dt>Runner</dt><dd>idpact ${suite.version}, Node ${runner.node}, cucumber ${runner.cucumber}, ${runner.platform}</dd>
<dt>Run it again</dt><dd><code class="run" tabindex="0">${reproduce}</code></dd>
</dl></section>`

const settingsText = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')
