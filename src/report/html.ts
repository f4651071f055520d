/**
 * report.html: one page that opens from disk, loads nothing, runs no script, and says first what a release manager asks:
 * may this be released, and if not, which sentence of the documentation is broken.
 */
import { type Html, html, raw } from '../core/html.ts'
import { byHarm, isTakeover } from './harm.ts'
import { article } from './html-article.ts'
import { badge, type ReportDetails, tone } from './html-parts.ts'
import type { Report, ReportContract, ReportRequirement, ReportScenario } from './model.ts'
import { style } from './style.ts'
import { minutes, outcomeWords, share, verdictTitles } from './words.ts'

export const renderHtml = (report: Report, details: ReportDetails): string => `<!doctype html>
${
  html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${verdictTitle(report)} – ${report.subject.name}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
${header(report)}
<main id="results">
${requirementTables(report)}
${troubles(report, details)}
${notObservable(report)}
${findings(report)}
${leftovers(report)}
${about(report)}
</main>
<footer><div class="inner">idpact ${report.suite.version} · the same as data: <a href="report.json">report.json</a>,
<a href="junit.xml">junit.xml</a>, <a href="messages.ndjson">messages.ndjson</a></div></footer>
</body>
</html>`.value
}
`

const tones = { certified: 'good', partial: 'warn', 'not-certified': 'bad', inconclusive: 'warn' } as const

const verdictTitle = ({ verdict }: Report): string => verdictTitles[verdict.word]

const header = (report: Report): Html => {
  const { verdict, subject, contracts, summary } = report
  const rest = verdict.reasons.filter(
    (reason) => !/ broken: /.test(reason) && !verdict.sentence.toLowerCase().includes(reason.toLowerCase()),
  )
  return html`<header class="verdict ${tones[verdict.word]}"><div class="inner">
<p class="subject">${subject.name}${subject.version === undefined ? '' : ` ${subject.version}`} against
${contracts.map(({ id, version, title }) => `${title} (${id}@${version})`).join(', ')}</p>
<h1>${verdictTitle(report)}</h1>
<p class="sentence">${verdict.sentence}</p>
${subject.embedded && html`<p>This was the reference service provider that idpact brings${defectsText(report)}, not your product. <code>idpact.yaml</code> says what is tested.</p>`}
${broken(report)}
${rest.length > 0 && html`<ul>${rest.map((reason) => html`<li>${reason}</li>`)}</ul>`}
<ul class="counts" aria-label="Requirements by outcome">${outcomeWords
    .filter(([outcome]) => summary.requirements[outcome] > 0)
    .map(([outcome, word]) => html`<li class="${tone(outcome)}">${summary.requirements[outcome]} ${word}</li>`)}</ul>
</div></header>`
}

const defectsText = ({ subject }: Report): string =>
  subject.defects.length === 0 ? '' : `, made to get ${subject.defects.join(', ')} wrong`

/** What is broken, by name, one click from the evidence. */
const broken = ({ requirements, scenarios, subject }: Report): Html => {
  const asked = ({ id }: ReportRequirement): number => (subject.defects.includes(id) ? 0 : 1)
  const failed = byHarm(requirements, scenarios)
    .filter(({ outcome }) => outcome === 'failed')
    .toSorted((a, b) => asked(a) - asked(b))
  return html`${
    failed.length > 0 &&
    html`<ul>${failed.map(({ id, title, severity, gain }) => {
      const own = scenarios.filter((one) => one.outcome === 'failed' && one.requirements.includes(id))
      const first = own.find(isTakeover) ?? own[0]
      const weight = own.some(isTakeover) ? 'takeover' : severity
      return html`<li><a href="#${first === undefined ? id : `s-${first.id}`}">${id}</a>: ${title}${
        gain !== undefined && html` <span class="gain"><b>${weight}</b>: ${gain}</span>`
      }</li>`
    })}</ul>`
  }`
}

const groups = [
  ['failed', 'What is broken'],
  ['inconclusive', 'What could not be told'],
  ['warned', 'What should be better'],
] as const

const troubles = (report: Report, details: ReportDetails): Html[] =>
  groups.map(([outcome, title]) => {
    const scenarios = inOrderOfRequirements(report, outcome)
    return html`${
      scenarios.length > 0 &&
      html`<section><h2 id="${outcome}">${title} (${scenarios.length})</h2>
${together(scenarios).map((alike) => article(alike, report, details))}</section>`
    }`
  })

/**
 * The scenarios with this outcome, in the order in which the page names what is broken: what the embedded SP was told to
 * break, then by the harm that is done. A scenario may have several requirements, and one break many scenarios.
 */
const inOrderOfRequirements = ({ requirements, scenarios, subject }: Report, outcome: string): ReportScenario[] => {
  const ranked = byHarm(requirements, scenarios).filter((one) => one.outcome === outcome)
  const order = [...subject.defects, ...ranked.map(({ id }) => id)]
  const placeOf = ({ requirements: ids }: ReportScenario): number => {
    const place = order.findIndex((id) => ids.includes(id))
    return place === -1 ? order.length : place
  }
  return scenarios
    .filter((one) => one.outcome === outcome)
    .toSorted((a, b) => placeOf(a) - placeOf(b) || Number(isTakeover(b)) - Number(isTakeover(a)))
}

/** What did not run for one and the same reason is told once. */
const together = (scenarios: readonly ReportScenario[]): ReportScenario[][] => [
  ...Map.groupBy(scenarios, ({ id, attempts, failure }) => (attempts === 0 ? (failure?.actual ?? '') : id)).values(),
]

const requirementTables = (report: Report): Html => html`<section><h2 id="requirements">Requirements</h2>
<label class="only"><input type="checkbox" id="only" ${raw(report.requirements.every(isKept) ? '' : 'checked')}> show only what needs a look</label>
${report.contracts.map((contract) => contractTables(contract, report))}</section>`

/** Of several contracts each has a heading of its own, with its verdict. */
const contractTables = (contract: ReportContract, report: Report): Html => {
  const several = report.contracts.length > 1
  const heading = raw(several ? 'h4' : 'h3')
  const own = report.requirements.filter((requirement) => requirement.contract === contract.id)
  const areas = contract.areas.map((area) => {
    const rows = own.filter((requirement) => requirement.area === area.id)
    return html`${
      rows.length > 0 &&
      html`<div class="area" ${raw(rows.every(isKept) ? 'data-kept' : '')}><${heading} id="area-${contract.id}-${area.id}">${area.title}</${heading}><table><thead><tr><th scope="col" class="outcome">Outcome</th>
<th scope="col" class="id">Id</th><th scope="col">Keyword</th><th scope="col">Requirement</th></tr></thead>
<tbody>${rows.map((row) => requirementRow(row, report))}</tbody></table></div>`
    }`
  })
  return html`${several && html`<h3 id="contract-${contract.id}">${contract.title}: ${verdictTitles[contract.verdict].toLowerCase()}</h3>`}${areas}`
}

/** What nobody has to do anything about. */
const isKept = ({ outcome }: ReportRequirement): boolean =>
  outcome === 'passed' || outcome === 'informed' || outcome === 'not-applicable'

const requirementRow = (requirement: ReportRequirement, report: Report): Html => {
  const scenarios = report.scenarios.filter(({ id }) => requirement.scenarios.includes(id))
  return html`<tr id="${requirement.id}" ${raw(isKept(requirement) ? 'data-kept' : '')}><td class="outcome">${badge(requirement.outcome)}</td>
<td class="id">${requirement.id}</td><td class="keyword">${requirement.keyword}</td>
<td>${requirement.title}
${requirement.notTestedBecause !== undefined && html`<div class="why">Not tested: ${requirement.notTestedBecause}</div>`}
${requirement.waiver && html`<div class="why">Waived by ${requirement.waiver.approver} until ${requirement.waiver.expires}: ${requirement.waiver.reason}</div>`}
${
  scenarios.length > 0 &&
  html`<details><summary>${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'}</summary>
<ul>${scenarios.map(scenarioItem)}</ul></details>`
}</td></tr>`
}

const hasArticle = ({ outcome }: ReportScenario): boolean => groups.some(([group]) => group === outcome)

const scenarioItem = (scenario: ReportScenario): Html => html`<li>${badge(scenario.outcome)}
${hasArticle(scenario) ? html`<a href="#s-${scenario.id}">${scenario.name}</a>` : scenario.name}
<span class="why">${scenario.uri}:${scenario.line}${scenario.phase !== '' && scenario.phase !== 'defaults' && `, with ${scenario.phase}`}
${scenario.reason !== undefined && html`<br>${scenario.reason}`}
${scenario.observations.map(({ subject, value }) => html`<br>${subject}: ${value}`)}</span></li>`

const notObservable = ({ notObservable: all }: Report): Html => {
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

const findings = ({ findings: all }: Report): Html =>
  html`${
    all.length > 0 &&
    html`<section><h2 id="findings">Findings</h2><p class="why">Worth a look; they don't change the verdict.</p>
<table><thead><tr><th scope="col">Severity</th><th scope="col">What</th><th scope="col">Scenarios</th></tr></thead>
<tbody>${all.map(
      ({ severity, code, message, scenarios }) =>
        html`<tr><td>${severity}</td><td>${message} <span class="why">(${code})</span></td><td>${scenarios.length}</td></tr>`,
    )}</tbody></table></section>`
  }`

const leftovers = ({ leftovers: all }: Report): Html =>
  html`${
    all.length > 0 &&
    html`<section><h2 id="leftovers">What is left at the service provider</h2>
<table><thead><tr><th scope="col">Kind</th><th scope="col">Name</th><th scope="col"></th></tr></thead>
<tbody>${all.map(({ kind, name, note }) => html`<tr><td>${kind}</td><td>${name}</td><td>${note}</td></tr>`)}</tbody></table></section>`
  }`

const about = ({
  run,
  runner,
  suite,
  subject,
  summary,
  reproduce,
}: Report): Html => html`<section><h2 id="run">The run</h2>
<dl class="facts">
<dt>Run</dt><dd>${run.id}, ${run.startedAt.slice(0, 19).replace('T', ' ')} UTC, took ${minutes(summary.durationMs)}${share(summary)}</dd>
<dt>Command</dt><dd><code>${run.command}</code></dd>
<dt>Settings</dt><dd>${run.settings.map((settings) => html`${settingsText(settings)}<br>`)}</dd>
<dt>Seed</dt><dd>${run.seed}</dd>
<dt>Service provider</dt><dd>${subject.urls.join(', ')}</dd>
<dt>Scenarios</dt><dd>${Object.values(summary.scenarios).reduce((sum, count) => sum + count, 0)}; features ${suite.featuresSha256.slice(0, 12)}</dd>
<dt>Runner</dt><dd>idpact ${suite.version}, Node ${runner.node}, cucumber ${runner.cucumber}, ${runner.platform}</dd>
<dt>Run it again</dt><dd><code class="run" tabindex="0">${reproduce}</code></dd>
</dl></section>`

const settingsText = (settings: Record<string, string>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ')
