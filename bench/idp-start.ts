/**
 * How long `idpact idp` with a cached key takes to its first answer with metadata, against bare processes that import the
 * same two libraries (express, zod) and answer the same bytes. Interleaved rounds; medians; ratios.
 *
 *   node bench/idp-start.ts [rounds]
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMockIdp } from '../mock-idp/index.ts'
import { packageRoot } from '../src/core/package-root.ts'

const rounds = Number(process.argv[2] ?? 15)
const folder = mkdtempSync(join(tmpdir(), 'idpact-bench-'))
const port = 17_100

const idp = createMockIdp({ dataDir: join(folder, '.idpact'), seed: 1, port })
await idp.start()
const xml = await idp.org().metadata()
const path = new URL(idp.info.metadataUrl).pathname
await idp.stop()

const bare = join(packageRoot(), 'node_modules', '.idpact-bench-bare.mjs')
writeFileSync(
  bare,
  `import express from 'express'
   import { z } from 'zod'
   const shape = z.object({ xml: z.string() })
   const { xml } = shape.parse({ xml: ${JSON.stringify(xml)} })
   const app = express()
   app.get('/{*any}', (_req, res) => { res.type('application/samlmetadata+xml').send(xml) })
   app.listen(${port}, '127.0.0.1')`,
)

const get = (): Promise<boolean> =>
  new Promise((resolve) => {
    request({ port, host: '127.0.0.1', path, agent: false }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode === 200))
    })
      .on('error', () => resolve(false))
      .end()
  })

/** From the start of the process to the end of its first 200, in ms. */
const firstAnswer = async (args: readonly string[]): Promise<number> => {
  const start = performance.now()
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' })
  while (!(await get())) await new Promise((resolve) => setTimeout(resolve, 2))
  const took = performance.now() - start
  const ended = new Promise((resolve) => child.once('exit', resolve))
  // Not SIGKILL: Node writes its compile cache when a process ends.
  child.kill('SIGTERM')
  await ended
  return took
}

const rivals: Record<string, readonly string[]> = {
  'bare express and zod': [bare],
  'idpact idp': [join(packageRoot(), 'bin/idpact.js'), 'idp', '--port', String(port)],
}
const times: Record<string, number[]> = Object.fromEntries(Object.keys(rivals).map((name) => [name, []]))
try {
  for (let round = 0; round <= rounds; round++)
    for (const [name, args] of Object.entries(rivals)) {
      const took = await firstAnswer(args)
      // The first round warms the file system's cache.
      if (round > 0) times[name]?.push(took)
    }
} finally {
  rmSync(folder, { recursive: true, force: true })
  rmSync(bare, { force: true })
}

const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0
const base = median(times['bare express and zod'] ?? [])
console.log(`start to first answer, ${rounds} rounds, median, bare express and zod = 1`)
for (const [name, all] of Object.entries(times))
  console.log(`  ${name.padEnd(24)} ${(median(all) / base).toFixed(2)}  (${Math.round(median(all))} ms)`)
