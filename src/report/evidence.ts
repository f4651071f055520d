import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { LoginEvidence } from '../core/evidence.ts'
import type { ReportEvidence } from './model.ts'
import { writeWhole } from './write.ts'

/** A file of evidence with what goes into it. */
export interface EvidenceFile extends ReportEvidence {
  content: string
}

/**
 * The evidence of one scenario as files: each login with its exchanges as JSON, and its Response as XML.
 *
 * @param id the scenario's, which the names of the files start with
 */
export const evidenceFiles = (id: string, logins: readonly LoginEvidence[]): EvidenceFile[] =>
  logins.flatMap((login, at) => {
    const name = `evidence/${id}-${at + 1}-${login.role}`
    const json = file(`login-${login.role}`, 'application/json', `${name}.json`, `${JSON.stringify(login, null, 2)}\n`)
    return login.responseXml === undefined
      ? [json]
      : [json, file(`response-${login.role}`, 'application/xml', `${name}.xml`, login.responseXml)]
  })

const file = (kind: string, mediaType: string, path: string, content: string): EvidenceFile => ({
  kind,
  mediaType,
  file: path,
  sha256: createHash('sha256').update(content).digest('hex'),
  content,
})

/** Writes the files below the folder of the report; a few at a time. */
export const writeEvidence = async (folder: string, files: readonly EvidenceFile[]): Promise<void> => {
  const rest = [...files]
  const writer = async (): Promise<void> => {
    for (let next = rest.pop(); next !== undefined; next = rest.pop())
      await writeWhole(join(folder, next.file), next.content)
  }
  await Promise.all(Array.from({ length: 8 }, writer))
}
