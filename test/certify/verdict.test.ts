import { describe, expect, it } from 'vitest'
import {
  type Evidence,
  type JudgedRequirement,
  judge,
  requirementOutcome,
  scenarioOutcome,
} from '../../src/certify/verdict.ts'
import type { Keyword } from '../../src/contracts/contract.ts'
import type { Outcome } from '../../src/core/evidence.ts'
import { fixtureContract, requirement } from './fixtures/contract.ts'

const of = (requirements: string[], outcome: Outcome) => ({ requirements, outcome })

describe('the outcome of a scenario', () => {
  it.each<[string, Keyword[], Outcome, Outcome]>([
    ['a broken MUST fails', ['MUST'], 'failed', 'failed'],
    ['a broken SHOULD warns', ['SHOULD'], 'failed', 'warned'],
    ['a broken MAY informs', ['MAY'], 'failed', 'informed'],
    ['the gravest of several requirements counts', ['MAY', 'MUST', 'SHOULD'], 'failed', 'failed'],
    ['without a MUST, the SHOULD counts', ['MAY', 'SHOULD'], 'failed', 'warned'],
    ['without any requirement, it counts in full', [], 'failed', 'failed'],
    ['what is inconclusive stays so under SHOULD', ['SHOULD'], 'inconclusive', 'inconclusive'],
    ['what is not observable stays so', ['MAY'], 'not-observable', 'not-observable'],
  ])('%s', (_title, keywords, outcome, expected) => {
    const requirements = keywords.map((keyword, at) => requirement(`R-${at}`, { keyword }))
    const ids = requirements.map(({ id }) => id)
    expect(scenarioOutcome(of(ids, outcome), { ...fixtureContract, requirements })).toBe(expected)
  })

  it('is our own trouble where no service provider could be at fault', () => {
    const ours = requirement('R-0', { kind: 'idp', violation: undefined })
    const contract = {
      ...fixtureContract,
      requirements: [ours, requirement('R-1'), requirement('R-2', { kind: 'idp' })],
    }
    expect(scenarioOutcome(of(['R-0'], 'failed'), contract)).toBe('inconclusive')
    expect(scenarioOutcome(of(['R-0', 'R-1'], 'failed'), contract)).toBe('failed')
    expect(scenarioOutcome(of(['R-2'], 'failed'), contract)).toBe('failed')
    expect(requirementOutcome(ours, [of(['R-0', 'R-1'], 'failed')])).toBe('inconclusive')
  })
})

describe('the outcome of a requirement', () => {
  const worst: [Outcome[], Outcome][] = [
    [['passed', 'informed', 'warned', 'not-observable', 'inconclusive', 'failed'], 'failed'],
    [['passed', 'informed', 'warned', 'not-observable', 'inconclusive'], 'inconclusive'],
    [['passed', 'informed', 'warned', 'not-observable'], 'not-observable'],
    [['passed', 'informed', 'warned'], 'warned'],
    [['passed', 'informed'], 'informed'],
    [['passed'], 'passed'],
    [['not-applicable', 'passed'], 'passed'],
    [['not-applicable', 'not-applicable'], 'not-applicable'],
    [[], 'not-applicable'],
  ]
  it.each(worst)('of scenarios %j is %s', (outcomes, expected) => {
    const scenarios = [...outcomes.map((outcome) => of(['FIX-01', 'OTHER'], outcome)), of(['OTHER'], 'failed')]
    expect(requirementOutcome(requirement('FIX-01'), scenarios)).toBe(expected)
  })

  it('weighs the failure of a shared scenario by its own keyword', () => {
    const shared = [of(['FIX-01', 'FIX-02'], 'failed')]
    expect(requirementOutcome(requirement('FIX-01'), shared)).toBe('failed')
    expect(requirementOutcome(requirement('FIX-02', { keyword: 'SHOULD' }), shared)).toBe('warned')
    expect(requirementOutcome(requirement('FIX-02', { keyword: 'MAY' }), shared)).toBe('informed')
  })
})

const must = (outcome: Outcome, more: Partial<JudgedRequirement> = {}): JudgedRequirement => ({
  id: `M-${outcome}`,
  keyword: 'MUST',
  outcome,
  ...more,
})
const should = (outcome: Outcome): JudgedRequirement => ({ id: `S-${outcome}`, keyword: 'SHOULD', outcome })
const waiver = { reason: 'known', approver: 'Ada', expires: '2027-01-31' }

const judged = (evidence: Partial<Evidence>, acceptPartial = false) =>
  judge(
    {
      contract: fixtureContract,
      requirements: [must('passed')],
      scenariosRun: 1,
      filtered: false,
      interrupted: false,
      without: [],
      ...evidence,
    },
    { acceptPartial },
  )

describe('the verdict', () => {
  it('names first what ended the run early', () => {
    const { word, sentence, reasons } = judged({
      requirements: [must('inconclusive')],
      endedBecause: 'The SP is gone.',
    })
    expect(word).toBe('inconclusive')
    expect(sentence).toContain('The SP is gone.')
    expect(reasons[0]).toBe('The run ended early: The SP is gone.')
  })

  it.each<[string, Partial<Evidence>, string, number]>([
    ['all kept', {}, 'certified', 0],
    ['only informed beside', { requirements: [must('passed'), must('informed')] }, 'certified', 0],
    ['a SHOULD warned', { requirements: [must('passed'), should('warned')] }, 'certified', 0],
    ['a SHOULD inconclusive', { requirements: [must('passed'), should('inconclusive')] }, 'certified', 0],
    ['a SHOULD not observable', { requirements: [must('passed'), should('not-observable')] }, 'certified', 0],
    ['a MUST not applicable', { requirements: [must('passed'), must('not-applicable')] }, 'certified', 0],
    ['a MUST failed', { requirements: [must('failed')] }, 'not-certified', 1],
    [
      'a MUST failed beside all that is worse to know',
      {
        requirements: [must('failed'), must('inconclusive'), must('not-observable')],
        filtered: true,
        preflightFailure: 'no answer.',
      },
      'not-certified',
      1,
    ],
    ['a waived MUST failed all the same', { requirements: [must('failed', { waiver })] }, 'not-certified', 1],
    ['the preflight failed', { preflightFailure: 'no answer.', scenariosRun: 0 }, 'inconclusive', 3],
    ['a MUST inconclusive', { requirements: [must('passed'), must('inconclusive')] }, 'inconclusive', 3],
    [
      'a MUST inconclusive in a filtered run',
      { requirements: [must('inconclusive')], filtered: true },
      'inconclusive',
      3,
    ],
    ['no scenario ran', { requirements: [must('not-observable')], scenariosRun: 0 }, 'inconclusive', 3],
    ['a filter', { filtered: true }, 'partial', 4],
    ['a waiver', { requirements: [must('passed', { waiver })] }, 'partial', 4],
    ['a MUST not observable', { requirements: [must('passed'), must('not-observable')] }, 'partial', 4],
    ['interrupted', { interrupted: true }, 'inconclusive', 130],
    ['interrupted after a failure', { interrupted: true, requirements: [must('failed')] }, 'not-certified', 130],
  ])('%s', (_title, evidence, word, exitCode) => {
    expect(judged(evidence)).toMatchObject({ word, exitCode })
  })

  it('keeps the word partial, with exit code 0, where partial is accepted; and forgives nothing else', () => {
    expect(judged({ filtered: true }, true)).toMatchObject({ word: 'partial', exitCode: 0 })
    expect(judged({ requirements: [must('failed')] }, true).exitCode).toBe(1)
    expect(judged({ requirements: [must('inconclusive')] }, true).exitCode).toBe(3)
    expect(judged({ interrupted: true }, true).exitCode).toBe(130)
  })

  it('names the scope that is certified when it is partial', () => {
    const partial = judged({ requirements: [must('passed'), must('not-observable')], without: ['Enforce'] })
    expect(partial.scope).toBe('Things without Enforce')
    expect(partial.sentence).toContain('Certified is Things without Enforce.')
    expect(judged({}).scope).toBeUndefined()
  })

  it('names what is broken, and why nothing can be told', () => {
    expect(judged({ requirements: [must('failed')] }).sentence).toBe(
      'It breaks 1 requirement that it must keep: M-failed.',
    )
    expect(judged({ preflightFailure: 'The ACS does not answer.', scenariosRun: 0 })).toMatchObject({
      sentence: 'Nobody can tell yet: the preflight failed: The ACS does not answer.',
      reasons: ['The preflight failed: The ACS does not answer.'],
    })
  })
})
