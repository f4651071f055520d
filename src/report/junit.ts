/**
 * junit.xml in the shape that CI servers read (testsuites > testsuite > testcase > failure | error | skipped), one suite a
 * feature. failed → failure; inconclusive → error; not observable and not applicable → skipped with the reason; all others
 * pass, with what is worth knowing in system-out.
 */
import type { Report, ReportScenario } from './model.ts'

export const renderJunit = (report: Report): string => {
  const suites = Map.groupBy(report.scenarios, (scenario) => scenario.feature)
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'idpact', ...totals(report.scenarios) })}>`,
    ...[...suites].flatMap(([feature, scenarios]) => suite(feature, scenarios, report)),
    '</testsuites>',
  ]
  return `${lines.join('\n')}\n`
}

const suite = (feature: string, scenarios: readonly ReportScenario[], report: Report): string[] => [
  `  <testsuite${attributes({ name: feature, ...totals(scenarios), timestamp: report.run.startedAt.replace(/\.\d+Z$/, '') })}>`,
  ...scenarios.flatMap((scenario) => testcase(scenario, waiversOf(scenario, report))),
  '  </testsuite>',
]

const totals = (scenarios: readonly ReportScenario[]): Record<string, string> => ({
  tests: String(scenarios.length),
  failures: String(scenarios.filter(({ outcome }) => outcome === 'failed').length),
  errors: String(scenarios.filter(({ outcome }) => outcome === 'inconclusive').length),
  skipped: String(scenarios.filter(isSkipped).length),
  time: seconds(scenarios.reduce((sum, { durationMs }) => sum + durationMs, 0)),
})

const isSkipped = ({ outcome }: ReportScenario): boolean => outcome === 'not-observable' || outcome === 'not-applicable'

/** Somebody takes a failure on themselves; it stays one, and whoever reads it should know. */
const waiversOf = ({ requirements }: ReportScenario, report: Report): string[] =>
  report.requirements.flatMap(({ id, waiver }) =>
    waiver !== undefined && requirements.includes(id)
      ? [`waived:   ${id} by ${waiver.approver} until ${waiver.expires}: ${waiver.reason}`]
      : [],
  )

const testcase = (scenario: ReportScenario, waivers: readonly string[]): string[] => {
  const open = attributes({
    name: scenario.rule === '' ? scenario.name : `${scenario.rule} - ${scenario.name}`,
    classname: [scenario.feature, ...scenario.requirements].join(' '),
    file: scenario.uri,
    line: String(scenario.line),
    time: seconds(scenario.durationMs),
  })
  const inner = result(scenario, waivers)
  return inner === undefined
    ? [`    <testcase${open}/>`]
    : [`    <testcase${open}>`, `      ${inner}`, '    </testcase>']
}

const result = (scenario: ReportScenario, waivers: readonly string[]): string | undefined => {
  const { outcome, failure, reason } = scenario
  if (isSkipped(scenario))
    return `<skipped${attributes({ message: `${outcome}: ${reason ?? [failure?.expected, failure?.actual, failure?.hint].filter((one) => one !== undefined).join(' ')}` })}/>`
  if (outcome === 'failed' || outcome === 'inconclusive') {
    const element = outcome === 'failed' ? 'failure' : 'error'
    const head = attributes({ message: failure?.actual ?? reason ?? outcome, type: failure?.code ?? outcome })
    return `<${element}${head}>${escapeText([body(scenario), ...waivers].join('\n'))}</${element}>`
  }
  const notes = [
    ...(outcome === 'warned' ? [`warned\n${body(scenario)}`] : []),
    ...scenario.observations.map(({ subject, value }) => `${subject}: ${value}`),
  ]
  return notes.length === 0 ? undefined : `<system-out>${escapeText(notes.join('\n'))}</system-out>`
}

const body = ({ failure, reason }: ReportScenario): string =>
  failure === undefined
    ? (reason ?? '')
    : [
        `step:     ${failure.step}`,
        `expected: ${failure.expected}`,
        `actual:   ${failure.actual}`,
        ...(failure.clause === undefined ? [] : [`clause:   ${failure.clause}`]),
        ...(failure.hint === undefined ? [] : [`hint:     ${failure.hint}`]),
      ].join('\n')

const seconds = (ms: number): string => (ms / 1000).toFixed(3)

const attributes = (values: Record<string, string>): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('')

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
}

/** What XML 1.0 forbids even as a reference (section 2.2) becomes the replacement character, which says that something was there. */
const escapeText = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\u007F-\u009F\u202A-\u202E\u2066-\u2069]/g, '\uFFFD')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"'\r]/g, (char) => entities[char] ?? char)

/** A parser turns line ends and tabs of an attribute into blanks, unless they are references (XML 1.0, 3.3.3). */
const escapeAttribute = (text: string): string =>
  escapeText(text).replace(/[\n\t]/g, (char) => `&#${char.charCodeAt(0)};`)
