import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { choose } from '../../src/certify/choose.ts'
import { makePlan, type PlanTarget } from '../../src/certify/plan.ts'
import { loadSuite } from '../../src/certify/suite.ts'
import { fixtureContract } from './fixtures/contract.ts'

const root = fileURLToPath(new URL('fixtures/', import.meta.url))
const things = { root, features: ['things.feature'], steps: [`${root}steps.ts`] }

const target = (more: Partial<PlanTarget> = {}): PlanTarget => ({
  loopback: true,
  has: () => true,
  howToProvide: (verb) => `Write how to do ${verb}.`,
  declared: {},
  allow: [],
  expect: { 'thing.colour': 'red' },
  ...more,
})

const suite = await loadSuite(things)
const planFor = (more: Partial<PlanTarget> = {}) => makePlan(suite.scenarios, fixtureContract, target(more))
const named = (name: string) => suite.scenarios.find((scenario) => scenario.name === name)

describe('the suite', () => {
  it('knows of each scenario where it stands, what it is called, and what its steps need', () => {
    expect(named('A thing with an account')).toEqual({
      id: 'things-10',
      uri: 'things.feature',
      line: 10,
      lines: [10, 10],
      feature: 'Things',
      rule: 'Things work',
      name: 'A thing with an account',
      tags: ['@things', '@FIX-01'],
      needs: ['accounts.find'],
      steps: ['Given a thing that needs accounts'],
    })
  })

  it('has one scenario for each row of examples, at the line of the row', () => {
    expect(
      suite.scenarios.filter(({ name }) => name.startsWith('A polite thing says')).map(({ line }) => line),
    ).toEqual([25, 26])
  })

  it('refuses a tag expression that is none, and a feature that cannot be parsed', async () => {
    await expect(loadSuite(things, '@a and (')).rejects.toMatchObject({ code: 'tag-expression' })
    await expect(loadSuite({ ...things, features: ['broken.feature'] })).rejects.toMatchObject({
      code: 'gherkin-parse-error',
      message: expect.stringContaining('broken.feature'),
    })
  })

  it('has ids that are safe as file names, each once', () => {
    const ids = suite.scenarios.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+$/)
  })
})

describe('the plan', () => {
  it('sorts scenarios into phases, the nearest first', () => {
    expect(planFor().phases.map(({ label }) => label)).toEqual([
      'defaults',
      'enforce=on',
      'provisioning=off enforce=on',
    ])
    expect(planFor({ declared: { enforce: 'on', provisioning: 'off' } }).phases.map(({ label }) => label)).toEqual([
      'provisioning=off enforce=on',
      'enforce=on',
      'defaults',
    ])
  })

  it('leaves out what is for another declared choice', () => {
    const [blue, ...others] = planFor().decided
    expect(others).toEqual([])
    expect(blue).toMatchObject({
      scenario: { name: 'A blue thing' },
      outcome: 'not-applicable',
      reason: 'It is about targets that declare thing.colour: blue; this one declares red.',
    })
    expect(planFor({ expect: { 'thing.colour': 'blue' } }).decided.map(({ scenario }) => scenario.name)).toEqual([
      'A red thing',
    ])
  })

  it('leaves out what a target lacks the verbs for, and says how to get them', () => {
    const decided = planFor({ has: (verb) => verb !== 'accounts.find' && verb !== 'outbox.read' }).decided
    expect(decided.filter(({ outcome }) => outcome === 'not-observable')).toMatchObject([
      {
        scenario: { name: 'A thing with an account' },
        needs: ['accounts.find'],
        reason: 'Missing: reading one account.',
        how: 'Write how to do accounts.find.',
      },
      { scenario: { name: 'A polite thing with much set' }, needs: ['outbox.read'] },
    ])
  })

  it('without a way to set the SP, runs only the phase that it is declared to be in', () => {
    const noAdmin = { has: (verb: string) => !verb.startsWith('admin.') }
    const plan = planFor(noAdmin)
    expect(plan.phases.map(({ label }) => label)).toEqual(['defaults'])
    expect(plan.decided.find(({ scenario }) => scenario.name === 'A thing under Enforce')).toMatchObject({
      outcome: 'not-observable',
      needs: ['enforce=on'],
      how: expect.stringContaining('target: { settings: { enforce: on } }'),
    })
    expect(planFor({ ...noAdmin, declared: { enforce: 'on' } }).phases.map(({ label }) => label)).toEqual([
      'enforce=on',
    ])
  })

  it('changes nothing, and makes no admins, at a target elsewhere without consent', () => {
    const away = planFor({ loopback: false })
    expect(away.phases.map(({ label }) => label)).toEqual(['defaults'])
    expect(away.decided.map(({ scenario, needs }) => [scenario.name, needs])).toEqual([
      ['A thing under Enforce', ['consent settings']],
      ['A polite thing with much set', ['consent settings', 'consent settings']],
      ['A blue thing', ['expect thing.colour=blue']],
      ['An admin', ['consent admin-accounts']],
    ])
    expect(planFor({ loopback: false, allow: ['settings', 'admin-accounts'] }).decided).toHaveLength(1)
  })
})

describe('the filters', () => {
  const chosen = (filter: Partial<Parameters<typeof choose>[1]>) =>
    choose(suite.scenarios, { requirements: [], scenarios: [], ...filter }, fixtureContract).map(({ name }) => name)

  it('choose by requirement, by a part of the name, by file and line, and by all of them together', () => {
    expect(chosen({ requirements: ['FIX-03'] })).toEqual(['A red thing', 'A blue thing'])
    expect(chosen({ scenarios: ['POLITE thing says'] })).toEqual([
      'A polite thing says please',
      'A polite thing says thanks',
    ])
    expect(chosen({ scenarios: ['./things.feature:26'] })).toEqual(['A polite thing says thanks'])
    expect(chosen({ scenarios: ['things.feature:20'] })).toHaveLength(2)
    expect(chosen({ requirements: ['FIX-02'], scenarios: ['An admin'] })).toEqual(['An admin'])
  })

  it('say what there is when they mean nothing', () => {
    expect(() => chosen({ requirements: ['FIX-99'] })).toThrowError(/no requirement "FIX-99" in things@1/)
    expect(() => chosen({ requirements: ['FIX-04'] })).toThrowError(/No scenario tests FIX-04/)
    expect(() => chosen({ scenarios: ['nowhere'] })).toThrowError(/"nowhere"/)
    expect(() => chosen({ scenarios: ['mythings.feature:26'] })).toThrowError(/mythings.feature:26/)
    expect(() => chosen({ requirements: ['FIX-03'], scenarios: ['polite'] })).toThrowError(/no scenario to run/)
  })
})
