/** Reading a report that a run wrote: anything else is refused by name. */
import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UsageError } from '../core/errors.ts'
import { type Report, reportSchema, reportSchemaVersion } from './model.ts'

/** No report of ours is near that; whatever is, is something else. */
const maxBytes = 200_000_000

/** The bytes of a file. @throws UsageError `missing-file`, `too-large` */
export const readOwnFile = async (file: string, hint: string): Promise<Buffer> => {
  const size = await stat(file).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  )
  if (size === undefined) throw new UsageError(`There is no file ${file}.`, { code: 'missing-file', hint })
  if (size > maxBytes)
    throw new UsageError(`${file} has ${size} bytes; at most ${maxBytes} are read.`, { code: 'too-large', hint })
  return readFile(file)
}

/** `report.json` in a folder, or the file itself. */
export const reportFileOf = async (path: string, cwd = '.'): Promise<string> => {
  const whole = resolve(cwd, path)
  const folder = await stat(whole).then(
    (found) => found.isDirectory(),
    () => false,
  )
  return folder ? join(whole, 'report.json') : whole
}

const hint = 'Give a report.json, or the folder that it is in; `idpact certify` writes one to reports/latest.'

/**
 * A report from disk.
 *
 * @param path of a report.json, or of its folder
 * @throws UsageError: there is none, it is cut off, it is something else, or a newer idpact wrote it
 * @example await readReport('reports/latest', { cwd: process.cwd() })
 */
export const readReport = async (path: string, { cwd = '.' }: { cwd?: string } = {}): Promise<Report> => {
  const file = await reportFileOf(path, cwd)
  return parseReport((await readOwnFile(file, hint)).toString('utf8'), file)
}

/**
 * A report from text.
 *
 * @param from what the text is called in an error
 * @throws UsageError `report-cut-off`, `report-newer`, `not-a-report`
 */
export const parseReport = (text: string, from: string): Report => {
  const value = asJson(text, from)
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion
  if (typeof version === 'number' && version > reportSchemaVersion)
    throw new UsageError(`${from} has schema version ${version}, and this idpact reads up to ${reportSchemaVersion}.`, {
      code: 'report-newer',
      hint: 'Read it with the idpact that wrote it, or a newer one.',
    })
  const parsed = reportSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(
    `${from} is not a report of idpact: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'unknown'}`,
    { code: 'not-a-report', hint },
  )
}

const asJson = (text: string, from: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const cut = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}')
    throw new UsageError(`${from} is ${cut ? 'cut off: its end is missing' : 'not JSON'}.`, {
      code: cut ? 'report-cut-off' : 'not-a-report',
      hint,
      cause,
    })
  }
}
