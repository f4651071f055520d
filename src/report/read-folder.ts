/** A whole report folder: report.json with everything that it names, checked against its digests. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256 } from '../core/digest.ts'
import { UsageError } from '../core/errors.ts'
import type { LoginEvidence } from '../core/evidence.ts'
import type { EvidenceFile } from './evidence.ts'
import type { Report, ReportEvidence } from './model.ts'
import { parseReport, readOwnFile, reportFileOf } from './read.ts'

export interface ReportFolder {
  /** Where it was read from, for errors. */
  from: string
  report: Report
  /** Files of `evidence/`, with their content. */
  evidence: EvidenceFile[]
  /** Logins of a scenario, by its id. */
  logins: Map<string, LoginEvidence[]>
  /** Lines of messages.ndjson. */
  messages: string[]
}

/** Kinds of `evidence[]` that are not of a scenario. */
const besideKinds = new Set(['messages', 'junit', 'page'])

/**
 * @param path of the folder, or of the report.json in it
 * @throws UsageError `missing-file`, `cut-off`, `evidence-changed`, and what `parseReport` throws
 */
export const readReportFolder = async (path: string, { cwd }: { cwd: string }): Promise<ReportFolder> => {
  const file = await reportFileOf(path, cwd)
  const folder = dirname(file)
  const hint = 'Give the whole folder that `idpact certify` wrote.'
  const report = parseReport((await readOwnFile(file, hint)).toString('utf8'), file)
  const own = report.evidence.filter(({ kind }) => !besideKinds.has(kind))
  const evidence = own.map((entry) => ({ ...entry, content: checked(folder, entry), source: join(folder, entry.file) }))
  const messages = report.evidence.find(({ kind }) => kind === 'messages')
  const lines = messages === undefined ? '' : checked(folder, messages)
  return {
    from: folder,
    report,
    evidence,
    logins: loginsOf(report, evidence),
    messages: lines.split('\n').filter((line) => line !== ''),
  }
}

/** Only files of a report's own making: nothing outside its folder. */
const safe = /^(?:evidence\/[a-z0-9.-]+|messages\.ndjson)$/

const checked = (folder: string, { file, sha256: digest }: ReportEvidence): string => {
  const hint = 'Take the folder again from where it was made, or run again.'
  const path = join(folder, file)
  if (!safe.test(file))
    throw new UsageError(`${folder}: no report of idpact names ${file}.`, { code: 'not-a-report', hint })
  const bytes = read(path, hint)
  const content = bytes.toString('utf8')
  if (sha256(bytes) === digest) return content
  if (file === 'messages.ndjson' && !content.endsWith('\n'))
    throw new UsageError(`${path} is cut off after line ${content.split('\n').length - 1}.`, { code: 'cut-off', hint })
  throw new UsageError(`${path} was changed after the run.`, { code: 'evidence-changed', hint })
}

/** Small files by the thousand: faster one after the other than by the thread pool. */
const read = (path: string, hint: string): Buffer => {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new UsageError(`${path} is missing, and report.json names it.`, { code: 'missing-file', hint, cause })
  }
}

const loginsOf = (report: Report, evidence: readonly EvidenceFile[]): Map<string, LoginEvidence[]> => {
  const byFile = new Map(evidence.map((one) => [one.file, one]))
  return new Map(
    report.scenarios.map(({ id, evidence: files }) => [
      id,
      files.flatMap((name): LoginEvidence[] => {
        const found = byFile.get(name)
        if (found?.mediaType !== 'application/json') return []
        return [JSON.parse(found.content) as LoginEvidence | LoginEvidence[]].flat()
      }),
    ]),
  )
}
