import { describe, expect, it } from 'vitest'
import type { CertifyEvent, ScenarioEvent } from '../../../src/certify/events.ts'
import { paintFor } from '../../../src/cli/console/paint.ts'
import { progress } from '../../../src/cli/console/progress.ts'
import { summaryText } from '../../../src/cli/console/summary.ts'
import { annotations } from '../../../src/cli/github.ts'
import { silenceCommands } from '../../../src/cli/github-commands.ts'
import { renderMarkdown } from '../../../src/report/markdown.ts'
import { failure, scenario as reported, sample } from '../../report/sample.ts'

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
  attempts: 1,
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

/** A screen that keeps what is written to it. */
const screen = (options: { isTTY?: boolean; columns?: number } = {}) => {
  const parts: string[] = []
  return { ...options, write: (part: string): void => void parts.push(part), text: (): string => parts.join('') }
}

const shown = (isTTY: boolean, env: Record<string, string> = {}): string => {
  const to = screen({ isTTY, columns: 100 })
  const show = progress(to, env)
  for (const event of events) show(event)
  return to.text()
}

const controlCode = '\u001B'

describe('the progress of a run', () => {
  it('in a log is a few stable lines, with failures opened, and no control characters', () => {
    expect(shown(false)).toBe(
      [
        'our SP against cloudinary@1, run r1',
        "2 scenarios in 1 phase; 1 cannot be observed or don't apply",
        'defaults: 2 scenarios',
        '  failed CLD-SAML-20  Somebody logs in (a.feature:1)',
        '    expected  Nobody is logged in.',
        '    actual    Ada is.',
        '    promised  “Enter as the Audience URI.”',
        '    hint      Look.',
        '    rerun     npx idpact certify --scenario a.feature:1',
        '  2/2 1 failed',
        '',
      ].join('\n'),
    )
  })

  it('tells a further failure of the same requirement, for the same reason, in one line', () => {
    const to = screen()
    const show = progress(to, {})
    for (const event of [failed, failed, { ...failed, requirements: ['CLD-SAML-21'] }]) show(event)
    expect(
      to
        .text()
        .split('\n')
        .filter((line) => line.startsWith('  failed')),
    ).toHaveLength(3)
    expect(
      to
        .text()
        .split('\n')
        .filter((line) => line.includes('rerun')),
    ).toHaveLength(2)
  })

  it('says in a log how far it is, now and then', () => {
    const to = screen()
    const show = progress(to, {})
    show({ type: 'phase-started', phase: 'defaults', scenarios: 120 })
    for (let count = 0; count < 120; count++) show(scenario())
    show({ type: 'phase-finished', phase: 'defaults' })
    expect(to.text()).toBe('defaults: 120 scenarios\n  50/120\n  100/120\n  120/120 done\n')
  })

  it('is never wider than the terminal', () => {
    for (const columns of [10, 40, 80]) {
      const to = screen({ isTTY: true, columns })
      const show = progress(to, { NO_COLOR: '1' })
      for (const event of events.slice(2, 5)) show(event)
      for (const drawn of to.text().split(`\r${controlCode}[2K`)) expect(drawn.length).toBeLessThanOrEqual(columns)
    }
  })

  it('on a terminal is one line that changes, and the failures', () => {
    const text = shown(true, { NO_COLOR: '1' })
    expect(text).toContain(`\r${controlCode}[2K`)
    expect(text).toMatch(/defaults ━+─+ 1\/2/)
    expect(text).not.toContain('passed    CLD-SAML-20')
    expect(text).toContain('    actual    Ada is.')
    expect(text.split('\n').at(-2)).toContain('defaults: 2/2 1 failed')
  })

  it('shows no control characters that the service provider sent', () => {
    const to = screen()
    const actual = 'Ada\u001b[31m is\r\u0000 in.'
    progress(to, {})({ ...failed, failure: { step: 's', expected: 'x', actual, code: 'c' } })
    expect(to.text()).toContain('Ada\uFFFD[31m is\uFFFD\uFFFD in.')
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
    const text = summaryText(sample(), { page: 'reports/latest/report.html' }, paint)
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
    expect(summaryText(many, { page: 'r.html', certificate: 'c.jws' }, paint).split('\n').length).toBeLessThan(30)
  })
})

describe('on GitHub Actions', () => {
  it('the gravest failures are annotations; what the SP said begins no command', () => {
    const evil = { ...failure, actual: 'a\n::error::b,c:d %' }
    const report = sample({ scenarios: [reported('one', { outcome: 'failed', failure: evil })] })
    expect(annotations(report)).toEqual([
      `::error file=features/cloudinary/assertions.feature,line=12,title=CLD-SAML-20%3A An assertion for another audience is refused.::Expected: Nobody is logged in.%0AActual: a%0A::error::b,c:d %25%0ARerun: ${reported('one').rerun}`,
    ])
  })

  it('no word of the service provider is a command while the run goes on', () => {
    const to = screen()
    const again = silenceCommands({ env: { GITHUB_ACTIONS: 'true' }, stderr: to as never })
    again()
    const [first = '', second = ''] = to.text().split('\n')
    expect(first).toMatch(/^::stop-commands::[\w-]{20,}$/)
    expect(second).toBe(`::${first.slice('::stop-commands::'.length)}::`)
    const elsewhere = screen()
    silenceCommands({ env: {}, stderr: elsewhere as never })()
    expect(elsewhere.text()).toBe('')
  })

  it('the page of the job says verdict, counts, and what is broken; what the SP said is no markup', () => {
    const text = renderMarkdown(sample())
    expect(text).toMatch(/^## ❌ Not certified: our staging SP 2\.4\.1\n/)
    expect(text).toContain('| failed | **CLD-SAML-20** An assertion for another audience is refused. |')
    expect(text).toContain('\\<b\\>ada@example.test\\</b\\> is logged in.')
    expect(text).not.toContain('<b>')
  })
})
