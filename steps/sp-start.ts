import { inflateRawSync } from 'node:zlib'
import type { Page, UserAgent } from '../src/target/user-agent.ts'
import { bringToDirectory } from './directory.ts'
import { failed, inconclusive } from './outcome.ts'
import type { Person } from './scene.ts'
import type { IdpactWorld } from './world.ts'

/** What the SP did when somebody began a login there; the IdP has not been visited yet. */
export interface Beginning {
  /** Where the AuthnRequest goes, without its query; undefined: none was sent. */
  sentTo: string | undefined
  requestId: string | undefined
  /** The AuthnRequest, and what went with it. */
  request: { xml: string; relayState: string | undefined; signed: boolean } | undefined
  page: Page
}

const maxRedirects = 10

/**
 * Begins a login at the SP and stops where the browser would go to an IdP.
 *
 * @param extra what is typed into the page beside the e-mail address
 */
export const beginLogin = async (
  world: IdpactWorld,
  person: Person,
  extra: Readonly<Record<string, string>> = {},
): Promise<Beginning> => {
  const { start } = world.side(person.tenant).target
  if (start === undefined) throw world.lacks('start.login')
  await Promise.all([bringToDirectory(world, person), world.expectMade(person)])
  const browser = world.newBrowser()
  const url = new URL(start.url({ email: person.email }))
  for (const [name, value] of Object.entries(extra)) url.searchParams.set(name, value)
  person.browser = browser
  person.beginning = await followToIdp(browser, url.href)
  return person.beginning
}

const followToIdp = async (browser: UserAgent, first: string): Promise<Beginning> => {
  let url = first
  for (let hops = 0; ; hops += 1) {
    const page = await browser.get(url, { follow: false })
    const { location } = page.headers
    const next = location !== undefined && URL.canParse(location, url) ? new URL(location, url) : undefined
    const query = next?.searchParams.get('SAMLRequest')
    if (next !== undefined && query) {
      const { searchParams } = next
      const xml = inflateRawSync(Buffer.from(query, 'base64')).toString()
      return sent(
        next,
        { xml, relayState: searchParams.get('RelayState') ?? undefined, signed: searchParams.has('Signature') },
        page,
      )
    }
    if (next !== undefined && hops < maxRedirects) {
      url = next.href
      continue
    }
    const form = browser.autoForm(page)
    const posted = form?.fields['SAMLRequest']
    if (form === undefined || posted === undefined)
      return { sentTo: undefined, requestId: undefined, request: undefined, page }
    const xml = Buffer.from(posted, 'base64').toString()
    const signed = /<(?:[\w.-]+:)?Signature[\s>]/.test(xml)
    return sent(new URL(form.action), { xml, relayState: form.fields['RelayState'], signed }, page)
  }
}

const sent = ({ origin, pathname }: URL, request: NonNullable<Beginning['request']>, page: Page): Beginning => ({
  sentTo: origin + pathname,
  requestId: /<[^>]*AuthnRequest[^>]*\bID\s*=\s*"([^"]*)"/.exec(request.xml)?.[1],
  request,
  page,
})

const begun = (person: Person): Beginning => {
  if (person.beginning !== undefined) return person.beginning
  throw inconclusive({
    code: 'step-missing',
    expected: `A step before this one begins a login of ${person.name} at the service provider.`,
    actual: 'None has.',
  })
}

const answerOf = ({ page }: Beginning): string => `It answered with status ${page.status} at ${page.url}.`

/** @throws StepFailure unless the browser was sent to the IdP that the person's organisation trusts */
export const mustBeSentToOwnIdp = (world: IdpactWorld, person: Person): void => {
  const beginning = begun(person)
  const ssoUrl = new URL(world.side(person.tenant).registration.ssoUrl)
  const expected = ssoUrl.origin + ssoUrl.pathname
  if (beginning.sentTo === expected) return
  throw failed({
    code: beginning.sentTo === undefined ? 'not-sent-to-idp' : 'sent-to-other-idp',
    expected: `The service provider sends ${person.name} (${person.email}) to ${expected} with an AuthnRequest.`,
    actual: beginning.sentTo === undefined ? answerOf(beginning) : `It sends the browser to ${beginning.sentTo}.`,
  })
}

/** @throws StepFailure if the browser was sent to any IdP */
export const mustBeSentNowhere = (person: Person): void => {
  const beginning = begun(person)
  if (beginning.sentTo === undefined) return
  throw failed({
    code: 'sent-to-idp',
    expected: `The service provider sends ${person.name} (${person.email}) to no identity provider.`,
    actual: `It sends the browser to ${beginning.sentTo}.`,
  })
}

/** The ID of the request that the login of this person began with, or that the last login answered. */
export const requestIdOf = (person: Person): string => {
  const id = person.beginning?.requestId ?? person.answeredRequest
  if (id !== undefined) return id
  throw inconclusive({
    code: 'no-request',
    expected: `An AuthnRequest was sent for ${person.name}.`,
    actual: 'None was.',
    hint: 'See whether target.saml.start is where a login begins.',
  })
}
