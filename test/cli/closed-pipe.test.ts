import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const idpact = fileURLToPath(new URL('../../bin/idpact.js', import.meta.url))

const textOf = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

describe('a reader that has seen enough', () => {
  it('gets its first line from `idpact requirements | head -1`, and nobody gets a stack trace', async () => {
    const child = spawn('sh', ['-c', '"$0" "$1" requirements | head -1', process.execPath, idpact])
    const [out, err] = await Promise.all([textOf(child.stdout), textOf(child.stderr)])
    expect(out.trim()).not.toBe('')
    expect(out.trim().split('\n')).toHaveLength(1)
    expect(err).toBe('')
  })

  // However little a command says: it finds the pipe closed at its first word.
  it.each([['requirements'], ['faults', '--json'], ['--help']])('ends `idpact %s` without a word', async (...args) => {
    const child = spawn(process.execPath, [idpact, ...args])
    child.stdout.destroy()
    const [err, [code]] = await Promise.all([textOf(child.stderr), once(child, 'close') as Promise<[number]>])
    expect(err).toBe('')
    expect(code).toBe(0)
  })
})
