/** A login in a test: from a session at the mock IdP to the answer of the service provider, with the browser that got it. */
import type { Application, NewUser, Session } from '../../mock-idp/admin/schema.ts'
import type { OrgClient } from '../../mock-idp/client.ts'
import { UsageError } from '../core/errors.ts'
import type { Exchange } from '../core/evidence.ts'
import type { AutoForm, Page, UserAgent } from '../target/user-agent.ts'
import type { ServiceProvider } from './service-provider.ts'

/** Who logs in: an address, or a profile of the directory. Somebody who is not there yet is made. */
export type Who = string | ({ email: string } & Record<string, string | string[]>)

/** A mistake for one Response: its id, or with its parameters. `idpact faults` lists them. */
export type Mistake = string | { id: string; params?: Readonly<Record<string, string | number | string[]>> }

export interface LoginOptions {
  as: Who
  /** The service provider; the one of `createMockIdp` when left out. */
  sp?: ServiceProvider | undefined
  /** Where the login begins at the service provider; at the mock IdP when left out (IdP-initiated). */
  start?: string | undefined
  /** What is wrong with this Response. */
  faults?: readonly Mistake[] | undefined
}

/** A Response as the browser would post it. */
export interface SamlResponse {
  /** The document, signed. */
  xml: string
  /** Where it goes. */
  acs: string
  /** The form: `SAMLResponse` in Base64, and `RelayState` where there is one. */
  fields: Readonly<Record<string, string>>
}

export interface Login extends Page {
  response: SamlResponse
  /** Another page, in the same browser: with the cookies of this login. */
  get(url: string): Promise<Page>
  /** The browser's cookies for an address. */
  cookies(url: string): Promise<Readonly<Record<string, string>>>
  /** Everything that was sent and received, secrets redacted. */
  exchanges: readonly Exchange[]
}

export interface At {
  org: OrgClient
  idpUrl: string
  application: Application
}

/** A browser with no cookies, and what ends its connections. */
export const openBrowser = async (): Promise<{ agent: UserAgent; close(): Promise<void> }> => {
  const [{ openTransport }, { createUserAgent }] = await Promise.all([
    import('../target/transport.ts'),
    import('../target/user-agent.ts'),
  ])
  const transport = openTransport({
    http: { headers: {}, timeoutMs: 15_000, maxBytes: 5_000_000 },
    origins: [],
  })
  return { agent: createUserAgent({ transport }), close: () => transport.close() }
}

/** The cookie that a signed-in browser has at the mock IdP; in the shape that Playwright's `addCookies` takes. */
export interface SessionCookie {
  name: string
  value: string
  url: string
}

/** A session at the mock IdP for somebody who may use the application, with what is wrong about the next Response. */
export const signIn = async (
  at: At,
  { as, faults = [] }: Pick<LoginOptions, 'as' | 'faults'>,
): Promise<SessionCookie> => {
  const { userId, cookie } = await sessionFor(at, as)
  for (const fault of faults) {
    const { id, params = {} } = typeof fault === 'string' ? { id: fault } : fault
    await at.org.faults.arm({ userId, fault: id, params: { ...params }, times: 1 })
  }
  return { ...cookie, url: at.idpUrl }
}

/**
 * Goes as far as the form with the Response, and does not post it.
 *
 * @throws UsageError `no-response` where the mock IdP, or the start address, gave no Response, with what it said instead
 */
export const respond = async (agent: UserAgent, at: At, options: LoginOptions): Promise<AutoForm> => {
  const { name, value } = await signIn(at, options)
  await agent.setCookie(at.idpUrl, name, value)
  let page = await agent.get(startOf(at, options))
  let form = agent.autoForm(page)
  // A request by HTTP-POST is a form too, which the service provider sends to the mock IdP.
  if (form?.fields['SAMLRequest'] !== undefined) {
    page = await agent.submit(form)
    form = agent.autoForm(page)
  }
  if (form === undefined)
    throw new UsageError(`There was no Response: the login stopped at ${page.url} with status ${page.status}.`, {
      code: 'no-response',
      hint: textOf(page),
    })
  return form
}

/** A path is one of the service provider. */
const startOf = (at: At, { start }: LoginOptions): string =>
  start === undefined
    ? new URL(at.application.appLink, at.idpUrl).href
    : new URL(start, at.application.saml.ssoUrl).href

const textOf = ({ body }: Page): string =>
  body
    .replace(/<(style|script)\b[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)

export const responseOf = ({ action, fields }: AutoForm): SamlResponse => ({
  xml: Buffer.from(fields['SAMLResponse'] ?? '', 'base64').toString('utf8'),
  acs: action,
  fields,
})

const sessionFor = async ({ org, application }: At, who: Who): Promise<Session> => {
  if (who === undefined || (typeof who === 'object' && who.email === undefined))
    throw new UsageError('Nobody was named who logs in.', { code: 'nobody', hint: "login({ as: 'ada@example.test' })" })
  const { email, login = email, ...rest } = typeof who === 'string' ? { email: who } : who
  const known = (await org.users.list(String(login))).find(({ profile }) => profile.login === login)
  if (known === undefined) {
    const profile: NewUser['profile'] = { ...nameOf(email), ...rest, login: String(login), email }
    return org.sessions.createForNewUser({ profile, applicationIds: [application.id] })
  }
  if (typeof who !== 'string') await org.users.update(known.id, { profile: { ...rest, email } })
  await org.applications.assignUser(application.id, known.id)
  return org.sessions.create(known.id)
}

/** `ada.lovelace@…` is Ada Lovelace: a service provider may ask for names. */
const nameOf = (email: string): { firstName: string; lastName: string } => {
  const [first = '', last = 'Example'] = (email.split('@')[0] ?? '').split(/[._-]+/)
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
  return { firstName: capital(first), lastName: capital(last) }
}
