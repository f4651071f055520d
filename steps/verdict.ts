import { setTimeout as sleep } from 'node:timers/promises'
import { TargetError } from '../src/core/errors.ts'
import { classifyAnswer } from '../src/target/classify-answer.ts'
import type { SessionPort, WhoAmI } from '../src/target/ports.ts'
import { mayBeCrash } from '../src/target/trouble.ts'
import type { Page, UserAgent } from '../src/target/user-agent.ts'
import type { Attempt } from './login.ts'
import { failed, inconclusive } from './outcome.ts'
import type { Run } from './run.ts'
import type { Person } from './scene.ts'
import type { IdpactWorld } from './world.ts'

/** What an attempt to log in came to. Identity decides, never a status code. */
export type Verdict =
  /** The SP says that the person whom the IdP signed for is logged in. */
  | { kind: 'signed-identity'; identity: string; role: string | undefined }
  /** The SP says that somebody else is logged in. */
  | { kind: 'forged-identity'; identity: string; role: string | undefined }
  /** Nobody is logged in. `crash` says so where the SP broke on the message instead of refusing it. */
  | { kind: 'rejected'; crash?: string | undefined }
  /** The password was right, and the SP asks for more. */
  | { kind: 'second-factor' }
  /** No Response reached the SP. */
  | { kind: 'not-sent'; reason: string }
  /** The SP's answer says nothing about the login: too many requests, a challenge, trouble on the way. */
  | { kind: 'unclear'; reason: string }

/**
 * Asks the SP who is logged in, and says what that means for this attempt.
 *
 * @param options.tenant whose ACS the Response was posted to; the person's own when left out
 * @param options.loggedIn who was logged in in this browser before
 */
export const classify = async (
  world: IdpactWorld,
  { person, page, trouble }: Pick<Attempt, 'person' | 'page' | 'trouble'>,
  browser: UserAgent,
  { tenant = person.tenant, loggedIn }: { tenant?: Person['tenant']; loggedIn?: WhoAmI | undefined } = {},
): Promise<Verdict> => {
  const obstacle = obstacleIn(page, trouble)
  if (obstacle !== undefined) return { kind: 'unclear', reason: obstacle }
  const { session } = world.side(tenant).target
  if (session === undefined) throw world.lacks('session.whoAmI')
  const crash = crashOf(page, trouble)
  const who = await (crash === undefined ? session.whoAmI(browser) : whoAfterCrash(session, browser))
  // Whoever was logged in there before, somebody else, still is: this login changed nothing.
  const still = loggedIn !== undefined && who?.identity === loggedIn.identity && !sameIdentity(who.identity, person)
  if (who === undefined || still) return { kind: 'rejected', crash }
  await mustTellBrowsersApart(world, session)
  return {
    kind: sameIdentity(who.identity, person) ? 'signed-identity' : 'forged-identity',
    identity: who.identity,
    role: who.role,
  }
}

/** What broke on a message may take a moment until it answers again. */
const whoAfterCrash = async (session: SessionPort, browser: UserAgent): Promise<WhoAmI | undefined> => {
  try {
    return await session.whoAmI(browser)
  } catch (error) {
    if (!(error instanceof TargetError) || !(mayBeCrash(error.code) || error.code === 'unreachable')) throw error
    await sleep(backAfterMs)
    return session.whoAmI(browser)
  }
}
const backAfterMs = 1_000

const strangers = new WeakMap<Run, Promise<WhoAmI | undefined>>()

/**
 * Who is logged in means something only where a browser that has never logged in is told that nobody is, while somebody
 * is elsewhere. Asked once, at the first login that worked.
 */
const mustTellBrowsersApart = async ({ run }: IdpactWorld, session: SessionPort): Promise<void> => {
  const asked = strangers.get(run) ?? session.whoAmI(run.newBrowser())
  strangers.set(run, asked)
  const stranger = await asked
  if (stranger === undefined) return
  throw inconclusive({
    code: 'session-not-of-browser',
    expected: 'In a browser where nobody has logged in, the service provider says that nobody is logged in.',
    actual: `After a login in another browser it says there that ${stranger.identity} is.`,
    hint: 'Correct target.session: it must say who is logged in in the browser that asks, by its cookies.',
  })
}

/** Case apart: how an SP treats it in e-mail addresses is left open (ambiguity A-13). */
const sameIdentity = (identity: string, person: Person): boolean =>
  identity.toLowerCase() === person.email.toLowerCase()

const obstacleIn = (page: Page | undefined, trouble: TargetError | undefined): string | undefined => {
  if (trouble !== undefined) return mayBeCrash(trouble.code) ? undefined : trouble.message
  if (page === undefined) return 'there was no answer'
  const kind = classifyAnswer(page)
  if (kind === 'rate-limited') return `too many requests (status ${page.status})`
  if (kind === 'challenge') return 'a challenge page answered instead of the service provider'
  return undefined
}

const crashOf = (page: Page | undefined, trouble: TargetError | undefined): string | undefined => {
  if (trouble !== undefined) return trouble.message
  return page !== undefined && page.status >= 500 ? `status ${page.status}` : undefined
}

/** What the SP answered, in a line. */
export const describeAnswer = ({ page, trouble }: Pick<Attempt, 'page' | 'trouble'>): string => {
  if (trouble !== undefined) return trouble.message
  if (page === undefined) return 'no answer'
  const text = page.body
    .replaceAll(/<(script|style)[\s\S]*?<\/\1>/gi, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return `status ${page.status}${text === '' ? ' with an empty page' : `: ${text.slice(0, 200)}`}`
}

const describe = (attempt: Attempt): string => {
  const { verdict } = attempt
  if (verdict.kind === 'forged-identity') return `${verdict.identity} is logged in`
  if (verdict.kind === 'signed-identity') return `${attempt.person.name} (${verdict.identity}) is logged in`
  return `nobody is logged in; the answer was ${describeAnswer(attempt)}`
}

/** Ends the scenario where the attempt cannot be judged at all. */
export const judgeable = (attempt: Attempt): void => {
  const { verdict, person } = attempt
  if (verdict.kind !== 'not-sent' && verdict.kind !== 'unclear') return
  throw inconclusive({
    code: verdict.kind === 'not-sent' ? 'no-response-sent' : 'answer-unclear',
    expected: `The service provider decides about the login of ${person.name}.`,
    actual: `${verdict.reason}; ${describeAnswer(attempt)}`,
    hint:
      verdict.kind === 'not-sent'
        ? 'Look at the journal of the mock IdP: the login did not get as far as a Response.'
        : 'Let idpact ask more slowly (target.http.maxPerSecond), or take the protection off for its requests.',
  })
}

/** @throws StepFailure unless the person is logged in as the signed identity */
export const mustBeAccepted = (attempt: Attempt): void => {
  judgeable(attempt)
  if (attempt.verdict.kind === 'signed-identity') return
  throw failed({
    code: attempt.verdict.kind === 'forged-identity' ? 'wrong-identity' : 'login-refused',
    expected: `${attempt.person.name} (${attempt.person.email}) is logged in.`,
    actual: `${describe(attempt)}.`,
    hint: 'The decoded Response and the exchange are in the evidence of this scenario.',
  })
}

/**
 * Acceptance as a condition of what a scenario is about: where it fails, the scenario cannot say anything.
 *
 * @throws StepFailure `inconclusive` unless the person is logged in as the signed identity
 */
export const mustHaveBeenAccepted = (attempt: Attempt, what: string, code: string): void => {
  if (attempt.verdict.kind === 'signed-identity') return
  judgeable(attempt)
  throw inconclusive({
    code,
    expected: `${what} is let in.`,
    actual: `${describe(attempt)}.`,
    hint: 'As long as this good login is not accepted, the scenario can say nothing about what it tests.',
  })
}

/** @throws StepFailure unless nobody is logged in after the attempt, and the SP is known to let the twin in */
export const mustBeRefused = (world: IdpactWorld, attempt: Attempt): void => {
  judgeable(attempt)
  const { verdict } = attempt
  if (verdict.kind === 'signed-identity' || verdict.kind === 'forged-identity')
    throw failed({
      code: verdict.kind === 'forged-identity' ? 'forged-identity' : 'login-accepted',
      expected: 'The login is refused: nobody is logged in afterwards.',
      actual: `${describe(attempt)}.`,
      hint: 'The twin, without what is wrong here, was let in before; compare the two messages in the evidence.',
    })
  if (!world.hasControl(attempt))
    throw inconclusive({
      code: 'no-twin',
      expected: 'A refusal is compared with a good login of the same kind.',
      actual: 'Nothing in this scenario is wrong on purpose, so there was nothing to compare with.',
      hint: 'Say in a Given step what is wrong about the login, for example "the mock IdP makes the mistake …".',
    })
  if (verdict.kind === 'rejected' && verdict.crash !== undefined)
    world.attachFinding({
      code: 'crashed-on-it',
      severity: 'medium',
      message: `The service provider refused the login by breaking on it (${verdict.crash}); it was alive afterwards.`,
    })
}

/**
 * A refusal as a condition of what a scenario is about: its status, its text, its side effects.
 *
 * @throws StepFailure `inconclusive` when the login was accepted: then there is no refusal to look at
 */
export const mustHaveBeenRefused = (attempt: Attempt): void => {
  judgeable(attempt)
  if (attempt.verdict.kind === 'rejected') return
  throw inconclusive({
    code: 'nothing-refused',
    expected: 'The login is refused, so that the refusal can be looked at.',
    actual: `${describe(attempt)}.`,
    hint: 'Mend first what lets this login in; other requirements of this report name it.',
  })
}
