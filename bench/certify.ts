/**
 * How long `idpact certify` takes against the embedded reference SP, and how much of it is spent waiting for that SP; and
 * `idpact defects --run`, per defect. Figures of one run each; quote them with the machine.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageRoot } from '../src/core/package-root.ts'

const folder = mkdtempSync(join(tmpdir(), 'idpact-bench-'))
const idpact = (...words: string[]) => {
  const start = performance.now()
  const done = spawnSync(process.execPath, [join(packageRoot(), 'bin/idpact.js'), ...words], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { seconds: (performance.now() - start) / 1000, ...done }
}

try {
  const { seconds, stderr, status } = idpact('certify')
  if (status !== 0) throw new Error(`certify ended with ${status}:\n${stderr.slice(-2000)}`)
  const report = JSON.parse(readFileSync(join(folder, 'reports/latest/report.json'), 'utf8')) as {
    scenarios: { outcome: string }[]
  }
  const run = report.scenarios.filter(({ outcome }) => outcome !== 'not-applicable').length
  console.log(`certify: ${run} scenarios, ${seconds.toFixed(1)} s for the whole process`)
  console.log(`  its own summary:${/^\s*time\s+(.*)$/m.exec(stderr)?.[1] ?? ' none'}`)
  const proof = idpact('defects', '--run')
  console.log(`defects --run: ${proof.seconds.toFixed(0)} s, ${proof.stdout.trim().split('\n').at(-1)}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
