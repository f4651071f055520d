/**
 * Reads one run of cucumber, message by message, into results of scenarios. It knows nothing of keywords and verdicts: a
 * result says what happened, `verdict.ts` what it means.
 */
import type { Failure, Finding, LoginEvidence, Observation } from '../core/evidence.ts'
import { mediaTypes } from '../core/evidence.ts'
import type { Envelope, TestCase } from './cucumber.ts'

/** Why a scenario ended early, and at which step. */
export type ScenarioFailure = Failure & { step: string }

/** What happened in one scenario. `skipped`: it was told to stop before it could end. */
export interface ScenarioResult {
  uri: string
  line: number
  status: 'passed' | 'ended' | 'skipped'
  /** Why it ended early, in a scenario that did. */
  failure: ScenarioFailure | undefined
  /** How the attempts before it ended. */
  earlier: readonly ScenarioFailure[]
  logins: readonly LoginEvidence[]
  observations: readonly Observation[]
  findings: readonly Finding[]
  attempts: number
  durationMs: number
}

export interface Collector {
  /** The handler of cucumber's messages. */
  onMessage(envelope: Envelope): void
  /** A hook of the whole run that failed: our own trouble, in whatever ran after it. */
  readonly hookFailures: readonly string[]
}

export interface CollectorEvents {
  started?(scenario: { uri: string; line: number; name: string }): void
  finished?(result: ScenarioResult): void
}

interface Attempt {
  testCase: TestCase
  uri: string
  line: number
  startedAt: number
  attempt: number
  failures: Map<string, Failure>
  logins: LoginEvidence[]
  observations: Observation[]
  findings: Finding[]
  ended: { step: string; failure: Failure } | undefined
  skipped: boolean
}

type Attachment = NonNullable<Envelope['attachment']>
type StepFinished = NonNullable<Envelope['testStepFinished']>
type StepResult = StepFinished['testStepResult']

export const collect = (events: CollectorEvents): Collector => {
  const lines = new Map<string, number>()
  const pickles = new Map<string, NonNullable<Envelope['pickle']>>()
  const testCases = new Map<string, TestCase>()
  const running = new Map<string, Attempt>()
  const hookFailures: string[] = []
  /** Failures of attempts that are followed by another, by test case. */
  const failedAttempts = new Map<string, ScenarioFailure[]>()

  const start = ({ id, testCaseId, attempt, timestamp }: NonNullable<Envelope['testCaseStarted']>): void => {
    const testCase = testCases.get(testCaseId)
    const pickle = testCase && pickles.get(testCase.pickleId)
    if (testCase === undefined || pickle === undefined) return
    const line = lines.get(pickle.astNodeIds.at(-1) ?? '') ?? 0
    const empty = { failures: new Map(), logins: [], observations: [], findings: [], ended: undefined, skipped: false }
    running.set(id, { testCase, uri: pickle.uri, line, startedAt: toMs(timestamp), attempt: attempt + 1, ...empty })
    events.started?.({ uri: pickle.uri, line, name: pickle.name })
  }

  const attached = (attachment: Attachment): void => {
    const attempt = running.get(attachment.testCaseStartedId ?? '')
    if (attempt === undefined) return
    const { mediaType } = attachment
    if (mediaType === mediaTypes.failure) attempt.failures.set(attachment.testStepId ?? '', read<Failure>(attachment))
    if (mediaType === mediaTypes.login) attempt.logins.push(read<LoginEvidence>(attachment))
    if (mediaType === mediaTypes.observation) attempt.observations.push(read<Observation>(attachment))
    if (mediaType === mediaTypes.finding) attempt.findings.push(read<Finding>(attachment))
  }

  const stepFinished = ({ testCaseStartedId, testStepId, testStepResult }: StepFinished): void => {
    const attempt = running.get(testCaseStartedId)
    // Once it is skipped, what the clean-up after it says is no news: nothing was begun.
    if (attempt === undefined || attempt.skipped || attempt.ended !== undefined) return
    if (testStepResult.status === 'PASSED') return
    // A step that skips the rest says why, where it is about the target.
    if (testStepResult.status === 'SKIPPED' && !attempt.failures.has(testStepId)) {
      attempt.skipped = true
      return
    }
    const step = attempt.testCase.testSteps.find(({ id }) => id === testStepId)
    const text = pickles.get(attempt.testCase.pickleId)?.steps.find(({ id }) => id === step?.pickleStepId)?.text
    const failure = attempt.failures.get(testStepId) ?? ownTrouble(testStepResult, text)
    attempt.ended = { step: text ?? '(a hook)', failure }
  }

  const caseFinished = ({ testCaseStartedId, timestamp, willBeRetried }: NonNullable<Envelope['testCaseFinished']>) => {
    const attempt = running.get(testCaseStartedId)
    running.delete(testCaseStartedId)
    if (attempt === undefined) return
    const { testCase, uri, line, ended, skipped, logins, observations, findings } = attempt
    const failure = ended && { ...ended.failure, step: ended.step }
    const earlier = failedAttempts.get(testCase.id) ?? []
    if (willBeRetried) {
      if (failure !== undefined) failedAttempts.set(testCase.id, [...earlier, failure])
      return
    }
    events.finished?.({
      uri,
      line,
      status: ended ? 'ended' : skipped ? 'skipped' : 'passed',
      failure,
      earlier,
      logins,
      observations,
      findings,
      attempts: attempt.attempt,
      durationMs: Math.max(0, toMs(timestamp) - attempt.startedAt),
    })
  }

  return {
    hookFailures,
    onMessage: (envelope) => {
      if (envelope.gherkinDocument) for (const [id, line] of linesOf(envelope.gherkinDocument)) lines.set(id, line)
      if (envelope.pickle) pickles.set(envelope.pickle.id, envelope.pickle)
      if (envelope.testCase) testCases.set(envelope.testCase.id, envelope.testCase)
      if (envelope.testCaseStarted) start(envelope.testCaseStarted)
      if (envelope.attachment) attached(envelope.attachment)
      if (envelope.testStepFinished) stepFinished(envelope.testStepFinished)
      if (envelope.testCaseFinished) caseFinished(envelope.testCaseFinished)
      const hook = envelope.testRunHookFinished?.result
      if (hook?.status === 'FAILED') hookFailures.push(hook.message ?? 'a hook of the run failed')
    },
  }
}

const toMs = ({ seconds, nanos }: { seconds: number; nanos: number }): number => seconds * 1000 + nanos / 1e6

const read = <T>({ body, contentEncoding }: Attachment): T =>
  JSON.parse(contentEncoding === 'BASE64' ? Buffer.from(body, 'base64').toString('utf8') : body) as T

/** Every scenario and row of examples of a feature, with its line. */
const linesOf = function* ({ feature }: NonNullable<Envelope['gherkinDocument']>): Generator<[string, number]> {
  for (const child of feature?.children ?? [])
    for (const { scenario } of child.rule?.children ?? [child]) {
      if (scenario === undefined) continue
      yield [scenario.id, scenario.location.line]
      for (const row of scenario.examples.flatMap(({ tableBody }) => tableBody)) yield [row.id, row.location.line]
    }
}

/**
 * A step that ended badly and said nothing about the service provider: never its failure (DESIGN: the SP's failures are
 * data, never our exceptions).
 */
const ownTrouble = ({ status, message, exception }: StepResult, step = 'a hook'): Failure => {
  const first = exception?.message ?? message?.split('\n')[0] ?? status
  if (status === 'UNDEFINED')
    return trouble('undefined-step', `A definition of the step "${step}".`, 'There is none.', hints.step)
  if (status === 'AMBIGUOUS')
    return trouble(
      'ambiguous-step',
      `One definition of the step "${step}".`,
      message ?? 'There are several.',
      hints.step,
    )
  if (status === 'PENDING')
    return trouble('pending-step', 'A finished step.', `The step "${step}" is pending.`, hints.step)
  if (/function timed out/.test(first)) return trouble('timeout', 'The step ends in time.', first, hints.timeout)
  return trouble('internal', 'The step runs.', message ?? first, hints.internal)
}

const hints = {
  step: 'Look at the step definitions that are imported: ours, and yours.',
  timeout: 'See whether the service provider answers at all (idpact check); target.http.timeoutMs bounds one request.',
  internal: 'This is a mistake in a step, not of the service provider; if the step is ours, please report it.',
}

const trouble = (code: string, expected: string, actual: string, hint: string): Failure => ({
  outcome: 'inconclusive',
  code,
  expected,
  actual,
  hint,
})
