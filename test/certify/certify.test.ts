import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CertifyEvent } from '../../src/certify/events.ts'
import type { PausedAt } from '../../src/certify/options.ts'
import { reportSchema } from '../../src/report/model.ts'
import { certifyIn, folderFor, type SmallSp, startSmallSp, usualAnswer } from './fixtures/small-sp.ts'

let sp: SmallSp
beforeEach(async () => {
  sp = await startSmallSp()
})
afterEach(() => sp.stop())

const written = async (folder: string) => {
  expect((await readdir(folder)).filter((name) => name !== 'evidence').toSorted()).toEqual([
    'junit.xml',
    'messages.ndjson',
    'report.html',
    'report.json',
  ])
  return reportSchema.parse(JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')))
}

const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

describe('a run against a service provider', () => {
  it('plans, runs, judges and writes down; sets the SP for each phase, and puts its settings back', async () => {
    const { report, events, folder } = await certifyIn(await folderFor(sp.url), 'sp.feature')
    expect(report.verdict).toMatchObject({ word: 'certified', exitCode: 0, interrupted: false })
    expect(await written(folder)).toEqual(report)
    expect(report.summary.scenarios.passed).toBe(9)
    expect(report.run.settings.map(({ enforce }) => enforce)).toEqual(['off', 'on'])
    expect(sp.seen.filter((one) => one === 'PUT /admin')).toHaveLength(3)
    expect(sp.seen.at(-1)).toBe('PUT /admin')
    expect(report.summary.waitingForSpMs).toBeGreaterThan(0)
    expect(events.at(-1)).toMatchObject({ type: 'finished', verdict: { word: 'certified' } })
    expect(events.filter(({ type }) => type === 'scenario-finished')).toHaveLength(9)
  })

  it('is partial when only a part was chosen, and lists only that', async () => {
    const filter = { requirements: [], scenarios: ['Ask 3'] }
    const { report } = await certifyIn(await folderFor(sp.url), 'sp.feature', { filter, acceptPartial: true })
    expect(report.verdict).toMatchObject({ word: 'partial', exitCode: 0 })
    expect(report.run).toMatchObject({ certifying: false, filter: { scenarios: ['Ask 3'] } })
    expect(report.scenarios.map(({ name }) => name)).toEqual(['Ask 3'])
    expect(report.requirements.map(({ id }) => id)).toEqual(['CLD-SAML-03'])
    expect(report.reproduce).toMatch(/certify --scenario 'Ask 3' --parallel 1 --seed 1$/)
  })

  it('tells what to write to see what could not be seen', async () => {
    const { report } = await certifyIn(await folderFor(sp.url), 'things.feature')
    // Its tags name requirements of another contract, so nothing of this one was tested.
    expect(report.scenarios.find(({ name }) => name === 'A thing with an account')).toMatchObject({
      outcome: 'not-observable',
      reason: 'Missing: reading one account.',
    })
  })
})

describe('a service provider that is not there', () => {
  const inconclusive = async (cwd: string, says: RegExp) => {
    const { report, folder } = await certifyIn(cwd, 'sp.feature')
    expect(report.verdict).toMatchObject({ word: 'inconclusive', exitCode: 3 })
    expect(report.verdict.sentence).toMatch(says)
    expect(report.scenarios.every(({ outcome, attempts }) => outcome === 'inconclusive' && attempts === 0)).toBe(true)
    expect(report.scenarios[0]?.failure).toMatchObject({ code: 'preflight', actual: expect.stringMatching(says) })
    expect(await written(folder)).toEqual(report)
  }

  it('is down', async () => {
    const cwd = await folderFor(sp.url)
    await sp.stop()
    await inconclusive(cwd, /acs: .*127\.0\.0\.1/)
  })

  it('hangs', async () => {
    sp.answer = () => {}
    await inconclusive(await folderFor(sp.url), /acs: .*in time/)
  })

  it('closes every connection', async () => {
    sp.answer = (request) => request.socket.destroy()
    await inconclusive(await folderFor(sp.url), /acs: /)
  })

  it('answers 500 to everything', async () => {
    sp.answer = (_request, response) => void response.writeHead(500).end()
    await inconclusive(await folderFor(sp.url), /500/)
  })

  it('answers 429 to everything', async () => {
    sp.answer = (_request, response) => void response.writeHead(429).end()
    await inconclusive(await folderFor(sp.url), /429/)
  })

  it('redirects for ever', async () => {
    sp.answer = (request, response) => void response.writeHead(302, { location: request.url ?? '/' }).end()
    await inconclusive(await folderFor(sp.url), /redirect/)
  })

  it('lets nobody be sure who is logged in', async () => {
    sp.answer = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end('{"email":"root@example.test"}')
    await inconclusive(await folderFor(sp.url), /root@example\.test/)
  })
})

describe('a service provider that goes away in mid-run', () => {
  const goesAway = async (trouble: (count: number) => void) => {
    const cwd = await folderFor(sp.url)
    let asked = 0
    const { report, folder, events } = await certifyIn(cwd, 'sp.feature', {
      onEvent: ({ type }) => {
        if (type === 'scenario-finished') trouble(++asked)
      },
    })
    expect(report.verdict).toMatchObject({ word: 'inconclusive', exitCode: 3 })
    expect(await written(folder)).toEqual(report)
    expect(report.summary.scenarios.passed).toBe(2)
    expect(events).toContainEqual(expect.objectContaining({ type: 'stopping' }))
    const notBegun = report.scenarios.filter(({ failure }) => failure?.code === 'target-gone')
    expect(notBegun.length).toBeGreaterThan(0)
    return report
  }

  it('crashes: what ran is kept, what did not is inconclusive, and its settings are told of', async () => {
    const report = await goesAway((count) => {
      if (count === 2) void sp.stop()
    })
    expect(report.leftovers).toMatchObject([{ kind: 'setting', note: expect.stringContaining('idpact cleanup') }])
  })

  it('hangs: the run does not wait for every scenario', async () => {
    await goesAway((count) => {
      if (count === 2) sp.answer = () => {}
    })
  })
})

describe('a run that is cut short', () => {
  it('is interrupted: ends at once, puts settings back, writes what is known, exits with 130', async () => {
    const controller = new AbortController()
    const { report, folder } = await certifyIn(await folderFor(sp.url), 'sp.feature', {
      signal: controller.signal,
      onEvent: ({ type }) => {
        if (type === 'scenario-finished') controller.abort()
      },
    })
    expect(report.verdict).toMatchObject({ word: 'inconclusive', exitCode: 130, interrupted: true })
    expect(report.run.certifying).toBe(false)
    expect(report.summary.scenarios.passed).toBeGreaterThan(0)
    expect(report.summary.scenarios.inconclusive).toBeGreaterThan(0)
    expect(await written(folder)).toEqual(report)
    expect(sp.seen.at(-1)).toBe('PUT /admin')
    expect(existsSync(join(folder, '..', '.idpact', 'settings-before.json'))).toBe(false)
    expect(report.leftovers).toEqual([])
  })

  it('was told to stop before it began', async () => {
    const { report } = await certifyIn(await folderFor(sp.url), 'sp.feature', { signal: AbortSignal.abort() })
    expect(report.verdict).toMatchObject({ exitCode: 130, interrupted: true })
    expect(report.summary.scenarios.passed).toBe(0)
  })

  it('meets a bug of ours: the report says so', async () => {
    const { report, folder } = await certifyIn(await folderFor(sp.url), 'sp.feature', {
      onEvent: ({ type }) => {
        if (type === 'phase-started') throw new TypeError('undefined is not a function')
      },
    })
    expect(report.verdict).toMatchObject({ word: 'inconclusive', exitCode: 3 })
    expect(report.scenarios[0]?.failure).toMatchObject({ code: 'crash', actual: 'undefined is not a function' })
    expect(await written(folder)).toEqual(report)
  })

  it('puts back what an earlier run left changed, and says so', async () => {
    const cwd = await folderFor(sp.url)
    const saved = { target: `${sp.url}/acs`, at: '2026-01-01T00:00:00.000Z', snapshot: { enforce: 'as it was' } }
    await writeFile(join(cwd, '.idpact', 'settings-before.json'), JSON.stringify(saved))
    const { events } = await certifyIn(cwd, 'sp.feature')
    expect(sp.seen[0]).toBe('PUT /admin')
    expect(events).toContainEqual({ type: 'note', message: expect.stringContaining('2026-01-01T00:00:00.000Z') })
  })
})

describe('a run with choices', () => {
  it('tries again what did not pass, and marks it', async () => {
    let asked = 0
    const { report } = await certifyIn(await folderFor(sp.url), 'sp.feature', {
      retry: 1,
      onEvent: ({ type }) => {
        if (type === 'scenario-started' && asked++ === 0)
          sp.answer = (request, response) => {
            if (request.url !== '/ask') return usualAnswer(request, response)
            sp.answer = undefined
            request.socket.destroy()
          }
      },
    })
    expect(report.verdict.word).toBe('certified')
    const [again, ...others] = report.scenarios.filter(({ attempts }) => attempts > 1)
    expect(others).toEqual([])
    expect(again).toMatchObject({ outcome: 'passed', attempts: 2, earlier: [{ code: 'unreachable' }] })
    expect(report.findings).toContainEqual(expect.objectContaining({ code: 'passed-on-retry', scenarios: [again?.id] }))
  })

  it('ends at the first failure when told to, and certifies nothing', async () => {
    const { report } = await certifyIn(await folderFor(sp.url), 'troubles.feature', { failFast: true })
    expect(report.scenarios.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1)
    expect(report.scenarios.some(({ failure }) => failure?.code === 'first-failure')).toBe(true)
    expect(report.run.certifying).toBe(false)
    expect(report.verdict.reasons).toContain('The run ended early: The run was to end at the first failure.')
  })

  it('waits at the first failure, with everything still there', async () => {
    const places: PausedAt[] = []
    const cwd = await folderFor(sp.url)
    await certifyIn(cwd, 'troubles.feature', {
      onPause: async (place) => {
        places.push(place)
        expect((await fetch(place.console)).status).toBe(200)
        expect((await fetch(place.target)).status).toBe(200)
      },
    })
    expect(places).toMatchObject([
      {
        failure: { expected: 'The login is refused.', actual: '<script>alert(1)</script> is logged in.' },
        logins: [{ user: 'the user (p-abct-user@example.test)' }, { user: 'the user (p-abc-user@example.test)' }],
      },
    ])
  })

  it('runs a shard: the parts together are everything, and none has what another has', async () => {
    const cwd = await folderFor(sp.url)
    const names: string[] = []
    for (const part of [1, 2, 3]) {
      const filter = { requirements: [], scenarios: [], shard: { part, of: 3 } }
      const { report } = await certifyIn(cwd, 'sp.feature', { filter })
      expect(report.verdict.word).toBe('partial')
      expect(report.run.filter).toMatchObject({ shard: { part, of: 3 } })
      names.push(...report.scenarios.map(({ name }) => name))
    }
    expect(names).toHaveLength(9)
    expect(new Set(names).size).toBe(9)
  })

  it('compares with a baseline, closes its gate for new failures only, and remembers earlier runs', async () => {
    const cwd = await folderFor(sp.url)
    await certifyIn(cwd, 'sp.feature', { out: 'before' })
    const { report } = await certifyIn(cwd, 'sp.feature', { out: 'before', baseline: 'before', gate: 'new' })
    expect(report.comparison).toMatchObject({ broken: [], added: [], same: { suite: true, configuration: true } })
    expect(report.verdict.gate).toEqual({ passed: true, failures: [] })
    expect(report.history).toMatchObject([{ verdict: 'certified' }])
  })

  it('shows waivers of idpact.yaml, and is then not certified but partially', async () => {
    const cwd = await folderFor(sp.url)
    const waiver = '{ requirement: CLD-SAML-03, reason: It is known., approver: the board, expires: 2999-01-01 }'
    await appendFile(join(cwd, 'idpact.yaml'), `waivers:\n  - ${waiver}\n`)
    const { report } = await certifyIn(cwd, 'sp.feature')
    expect(report.verdict).toMatchObject({ word: 'partial', exitCode: 4 })
    expect(report.verdict.reasons).toContain('1 requirement waived for nothing, because kept: CLD-SAML-03.')
    expect(report.requirements.find(({ id }) => id === 'CLD-SAML-03')?.waiver).toMatchObject({ approver: 'the board' })
  })

  it('leaves a production environment alone, until it is told that this is meant', async () => {
    const cwd = await folderFor(sp.url)
    await appendFile(join(cwd, 'idpact.yaml'), 'environment: production\n')
    await expect(certifyIn(cwd, 'sp.feature')).rejects.toMatchObject({ code: 'production-refused' })
    expect(sp.seen).toEqual([])
    const { report } = await certifyIn(cwd, 'sp.feature', { production: true })
    expect(report.verdict.word).toBe('certified')
  })
})

describe('secrets', () => {
  it('are in no file of the report, and in no event', async () => {
    const marker = 'm4rker/that+must"not&show'
    const { report, folder, events } = await certifyIn(await folderFor(sp.url, marker), 'secrets.feature')
    expect(report.verdict.exitCode).toBe(1)
    expect(report.scenarios.find(({ name }) => name === 'It talks of the environment')?.failure).toMatchObject({
      expected: 'No [redacted].',
      actual: 'It said [redacted].',
    })
    const files = await filesBelow(folder)
    expect(files.length).toBeGreaterThan(5)
    for (const text of [...(await Promise.all(files.map((file) => readFile(file, 'utf8')))), JSON.stringify(events)]) {
      expect(text).not.toContain('m4rker')
    }
  })
})

describe('the embedded reference SP', () => {
  const embedded = { suite: undefined, parallel: 3, filter: { requirements: ['CLD-PROV-12'], scenarios: [] } }

  it('keeps a requirement', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
    const { report } = await certifyIn(cwd, '', embedded)
    expect(report.verdict).toMatchObject({ word: 'partial', exitCode: 4 })
    expect(report.requirements).toMatchObject([{ id: 'CLD-PROV-12', outcome: 'passed' }])
    expect(report.subject).toMatchObject({ embedded: true, loopback: true, defects: [] })
  })

  it('breaks it when told to, and the first failure names the broken sentence', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
    const { report, events, folder } = await certifyIn(cwd, '', { ...embedded, defects: ['CLD-PROV-12'] })
    expect(report.verdict).toMatchObject({ word: 'not-certified', exitCode: 1 })
    const failed = events.find((event) => event.type === 'scenario-finished' && event.outcome === 'failed')
    expect(failed).toMatchObject({
      requirements: ['CLD-PROV-12'],
      rerun: expect.stringContaining('--defect CLD-PROV-12'),
    })
    const page = await readFile(join(folder, 'report.html'), 'utf8')
    const quote = report.requirements.find(({ id }) => id === 'CLD-PROV-12')?.source.quote ?? '?'
    expect(page.indexOf(quote)).toBeGreaterThan(page.indexOf('What is broken'))
  })
})

describe('the command', () => {
  const command = (cwd: string, args: readonly string[]) =>
    spawn(process.execPath, [fileURLToPath(new URL('../../bin/idpact.js', import.meta.url)), 'certify', ...args], {
      cwd,
    })

  it('on Ctrl-C stops, writes the report and exits with 130', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
    const child = command(cwd, ['--json', '--parallel', '1'])
    let lines = ''
    child.stdout.on('data', (chunk: Buffer) => {
      lines += String(chunk)
      if (lines.includes('"scenario-finished"') && !child.killed) child.kill('SIGINT')
    })
    const [code] = (await once(child, 'close')) as [number]
    expect(code).toBe(130)
    const events = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as CertifyEvent)
    expect(events.at(-1)).toMatchObject({ type: 'finished', verdict: { interrupted: true, exitCode: 130 } })
    expect((await written(join(cwd, 'reports', 'latest'))).verdict.interrupted).toBe(true)
  })

  it.each<[string, string[], RegExp]>([
    ['an unknown requirement', ['--requirement', 'CLD-PROV-99'], /no requirement "CLD-PROV-99"/],
    ['an unknown contract', ['--contract', 'cloudnary'], /no contract "cloudnary"/],
    ['an unknown defect', ['--defect', 'CLD-PROV-1'], /no defect "CLD-PROV-1"/],
    ['a config that is not there', ['--config', 'nowhere.yaml'], /nowhere\.yaml/],
    ['a tag expression that is none', ['--tags', '@a and ('], /tag expression/],
    ['a count that is none', ['--parallel', 'many'], /whole number/],
    ['too many attempts', ['--retry', '11'], /up to 10/],
    ['a shard that there is not', ['--shard', '5/4'], /such as 2\/4/],
    ['a gate that there is not', ['--gate', 'old'], /Allowed choices are new/],
    ['a baseline that is not there', ['--baseline', 'nowhere'], /no file .*nowhere/],
    ['waivers that are not there', ['--waivers', 'nowhere.yaml'], /nowhere\.yaml/],
    ['a key to sign with, and no --sign', ['--key', 'k.pem'], /--sign is missing/],
    ['a key that is not there', ['--sign', '--key', 'k.pem'], /k\.pem cannot be read/],
    ['to keep what ends with the run', ['--keep'], /embedded one ends with the run/],
    ['to run again what never ran', ['--rerun'], /no file .*reports\/latest/],
    ['to wait for a person and talk to programs', ['--step', '--json'], /--step waits for a person/],
  ])('refuses %s with exit code 2 and writes no report', async (_title, args, says) => {
    const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
    const child = command(cwd, args)
    let text = ''
    child.stderr.on('data', (chunk: Buffer) => {
      text += String(chunk)
    })
    const [code] = (await once(child, 'close')) as [number]
    expect(text).toMatch(says)
    expect(code).toBe(2)
    expect(await readdir(cwd)).toEqual([])
  })
})
