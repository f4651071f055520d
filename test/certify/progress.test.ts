import { describe, expect, it } from 'vitest'
import type { CertifyEvent, ScenarioEvent } from '../../src/certify/events.ts'
import { paintFor, progress, summaryText } from '../../src/certify/progress.ts'
import { sample } from '../report/sample.ts'

const scenario = (more: Partial<ScenarioEvent> = {}): ScenarioEvent => ({
  type: 'scenario-finished',
  phase: 'defaults',
  id: 'a-1',
  name: 'Somebody logs in',
  uri: 'a.feature',
  line: 1,
  requirements: ['CLD-SAML-20'],
  outcome: 'passed',
  durationMs: 3,
  gains: [],
  quotes: ['Enter as the Audience URI.'],
  rerun: 'npx idpact certify --scenario a.feature:1',
  ...more,
})

const failed = scenario({
  outcome: 'failed',
  failure: { step: 's', expected: 'Nobody is logged in.', actual: 'Ada is.', hint: 'Look.', code: 'login-accepted' },
})

const events: CertifyEvent[] = [
  { type: 'started', runId: 'r1', subject: 'our SP', contract: 'cloudinary@1', embedded: false },
  { type: 'planned', phases: [{ label: 'defaults', scenarios: 2 }], notRun: 1 },
  { type: 'phase-started', phase: 'defaults', scenarios: 2 },
  { type: 'scenario-started', phase: 'defaults', id: 'a-1', name: 'Somebody logs in' },
  scenario(),
  failed,
  { type: 'phase-finished', phase: 'defaults' },
]

const shown = (isTTY: boolean, env: Record<string, string> = {}): string => {
  let text = ''
  const write = (part: string): void => {
    text += part
  }
  const show = progress({ isTTY, columns: 100, write }, env)
  for (const event of events) show(event)
  return text
}

const controlCode = '\u001B'

describe('the progress of a run', () => {
  it('in a log is one stable line a scenario, with failures opened, and no control characters', () => {
    expect(shown(false)).toBe(
      [
        'our SP against cloudinary@1, run r1',
        "2 scenarios in 1 phase; 1 cannot be observed or don't apply",
        'defaults: 2 scenarios',
        '  passed    CLD-SAML-20  Somebody logs in',
        '  failed CLD-SAML-20  Somebody logs in (a.feature:1)',
        '    expected  Nobody is logged in.',
        '    actual    Ada is.',
        '    promised  “Enter as the Audience URI.”',
        '    hint      Look.',
        '    rerun     npx idpact certify --scenario a.feature:1',
        '',
      ].join('\n'),
    )
  })

  it('on a terminal is one line that changes, and the failures', () => {
    const text = shown(true, { NO_COLOR: '1' })
    expect(text).toContain(`\r${controlCode}[2K`)
    expect(text).toContain('defaults 1/2')
    expect(text).not.toContain('passed    CLD-SAML-20')
    expect(text).toContain('    actual    Ada is.')
    expect(text.split('\n').at(-2)).toContain('defaults 2/2 1 not passed')
  })

  it('is coloured on a terminal only, unless told otherwise', () => {
    const coloured = (stream: { isTTY?: boolean }, env: Record<string, string>) =>
      paintFor({ ...stream, write: () => {} }, env).bad('x') !== 'x'
    expect(coloured({ isTTY: true }, {})).toBe(true)
    expect(coloured({ isTTY: true }, { NO_COLOR: '1' })).toBe(false)
    expect(coloured({ isTTY: true }, { NO_COLOR: '1', FORCE_COLOR: '1' })).toBe(false)
    expect(coloured({ isTTY: true }, { TERM: 'dumb' })).toBe(false)
    expect(coloured({}, {})).toBe(false)
    expect(coloured({}, { FORCE_COLOR: '1' })).toBe(true)
  })
})

describe('the summary', () => {
  const paint = paintFor({ write: () => {} }, {})

  it('says verdict, counts, time and where the report is', () => {
    const text = summaryText(sample(), 'reports/latest/report.html', paint)
    expect(text).toContain('Not certified  our staging SP 2.4.1')
    expect(text).toContain('It breaks 1 requirement that it must keep: CLD-SAML-20.')
    expect(text).toContain('time          4.0 s, 25 % of it waiting for the service provider')
    expect(text).toContain('report        reports/latest/report.html')
    expect(text).toContain('outbox.read')
  })

  it('fits a screen, however much there is to say', () => {
    const many = sample({
      findings: Array.from({ length: 200 }, (_, at) => ({
        ...{ code: 'odd', severity: 'low' as const, message: `Finding ${at}`, scenarios: [] },
      })),
      notObservable: Array.from({ length: 200 }, (_, at) => ({
        ...{
          requirement: `R-${at}`,
          scenario: `s-${at}`,
          needs: [`need-${at}`],
          without: [],
          how: 'Write it. Then run.',
        },
      })),
    })
    expect(summaryText(many, 'r.html', paint).split('\n').length).toBeLessThan(30)
  })
})
