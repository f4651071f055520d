/** Types and lint, side by side: neither waits for the other, and both say what they found. */
import { spawn } from 'node:child_process'

const codes = await Promise.all(
  ['typecheck', 'lint'].map(
    (script) =>
      new Promise<number>((done) => {
        spawn('npm', ['run', '-s', script], { stdio: 'inherit' }).once('exit', (code) => done(code ?? 1))
      }),
  ),
)
process.exitCode = codes.some((code) => code !== 0) ? 1 : 0
