import type { UserAgent } from '../../src/target/user-agent.ts'
import type { Attempt } from '../login.ts'
import { failed } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'
import { newCanary } from './canary.ts'

/** RelayStates that would lead a browser elsewhere; `{url}` is the canary, `{host}` its host with what follows. */
const elsewhere = {
  'absolute URL': '{url}',
  'URL without a scheme': '//{host}',
  'backslashes for slashes': '\\\\{host}',
  'slash and backslash': '/\\{host}',
  'URL with a single slash': 'http:/{host}',
  'URL after spaces': '  {url}',
  'URL after a tab': '/\t/{host}',
  'URL with a user in it': 'http://sp.example.test@{host}',
  'javascript URL': 'javascript:location="{url}"',
  'data URL': 'data:text/html,<script>location="{url}"</script>',
  'header after a line break': '/\r\nx-idpact: injected',
} as const
export type Elsewhere = keyof typeof elsewhere

export const relayStateOf = (world: IdpactWorld, kind: string): string => {
  const canary = newCanary(world)
  world.canary = canary
  const template = (elsewhere as Readonly<Record<string, string>>)[kind] ?? kind
  return template.replaceAll('{url}', canary.url).replaceAll('{host}', canary.url.replace(/^https?:\/\//, ''))
}

/** What a page does by itself, or at a click: links, forms and refreshes. */
const goesTo = /(?:\bhref|\baction|\bsrc|\bcontent)\s*=\s*(["'])(?:\d+;\s*url=)?\s*([^"']*)\1/gi

/** @throws StepFailure if the browser was led to another site, or was given a header or link by the RelayState */
export const mustStayAtSp = (world: IdpactWorld, attempt: Attempt): void => {
  const { canary } = world
  const wrong = (actual: string) =>
    failed({
      code: 'led-elsewhere',
      expected: 'After the login the browser is at the service provider.',
      actual,
      hint: 'Take only paths of your own for a RelayState, after they are parsed as a URL.',
    })
  const left = attempt.exchanges.find(({ url }) => canary !== undefined && url.includes(canary.token))
  if (left !== undefined) throw wrong(`It was sent to ${left.url}.`)
  for (const { url, responseHeaders } of attempt.exchanges) {
    if (responseHeaders['x-idpact'] !== undefined) throw wrong(`The answer of ${url} has a header of the RelayState.`)
    const location = responseHeaders['location'] ?? ''
    if (/^\s*(?:javascript|data):/i.test(location)) throw wrong(`It was redirected to ${location}.`)
  }
  for (const [, , target = ''] of (attempt.page?.body ?? '').matchAll(goesTo))
    if (/^\s*(?:javascript|data):/i.test(target))
      throw wrong(`The page has ${JSON.stringify(target)} in a link or form.`)
}

export const markup = '"><script>idpact()</script><img src=x onerror=idpact()>'

/** @throws StepFailure if markup of the RelayState came back as markup */
export const mustHaveEscaped = (attempt: Attempt): void => {
  const body = attempt.page?.body ?? ''
  const found = /<script>idpact\(\)|<img src=x onerror=idpact/.exec(body)?.[0]
  if (found === undefined) return
  throw failed({
    code: 'markup-came-back',
    expected: 'What a RelayState says is shown as text, or not at all.',
    actual: `The page has ${JSON.stringify(found)} in it.`,
    hint: 'Escape what you write into a page.',
  })
}

/** @throws StepFailure if the SP broke on the message */
export const mustNotHaveBroken = ({ page, trouble }: Attempt): void => {
  if (trouble === undefined && (page?.status ?? 0) < 500) return
  throw failed({
    code: 'broke',
    expected: 'The service provider answers.',
    actual: trouble?.message ?? `It answered with status ${page?.status}.`,
  })
}

/** The cookies of the SP in a browser. */
const cookiesOf = (world: IdpactWorld, browser: UserAgent): Promise<Readonly<Record<string, string>>> =>
  browser.cookies(world.run.target.acs.urls[0] ?? '')

/**
 * Somebody plants a session: the browser of the user gets the cookies that the SP gave to another, and those that a login
 * would make with values of the attacker's own.
 */
export const plantSession = async (
  world: IdpactWorld,
  browser: UserAgent,
  names: readonly string[],
): Promise<Readonly<Record<string, string>>> => {
  const { target } = world.run
  const attacker = world.newBrowser()
  if (target.start !== undefined)
    await attacker.get(target.start.url({ email: 'somebody@example.test' }), { follow: false })
  await target.session?.whoAmI(attacker)
  const given = await cookiesOf(world, attacker)
  const made = Object.fromEntries(
    names.filter((name) => !(name in given)).map((name) => [name, 'idpact-planted-0123456789abcdef']),
  )
  const planted = { ...made, ...given }
  for (const [name, value] of Object.entries(planted)) await browser.setCookie(target.acs.urls[0] ?? '', name, value)
  return planted
}

/** @throws StepFailure if a browser with the planted cookies is logged in now */
export const mustBeWorthNothing = async (
  world: IdpactWorld,
  planted: Readonly<Record<string, string>>,
): Promise<void> => {
  const { target } = world.run
  const attacker = world.newBrowser()
  for (const [name, value] of Object.entries(planted)) await attacker.setCookie(target.acs.urls[0] ?? '', name, value)
  const who = await target.session?.whoAmI(attacker)
  if (who === undefined) return
  throw failed({
    code: 'session-fixed',
    expected: 'The session that was planted before the login is worth nothing after it.',
    actual: `With the cookies ${Object.keys(planted).join(', ')} that were planted, ${who.identity} is logged in.`,
    hint: 'Give the browser a new session identifier at every login.',
  })
}

export const cookieNames = async (world: IdpactWorld, browser: UserAgent): Promise<string[]> =>
  Object.keys(await cookiesOf(world, browser))
