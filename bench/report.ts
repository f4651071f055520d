/**
 * What stands around the scenarios: from the command to the first scenario, what idpact and cucumber add to what the SP takes,
 * the page of 500 scenarios, and four shards of 500 joined. From one run against the embedded SP of the contract `saml`.
 * Figures of one run each; quote them with the machine.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../src/core/package-root.ts'
import { evidenceFiles } from '../src/report/evidence.ts'
import { writeReport } from '../src/report/folder.ts'
import { type ReportFolder, readReportFolder } from '../src/report/read-folder.ts'
import { launch } from '../test/browser/chromium.ts'

const folder = mkdtempSync(join(tmpdir(), 'idpact-bench-'))
const idpact = join(packageRoot(), 'bin/idpact.js')
const many = 500

interface Event {
  type: string
  summary?: { durationMs: number; waitingForSpMs: number; scenarios: Record<string, number> }
}

/** One run, and when its first scenario began: milliseconds from the start of the process. */
const certify = async (...args: string[]): Promise<{ firstMs: number; summary: NonNullable<Event['summary']> }> => {
  const began = performance.now()
  const child = spawn(process.execPath, [...args, idpact, 'certify', '--contract', 'saml', '--json', '--out', 'run'], {
    cwd: folder,
  })
  let firstMs = 0
  let text = ''
  for await (const part of child.stdout) {
    text += String(part)
    if (firstMs === 0 && text.includes('"scenario-started"')) firstMs = performance.now() - began
  }
  const last = JSON.parse(text.trim().split('\n').at(-1) ?? '{}') as Event
  if (last.summary === undefined) throw new Error('certify did not come to its end')
  return { firstMs, summary: last.summary }
}

/** Where the time of the process went, by who wrote the code: milliseconds, from a CPU profile. */
const byOwner = (file: string): Map<string, number> => {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as {
    nodes: { id: number; callFrame: { functionName: string; url: string } }[]
    samples: number[]
    timeDeltas: number[]
  }
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const sums = new Map<string, number>()
  for (const [at, sample] of samples.entries()) {
    const owner = ownerOf(frames.get(sample) ?? { functionName: '', url: '' })
    sums.set(owner, (sums.get(owner) ?? 0) + (timeDeltas[at] ?? 0) / 1000)
  }
  return sums
}

const ownerOf = ({ functionName, url }: { functionName: string; url: string }): string => {
  if (functionName === '(idle)' || functionName === '(program)') return 'waiting'
  if (functionName === '(garbage collector)') return 'garbage collection'
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? []
  if (name !== undefined) return name.startsWith('@cucumber') ? 'cucumber' : 'libraries'
  if (/\/mock-idp\//.test(url)) return 'mock IdP (signing with it)'
  if (url.startsWith('file:')) return 'idpact'
  return 'node'
}

const copyOf = ({ report, logins, messages }: ReportFolder, mark: string) => {
  const scenarios = report.scenarios.slice(0, many).map((one) => ({ ...one, id: `${one.id}${mark}` }))
  const own = new Map(scenarios.map(({ id }) => [id, logins.get(id.slice(0, id.length - mark.length)) ?? []]))
  const evidence = [...own].flatMap(([id, all]) => evidenceFiles(id, all, { apart: false }))
  return {
    report: {
      ...report,
      scenarios: scenarios.map((one) => ({
        ...one,
        evidence: evidence.filter(({ file }) => file === `evidence/${one.id}.json`).map(({ file }) => file),
      })),
      evidence: evidence.map(({ content: _, ...entry }) => entry),
    },
    ...{ details: { logins: own }, evidence, messages: messages.slice(0, 1000) },
  }
}

try {
  const { firstMs, summary } = await certify()
  const count = Object.values(summary.scenarios).reduce((sum, one) => sum + one, 0)
  console.log(`start to first scenario: ${(firstMs / 1000).toFixed(2)} s`)
  const beyond = (summary.durationMs - summary.waitingForSpMs - firstMs) / count
  console.log(
    `${count} scenarios in ${(summary.durationMs / 1000).toFixed(1)} s; per scenario beyond start and waiting for the SP: ${beyond.toFixed(1)} ms`,
  )

  await certify('--cpu-prof', `--cpu-prof-dir=${folder}`)
  const profile = readdirSync(folder).find((name) => name.endsWith('.cpuprofile')) ?? ''
  const owners = byOwner(join(folder, profile))
  const shown = [...owners].toSorted((a, b) => b[1] - a[1]).map(([owner, ms]) => `${owner} ${(ms / count).toFixed(1)}`)
  console.log(`profile of one run, ms a scenario: ${shown.join(', ')}`)

  const run = await readReportFolder('run', { cwd: folder })
  await writeReport(join(folder, 'page'), copyOf(run, ''))
  const file = join(folder, 'page', 'report.html')
  const browser = await launch()
  const page = await browser.newPage()
  const opened = async (url: string): Promise<number> => {
    await page.goto(url)
    return page.evaluate(() => performance.timing.domContentLoadedEventEnd - performance.timing.navigationStart)
  }
  const empty = join(folder, 'empty.html')
  writeFileSync(empty, '<!doctype html><title>empty</title>')
  const times: number[][] = []
  for (let round = 0; round < 5; round++)
    times.push([await opened(pathToFileURL(empty).href), await opened(pathToFileURL(file).href)])
  await browser.close()
  const median = (at: number): number => times.map((pair) => pair[at] ?? 0).toSorted((a, b) => a - b)[2] ?? 0
  console.log(
    `report.html of ${many} scenarios: ${(statSync(file).size / 1e6).toFixed(2)} MB; opens in ${median(1)} ms (an empty page: ${median(0)} ms)`,
  )

  const shards = ['a', 'b', 'c', 'd'].map((mark) => `shard-${mark}`)
  for (const name of shards) await writeReport(join(folder, name), copyOf(run, `-${name.at(-1)}`))
  const start = performance.now()
  const merged = spawnSync(process.execPath, [idpact, 'merge', ...shards, '--out', 'merged'], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (merged.status !== 0) throw new Error(`merge ended with ${merged.status}: ${merged.stderr}`)
  console.log(`merge of 4 shards of ${many} scenarios: ${((performance.now() - start) / 1000).toFixed(2)} s`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
