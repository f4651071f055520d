import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file so that a reader finds the old text or the new one, never half of it: a temporary file beside it, then a
 * rename, which file systems do in one go. Folders are made.
 */
export const writeWhole = async (file: string, content: string | Uint8Array): Promise<void> => {
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    await writeInFolder(temporary, content)
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

const writeInFolder = async (file: string, content: string | Uint8Array): Promise<void> => {
  try {
    await writeFile(file, content)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}
