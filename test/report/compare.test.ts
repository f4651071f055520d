import { describe, expect, it } from 'vitest'
import { gated } from '../../src/certify/gate.ts'
import type { Outcome } from '../../src/core/evidence.ts'
import { compareReports } from '../../src/report/compare.ts'
import { historyAfter, longestHistory } from '../../src/report/history.ts'
import type { Report, ReportRequirement } from '../../src/report/model.ts'
import { sample, scenario } from './sample.ts'

const base = sample().requirements[0] as ReportRequirement

/** A report whose requirements have these outcomes, each by one scenario. */
const reportOf = (outcomes: Record<string, Outcome>, more: Partial<Report> = {}): Report => ({
  ...sample(),
  requirements: Object.entries(outcomes).map(([id, outcome]) => ({ ...base, id, outcome, scenarios: [id] })),
  scenarios: Object.entries(outcomes).map(([id, outcome]) => scenario(id, { outcome, requirements: [id] })),
  ...more,
})

describe('the comparison of two reports', () => {
  it('tells what is newly broken, mended, still broken, lost, new and gone', () => {
    const earlier = reportOf({ A: 'passed', B: 'failed', C: 'failed', D: 'passed', E: 'passed', F: 'warned' })
    const now = reportOf({ A: 'failed', B: 'passed', C: 'failed', D: 'inconclusive', F: 'informed', G: 'failed' })
    expect(compareReports(earlier, now)).toMatchObject({
      broken: ['A'],
      mended: ['B', 'F'],
      stillBroken: ['C'],
      worse: [],
      lost: ['D'],
      added: ['G'],
      gone: ['E'],
      baseline: { run: 'r1', target: 'our staging SP', version: '2.4.1', verdict: 'not-certified' },
      same: { suite: true, contracts: true, configuration: true },
    })
  })

  it('tells that a broken requirement is broken in more scenarios; a line that moved is no other scenario', () => {
    const two = (first: Outcome, second: Outcome, line: number): Report =>
      reportOf(
        { A: 'failed' },
        {
          scenarios: [
            scenario('a', { requirements: ['A'], outcome: first, line }),
            scenario('b', { requirements: ['A'], outcome: second, line: line + 5 }),
          ],
        },
      )
    expect(compareReports(two('failed', 'passed', 3), two('failed', 'passed', 40)).worse).toEqual([])
    expect(compareReports(two('failed', 'passed', 3), two('failed', 'failed', 3)).worse).toEqual(['A'])
  })

  it('refuses reports about other contracts, or other versions of one', () => {
    const [contract] = sample().contracts
    const other = sample({ contracts: [{ ...(contract as Report['contracts'][number]), version: 2 }] })
    expect(() => compareReports(other, sample())).toThrowError(/cloudinary@2.*cloudinary@1/)
  })

  it('says when the same version asks for something else than then', () => {
    const [contract] = sample().contracts
    const other = sample({ contracts: [{ ...(contract as Report['contracts'][number]), sha256: '00' }] })
    expect(compareReports(other, sample()).same.contracts).toBe(false)
  })
})

describe('the gate', () => {
  const through = (report: Report, earlier?: Report) =>
    gated(report, earlier && compareReports(earlier, report), { acceptPartial: false })
  const waiver = { reason: 'known', approver: 'the board', expires: '2099-01-01' }

  it.each<[string, Report, Report | undefined, number, string[]]>([
    ['a failure of the baseline', reportOf({ A: 'failed' }), reportOf({ A: 'failed' }), 0, []],
    ['a new failure', reportOf({ A: 'failed', B: 'failed' }), reportOf({ A: 'failed', B: 'passed' }), 1, ['B']],
    ['a failing requirement that the baseline does not have', reportOf({ A: 'failed' }), reportOf({}), 1, ['A']],
    ['a failure, and no baseline', reportOf({ A: 'failed' }), undefined, 1, ['A']],
    ['nobody can tell', reportOf({ A: 'inconclusive' }), reportOf({ A: 'failed' }), 3, []],
    ['not observable', reportOf({ A: 'not-observable' }), reportOf({ A: 'failed' }), 4, []],
    ['all kept', reportOf({ A: 'passed' }), reportOf({ A: 'failed' }), 0, []],
    [
      'a waived failure',
      reportOf({}, { requirements: [{ ...base, id: 'A', outcome: 'failed', waiver }] }),
      undefined,
      0,
      [],
    ],
  ])('%s', (_title, now, earlier, exitCode, failures) => {
    const verdict = through(now, earlier)
    expect(verdict).toMatchObject({ exitCode, gate: { passed: failures.length === 0, failures } })
    expect(verdict.word).toBe(now.verdict.word)
  })

  it('lets an interrupted run end as an interrupted run', () => {
    const stopped = sample({ verdict: { ...sample().verdict, interrupted: true, exitCode: 130 } })
    expect(through(stopped).exitCode).toBe(130)
  })
})

describe('the history of a report', () => {
  it('goes on from the report before, of the same target and contracts, of whole runs only', () => {
    const earlier = sample({ history: [] })
    const [only] = historyAfter(earlier, sample())
    expect(only).toMatchObject({ run: 'r1', verdict: 'not-certified', version: '2.4.1', durationMs: 4000 })
    const whole = { ...earlier, history: Array.from({ length: 40 }, () => only as NonNullable<typeof only>) }
    expect(historyAfter(whole, sample())).toHaveLength(longestHistory)
    expect(historyAfter({ ...earlier, run: { ...earlier.run, certifying: false } }, sample())).toEqual([])
    expect(historyAfter({ ...earlier, subject: { ...earlier.subject, name: 'another' } }, sample())).toEqual([])
    expect(historyAfter(undefined, sample())).toEqual([])
  })
})
