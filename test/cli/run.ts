import { Readable } from 'node:stream'
import { main } from '../../src/cli/main.ts'

export interface Ran {
  code: number
  stdout: string
  stderr: string
}

export interface RunOptions {
  cwd?: string
  env?: Record<string, string>
  stdin?: string
}

/** One command line of `idpact`, in this process. */
export const run = async (args: readonly string[], options: RunOptions = {}): Promise<Ran> => {
  const out = { stdout: '', stderr: '' }
  const to = (name: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      out[name] += text
      return true
    },
  })
  const code = await main(args, {
    stdout: to('stdout') as never,
    stderr: to('stderr') as never,
    stdin: Readable.from(options.stdin === undefined ? [] : [options.stdin]) as never,
    env: options.env ?? {},
    cwd: options.cwd ?? '.',
  })
  return { code, ...out }
}
