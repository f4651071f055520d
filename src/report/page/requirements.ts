/** The requirements by area, each with its scenarios; and what they are filtered by. */
import { outcomes } from '../../core/evidence.ts'
import { type Html, html, raw } from '../../core/html.ts'
import type { Report, ReportContract, ReportRequirement, ReportScenario } from '../model.ts'
import { verdictTitles } from '../words.ts'
import { areasOf, badge, isKept, isTrouble, phaseText, wordOf } from './parts.ts'

export const requirementTables = (report: Report): Html => html`<section><h2 id="requirements">Requirements</h2>
${filters(report)}
<label class="only"><input type="checkbox" id="only" ${raw(report.requirements.every(isKept) ? '' : 'checked')}> show only what needs a look</label>
${report.contracts.map((contract) => contractTables(contract, report))}${loose(report)}</section>`

/** Scenarios that people write beside a contract. */
const loose = ({ scenarios }: Report): Html => {
  const own = scenarios.filter(({ requirements }) => requirements.length === 0)
  return html`${own.length > 0 && html`<h3 id="own">Scenarios without a requirement</h3><ul class="own">${own.map(scenarioItem)}</ul>`}`
}

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const

/** Shown by the script, which does the filtering; without one there is the checkbox. */
const filters = (report: Report): Html => {
  const seen = outcomes.filter((outcome) => report.summary.requirements[outcome] > 0)
  const weights = severities.filter((severity) => report.requirements.some((one) => one.severity === severity))
  return html`<form class="filters" id="filters" hidden aria-label="Filter requirements and failures">
<label class="search">Search <input type="search" id="f-text" placeholder="id, words, fault… ( / )" autocomplete="off" spellcheck="false"></label>
<label>Area <select id="f-area"><option value="">all</option>${areasOf(report).map(({ contract, id, title }) => html`<option value="${contract}-${id}">${title}</option>`)}</select></label>
<label>Severity <select id="f-severity"><option value="">all</option>${weights.map((weight) => html`<option>${weight}</option>`)}</select></label>
<fieldset><legend>Outcome</legend>${seen.map((outcome) => html`<label><input type="checkbox" name="outcome" value="${outcome}" checked> ${wordOf(outcome)}</label>`)}</fieldset>
<button type="reset">Show all</button> <output id="f-count" aria-live="polite"></output></form>`
}

/** Of several contracts each has a heading of its own, with its verdict. */
const contractTables = (contract: ReportContract, report: Report): Html => {
  const several = report.contracts.length > 1
  const heading = raw(several ? 'h4' : 'h3')
  const byId = new Map(report.scenarios.map((scenario) => [scenario.id, scenario]))
  const areas = areasOf(report)
    .filter((area) => area.contract === contract.id)
    .map(
      ({ id, title, requirements }) =>
        html`<div class="area" ${raw(requirements.every(isKept) ? 'data-kept' : '')}><${heading} id="area-${contract.id}-${id}">${title}</${heading}><table><thead><tr><th scope="col" class="outcome">Outcome</th>
<th scope="col" class="id">Id</th><th scope="col">Keyword</th><th scope="col">Requirement</th></tr></thead>
<tbody>${requirements.map((row) => requirementRow(row, byId))}</tbody></table></div>`,
    )
  return html`${several && html`<h3 id="contract-${contract.id}">${contract.title}: ${verdictTitles[contract.verdict].toLowerCase()}</h3>`}${areas}`
}

const requirementRow = (requirement: ReportRequirement, byId: ReadonlyMap<string, ReportScenario>): Html => {
  const { id, outcome, severity, contract, area, keyword, title, notTestedBecause, waiver } = requirement
  const scenarios = requirement.scenarios.flatMap((one) => byId.get(one) ?? [])
  return html`<tr id="${id}" data-outcome="${outcome}" data-severity="${severity}" data-area="${contract}-${area}" ${raw(isKept(requirement) ? 'data-kept' : '')}><td class="outcome">${badge(outcome)}</td>
<td class="id">${id}</td><td class="keyword">${keyword}<br><span class="why">${severity}</span></td>
<td>${title}
${notTestedBecause !== undefined && html`<div class="why">Not tested: ${notTestedBecause}</div>`}
${waiver && html`<div class="why">Waived by ${waiver.approver} until ${waiver.expires}: ${waiver.reason}</div>`}
${
  scenarios.length > 0 &&
  html`<details><summary>${scenarios.length} ${scenarios.length === 1 ? 'scenario' : 'scenarios'}</summary>
<ul>${scenarios.map(scenarioItem)}</ul></details>`
}</td></tr>`
}

const scenarioItem = (scenario: ReportScenario): Html => html`<li>${badge(scenario.outcome)}
${isTrouble(scenario) ? html`<a href="#s-${scenario.id}">${scenario.name}</a>` : scenario.name}
<span class="why">${scenario.uri}:${scenario.line}${phaseText(scenario) !== '' && `, ${phaseText(scenario)}`}${scenario.attempts > 1 && `, attempt ${scenario.attempts}`}
${scenario.reason !== undefined && html`<br>${scenario.reason}`}
${scenario.observations.map(({ subject, value }) => html`<br>${subject}: ${value}`)}</span>
${!isTrouble(scenario) && scenario.attempts > 0 && html`<details class="lazy" data-evidence="${scenario.id}" hidden><summary>What was sent</summary></details>`}</li>`
