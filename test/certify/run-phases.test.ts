import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { ScenarioResult } from '../../src/certify/collect.ts'
import { makePlan } from '../../src/certify/plan.ts'
import { type PhasesRun, runPhases, type Stop } from '../../src/certify/run-phases.ts'
import { sanitizer } from '../../src/certify/sanitize.ts'
import { loadSuite } from '../../src/certify/suite.ts'
import { fixtureContract } from './fixtures/contract.ts'

const root = fileURLToPath(new URL('fixtures/', import.meta.url))
const steps = [`${root}steps.ts`]

const target = {
  loopback: true,
  has: () => true,
  howToProvide: () => '',
  declared: {},
  allow: [],
  expect: { 'thing.colour': 'red' },
}

const run = async (feature: string, more: Partial<PhasesRun> = {}) => {
  const suite = await loadSuite({ root, features: [feature], steps })
  const controller = new AbortController()
  const results = new Map<string, ScenarioResult>()
  const happened: string[] = []
  const lines: string[] = []
  const stops: Stop[] = []
  await runPhases({
    suite,
    plan: makePlan(suite.scenarios, fixtureContract, target),
    parallel: 1,
    seed: 1,
    retry: 0,
    sanitize: sanitizer({ secrets: ['s3cret-marker'], cutSignatures: false }),
    worldParameters: () => ({}),
    enter: async (settings) => void happened.push(`enter enforce=${settings['enforce']}`),
    isGone: async () => undefined,
    signal: controller.signal,
    stop: (reason) => {
      stops.push(reason)
      controller.abort(reason)
    },
    events: {
      phaseStarted: ({ label }) => happened.push(`phase ${label}`),
      scenarioStarted: ({ name }) => happened.push(`begin ${name}`),
      scenarioFinished: ({ name }, result) => {
        happened.push(`end ${name}`)
        results.set(name, result)
      },
      phaseFinished: ({ label }) => happened.push(`done ${label}`),
      phaseFailed: ({ label }, { actual }) => happened.push(`failed ${label}: ${actual}`),
    },
    onMessage: (envelope) => void lines.push(JSON.stringify(envelope)),
    ...more,
  })
  return { results, happened, lines, stops, result: (name: string) => results.get(name) }
}

describe('the phases of a run', () => {
  it('set the service provider before their scenarios, and run each scenario once', async () => {
    const { happened, results } = await run('things.feature')
    expect(happened.filter((line) => !/^(begin|end)/.test(line))).toEqual([
      'phase defaults',
      'enter enforce=off',
      'done defaults',
      'phase enforce=on',
      'enter enforce=on',
      'done enforce=on',
      'phase provisioning=off enforce=on',
      'enter enforce=on',
      'done provisioning=off enforce=on',
    ])
    expect(happened.indexOf('begin A thing under Enforce')).toBeGreaterThan(happened.indexOf('phase enforce=on'))
    expect(results.size).toBe(8)
    expect([...results.values()].every(({ status, attempts }) => status === 'passed' && attempts === 1)).toBe(true)
  })

  it('run several scenarios side by side, each once', async () => {
    const { results } = await run('things.feature', { parallel: 3 })
    expect(results.size).toBe(8)
    expect([...results.values()].every(({ status }) => status === 'passed')).toBe(true)
  })

  it('leave out the phase that the service provider cannot be set for, and go on', async () => {
    const { results, happened } = await run('things.feature', {
      enter: async ({ provisioning }) => {
        if (provisioning === 'on') throw new Error('403 from admin')
      },
    })
    expect([...results.keys()]).toEqual(['A polite thing with much set'])
    expect(happened).toContain('failed defaults: 403 from admin')
  })
})

describe('a scenario that ends badly', () => {
  it('is told apart by why: the SP, or us', async () => {
    const { result } = await run('troubles.feature')
    const failures = Object.fromEntries(
      [
        'The service provider is wrong',
        'A step hangs',
        'Our own mistake',
        'A step that nobody wrote',
        'A step that is written twice',
        'A step that is not finished',
        'Seen too late',
      ].map((name) => [
        name,
        [result(name)?.failure?.outcome, result(name)?.failure?.code, result(name)?.failure?.step],
      ]),
    )
    expect(failures).toEqual({
      'The service provider is wrong': ['failed', 'login-accepted', 'the service provider gets it wrong'],
      'A step hangs': ['inconclusive', 'timeout', 'it takes long'],
      'Our own mistake': ['inconclusive', 'internal', 'our own code breaks'],
      'A step that nobody wrote': ['inconclusive', 'undefined-step', 'nobody wrote this step'],
      'A step that is written twice': ['inconclusive', 'ambiguous-step', 'this step is meant twice'],
      'A step that is not finished': ['inconclusive', 'pending-step', 'this step is pending'],
      'Seen too late': ['not-observable', 'verb-missing', 'it is not observable after all'],
    })
  })

  it('carries what was attached', async () => {
    const { result } = await run('troubles.feature')
    expect(result('The service provider is wrong')?.logins.map(({ role }) => role)).toEqual(['twin', 'probe'])
    expect(result('Only looked at')).toMatchObject({
      status: 'passed',
      observations: [{ subject: 'colour', value: 'blue' }],
      findings: [{ code: 'odd' }],
    })
  })

  it('keeps no secret, in no message', async () => {
    const { lines, result } = await run('secrets.feature')
    expect(result('It talks')?.failure?.actual).toBe('It said [redacted].')
    // The feature file itself holds the marker, as its author wrote it; what ran must not.
    const ran = lines.filter((line) => /"(attachment|testStepFinished)"/.test(line)).join('\n')
    expect(ran).toContain('[redacted]')
    expect(ran).not.toContain('s3cret-marker')
  })
})

describe('a run that cannot go on', () => {
  it('skips the rest once it is told to stop, and can be followed by another', async () => {
    const controller = new AbortController()
    const { results, happened } = await run('things.feature', {
      signal: controller.signal,
      events: {
        phaseStarted: () => {},
        scenarioStarted: () => {},
        scenarioFinished: () => controller.abort(),
        phaseFinished: () => {},
        phaseFailed: () => {},
      },
    })
    expect(happened).toEqual(['enter enforce=off'])
    expect(results.size).toBe(0)
    expect((await run('things.feature')).results.size).toBe(8)
  })

  let server: Server | undefined
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())))

  it('ends when the service provider is gone, with the reason', async () => {
    let answers = 0
    server = createServer((_request, response) => {
      answers += 1
      if (answers > 1) server?.closeAllConnections()
      response.end()
    })
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    process.env['FIXTURE_SP'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const { stops, results } = await run('asks.feature', { isGone: async () => 'connection refused' })
    expect(stops).toMatchObject([{ kind: 'target-gone', actual: 'connection refused' }])
    const statuses = [...results.values()].map(({ status }) => status)
    expect(statuses[0]).toBe('passed')
    expect(statuses[1]).toBe('ended')
    expect(statuses.at(-1)).toBe('skipped')
  })
})
