/**
 * From the sentences of the documents to the last outcome: each requirement with its scenarios, its defect, what must be
 * observable for it, and what came of it. Pure; `requirements.ts` gathers what goes in and prints what comes out.
 */
import type { Contract, Requirement } from '../contracts/contract.ts'

export interface TracedScenario {
  id: string
  name: string
  /** `features/cloudinary/roles.feature:12`. */
  place: string
  needs: readonly string[]
  requirements: readonly string[]
}

export interface TracedDefect {
  id: string
  title: string
  breaks: string
}

/** One requirement, traced. */
export interface Trace {
  contract: string
  requirement: Requirement
  scenarios: readonly TracedScenario[]
  defects: readonly TracedDefect[]
  /** Verbs that any of its scenarios needs. */
  needs: readonly string[]
  /** Of the last report, where there is one. */
  outcome: string | undefined
}

/** @param outcomes of the last report, by requirement */
export const trace = (
  contract: Contract,
  scenarios: readonly TracedScenario[],
  defects: readonly TracedDefect[],
  outcomes: ReadonlyMap<string, string>,
): Trace[] =>
  contract.requirements.map((requirement) => {
    const own = scenarios.filter(({ requirements }) => requirements.includes(requirement.id))
    return {
      contract: `${contract.id}@${contract.version}`,
      requirement,
      scenarios: own,
      defects: defects.filter(({ breaks }) => breaks === requirement.id),
      needs: [...new Set(own.flatMap(({ needs }) => needs))].toSorted(),
      outcome: outcomes.get(requirement.id),
    }
  })

/** JSON: every field of the requirement, and what was traced. */
export const asJson = (traces: readonly Trace[]): string =>
  `${JSON.stringify(
    traces.map(({ contract, requirement, scenarios, defects, needs, outcome }) => ({
      contract,
      ...requirement,
      scenarios: scenarios.map(({ id, name, place, needs }) => ({ id, name, place, needs })),
      defects: defects.map(({ id, title }) => ({ id, title })),
      needs,
      lastOutcome: outcome ?? null,
    })),
    null,
    2,
  )}\n`

const columns: readonly [string, (trace: Trace) => string][] = [
  ['document', ({ requirement }) => requirement.source.document],
  ['quote', ({ requirement }) => requirement.source.quote],
  ['requirement', ({ requirement }) => requirement.id],
  ['keyword', ({ requirement }) => requirement.keyword],
  ['statement', ({ requirement }) => requirement.statement],
  ['basis', ({ requirement }) => requirement.basis],
  ['scenarios', ({ scenarios }) => scenarios.map(({ place }) => place).join(' ')],
  ['defects', ({ defects }) => defects.map(({ id }) => id).join(' ')],
  ['needs', ({ needs }) => needs.join(' ')],
  ['not tested because', ({ requirement }) => requirement.notTestedBecause ?? ''],
  ['last outcome', ({ outcome }) => outcome ?? ''],
]

/** A cell that a spreadsheet might run as a formula is made text (CWE-1236). */
const csvCell = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** CSV (RFC 4180), one requirement a row. */
export const asCsv = (traces: readonly Trace[]): string =>
  [columns.map(([title]) => title), ...traces.map((one) => columns.map(([, read]) => read(one)))]
    .map((row) => `${row.map(csvCell).join(',')}\r\n`)
    .join('')

const markdownCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')

/** A Markdown table a document, one requirement a row. */
export const asMarkdown = (traces: readonly Trace[]): string =>
  [...Map.groupBy(traces, ({ requirement }) => requirement.source.document)]
    .map(
      ([document, members]) =>
        `## ${document}\n\n| sentence | requirement | scenarios | defect | last outcome |\n| --- | --- | --- | --- | --- |\n${members
          .map(({ requirement, scenarios, defects, outcome }) => {
            const tested = requirement.notTestedBecause ?? `${scenarios.length}`
            const cells = [
              `“${requirement.source.quote}”`,
              `**${requirement.id}** ${requirement.keyword}: ${requirement.statement}`,
              requirement.notTestedBecause === undefined ? tested : `none: ${tested}`,
              defects.map(({ title }) => title).join('; ') || '–',
              outcome ?? '–',
            ]
            return `| ${cells.map(markdownCell).join(' | ')} |\n`
          })
          .join('')}`,
    )
    .join('\n')

/** For a terminal. */
export const asText = (traces: readonly Trace[]): string =>
  traces
    .map(({ requirement, scenarios, defects, needs, outcome }) => {
      const head = `${requirement.id}  ${requirement.keyword.padEnd(6)}  ${requirement.statement}`
      const why = requirement.notTestedBecause
      const lines =
        why === undefined
          ? [
              `${scenarios.length} scenario${scenarios.length === 1 ? '' : 's'}: ${scenarios.map(({ name }) => name).join('; ')}`,
              ...(defects.length === 0 ? [] : [`defect: ${defects.map(({ title }) => title).join(' ')}`]),
              `needs: ${needs.join(', ') || 'nothing of the target'}`,
            ]
          : [`not tested: ${why}`]
      const last = outcome === undefined ? [] : [`last outcome: ${outcome}`]
      return [head, ...[...lines, ...last].map((line) => `    ${line}`)].join('\n')
    })
    .join('\n\n')
    .concat('\n')
