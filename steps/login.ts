import { TargetError } from '../src/core/errors.ts'
import type { Exchange, LoginEvidence } from '../src/core/evidence.ts'
import type { AutoForm, Page, UserAgent } from '../src/target/user-agent.ts'
import { bringToDirectory } from './directory.ts'
import { withoutResponse } from './exchanges.ts'
import { inconclusive } from './outcome.ts'
import type { Person } from './scene.ts'
import type { Verdict } from './verdict.ts'
import { classify } from './verdict.ts'
import type { IdpactWorld } from './world.ts'

/** How somebody logs in. */
export interface LoginWay {
  flow: 'idp-initiated' | 'sp-initiated'
  /** For a login that begins at the SP: the ACS that it asks to be answered at. */
  acs?: string | undefined
  /** In the browser of the login before, with its cookies; otherwise in a fresh one. */
  sameBrowser?: boolean | undefined
}

/** One login, as far as it got. */
export interface Attempt {
  person: Person
  role: LoginEvidence['role']
  flow: LoginEvidence['flow']
  faults: string[]
  verdict: Verdict
  /** The SP's answer at the ACS, after redirects; undefined where there was none. */
  page: Page | undefined
  /** The ACS that the browser posted to. */
  postedTo: string | undefined
  /** The Response that was posted, as XML. */
  responseXml: string | undefined
  /** Why the SP gave no answer. */
  trouble: TargetError | undefined
  /** What was sent and answered, from the post at the ACS on. */
  exchanges: readonly Exchange[]
  /** How long the SP took for its answer at the ACS, in ms. */
  durationMs: number
}

/**
 * One login by SAML, from the session at the mock IdP to the question who is logged in (DESIGN: the way of one login).
 * The faults planned for the person go into this login, and are used up by it.
 */
export const logInBySaml = async (
  world: IdpactWorld,
  person: Person,
  way: LoginWay,
  role: LoginEvidence['role'],
): Promise<Attempt> => {
  if (person.fixture)
    throw inconclusive({
      code: 'fixture-not-for-saml',
      expected: 'Accounts of users.fixtures log in with their password only.',
      actual: `${person.name} is the fixture ${person.email}, and a login by SAML would change it for good.`,
      hint: 'Use a step that makes a new account.',
    })
  const faults = person.faults
  person.faults = []
  const browser = way.sameBrowser === true && person.browser ? person.browser : world.newBrowser()
  person.browser = browser
  const before = browser.exchanges.length
  const loggedIn = way.sameBrowser === true ? await world.run.target.session?.whoAmI(browser) : undefined
  await prepare(world, person, browser, faults)

  const attempt: Attempt = {
    person,
    role,
    flow: way.flow,
    faults: faults.map(({ fault }) => fault),
    verdict: { kind: 'not-sent', reason: '' },
    page: undefined,
    postedTo: undefined,
    responseXml: undefined,
    trouble: undefined,
    exchanges: [],
    durationMs: 0,
  }
  const { acs: elsewhere, tenant } = person.deliverTo ?? { acs: undefined, tenant: person.tenant }
  person.deliverTo = undefined
  const start = await browser.get(await startUrl(world, person, way))
  const form = browser.autoForm(start)
  const message = form?.fields['SAMLResponse']
  // A mistake may be that the form has no such field.
  const isPost = form !== undefined && (message !== undefined || isOwnAcs(world, form.action))
  if (!isPost) {
    attempt.page = start
    attempt.verdict = { kind: 'not-sent', reason: `the login stopped at ${start.url} with status ${start.status}` }
  } else {
    attempt.postedTo = elsewhere ?? form.action
    attempt.responseXml = Buffer.from(message ?? '', 'base64').toString('utf8')
    person.answeredRequest = /<[^>]*\bInResponseTo\s*=\s*"([^"]*)"/.exec(attempt.responseXml)?.[1]
    await post(browser, attempt, { ...form, action: attempt.postedTo })
    attempt.verdict = await classify(world, attempt, browser, { tenant, loggedIn })
  }
  if (attempt.page?.clockOffsetMs !== undefined) world.spClockOffsetMs = attempt.page.clockOffsetMs
  attachLogin(world, attempt, browser.exchanges.slice(before))
  return attempt
}

const isOwnAcs = ({ run }: IdpactWorld, action: string): boolean => run.target.acs.urls.includes(action)

const post = async (browser: UserAgent, attempt: Attempt, form: AutoForm): Promise<void> => {
  const before = browser.exchanges.length
  try {
    attempt.page = await browser.submit(form)
  } catch (error) {
    if (!(error instanceof TargetError)) throw error
    attempt.trouble = error
  } finally {
    attempt.exchanges = browser.exchanges.slice(before)
    attempt.durationMs = attempt.exchanges[0]?.durationMs ?? 0
  }
}

/** The Response of an earlier login once more, byte for byte, from a browser that has never been there. */
export const postAgain = async (
  world: IdpactWorld,
  { person, postedTo, responseXml, flow }: Attempt,
  role: LoginEvidence['role'],
): Promise<Attempt> => {
  const browser = world.newBrowser()
  const attempt: Attempt = {
    ...{ person, role, flow, faults: ['posted once more'], postedTo, responseXml },
    ...{ exchanges: [], durationMs: 0 },
    ...{ page: undefined, trouble: undefined, verdict: { kind: 'not-sent', reason: 'there was no login before' } },
  }
  if (responseXml !== undefined) {
    const fields = { SAMLResponse: Buffer.from(responseXml).toString('base64') }
    await post(browser, attempt, { action: postedTo ?? '', method: 'POST', fields, entries: Object.entries(fields) })
    attempt.verdict = await classify(world, attempt, browser)
  }
  attachLogin(world, attempt, browser.exchanges)
  return attempt
}

/** Gives the browser the person's session at the mock IdP: no sign-in page then. */
export const signIn = async (
  { run: { context } }: IdpactWorld,
  { session }: Person,
  browser: UserAgent,
): Promise<void> => {
  if (session !== undefined) await browser.setCookie(context.idp.url, session.cookie.name, session.cookie.value)
}

const prepare = async (
  world: IdpactWorld,
  person: Person,
  browser: UserAgent,
  faults: Person['faults'],
): Promise<void> => {
  const userId = await bringToDirectory(world, person)
  const { org } = world.side(person.tenant)
  // One after the other: their order is the order in which they apply.
  const arm = async (): Promise<void> => {
    for (const { fault, params } of faults)
      await org.faults.arm({ userId, fault, params: { ...params }, times: 1, spClockOffsetMs: world.spClockOffsetMs })
  }
  await Promise.all([world.expectMade(person), signIn(world, person, browser), arm()])
}

const startUrl = async (world: IdpactWorld, person: Person, way: LoginWay): Promise<string> => {
  if (way.flow === 'idp-initiated')
    return new URL((await world.application(person.tenant)).appLink, world.run.context.idp.url).href
  const { start } = world.side(person.tenant).target
  if (start === undefined) throw world.lacks('start.login')
  return start.url({ email: person.email, ...(way.acs === undefined ? {} : { acs: way.acs }) })
}

/** The text of signature values is of no use to a reader; for a target that others use too it must not be kept. */
const cutSignatures = (xml: string): string =>
  xml.replace(/(<(?:\w+:)?SignatureValue[^>]*>)[^<]*/g, (_, open: string) => `${open}…`)

/** Of a message that a mistake made enormous, the beginning says enough. */
const shortened = (xml: string): string =>
  xml.length <= evidenceChars ? xml : `${xml.slice(0, evidenceChars)}… (${xml.length} characters)`
const evidenceChars = 200_000

/** Puts a login into the report. */
export const attachLogin = (world: IdpactWorld, attempt: Attempt, exchanges: readonly Exchange[]): void => {
  const { verdict, person, role, flow, faults, responseXml } = attempt
  attachMessage(world, person, {
    ...{ role, flow, faults, responseXml, exchanges: [...exchanges], verdict: describeVerdict(verdict) },
    identity: 'identity' in verdict ? verdict.identity : undefined,
  })
}

/** What was sent for somebody, and what came of it, as evidence: signatures are cut for what is not on this machine. */
export const attachMessage = (world: IdpactWorld, person: Person, sent: Omit<LoginEvidence, 'user'>): void => {
  const { responseXml: xml, exchanges } = sent
  world.attachLogin({
    ...sent,
    user: `${person.name} (${person.email})`,
    responseXml: xml === undefined ? undefined : shortened(world.run.target.loopback ? xml : cutSignatures(xml)),
    exchanges: withoutResponse(exchanges, xml),
  })
}

export const describeVerdict = (verdict: Verdict): string => {
  switch (verdict.kind) {
    case 'signed-identity':
      return 'accepted as the signed identity'
    case 'forged-identity':
      return `accepted as a forged identity, ${verdict.identity}`
    case 'rejected':
      return verdict.crash === undefined ? 'rejected' : `rejected, by a crash: ${verdict.crash}`
    case 'second-factor':
      return 'asked for a second factor'
    case 'not-sent':
      return `stopped before the service provider: ${verdict.reason}`
    case 'unclear':
      return `cannot be judged: ${verdict.reason}`
  }
}
