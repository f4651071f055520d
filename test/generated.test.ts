import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

describe('what is generated', () => {
  it('is current', () => {
    let stale = ''
    try {
      execFileSync(process.execPath, ['scripts/generate.ts', '--check'], { cwd: root, encoding: 'utf8' })
    } catch (error) {
      stale = String((error as { stdout?: string }).stdout ?? error)
    }
    expect(stale).toBe('')
  }, 60_000)
})
