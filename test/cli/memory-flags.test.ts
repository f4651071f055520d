import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const bin = fileURLToPath(new URL('../../bin/idpact.js', import.meta.url))
let stop = () => {}
afterEach(() => stop())

/** The command line of the process, once the server in it is ready. */
const commandOf = async (env: Record<string, string>): Promise<string> => {
  const child = spawn(process.execPath, [bin, 'idp', '--memory', '--port', '0'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  stop = () => child.kill('SIGKILL')
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (text: Buffer) => text.includes('is ready') && resolve())
    child.on('exit', (code) => reject(new Error(`ended with ${code}`)))
  })
  return readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
}

test.runIf(process.platform === 'linux')(
  'idp limits its young generation, in the process that was started',
  async () => {
    expect(await commandOf({ NODE_OPTIONS: '' })).toContain(' --max-semi-space-size=8 ')
  },
)

test.runIf(process.platform === 'linux')('not over a limit of the user’s', async () => {
  expect(await commandOf({ NODE_OPTIONS: '--max-semi-space-size=32' })).not.toContain('--max-semi-space-size=8')
})
