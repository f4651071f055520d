/**
 * report.html: one page that opens from disk and loads nothing. It says first what a release manager asks: may this be
 * released, and if not, which sentence of the documentation is broken. Its one script only filters, and unpacks evidence.
 */
import { createHash } from 'node:crypto'
import { type Html, html, raw } from '../../core/html.ts'
import { printable } from '../../core/printable.ts'
import { byHarm, isTakeover } from '../harm.ts'
import type { Report, ReportScenario } from '../model.ts'
import { verdictTitles } from '../words.ts'
import { article, type Told } from './article.ts'
import { header } from './header.ts'
import { overview } from './overview.ts'
import { type ReportDetails, troubleGroups } from './parts.ts'
import { requirementTables } from './requirements.ts'
import { pageScript } from './script.ts'
import { style } from './style.ts'
import { about, comparison, findings, leftovers, notObservable } from './tables.ts'

/** How many failures stand in the page with their messages; those of the others are unpacked when they are opened. */
const mostInPage = 12

/** @param packed what `packs` has made of the logins; without it, what is not in the page is in the files beside it */
export const renderHtml = (report: Report, details: ReportDetails, packed: Html = raw('')): string => {
  const script = pageScript()
  const scriptHash = createHash('sha256').update(script).digest('base64')
  const groups = troubleGroups.map(([outcome, title]) => ({
    ...{ outcome, title },
    told: together(inOrderOfRequirements(report, outcome)),
  }))
  const all = groups.flatMap(({ told }) => told)
  const inPage = new Set(all.slice(0, mostInPage).map(([first]) => first?.id))
  const toldOf = (alike: readonly ReportScenario[]): Told => ({
    alike,
    logins: details.logins.get(alike[0]?.id ?? '') ?? [],
    inPage: inPage.has(alike[0]?.id),
  })
  // None of it is ours: what the service provider has sent, and names that somebody gave.
  return printable(`<!doctype html>
${
  html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${raw(scriptHash)}'; base-uri 'none'; form-action 'none'">
<title>${verdictTitles[report.verdict.word]} – ${report.subject.name}</title>
<style>${raw(style)}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
${header(report)}
<main id="results">
${overview(report)}
${comparison(report)}
${requirementTables(report)}
${groups.map(({ outcome, title, told }) => troubles(`${outcome}`, title, told.map(toldOf), report))}
${notObservable(report)}
${findings(report)}
${leftovers(report)}
${about(report)}
</main>
<footer><div class="inner">idpact ${report.suite.version} · the same as data: <a href="report.json">report.json</a>,
<a href="junit.xml">junit.xml</a>, <a href="messages.ndjson">messages.ndjson</a></div></footer>
${packed}<script>${raw(script)}</script>
</body>
</html>`.value
}
`)
}

const troubles = (id: string, title: string, all: readonly Told[], report: Report): Html => {
  const count = all.reduce((sum, { alike }) => sum + alike.length, 0)
  return html`${
    all.length > 0 &&
    html`<section><h2 id="${id}">${title} (${count})</h2>${all.map((told) => article(told, report))}</section>`
  }`
}

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
