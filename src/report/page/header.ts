/** The top of the page: may this be released, and if not, what is broken. */
import { type Html, html } from '../../core/html.ts'
import { byHarm, isTakeover } from '../harm.ts'
import type { Report, ReportRequirement } from '../model.ts'
import { minutes, outcomeWords, verdictTitles } from '../words.ts'
import { moment, tone } from './parts.ts'

const tones = { certified: 'good', partial: 'warn', 'not-certified': 'bad', inconclusive: 'warn' } as const

export const header = (report: Report): Html => {
  const { verdict, subject, contracts, summary, run } = report
  const rest = verdict.reasons.filter(
    (reason) => !/ broken: /.test(reason) && !verdict.sentence.toLowerCase().includes(reason.toLowerCase()),
  )
  return html`<header class="verdict ${tones[verdict.word]}"><div class="inner">
<p class="subject">${subject.name}${subject.version === undefined ? '' : ` ${subject.version}`} against
${contracts.map(({ id, version, title }) => `${title} (${id}@${version})`).join(', ')}</p>
<h1>${verdictTitles[verdict.word]}</h1>
<p class="sentence">${verdict.sentence}</p>
${subject.embedded && html`<p>This was the reference service provider that idpact brings${defectsText(report)}, not your product. <code>idpact.yaml</code> says what is tested.</p>`}
${gate(report)}
${broken(report)}
${rest.length > 0 && html`<ul>${rest.map((reason) => html`<li>${reason}</li>`)}</ul>`}
<ul class="counts" aria-label="Requirements by outcome">${outcomeWords
    .filter(([outcome]) => summary.requirements[outcome] > 0)
    .map(([outcome, word]) => html`<li class="${tone(outcome)}">${summary.requirements[outcome]} ${word}</li>`)}</ul>
<p class="when">${moment(run.startedAt)}, took ${minutes(summary.durationMs)} · <code>${run.command}</code></p>
</div></header>`
}

const defectsText = ({ subject }: Report): string =>
  subject.defects.length === 0 ? '' : `, made to get ${subject.defects.join(', ')} wrong`

const gate = ({ verdict }: Report): Html =>
  html`${
    verdict.gate &&
    (verdict.gate.passed
      ? html`<p><b>The gate is open</b>: nothing is broken that is not waived or known.</p>`
      : html`<p><b>The gate is closed</b> by ${verdict.gate.failures.join(', ')}.</p>`)
  }`

/** The header is for one look: what is beyond this is in the matrix below it. */
const mostNamed = 8

/** What is broken, by name, one click from the evidence. */
const broken = (report: Report): Html => {
  const { requirements, scenarios, subject } = report
  const asked = ({ id }: ReportRequirement): number => (subject.defects.includes(id) ? 0 : 1)
  const failed = byHarm(requirements, scenarios)
    .filter(({ outcome }) => outcome === 'failed')
    .toSorted((a, b) => asked(a) - asked(b))
  return html`${
    failed.length > 0 &&
    html`<ul class="broken">${failed.slice(0, mostNamed).map((one) => brokenItem(one, report))}
${failed.length > mostNamed && html`<li><a href="#failed">and ${failed.length - mostNamed} more</a></li>`}</ul>`
  }`
}

const brokenItem = ({ id, title, severity, gain, waiver }: ReportRequirement, { scenarios }: Report): Html => {
  const own = scenarios.filter((one) => one.outcome === 'failed' && one.requirements.includes(id))
  const first = own.find(isTakeover) ?? own[0]
  const weight = own.some(isTakeover) ? 'takeover' : severity
  return html`<li><a href="#${first === undefined ? id : `s-${first.id}`}">${id}</a>: ${title}${
    waiver && html` <span class="why">waived by ${waiver.approver} until ${waiver.expires}: ${waiver.reason}</span>`
  }${gain !== undefined && html` <span class="gain"><b>${weight}</b>: ${gain}</span>`}</li>`
}
