import { expect, test } from 'vitest'
import type { Assembled } from '../../src/certify/assemble.ts'
import { mergeParts } from '../../src/certify/parts.ts'
import type { Report, VerdictWord } from '../../src/report/model.ts'
import { sample } from '../report/sample.ts'

const part = (title: string, word: VerdictWord, exitCode: number, more: Partial<Report> = {}): Assembled => {
  const report = sample(more)
  const verdict = {
    ...report.verdict,
    word,
    exitCode,
    sentence: `${title} says so.`,
    reasons: ['why'],
    interrupted: false,
  }
  const contracts = report.contracts.map((contract) => ({ ...contract, title }))
  return { report: { ...report, contracts, verdict } as Report, evidence: [], logins: new Map() }
}

test('of one part it is that part', () => {
  const only = part('A', 'certified', 0)
  expect(mergeParts([only])).toBe(only)
})

type Verdict = [VerdictWord, number]
const cases: [Verdict, Verdict, Verdict, VerdictWord, number][] = [
  [['certified', 0], ['not-certified', 1], ['inconclusive', 3], 'not-certified', 1],
  [['certified', 0], ['inconclusive', 3], ['partial', 4], 'inconclusive', 3],
  [['partial', 4], ['certified', 0], ['certified', 0], 'partial', 4],
  [['certified', 0], ['certified', 0], ['certified', 0], 'certified', 0],
]

test.each(cases)('the gravest of %s, %s and %s is %s', (a, b, c, word, exitCode) => {
  const parts = [part('A', ...a), part('B', ...b), part('C', ...c)] as const
  const { report } = mergeParts([...parts])
  expect([report.verdict.word, report.verdict.exitCode]).toEqual([word, exitCode])
  expect(report.verdict.reasons).toEqual(['A. why', 'B. why', 'C. why'])
  const gravest = [a, b, c].map(([each], i) => (each === word ? `${'ABC'[i]}. ` : '')).filter((title) => title !== '')
  if (word !== 'certified') for (const title of gravest) expect(report.verdict.sentence).toContain(title)
})

test('an interrupted part ends the whole with its exit code, whatever else was found', () => {
  const interrupted = part('B', 'inconclusive', 130)
  interrupted.report.verdict.interrupted = true
  const { verdict } = mergeParts([part('A', 'not-certified', 1), interrupted]).report
  expect([verdict.word, verdict.exitCode, verdict.interrupted]).toEqual(['not-certified', 130, true])
})

test('requirements, scenarios, findings and counts are those of all parts', () => {
  const [a, b] = [part('A', 'certified', 0), part('B', 'certified', 0)]
  const { report } = mergeParts([a, b])
  expect(report.requirements).toEqual([...a.report.requirements, ...b.report.requirements])
  expect(report.scenarios).toHaveLength(a.report.scenarios.length * 2)
  expect(report.findings).toHaveLength(a.report.findings.length * 2)
  expect(report.summary.durationMs).toBe(a.report.summary.durationMs * 2)
  for (const [outcome, count] of Object.entries(a.report.summary.scenarios))
    expect(report.summary.scenarios).toMatchObject({ [outcome]: count * 2 })
})
