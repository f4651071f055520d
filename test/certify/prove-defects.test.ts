import { describe, expect, it } from 'vitest'
import type { ScenarioResult } from '../../src/certify/collect.ts'
import { judgeDefect, type Proof, proveDefects } from '../../src/certify/prove-defects.ts'
import { proveSideBySide } from '../../src/certify/prove-side-by-side.ts'
import { fixtureContract } from './fixtures/contract.ts'

const ended = (requirement: string, result: Partial<ScenarioResult> = {}) => ({
  scenario: {
    ...{
      id: requirement,
      uri: 'a.feature',
      line: 1,
      lines: [1],
      feature: '',
      rule: '',
      name: 'One',
      needs: [],
      steps: [],
    },
    tags: [`@${requirement}`],
  },
  result: {
    ...{
      uri: 'a.feature',
      line: 1,
      logins: [],
      observations: [],
      findings: [],
      earlier: [],
      attempts: 1,
      durationMs: 1,
    },
    ...{ status: 'passed' as const, failure: undefined },
    ...result,
  },
})

const because = (outcome: 'failed' | 'inconclusive', code: string): Partial<ScenarioResult> => ({
  status: 'ended',
  failure: { outcome, code, step: 's', expected: 'a', actual: 'b' },
})
const fails = because('failed', 'login-accepted')
const spoiled = because('inconclusive', 'twin-not-accepted')

const judged = (...outcomes: ReturnType<typeof ended>[]) =>
  judgeDefect(
    { breaks: 'FIX-01', alsoFails: [{ requirement: 'FIX-02', reason: 'it follows' }] },
    outcomes,
    fixtureContract,
  )

describe('the proof that a defect is caught', () => {
  it('holds when a scenario of its requirement fails, and others only where that is declared', () => {
    expect(judged(ended('FIX-01', fails), ended('FIX-01'), ended('FIX-02', fails), ended('FIX-03'))).toEqual({
      caughtBy: 1,
      couldNotTell: 0,
      problems: [],
    })
  })

  it('needs a failure, not only scenarios that could not be told', () => {
    expect(judged(ended('FIX-01', spoiled), ended('FIX-02', fails))).toEqual({
      caughtBy: 0,
      couldNotTell: 1,
      problems: ['no scenario of FIX-01 fails'],
    })
  })

  it('is spoiled by a failure that is not declared', () => {
    expect(judged(ended('FIX-01', fails), ended('FIX-03', fails)).problems).toEqual([
      'fails too, undeclared: FIX-03 "One" (a.feature:1): b',
    ])
  })

  it('is not spoiled by scenarios that start from what is broken, but by trouble of our own', () => {
    expect(judged(ended('FIX-01', fails), ended('FIX-03', spoiled))).toMatchObject({ couldNotTell: 1, problems: [] })
    expect(judged(ended('FIX-01', fails), ended('FIX-01', because('inconclusive', 'timeout'))).problems).toHaveLength(1)
    expect(judged(ended('FIX-01', fails), ended('FIX-02', { status: 'skipped' })).problems).toHaveLength(1)
  })
})

describe('proving real defects', () => {
  const prove = async (ids: string[]) => {
    const proofs: Proof[] = []
    const options = { cwd: process.cwd(), ids, full: false, parallel: 3, seed: 1 }
    return { result: await proveDefects({ ...options, onProof: (proof) => void proofs.push(proof) }), proofs }
  }

  it('begins with all being well, and resets the reference SP from one to the next', async () => {
    const { result, proofs } = await prove(['CLD-PROV-12', 'CLD-SAML-20'])
    expect(result).toEqual(proofs)
    expect(proofs).toMatchObject([
      { id: 'baseline', proven: true },
      { id: 'CLD-PROV-12', proven: true, problems: [] },
      { id: 'CLD-SAML-20', proven: true, problems: [] },
    ])
    for (const { id, caughtBy } of proofs) expect(caughtBy > 0).toBe(id !== 'baseline')
  })

  it('can share them among processes, each of which begins with all being well', async () => {
    const seen: string[] = []
    const proofs = await proveSideBySide(
      {
        ...{ cwd: process.cwd(), ids: ['SAML-SIG-01', 'SAML-COR-02'], full: false, parallel: 3, seed: 1 },
        onProof: ({ id }) => void seen.push(id),
      },
      2,
    )
    expect(proofs.every(({ proven }) => proven)).toBe(true)
    expect(seen.toSorted()).toEqual(['SAML-COR-02', 'SAML-SIG-01', 'baseline', 'baseline'])
  }, 60_000)

  it('refuses an id that no defect has', async () => {
    await expect(prove(['CLD-PROV-99'])).rejects.toMatchObject({ code: 'unknown-defect' })
  })
})
