import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256 } from '../core/digest.ts'
import type { LoginEvidence } from '../core/evidence.ts'
import type { ReportEvidence } from './model.ts'

/** A file of evidence with what goes into it. */
export interface EvidenceFile extends ReportEvidence {
  content: string
  /** A file with the same content, of another report: evidence does not change, so both reports may have the same file. */
  source?: string | undefined
}

/**
 * The evidence of one scenario as files. Where all is well, one file with its logins and their exchanges; where something
 * is to be looked at, each login in a file of its own, and its Response as XML beside it.
 *
 * @param id the scenario's, which the names of the files start with
 */
export const evidenceFiles = (
  id: string,
  logins: readonly LoginEvidence[],
  { apart }: { apart: boolean },
): EvidenceFile[] => {
  if (logins.length === 0) return []
  if (!apart) return [file('logins', 'application/json', `evidence/${id}.json`, asJson(logins))]
  return logins.flatMap((login, at) => {
    const name = `evidence/${id}-${at + 1}-${login.role}`
    const json = file(`login-${login.role}`, 'application/json', `${name}.json`, asJson(login))
    return login.responseXml === undefined
      ? [json]
      : [json, file(`response-${login.role}`, 'application/xml', `${name}.xml`, login.responseXml)]
  })
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const file = (kind: string, mediaType: string, path: string, content: string): EvidenceFile => ({
  kind,
  mediaType,
  file: path,
  sha256: sha256(content),
  content,
})

/**
 * Writes the files below the folder of the report. Straight into their places: until report.json is there, which names them,
 * nobody takes them for anything. Small files by the thousand are written faster without asking the thread pool for each.
 */
export const writeEvidence = (folder: string, files: readonly EvidenceFile[]): void => {
  for (const place of new Set(files.map(({ file }) => dirname(join(folder, file)))))
    mkdirSync(place, { recursive: true })
  for (const { file, content, source } of files) {
    const place = join(folder, file)
    // What is in the place may be another report's file too, and must not be written over.
    rmSync(place, { force: true })
    if (source === undefined || !isLinked(source, place)) writeFileSync(place, content)
  }
}

/** Not on another disk; and the source may be gone, where a joined report takes the place of one that it is made of. */
const isLinked = (source: string, place: string): boolean => {
  try {
    linkSync(source, place)
    return true
  } catch {
    return false
  }
}
