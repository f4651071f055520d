/** One scenario that went wrong, with everything that is needed to see why. */
import type { LoginEvidence } from '../../core/evidence.ts'
import { type Html, html } from '../../core/html.ts'
import type { Report, ReportRequirement, ReportScenario } from '../model.ts'
import { messages } from './messages.ts'
import { badge, phaseText } from './parts.ts'

export interface Told {
  /** Scenarios that are told together: the first one, and those that ended for the same reason. */
  alike: readonly ReportScenario[]
  logins: readonly LoginEvidence[]
  /** Whether its messages stand in the page, or are unpacked when somebody wants to see them. */
  inPage: boolean
}

export const article = ({ alike, logins, inPage }: Told, report: Report): Html => {
  const [scenario, ...others] = alike
  if (scenario === undefined) return html``
  const requirements = report.requirements.filter(({ id }) => scenario.requirements.includes(id))
  const single = others.length === 0
  return html`<article id="s-${scenario.id}" class="${scenario.outcome === 'failed' ? 'bad' : 'warn'}" data-of="${[...new Set(alike.flatMap((one) => one.requirements))].join(' ')}">
<h3>${single ? heading(scenario, requirements) : `${alike.length} scenarios did not run`}</h3>
${single && html`<p class="place">${scenario.feature} · ${scenario.name} · ${scenario.uri}:${scenario.line}${phaseText(scenario) !== '' && ` · ${phaseText(scenario)}`}</p>`}
<dl class="said">${said(scenario, single ? requirements : [])}${single && whoIsIn(logins)}
<dt>Run it again</dt><dd><code class="run" tabindex="0">${single ? scenario.rerun : report.reproduce}</code></dd></dl>
${!single && html`<details><summary>Which ones</summary><ul>${alike.map((one) => html`<li id="s-${one === scenario ? `${one.id}-0` : one.id}">${one.requirements.join(', ')}: ${one.name}</li>`)}</ul></details>`}
${single && gherkin(scenario)}
${inPage ? messages(logins, { open: true }) : html`<details class="lazy" data-evidence="${scenario.id}" hidden><summary>What was sent, and what came back</summary></details>`}
${scenario.evidence.length > 0 && html`<p class="legend">Files: ${scenario.evidence.map((file) => html`<a href="${file}">${file.replace('evidence/', '')}</a> `)}</p>`}
</article>`
}

const heading = (scenario: ReportScenario, requirements: readonly ReportRequirement[]): Html =>
  requirements.length === 0
    ? html`${scenario.name}`
    : html`${requirements.map(({ id, title }, at) => html`${at > 0 && html`<br>`}<a class="quiet" href="#${id}">${id}</a>: ${title}`)}`

const said = (
  { failure, outcome, reason, attempts }: ReportScenario,
  requirements: readonly ReportRequirement[],
): Html => html`
<dt>Outcome</dt><dd>${badge(outcome)}${failure && html` at the step “${failure.step}” <span class="why">(${failure.code}${attempts > 1 && `, attempt ${attempts}`})</span>`}</dd>
${failure && html`<dt>Expected</dt><dd>${failure.expected}</dd><dt>Actual</dt><dd class="actual">${failure.actual}</dd>`}
${!failure && reason !== undefined && html`<dt>Reason</dt><dd>${reason}</dd>`}
${requirements.map(({ gain, severity }) => html`${gain !== undefined && html`<dt>An attacker gains</dt><dd>${gain} <span class="why">(${severity})</span></dd>`}`)}
${requirements.map(({ source }) => html`<dt>Promised</dt><dd><blockquote>“${source.quote}”<cite>${source.document}</cite></blockquote></dd>`)}
${requirements.map(({ waiver }) => html`${waiver && html`<dt>Waived</dt><dd>by ${waiver.approver} until ${waiver.expires}: ${waiver.reason}</dd>`}`)}
${failure?.clause !== undefined && html`<dt>Clause</dt><dd>${failure.clause}</dd>`}
${failure?.hint !== undefined && html`<dt>Hint</dt><dd>${failure.hint}</dd>`}`

/** Identity is the verdict: whom the service provider called logged in, after the login under test and after its twin's. */
const whoIsIn = (logins: readonly LoginEvidence[]): Html => {
  const last = (role: LoginEvidence['role']) => logins.findLast((login) => login.role === role)
  const shown = [last('probe'), last('twin'), last('alive')].filter((login) => login !== undefined)
  return html`${
    shown.length > 0 &&
    html`<dt>Logged in</dt><dd>${shown.map(({ role, identity, user, verdict }) => html`${roleWords[role]} ${user}: <b>${identity ?? 'nobody'}</b> <span class="why">(${verdict})</span>\n`)}</dd>`
  }`
}

const roleWords = {
  probe: 'under test,',
  twin: 'its twin,',
  alive: 'afterwards,',
  setup: 'before it,',
} as const

/** The scenario as it is written, with the step that it ended at. */
const gherkin = ({ steps, failure }: ReportScenario): Html => {
  const at = steps.findLastIndex((step) => failure !== undefined && step.endsWith(failure.step))
  return html`${
    steps.length > 0 &&
    html`<details open><summary>The scenario</summary><ol class="steps">${steps.map((step, index) => html`<li class="${stepClass(index, at)}">${step}</li>`)}</ol></details>`
  }`
}

const stepClass = (index: number, failedAt: number): string => {
  if (failedAt < 0 || index < failedAt) return 'done'
  return index === failedAt ? 'ended' : 'left'
}
