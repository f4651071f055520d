/** The folder of a report: what is ours in it, taken away before a run and written after it. */
import { access, constants, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sha256 } from '../core/digest.ts'
import { UsageError } from '../core/errors.ts'
import { type EvidenceFile, writeEvidence } from './evidence.ts'
import { renderJson } from './json.ts'
import { renderJunit } from './junit.ts'
import type { Report } from './model.ts'
import { packs } from './page/packed.ts'
import { renderHtml } from './page/page.ts'
import type { ReportDetails } from './page/parts.ts'
import { writeWhole } from './write.ts'

const ours = [
  'report.html',
  'report.json',
  'junit.xml',
  'messages.ndjson',
  'certificate.jws',
  'certificate.pub.pem',
] as const

/**
 * Makes the folder, and finds out now, not after the run, that a report cannot be written there.
 *
 * @throws UsageError `bad-report-folder`
 */
export const prepareFolder = async (folder: string): Promise<void> => {
  try {
    await makeFolder(folder)
    if (!(await stat(folder)).isDirectory()) throw new Error('it is a file')
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new UsageError(
      `The report cannot be written to ${folder}: ${error instanceof Error ? error.message : String(error)}`,
      { code: 'bad-report-folder', hint: 'Give a folder that can be written to with --out.', cause: error },
    )
  }
}

/** One level at a time: `recursive` never ends where a file system makes no folders (/proc). */
const makeFolder = async (folder: string): Promise<void> => {
  const made = await stat(folder).catch(() => undefined)
  if (made !== undefined) return
  if (dirname(folder) !== folder) await makeFolder(dirname(folder))
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

/**
 * Takes away the report of an earlier run, so that nobody reads its verdict for that of a run that did not get to the end.
 * Of the folder's other content nothing is touched: evidence goes by the names that the old report gives.
 */
export const clearReport = async (folder: string): Promise<void> => {
  const old = await evidenceOfReport(join(folder, 'report.json'))
  await Promise.all([...ours, ...old].map((name) => rm(join(folder, name), { force: true })))
  const left = await readdir(join(folder, 'evidence')).catch(() => ['?'])
  if (left.length === 0) await rm(join(folder, 'evidence'), { recursive: true, force: true })
}

/** Only names that a report of ours could have written: nothing outside `evidence/`. */
const evidenceOfReport = async (file: string): Promise<string[]> => {
  try {
    const { evidence } = JSON.parse(await readFile(file, 'utf8')) as { evidence?: { file?: unknown }[] }
    return (evidence ?? []).map((entry) => String(entry.file)).filter((name) => /^evidence\/[a-z0-9.-]+$/.test(name))
  } catch {
    return []
  }
}

export interface ReportFiles {
  report: Report
  details: ReportDetails
  evidence: readonly EvidenceFile[]
  /** messages.ndjson, line by line. */
  messages: readonly string[]
}

/**
 * Writes everything; report.json last, so that whoever sees it finds all that it names.
 *
 * @returns the report as it was written: with the digests of the files beside it
 */
export const writeReport = async (
  folder: string,
  { report, details, evidence, messages }: ReportFiles,
): Promise<Report> => {
  writeEvidence(folder, evidence)
  const beside = [
    ownFile('messages', 'application/x-ndjson', 'messages.ndjson', messages.map((line) => `${line}\n`).join('')),
    ownFile('junit', 'application/xml', 'junit.xml', renderJunit(report)),
    ownFile('page', 'text/html', 'report.html', renderHtml(report, details, await packs(details.logins))),
  ]
  for (const { file, content } of beside) await writeWhole(join(folder, file), content)
  const whole = { ...report, evidence: [...report.evidence, ...beside.map(({ content: _, ...entry }) => entry)] }
  await writeWhole(join(folder, 'report.json'), renderJson(whole))
  return whole
}

const ownFile = (kind: string, mediaType: string, file: string, content: string): EvidenceFile => ({
  ...{ kind, mediaType, file, content },
  sha256: sha256(content),
})
