/**
 * The second half of the preflight: does the SP itself reach what it must, the mock IdP's metadata URL and the outbox? It is
 * tried before the scenarios, so that a wall between the two is told of as what it is, and not as the SP's failure.
 */
import { isFetchOfOthers } from '../../mock-idp/client.ts'
import { IdpactError, TargetError } from '../core/errors.ts'
import { mayDo } from '../target/consents.ts'
import { type Made, openLedger } from '../target/ledger.ts'
import { eventually } from '../target/settle.ts'
import type { ScenarioResult } from './collect.ts'
import { ledgerFileOf } from './context.ts'
import type { Course } from './course.ts'
import { type Phase, type Settings, settingsOf, verbOfSetting } from './plan.ts'
import type { Stop } from './run-phases.ts'
import type { SuiteScenario } from './suite.ts'

/** Something that the SP did not reach when it was tried. */
export interface Unreached {
  code: 'metadata-not-reached' | 'mail-not-reached'
  expected: string
  actual: string
  hint: string
  /** What rests on it: what these find missing may be missing for that reason. */
  scenarios: readonly SuiteScenario[]
}

/** Sets the SP, as for a phase. */
type Enter = (settings: Settings) => Promise<void>

/**
 * Tries what the planned scenarios rest on, as far as idpact may: tells the SP the metadata URL and watches for the fetch;
 * makes an account, watches for its invitation, and removes it. The embedded SP is not asked: it is a process of ours on
 * this machine that was given both addresses, so what does not come from it is its own failure.
 *
 * @returns what was not reached; nothing when all was, and where it could not be tried
 */
export const findUnreached = async (course: Course, enter: Enter): Promise<Unreached[]> => {
  if (course.around.sp !== undefined) return []
  const tried = [await tryMetadata(course, enter), await tryMail(course, enter)]
  return tried.filter((one) => one !== undefined)
}

const tryMetadata = async (course: Course, enter: Enter): Promise<Unreached | undefined> => {
  const { around, plan, controller } = course
  const { target, config } = around
  const phases = plan.phases.filter(({ settings }) => settings['metadata'] === 'url')
  const [phase] = phases
  if (phase === undefined || !target.has('admin.metadata') || !mayDo(target, config.allow, 'settings')) return undefined
  const org = around.idp.org(phase.settings['idp'] === 'plain' ? around.plainOrg : around.org)
  const [registration] = await org.registrations.list()
  const since = (await org.journal.read({ userId: 'nobody' })).next
  const unreached = (why: string): Unreached => metadataUnreached(course, registration?.metadataUrl ?? '', why, phases)
  try {
    await enter(phase.settings)
  } catch (error) {
    if (error instanceof TargetError) return unreached(`it does not take the URL: ${error.message}`)
    // Settings that must not be touched, for one: the phases meet the same and say so.
    if (error instanceof IdpactError) return undefined
    throw error
  }
  // Whoever would have said that the fetch failed, and didn't, did not try: that is for the scenarios.
  if (target.admin?.tellsOfFailedFetch === true || controller.signal.aborted) return undefined
  await beginLogin(course)
  const fetched = await eventually(
    async () => {
      const { entries, evicted } = await org.journal.read({ since, limit: 5_000 })
      return evicted || entries.some(isFetchOfOthers)
    },
    (seen) => seen,
    target,
  )
  return fetched ? undefined : unreached('it was told the URL, and did not ask for it')
}

/** An SP may fetch only when it needs to know where to send somebody. */
const beginLogin = async ({ around, runId }: Course): Promise<void> => {
  const { target, config } = around
  if (target.start === undefined) return
  const email = `idpact-${runId}-nobody@${config.target.users.emailDomain}`
  await target
    .newAgent()
    .get(target.start.url({ email }))
    .catch(() => {})
}

const metadataUnreached = (course: Course, url: string, why: string, phases: readonly Phase[]): Unreached => {
  const { host, origin } = URL.canParse(url) ? new URL(url) : { host: url, origin: url }
  const { idp } = course.subject.kind === 'configured' ? course.subject.config : {}
  const given = idp?.publicUrl === undefined ? 'Set idp.publicUrl in idpact.yaml' : `Correct idp.publicUrl (${origin})`
  return {
    code: 'metadata-not-reached',
    expected: `The service provider (${whereOf(course)}) fetches the mock IdP's metadata from ${url}.`,
    actual: `The service provider did not reach the mock IdP at ${host}: ${why}.`,
    hint: `${given}: the address under which the service provider reaches the mock IdP, behind a proxy or a tunnel where need be; in a container, 127.0.0.1 is the container itself. If it does reach it, see its log for why it does not fetch.`,
    scenarios: phases.flatMap(({ scenarios }) => scenarios),
  }
}

const tryMail = async (course: Course, enter: Enter): Promise<Unreached | undefined> => {
  const { around, contract, plan, runId, controller } = course
  const { target, config } = around
  const { accounts, outbox } = target
  const scenarios = plan.phases.flatMap((phase) => phase.scenarios.filter(({ needs }) => needs.includes('outbox.read')))
  if (scenarios.length === 0 || accounts === undefined || outbox === undefined || controller.signal.aborted)
    return undefined
  if (!target.has('accounts.create') || !target.has('accounts.delete')) return undefined
  const ordinary = settingsOf({ tags: [] }, contract)
  if (!canStandAt(ordinary, course)) return undefined
  const ledger = openLedger(ledgerFileOf(around), { run: runId, target })
  const made: Made = { kind: 'account', name: `idpact-${runId}-reach@${config.target.users.emailDomain}` }
  try {
    await enter(ordinary)
    await ledger.record(made)
    const { id } = await accounts.create({ email: made.name, name: 'Ada Lovelace' })
    const mails = await eventually(
      () => outbox.read(made.name),
      (all) => all.length > 0,
      target,
    )
    await accounts.delete(id)
    await ledger.settled(made)
    return mails.length > 0 ? undefined : mailUnreached(course, made.name, scenarios)
  } catch (error) {
    // It cannot be tried. The scenarios meet the same trouble and say so; what is left is in the ledger.
    if (error instanceof IdpactError) return undefined
    throw error
  }
}

/** Whether the SP stands, or can be set, as the contract's defaults have it: only then is an invitation sure to be sent. */
const canStandAt = (settings: Settings, { around: { target, config } }: Course): boolean => {
  const mayChange = mayDo(target, config.allow, 'settings')
  return Object.entries(settings).every(
    ([key, value]) => (config.target.settings[key] ?? value) === value || (mayChange && target.has(verbOfSetting(key))),
  )
}

const mailUnreached = (course: Course, email: string, scenarios: readonly SuiteScenario[]): Unreached => {
  const { outbox } = course.around.config.target
  const [where, hint] =
    outbox?.driver === 'smtp'
      ? [
          `the outbox at ${outbox.host}:${outbox.port}`,
          `Set the service provider's mail server to the host and port of target.outbox (${outbox.host}:${outbox.port}, plain SMTP, no login); in a container, 127.0.0.1 is the container itself: let target.outbox.host be an address of this machine that it reaches.`,
        ]
      : [
          'the outbox',
          'See that the service provider sends its mail to the mail catcher that target.outbox of idpact.yaml reads.',
        ]
  return {
    code: 'mail-not-reached',
    expected: `An account that is made at the service provider (${whereOf(course)}) is mailed an invitation, which arrives at ${where}.`,
    actual: `No mail of the service provider reached ${where}: the account ${email} was made, and no invitation came within ${course.around.target.settleMs} ms.`,
    hint: `${hint} If mail takes longer, raise target.settleMs.`,
    scenarios,
  }
}

const whereOf = ({ around }: Course): string => new URL(around.target.address).host

/** Failures that say that somebody was let in: nothing that did not arrive explains those. */
const neverExcused = new Set(['login-accepted', 'forged-identity', 'wrong-identity'])

/** What came of a scenario that rests on something unreached: what it misses there is not held against the SP. */
export const excuse = (result: ScenarioResult, unreached: Unreached | undefined): ScenarioResult => {
  const { failure } = result
  if (unreached === undefined || failure === undefined || failure.outcome === 'not-observable') return result
  if (neverExcused.has(failure.code)) return result
  const { code, hint } = unreached
  const actual = `${failure.actual} ${unreached.actual}`
  return { ...result, failure: { ...failure, outcome: 'inconclusive', code, actual, hint } }
}

/** The same for a phase that the SP could not be set for, because it does not take a URL that it does not reach. */
export const excusePhase = (reason: Stop, unreached: Unreached | undefined): Stop =>
  unreached?.code === 'metadata-not-reached'
    ? { kind: unreached.code, expected: unreached.expected, actual: unreached.actual, hint: unreached.hint }
    : reason
