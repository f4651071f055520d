import type { Attempt } from '../login.ts'
import { describeVerdict } from '../login.ts'
import { failed, inconclusive } from '../outcome.ts'
import { describeAnswer, judgeable, mustBeAccepted, mustBeRefused } from '../verdict.ts'
import type { IdpactWorld } from '../world.ts'
import { nameIdsIn } from './xml-text.ts'

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const takeover = (attempt: Attempt, identity: string) =>
  failed({
    code: 'takeover',
    expected: `Nobody but ${attempt.person.name} (${attempt.person.email}) is logged in, or nobody at all.`,
    actual: `${identity} is logged in.`,
    hint: 'The twin, without what is wrong here, was let in as its own; compare the two messages in the evidence.',
  })

/** No harm, and still a message that should have been refused. */
const noteTakenPart = (world: IdpactWorld, { faults }: Attempt): void =>
  world.attachFinding({
    code: 'took-the-signed-part',
    severity: 'low',
    message: `A message with a forged part was not refused, and the user of its signed part was logged in (${faults.map((id) => id.split('/')[0]).join(', ')}).`,
  })

/**
 * The identity that the SP says is logged in is the one that the identity provider has signed: the person's, or a name that
 * only resembles another, taken as it was sent.
 *
 * @throws StepFailure if somebody else is logged in, or a refusal has no twin
 */
export const mustBeNobodyElse = (world: IdpactWorld, attempt: Attempt): void => {
  judgeable(attempt)
  const { verdict, responseXml } = attempt
  if (verdict.kind === 'signed-identity') {
    if (world.forgedIdentity !== undefined) noteTakenPart(world, attempt)
    return
  }
  if (verdict.kind !== 'forged-identity') {
    mustBeRefused(world, attempt)
    return
  }
  const { identity } = verdict
  const { forgedIdentity } = world
  const isForged = forgedIdentity !== undefined && same(identity, forgedIdentity)
  const asSent = responseXml !== undefined && nameIdsIn(responseXml).includes(identity)
  if (isForged || !asSent) throw takeover(attempt, identity)
}

/**
 * What the target declares about a choice. `unchecked`: observed, not judged; but who is logged in is judged always.
 *
 * @param options.asOther whether to be taken for the forged identity is what is declared about
 * @throws StepFailure if the SP does otherwise
 */
export const mustDoAsDeclared = (
  world: IdpactWorld,
  attempt: Attempt,
  knob: string,
  { asOther = false }: { asOther?: boolean } = {},
): void => {
  judgeable(attempt)
  const declared = world.context.expect[knob]
  const { verdict } = attempt
  if (declared === undefined)
    throw inconclusive({
      code: 'not-in-contract',
      expected: `The contract has the choice ${knob}.`,
      actual: 'It has not.',
      hint: 'Mend the step.',
    })
  if (verdict.kind === 'forged-identity' && !asOther) throw takeover(attempt, verdict.identity)
  const isApart = asOther && verdict.kind === 'forged-identity' && verdict.identity !== world.forgedIdentity
  // An account of its own, for the name as it was sent.
  if (declared === 'reject' && isApart) return
  if (declared === 'reject') mustBeRefused(world, attempt)
  else if (declared === 'accept' && (verdict.kind !== 'forged-identity' || !asOther)) mustBeAccepted(attempt)
  else if (declared === 'unchecked')
    world.attachObservation({
      subject: world.contract.expect[knob]?.title ?? knob,
      value: `The login was ${describeVerdict(verdict)}; the answer was ${describeAnswer(attempt)}`,
    })
}

/** What a service provider may take for one message: long enough for a slow one, too short for one that is expanding. */
const mostMs = 2_000

/** @throws StepFailure if the answer took much longer than that to the twin */
export const mustBeInTime = (world: IdpactWorld, attempt: Attempt): void => {
  const twin = world.lastTwin?.durationMs ?? 0
  if (attempt.durationMs <= mostMs + twin) return
  throw failed({
    code: 'answer-slow',
    expected: `The message is answered within ${mostMs + twin} ms: two seconds, and what the good one took.`,
    actual: `It took ${attempt.durationMs} ms; ${describeAnswer(attempt)}`,
    hint: 'Limit size, depth and number of what is read, and refuse a DOCTYPE before its entities are looked at.',
  })
}

/** What no page for a user should have in it. */
const leaks: readonly [what: string, pattern: RegExp][] = [
  ['a piece of the message', /(?:<|&lt;)(?:\/)?(?:saml2?p?|samlp|ds):[A-Z]\w+/],
  ['a key or certificate', /-----BEGIN [A-Z ]+-----|MII[A-Za-z0-9+/]{80}/],
  [
    'a stack trace',
    /\n\s*at .+\(?[^\s()]+:\d+:\d+\)?|Traceback \(most recent call last\)|\bat [\w.$]+\([\w]+\.(?:java|scala|kt):\d+\)|\.rb:\d+:in `/,
  ],
  [
    'a path of a file',
    /(?:\/(?:home|usr|var|app|opt|srv|root|work|Users)\/|[A-Z]:\\)[\w./\\-]+\.(?:m?[jt]s|py|rb|java|php|go|cs|xml|pem|json)\b|node_modules\//,
  ],
]

/** @throws StepFailure if the page of the refusal has something in it that is for the log */
export const mustGiveNothingAway = (attempt: Attempt): void => {
  const body = attempt.page?.body ?? ''
  for (const [what, pattern] of leaks) {
    const found = pattern.exec(body)?.[0]
    if (found !== undefined)
      throw failed({
        code: 'error-page-leaks',
        expected: 'The page of the refusal says that the login failed, and nothing of how it is checked.',
        actual: `It has ${what}: ${JSON.stringify(found.slice(0, 120))}`,
      })
  }
}

/** What differs between any two pages: numbers, and names of ours. */
const shown = ({ page, trouble }: Attempt): string =>
  page === undefined
    ? (trouble?.code ?? '')
    : `${page.status} ${page.body.replaceAll(/idpact-[\w-]+@[\w.-]+/g, '•').replaceAll(/[0-9a-f-]{8,}|\d+/gi, '#')}`

/** @throws StepFailure unless the SP has answered all of them with one status and one text */
export const mustBeAlike = (attempts: readonly Attempt[]): void => {
  const answers = Map.groupBy(attempts, shown)
  if (answers.size <= 1) return
  const different = [...answers.values()].map(([first]) =>
    first === undefined ? '' : `${first.faults.join()}: ${describeAnswer(first)}`,
  )
  throw failed({
    code: 'answers-differ',
    expected: 'Everything that cannot be decrypted is answered with one status and one text.',
    actual: `There are ${answers.size} answers. ${different.join(' | ')}`,
    hint: 'Answer every failure of decryption alike, and log the cause.',
  })
}
