import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { joinReports } from '../../src/certify/join.ts'
import type { Outcome } from '../../src/core/evidence.ts'
import { evidenceFiles } from '../../src/report/evidence.ts'
import { writeReport } from '../../src/report/folder.ts'
import type { Report, ReportFilter, ReportRequirement } from '../../src/report/model.ts'
import type { ReportFolder } from '../../src/report/read-folder.ts'
import { run as runCli } from '../cli/run.ts'
import { login, sample, scenario } from '../report/sample.ts'

const [base] = sample().requirements as [ReportRequirement]

const folderOf = (
  scenarios: Record<string, Outcome>,
  { filter = null, ...more }: Partial<Report> & { filter?: ReportFilter } = {},
): ReportFolder => {
  const all = Object.entries(scenarios).map(([name, outcome]) => {
    const ran = outcome !== 'not-observable'
    return scenario(name, {
      outcome,
      requirements: [name.slice(0, 1).toUpperCase()],
      attempts: ran ? 1 : 0,
      evidence: ran ? [`evidence/${name}.json`] : [],
    })
  })
  const ids = [...new Set(all.flatMap(({ requirements }) => requirements))]
  const evidence = all.flatMap(({ id }) => evidenceFiles(id, [login('probe', 'a')], { apart: false }))
  return {
    from: 'a folder',
    report: sample({
      run: { ...sample().run, filter },
      scenarios: all,
      requirements: ids.map((id) => ({ ...base, id, outcome: 'passed' as const, scenarios: [] })),
      notObservable: all
        .filter(({ outcome }) => outcome === 'not-observable')
        .map(({ id, requirements: [requirement = ''] }) => ({
          ...{ requirement, scenario: id, needs: ['enforce=on'], without: ['Enforce'], how: 'Turn it on.' },
        })),
      ...more,
    }),
    evidence,
    logins: new Map(all.map(({ id }) => [id, [login('probe', 'a')]])),
    messages: ['{}'],
  }
}

const shard = (part: number, of: number): ReportFilter => ({ requirements: [], scenarios: [], shard: { part, of } })
const options = { acceptPartial: false, command: 'idpact merge a b' }

describe('reports that are joined', () => {
  it('of all shards are of everything, and certify it', () => {
    const folders = [
      folderOf({ a1: 'passed', b1: 'passed' }, { filter: shard(1, 2) }),
      folderOf({ a2: 'passed' }, { filter: shard(2, 2) }),
    ]
    const { report, evidence, messages } = joinReports(folders, options)
    expect(report.verdict).toMatchObject({ word: 'certified', exitCode: 0 })
    expect(report.run).toMatchObject({ filter: null, certifying: true, command: 'idpact merge a b' })
    expect(report.requirements.map(({ id, scenarios }) => [id, scenarios])).toEqual([
      ['A', ['a1', 'a2']],
      ['B', ['b1']],
    ])
    expect(evidence.map(({ file }) => file).toSorted()).toEqual(['a1', 'a2', 'b1'].map((id) => `evidence/${id}.json`))
    expect(messages).toHaveLength(2)
  })

  it('of some shards certify a part', () => {
    const folders = [
      folderOf({ a1: 'passed' }, { filter: shard(1, 3) }),
      folderOf({ a2: 'passed' }, { filter: shard(3, 3) }),
    ]
    expect(joinReports(folders, options).report.verdict).toMatchObject({ word: 'partial', exitCode: 4 })
  })

  it('made under other settings see together what neither saw alone', () => {
    const folders = [folderOf({ a1: 'passed', a2: 'not-observable' }), folderOf({ a1: 'not-observable', a2: 'passed' })]
    const { report } = joinReports(folders, options)
    expect(report.verdict.word).toBe('certified')
    expect(report.notObservable).toEqual([])
  })

  it('keep what nobody has seen, and a failure of any of them', () => {
    const folders = [
      folderOf({ a1: 'passed', b1: 'not-observable', c1: 'failed' }),
      folderOf({ a1: 'failed', b1: 'not-observable', c1: 'not-observable' }),
    ]
    const { report } = joinReports(folders, options)
    expect(report.requirements.map(({ id, outcome }) => [id, outcome])).toEqual([
      ['A', 'failed'],
      ['B', 'not-observable'],
      ['C', 'failed'],
    ])
    expect(report.verdict.word).toBe('not-certified')
    expect(report.notObservable.map(({ scenario: id }) => id)).toEqual(['b1'])
  })

  it.each<[string, Partial<Report>, RegExp]>([
    ['another target', { subject: { ...sample().subject, name: 'another SP' } }, /the target differ: another SP/],
    ['another version', { subject: { ...sample().subject, version: '3' } }, /version of the target differ: 3/],
    ['other scenarios', { suite: { ...sample().suite, featuresSha256: '00' } }, /the scenarios differ/],
    [
      'another contract',
      { contracts: [{ ...sample().contracts[0], id: 'saml' } as never] },
      /the contracts differ: saml@1/,
    ],
  ])('are refused when one is of %s', (_title, more, says) => {
    expect(() => joinReports([folderOf({ a1: 'passed' }), folderOf({ a2: 'passed' }, more)], options)).toThrowError(
      says,
    )
  })

  it('are at least two', () => {
    expect(() => joinReports([folderOf({ a1: 'passed' })], options)).toThrowError(/One report alone/)
  })
})

describe('idpact merge and idpact diff', () => {
  const run = (cwd: string, ...args: string[]) => runCli(args, { cwd })
  const written = async (): Promise<string> => {
    const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
    const parts = [
      folderOf({ a1: 'passed', b1: 'passed' }, { filter: shard(1, 2) }),
      folderOf({ a2: 'failed' }, { filter: shard(2, 2) }),
    ]
    for (const [at, { report, evidence, logins, messages }] of parts.entries())
      await writeReport(join(cwd, `s${at + 1}`), {
        report: { ...report, evidence: evidence.map(({ content: _, ...entry }) => entry) },
        ...{ details: { logins }, evidence, messages },
      })
    return cwd
  }

  it('write one report of two, and say what changed', async () => {
    const cwd = await written()
    expect(await run(cwd, 'merge', 's1', 's2', '--out', 'm')).toMatchObject({ code: 1, stdout: 'not-certified\n' })
    expect(await readFile(join(cwd, 'm', 'report.html'), 'utf8')).toContain('Not certified')
    const diff = await run(cwd, 'diff', 's1', 'm')
    expect(diff.code).toBe(1)
    expect(diff.stdout).toMatch(/Newly broken \(1\)\n {2}A /)
    expect((await run(cwd, 'diff', 'm', 's1')).stdout).toMatch(/Mended \(1\)\n {2}A /)
    expect(await run(cwd, 'diff', 'm', 'm/report.json')).toMatchObject({ code: 0 })
  })

  it.each<[string, (cwd: string) => Promise<void>, RegExp]>([
    [
      'messages that are cut off',
      (cwd) => writeFile(join(cwd, 's2/messages.ndjson'), '{'),
      /messages\.ndjson is cut off/,
    ],
    ['messages that were changed', (cwd) => writeFile(join(cwd, 's2/messages.ndjson'), '[]\n'), /was changed/],
    ['evidence that was changed', (cwd) => writeFile(join(cwd, 's2/evidence/a2.json'), '[]'), /a2\.json was changed/],
    ['a report that is cut off', (cwd) => writeFile(join(cwd, 's2/report.json'), '{"schemaVersion": 1,'), /is cut off/],
    [
      'a report of a newer schema',
      (cwd) => writeFile(join(cwd, 's2/report.json'), '{"schemaVersion": 7}'),
      /schema version 7/,
    ],
    ['something else', (cwd) => writeFile(join(cwd, 's2/report.json'), '{"schemaVersion": 1}'), /is not a report/],
  ])('refuse %s', async (_title, spoil, says) => {
    const cwd = await written()
    await spoil(cwd)
    const out = await run(cwd, 'merge', 's1', 's2', '--out', 'm')
    expect(out.code).toBe(2)
    expect(out.stderr).toMatch(says)
  })

  it('may be written in the place of one that they are made of', async () => {
    const cwd = await written()
    expect(await run(cwd, 'merge', 's1', 's2', '--out', 's1')).toMatchObject({ code: 1 })
    expect(await run(cwd, 'merge', 's1', 's2', '--out', 'again')).toMatchObject({ code: 1 })
  })

  it('refuse a folder that is not there', async () => {
    expect(await run(await written(), 'diff', 's1', 's9')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('s9'),
    })
  })
})
