/** All benchmarks, one after the other, each in a process of its own. Ratios are measured side by side in one run. */
import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { join } from 'node:path'

const benches = [
  'minting',
  'login-endpoint',
  'idp-start',
  'effective-profile',
  'directory',
  'scim-push',
  'scim-filter',
  'certify',
  'report',
]
const chosen = process.argv.slice(2)
const unknown = chosen.find((name) => !benches.includes(name))
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}". There are: ${benches.join(', ')}.`)
  process.exit(2)
}

console.log(`Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}\n`)
for (const name of chosen.length > 0 ? chosen : benches) {
  console.log(`── ${name}`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
  console.log()
}
