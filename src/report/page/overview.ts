/** Where looking beats reading: every requirement as a cell, outcomes by area, the slowest scenarios, and the trend. */
import type { Outcome } from '../../core/evidence.ts'
import { type Html, html, raw } from '../../core/html.ts'
import { pastRun } from '../history.ts'
import type { OutcomeCounts, PastRun, Report, ReportRequirement } from '../model.ts'
import { outcomeWords, verdictTitles } from '../words.ts'
import { areasOf, signs, tone, wordOf } from './parts.ts'

export const overview = (report: Report): Html => html`<section aria-labelledby="overview">
<h2 id="overview">At a glance</h2>
${matrix(report)}
<div class="charts">${trend(report)}${slowest(report)}</div></section>`

/** One row an area, one cell a requirement; the bar says how many of each. */
const matrix = (report: Report): Html => html`<table class="matrix">
<thead><tr><th scope="col">Area</th><th scope="col">Requirements</th><th scope="col" class="share">Outcomes</th></tr></thead>
<tbody>${areasOf(report).map(
  ({ contract, id, title, requirements }) => html`<tr>
<th scope="row"><a href="#area-${contract}-${id}">${title}</a></th>
<td><ul class="cells">${requirements.map(cell)}</ul></td>
<td class="share">${bar(countsOf(requirements))}</td></tr>`,
)}</tbody></table>
<p class="legend">${outcomeWords
  .filter(([outcome]) => report.summary.requirements[outcome] > 0)
  .map(
    ([outcome, word]) =>
      html`<span class="key"><span class="cell ${tone(outcome)}" aria-hidden="true">${signs[outcome]}</span> ${word}</span> `,
  )}</p>`

const cell = ({ id, title, outcome, waiver }: ReportRequirement): Html =>
  html`<li><a class="cell ${tone(outcome)}${waiver ? ' waived' : ''}" data-id="${id}" href="#${id}" title="${id}, ${wordOf(outcome)}${waiver ? ', waived' : ''}: ${title}" aria-label="${id}, ${wordOf(outcome)}${waiver ? ', waived' : ''}">${signs[outcome]}</a></li>`

const countsOf = (requirements: readonly ReportRequirement[]): [Outcome, number][] =>
  outcomeWords.map(([outcome]) => [outcome, requirements.filter((one) => one.outcome === outcome).length])

/** A bar of parts, each as wide as its share; the numbers are in the text. */
const bar = (counts: readonly [Outcome, number][]): Html => {
  const shown = counts.filter(([, count]) => count > 0)
  const total = shown.reduce((sum, [, count]) => sum + count, 0)
  let x = 0
  const parts = shown.map(([outcome, count]) => {
    const width = (100 * count) / total
    const part = html`<rect class="${tone(outcome)}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="10"/>`
    x += width
    return part
  })
  const words = shown.map(([outcome, count]) => `${count} ${wordOf(outcome)}`).join(', ')
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${words}"><title>${words}</title>${parts}</svg><span class="why">${words}</span>`
}

const mostSlow = 8

const slowest = ({ scenarios }: Report): Html => {
  const slow = scenarios
    .filter(({ attempts }) => attempts > 0)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, mostSlow)
  const longest = Math.max(1, slow[0]?.durationMs ?? 1)
  return html`${
    slow.length > 0 &&
    html`<figure><figcaption>Slowest scenarios</figcaption><table class="slow"><tbody>${slow.map(
      ({ name, requirements, durationMs, outcome }) => html`<tr><td class="ms">${Math.round(durationMs)} ms</td>
<td><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${tone(outcome)}" width="${((100 * durationMs) / longest).toFixed(1)}" height="10"/></svg>
${requirements.length > 0 && html`<a href="#${requirements[0]}">${requirements[0]}</a> `}${name}</td></tr>`,
    )}</tbody></table></figure>`
  }`
}

const height = 60

/** Earlier runs and this one, as columns; for one run there is nothing to see. */
const trend = (report: Report): Html => {
  const runs = [...report.history, pastRun(report)]
  if (runs.length < 2) return html``
  const width = 100 / runs.length
  return html`<figure><figcaption>Requirements over the last ${runs.length} runs</figcaption>
<svg class="trend" viewBox="0 0 100 ${height}" preserveAspectRatio="none" role="img" aria-label="${runs.map(runText).join('; ')}">
${runs.map((run, at) => column(run, { x: at * width, width: width * 0.8 }))}</svg>
<details><summary>As a table</summary><table><thead><tr><th scope="col">Run</th><th scope="col">Version</th><th scope="col">Verdict</th><th scope="col">Requirements</th></tr></thead>
<tbody>${runs.map((run) => html`<tr><td>${run.startedAt.slice(0, 16).replace('T', ' ')}</td><td>${run.version ?? ''}</td><td>${verdictTitles[run.verdict]}</td><td>${countsText(run.requirements)}</td></tr>`)}</tbody></table></details></figure>`
}

const countsText = (counts: OutcomeCounts): string =>
  outcomeWords
    .filter(([outcome]) => counts[outcome] > 0)
    .map(([outcome, word]) => `${counts[outcome]} ${word}`)
    .join(', ')

const runText = (run: PastRun): string => `${run.startedAt.slice(0, 10)}: ${countsText(run.requirements)}`

const column = (run: PastRun, { x, width }: { x: number; width: number }): Html => {
  const total = Object.values(run.requirements).reduce((sum, count) => sum + count, 0)
  let y = 0
  const parts = outcomeWords.map(([outcome]) => {
    const part = total === 0 ? 0 : (height * run.requirements[outcome]) / total
    const rect = html`<rect class="${tone(outcome)}" x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${width.toFixed(2)}" height="${part.toFixed(2)}"/>`
    y += part
    return part === 0 ? raw('') : rect
  })
  return html`<g><title>${runText(run)}</title>${parts}</g>`
}
