/** Writing small files so that a crash leaves the old one or the new one, never half of one. */
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

const onDisk = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Replaces a file (mode 0600) and returns when it is on the disk. */
export const writeDurably = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.tmp`
  const handle = await open(draft, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  await onDisk(dirname(file))
}

/** Appends a line (mode 0600) and returns when it is on the disk; after a torn line it begins a new one. */
export const appendDurably = async (file: string, line: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true })
  const handle = await open(file, 'a+', 0o600)
  try {
    const { size } = await handle.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    const torn = size > 0 && last[0] !== 0x0a
    // One write in append mode: lines of several workers do not mix.
    await handle.write(`${torn ? '\n' : ''}${line}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
