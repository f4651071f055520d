import { deflateRawSync } from 'node:zlib'
import { isFetchOfOthers } from '../mock-idp/client.ts'
import type { Page } from '../src/target/user-agent.ts'
import { bringToDirectory } from './directory.ts'
import { type Attempt, signIn } from './login.ts'
import { failed, inconclusive } from './outcome.ts'
import type { Person } from './scene.ts'
import type { IdpactWorld } from './world.ts'

/** What the mock IdP has sent, served and refused, by its journal and by the Responses themselves. */

const unregisteredAcs = 'https://unregistered.example.test/saml/consume'

/** Where the journal stands now. A user that nobody has keeps the entries themselves at home. */
export const journalEnd = async (world: IdpactWorld): Promise<number> =>
  (await world.run.org.journal.read({ userId: 'nobody' })).next

/**
 * How often somebody but us fetched the metadata of the org over HTTP since this point of the journal.
 *
 * @throws StepFailure `inconclusive` when the journal has none, and has forgotten a part of that time
 */
export const metadataFetches = async (world: IdpactWorld, since: number): Promise<number> => {
  const { entries, evicted } = await world.run.org.journal.read({ since, limit: 5_000 })
  const fetches = entries.filter(isFetchOfOthers)
  if (fetches.length > 0 || !evicted) return fetches.length
  throw inconclusive({
    code: 'evidence-evicted',
    expected: 'The journal of the mock IdP still has what happened since.',
    actual: 'It is full, and has forgotten the oldest entries.',
    hint: 'Run this requirement alone.',
  })
}

/** @throws StepFailure unless the URL is of the form …/<random string>/sso/saml/metadata */
export const mustHaveOktaShape = (url: string): void => {
  if (/\/[A-Za-z0-9]{8,}\/sso\/saml\/metadata$/.test(new URL(url).pathname)) return
  throw failed({
    code: 'metadata-url-shape',
    expected: 'The metadata URL ends in /<random string>/sso/saml/metadata.',
    actual: `It is ${url}.`,
  })
}

const nothingSent = (attempt: Attempt) =>
  inconclusive({
    code: 'no-response-sent',
    expected: 'The mock IdP sends a Response that can be looked at.',
    actual: attempt.verdict.kind === 'not-sent' ? attempt.verdict.reason : 'No Response was sent.',
  })

const attributeOf = (tag: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*"([^"]*)"`).exec(tag)?.[1]

/** @throws StepFailure unless the Response names this identity in this format */
export const mustHaveSentNameId = (attempt: Attempt, format: string, value: string): void => {
  if (attempt.responseXml === undefined) throw nothingSent(attempt)
  const [, tag = '', text = ''] = /<(?:\w+:)?NameID\b([^>]*)>([^<]*)</.exec(attempt.responseXml) ?? []
  const sent = attributeOf(tag, 'Format') ?? ''
  if (sent.endsWith(`:${format}`) && text === value) return
  throw failed({
    code: 'name-id-sent',
    expected: `The NameID is ${value} in the format ${format}.`,
    actual: `It is ${text} in the format ${sent || '(none)'}.`,
  })
}

/** @throws StepFailure unless the Response has exactly these attributes, each once, in this name format */
export const mustHaveSentAttributes = (attempt: Attempt, names: readonly string[], format: string): void => {
  if (attempt.responseXml === undefined) throw nothingSent(attempt)
  const tags = [...attempt.responseXml.matchAll(/<(?:\w+:)?Attribute\b[^>]*>/g)].map(([tag]) => tag)
  const sent = tags.map((tag) => attributeOf(tag, 'Name') ?? '').toSorted()
  const formats = new Set(tags.map((tag) => attributeOf(tag, 'NameFormat')?.split(':').at(-1) ?? 'none'))
  if (sent.join() === names.toSorted().join() && formats.size === 1 && formats.has(format)) return
  throw failed({
    code: 'attributes-sent',
    expected: `The attributes ${names.join(', ')}, each once, in the name format ${format}.`,
    actual: `${sent.join(', ')}, in the name format ${[...formats].join(', ')}.`,
  })
}

/** @throws StepFailure unless the Response has this attribute with exactly these values; none: not the attribute at all */
export const mustHaveSentValues = (attempt: Attempt, name: string, values: readonly string[]): void => {
  if (attempt.responseXml === undefined) throw nothingSent(attempt)
  const found = [...attempt.responseXml.matchAll(/<(?:\w+:)?Attribute\b[^>]*>[\s\S]*?<\/(?:\w+:)?Attribute>/g)]
    .map(([xml]) => xml)
    .filter((xml) => attributeOf(xml, 'Name') === name)
  const sent = found.flatMap((xml) =>
    [...xml.matchAll(/<(?:\w+:)?AttributeValue\b[^>]*>([^<]*)</g)].map(([, value = '']) => value),
  )
  const asWanted = values.length === 0 ? found.length === 0 : sent.toSorted().join() === values.toSorted().join()
  if (asWanted) return
  throw failed({
    code: 'values-sent',
    expected: values.length === 0 ? `No attribute ${name}.` : `The attribute ${name} has ${values.join(', ')}.`,
    actual: found.length === 0 ? 'There is no such attribute.' : `It has ${sent.join(', ') || 'no value'}.`,
  })
}

/** @throws StepFailure unless the assertion names exactly this audience */
export const mustHaveSentAudience = (attempt: Attempt, audience: string): void => {
  if (attempt.responseXml === undefined) throw nothingSent(attempt)
  const sent = [...attempt.responseXml.matchAll(/<(?:\w+:)?Audience>([^<]*)</g)].map(([, value = '']) => value)
  if (sent.length === 1 && sent[0] === audience) return
  throw failed({
    code: 'audience-sent',
    expected: `The audience is ${audience}.`,
    actual: `It is ${sent.join(', ') || 'none'}.`,
    hint: 'target.saml.audience should be the ACS URL.',
  })
}

/** @throws StepFailure unless the Response went to this URL, or to a URL that ends in this path */
export const mustHavePostedTo = (attempt: Attempt, urlOrPath: string): void => {
  const { postedTo } = attempt
  if (postedTo === undefined) throw nothingSent(attempt)
  if (urlOrPath.startsWith('/') ? new URL(postedTo).pathname.endsWith(urlOrPath) : postedTo === urlOrPath) return
  throw failed({
    code: 'posted-elsewhere',
    expected: `The Response is posted to ${urlOrPath}.`,
    actual: `It was posted to ${postedTo}.`,
  })
}

/** @throws StepFailure unless the login stopped at the mock IdP's own page */
export const mustHaveSentNothing = (attempt: Attempt): void => {
  if (attempt.verdict.kind === 'not-sent') return
  throw failed({
    code: 'response-sent',
    expected: 'The mock IdP shows a page of its own and posts nothing to the service provider.',
    actual: 'It sent a Response.',
  })
}

/** A login that asks to be answered at a URL that the application does not have (SAML Profiles 4.1.4.1). */
export const askForUnregisteredAcs = async (world: IdpactWorld, person: Person): Promise<void> => {
  const { registration, target } = world.run
  await bringToDirectory(world, person)
  const browser = world.newBrowser()
  await signIn(world, person, browser)
  world.journalStart = await journalEnd(world)
  const request = `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_idpact${Date.now()}" Version="2.0" IssueInstant="${new Date().toISOString()}" AssertionConsumerServiceURL="${unregisteredAcs}"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${target.acs.audiences[0] ?? ''}</saml:Issuer></samlp:AuthnRequest>`
  const url = new URL(registration.ssoUrl)
  url.searchParams.set('SAMLRequest', deflateRawSync(request).toString('base64'))
  const page = await browser.get(url.href)
  world.idpAnswer = { page, posted: browser.autoForm(page) !== undefined }
}

/** What the mock IdP answered to a request that a step made itself. */
export interface IdpAnswer {
  page: Page
  posted: boolean
}

/** @throws StepFailure unless the request was refused with a page that names the URL, and the journal has it */
export const mustHaveRefusedRequest = async (world: IdpactWorld): Promise<void> => {
  const answer = world.idpAnswer
  const { entries } = await world.run.org.journal.read({ since: world.journalStart, limit: 5_000 })
  const noted = entries.some((entry) => entry.kind === 'authn-request-refused')
  if (answer && !answer.posted && answer.page.status >= 400 && answer.page.body.includes(unregisteredAcs) && noted)
    return
  throw failed({
    code: 'unregistered-acs-answered',
    expected: `The mock IdP refuses to answer at ${unregisteredAcs}, names it on a page, and keeps the request in its journal.`,
    actual: `It answered with status ${answer?.page.status ?? 'none'}${answer?.posted ? ' and a Response' : ''}; the journal ${noted ? 'has' : 'has not'} the refusal.`,
  })
}

/** @throws StepFailure unless the AuthnRequest that this Response answers was issued by the SP's entity ID */
export const mustHaveRequestFrom = async (world: IdpactWorld, attempt: Attempt): Promise<void> => {
  if (attempt.responseXml === undefined) throw nothingSent(attempt)
  const requestId = attributeOf(attempt.responseXml, 'InResponseTo')
  const { org, target } = world.run
  const { entries } = await org.journal.read({ since: world.journalStart, limit: 5_000 })
  const request = entries.find((entry) => entry.kind === 'authn-request-accepted' && entry.requestId === requestId)
  const issuer = target.acs.audiences[0]
  if (request?.details['issuer'] === issuer) return
  throw failed({
    code: 'request-issuer',
    expected: `The AuthnRequest is issued by ${issuer}.`,
    actual:
      request === undefined ? 'The journal has no such AuthnRequest.' : `By ${String(request.details['issuer'])}.`,
  })
}
