import type { JournalEntry } from '../../mock-idp/admin/schema.ts'
import type { Target } from '../../src/target/ports.ts'
import type { Page, UserAgent } from '../../src/target/user-agent.ts'
import { attachMessage } from '../login.ts'
import { journalEnd } from '../mock-idp.ts'
import { failed, inconclusive, notApplicable, notObservable, type StepFailure } from '../outcome.ts'
import type { Person } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/** Single logout: what the IdP asks for, and what the SP asks for; judged by who is logged in afterwards. */

const bindings = ['HTTP-POST', 'HTTP-Redirect'] as const
export type Binding = (typeof bindings)[number]

/** @throws StepFailure `inconclusive` for a word that is no binding */
export const bindingOf = (word: string): Binding => {
  const found = bindings.find((one) => one === word)
  if (found !== undefined) return found
  throw inconclusive({
    code: 'unknown-binding',
    expected: `A LogoutRequest is sent by ${bindings.join(' or ')}.`,
    actual: `The step says ${word}.`,
  })
}

/** A LogoutRequest that was sent to the SP. */
export interface SentLogout {
  id: string
  /** The last page of it. */
  page: Page
}

const notOffered = (what: string, how: string): StepFailure =>
  notApplicable({
    code: 'no-single-logout',
    expected: `The service provider has single logout${what}.`,
    actual: 'Nothing says that it has.',
    hint: `Where it does, give ${how}.`,
  })

const offered = (world: IdpactWorld): NonNullable<Target['acs']['singleLogout']> => {
  const { acs, session } = world.run.target
  if (acs.singleLogout === undefined)
    throw notOffered('', 'target.saml.singleLogout, --slo and --logout, or its metadata (--sp-metadata)')
  if (session?.isKept === false)
    throw notApplicable({
      code: 'no-session-kept',
      expected: 'The service provider keeps a session, which can be ended.',
      actual: 'It keeps none: its answer to the Response says who that was.',
    })
  return acs.singleLogout
}

const urlFor = (world: IdpactWorld, binding: Binding): string => {
  const { post, redirect } = offered(world)
  const url = binding === 'HTTP-POST' ? post : redirect
  if (url === undefined)
    throw notOffered(
      ` by ${binding}`,
      `target.saml.singleLogout.${binding === 'HTTP-POST' ? 'post' : 'redirect'}, or --slo`,
    )
  return url
}

const browserOf = ({ browser, name }: Person): UserAgent => {
  if (browser !== undefined) return browser
  throw inconclusive({ code: 'no-login', expected: `${name} has logged in before.`, actual: 'Nobody has.' })
}

/** The LogoutRequest of the mock IdP, in the browser in which this person is logged in; the answer goes to the mock IdP. */
export const sendLogoutRequest = async (
  world: IdpactWorld,
  person: Person,
  binding: Binding,
  { fault, role = 'probe' }: { fault?: string; role?: 'probe' | 'twin' } = {},
): Promise<SentLogout> => {
  const url = urlFor(world, binding)
  const browser = browserOf(person)
  const { id: applicationId } = await world.application()
  const request = await world.run.org.applications.logoutRequest(applicationId, {
    ...{ userId: person.directoryId ?? '', binding, url, spClockOffsetMs: world.spClockOffsetMs },
    ...(fault === undefined ? {} : { fault }),
  })
  const before = browser.exchanges.length
  const page = await carry(browser, request)
  const identity = await identityIn(world, person)
  attachMessage(world, person, {
    ...{ role, flow: 'logout', faults: fault === undefined ? [] : [fault], responseXml: request.xml, identity },
    verdict: identity === undefined ? 'nobody is logged in any more' : 'still logged in',
    exchanges: browser.exchanges.slice(before),
  })
  return { id: request.id, page }
}

const carry = async (
  browser: UserAgent,
  { binding, url, fields }: { binding: Binding; url: string; fields: [string, string][] },
): Promise<Page> => {
  if (binding === 'HTTP-Redirect') return onward(browser, await browser.get(url))
  const form = { action: url, method: 'POST' as const, fields: Object.fromEntries(fields), entries: fields }
  return onward(browser, await browser.submit(form))
}

/** A logout message that a page posts by itself goes on, as in a browser; a few times at most. */
const onward = async (browser: UserAgent, page: Page): Promise<Page> => {
  let at = page
  for (let hops = 0; hops < 4; hops += 1) {
    const form = browser.autoForm(at)
    if (form === undefined || !('SAMLRequest' in form.fields || 'SAMLResponse' in form.fields)) return at
    at = await browser.submit(form)
  }
  return at
}

const identityIn = async (world: IdpactWorld, person: Person): Promise<string | undefined> => {
  const { session } = world.run.target
  if (session === undefined) throw world.lacks('session.whoAmI')
  return (await session.whoAmI(browserOf(person)))?.identity
}

/** @throws StepFailure `inconclusive` unless a good LogoutRequest by this binding ends the session of another person */
export const mustTakeLogoutRequests = async (world: IdpactWorld, binding: Binding): Promise<void> => {
  urlFor(world, binding)
  const name = 'the colleague'
  await world.haveLoggedIn(name)
  const person = world.person(name)
  await sendLogoutRequest(world, person, binding, { role: 'twin' })
  const who = await identityIn(world, person)
  if (who === undefined) return
  throw inconclusive({
    code: 'twin-not-logged-out',
    expected: `A good LogoutRequest by ${binding} ends the session of ${name}.`,
    actual: `${who} is still logged in.`,
    hint: 'Let the service provider trust the metadata of the mock IdP with single logout: idpact metadata --single-logout.',
  })
}

const sentence = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)

/** @throws StepFailure unless nobody is logged in in the person's browser any more */
export const mustBeLoggedOut = async (world: IdpactWorld, person: Person): Promise<void> => {
  const who = await identityIn(world, person)
  if (who === undefined) return
  throw failed({
    code: 'still-logged-in',
    expected: `${sentence(person.name)} is logged out.`,
    actual: `${who} is still logged in.`,
  })
}

/** @throws StepFailure if the person's session has ended */
export const mustStillBeLoggedIn = async (world: IdpactWorld, person: Person): Promise<void> => {
  const who = await identityIn(world, person)
  if (who?.toLowerCase() === person.email.toLowerCase()) return
  throw failed({
    code: 'logged-out',
    expected: `${sentence(person.name)} is still logged in.`,
    actual: who === undefined ? 'Nobody is.' : `${who} is.`,
  })
}

const entriesSince = async (world: IdpactWorld): Promise<JournalEntry[]> =>
  (await world.run.org.journal.read({ since: world.journalStart, limit: 5_000 })).entries

/** @throws StepFailure unless the mock IdP got a good LogoutResponse to the last LogoutRequest */
export const mustHaveAnswered = async (world: IdpactWorld, { id, page }: SentLogout): Promise<void> => {
  const found = (await entriesSince(world)).filter(({ kind }) => kind === 'logout-response')
  const answer = found.find(({ requestId }) => requestId === id)
  const wrong = (actual: string): StepFailure =>
    failed({
      code: 'logout-answer-wrong',
      expected: 'The LogoutRequest is answered with a LogoutResponse: Success, InResponseTo, your Issuer, signed.',
      actual,
    })
  if (answer === undefined) {
    const stray = found.find(({ requestId }) => requestId === '')
    throw wrong(
      stray === undefined
        ? `The mock IdP got no LogoutResponse; the browser ended at ${page.url.split('?')[0]} with status ${page.status}.`
        : 'The LogoutResponse has no InResponseTo.',
    )
  }
  const { status, issuer, signed, verified } = answer.details as Record<string, unknown>
  if (status !== 'urn:oasis:names:tc:SAML:2.0:status:Success') throw wrong(`Its status is ${status || 'missing'}.`)
  if (!world.run.target.acs.audiences.includes(String(issuer))) throw wrong(`Its Issuer is ${issuer}.`)
  if (signed !== true) throw wrong('It is not signed.')
  if (offered(world).certificate !== undefined && verified !== true)
    throw wrong('Its signature is not by the certificate of the service provider.')
}

/** Logs out at the SP, and goes wherever that leads. */
export const logOutAtSp = async (world: IdpactWorld, person: Person): Promise<void> => {
  const { start } = offered(world)
  if (start === undefined)
    throw notObservable({
      code: 'logout-start-missing',
      expected: 'It is known where a logout begins at the service provider.',
      actual: 'It is not.',
      hint: 'Give target.saml.singleLogout.start, or --logout.',
    })
  world.journalStart = await journalEnd(world)
  const browser = browserOf(person)
  await onward(browser, await browser.get(start))
}

/** @throws StepFailure unless the SP has asked the mock IdP to end the session of this person */
export const mustHaveAskedIdp = async (world: IdpactWorld, person: Person): Promise<void> => {
  const requests = (await entriesSince(world)).filter(({ kind }) => /^logout-request-(accepted|refused)$/.test(kind))
  const own = requests.find(
    ({ details, userId }) => details['nameId'] === person.email || userId === person.directoryId,
  )
  const wrong = (actual: string): StepFailure =>
    failed({
      code: 'logout-request-wrong',
      expected: `The service provider asks the mock IdP to end the session of ${person.email}, with a signed LogoutRequest.`,
      actual,
    })
  if (own === undefined) throw wrong('The mock IdP got no such LogoutRequest.')
  const { nameId, signed, reason } = own.details as Record<string, unknown>
  if (nameId !== person.email) throw wrong(`Its NameID is ${nameId}.`)
  if (signed !== true) throw wrong('It is not signed.')
  if (own.kind === 'logout-request-refused' && offered(world).certificate !== undefined)
    throw wrong(`It was refused: ${reason}.`)
}
