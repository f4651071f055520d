import { inflateRawSync } from 'node:zlib'
import { type RunningReferenceSp, startReferenceSp } from '../../../src/reference-sp/index.ts'
import type { InProcessOptions, ReferenceSpOptions } from '../../../src/reference-sp/options.ts'
import { type Answer, type Browser, makeBrowser } from './browser.ts'
import { type Attributes, makeIdp, metadataOf, mint, type ResponseOptions, type TestIdp } from './idp.ts'

export interface Settings {
  saml?: { enabled?: boolean; metadata?: { mode: 'inline'; xml: string } | { mode: 'url'; url: string } | null }
  provisioning?: boolean
  enforce?: boolean
}

export type Json = Record<string, unknown>

export interface Reply {
  status: number
  json: Json
}

/** What one login led to. */
export interface Login {
  answer: Answer
  /** Code of the refusal. */
  code: string | undefined
  /** Who `/api/me` says is logged in afterwards. */
  who: string | undefined
  browser: Browser
}

export interface World {
  sp: RunningReferenceSp
  idp: TestIdp
  settings(change: Settings): Promise<void>
  api(method: string, path: string, body?: unknown): Promise<Reply>
  admin(method: string, path: string, body?: unknown): Promise<Reply>
  /** The defaults of a message for this SP. */
  message(options?: Partial<ResponseOptions>): ResponseOptions
  post(xml: string, options?: { browser?: Browser; acs?: 0 | 1; json?: boolean }): Promise<Login>
  login(options?: Partial<ResponseOptions>, browser?: Browser): Promise<Login>
  /** With the attributes of a person, some of them changed; `undefined` leaves one out. */
  provision(change: Record<string, string | readonly string[] | undefined>, nameId?: string): Promise<Login>
  attributes(change?: Record<string, string | readonly string[] | undefined>): Attributes
  /** Sends a browser to the IdP; returns the AuthnRequest. */
  start(browser: Browser, email: string, acs?: string): Promise<{ id: string; xml: string; url: URL }>
  user(email: string): Promise<Json | undefined>
  users(): Promise<Json[]>
  group(name: string): Promise<Json | undefined>
  whoAmI(browser: Browser): Promise<Json | undefined>
}

export const person = {
  'User.Username': 'ext-1',
  'User.FirstName': 'Ada',
  'User.LastName': 'Lovelace',
  'User.Email': 'ada@example.test',
} as const

/** The keys cost more than a test: one IdP for all tests of a file. */
export const sharedIdp = makeIdp()

/** A reference SP that trusts a test IdP; SAML login is on. */
export const makeWorld = async (options: ReferenceSpOptions & InProcessOptions = {}): Promise<World> => {
  const idp = sharedIdp
  const sp = await startReferenceSp({ metadata: { mode: 'inline', xml: metadataOf(idp) }, ...options })
  const { provisioningApi, admin } = sp.info

  const json = async (method: string, url: string, authorization: string, body: unknown): Promise<Reply> => {
    const response = await fetch(url, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: (await response.json()) as Json }
  }
  const api: World['api'] = (method, path, body) =>
    json(
      method,
      `${provisioningApi.baseUrl}/accounts/${provisioningApi.accountId}${path}`,
      `Basic ${Buffer.from(`${provisioningApi.key}:${provisioningApi.secret}`).toString('base64')}`,
      body,
    )
  const adminCall: World['admin'] = (method, path, body) =>
    json(method, `${admin.baseUrl}${path}`, `Bearer ${admin.token}`, body)

  const whoAmI: World['whoAmI'] = async (browser) => {
    const answer = await browser.get(sp.info.sessionUrl)
    return answer.status === 200 ? (JSON.parse(answer.body) as Json) : undefined
  }
  const message: World['message'] = (change = {}) => ({
    idp,
    acsUrl: sp.info.acsUrls[0],
    audience: sp.info.audiences[0],
    ...change,
  })
  const post: World['post'] = async (xml, { browser = makeBrowser(), acs = 0, json: asJson = true } = {}) => {
    const answer = await browser.post(
      sp.info.acsUrls[acs],
      { SAMLResponse: Buffer.from(xml).toString('base64') },
      { accept: asJson ? 'application/json' : 'text/html' },
    )
    const body = asJson && answer.status >= 400 ? (JSON.parse(answer.body) as Json) : {}
    const code = typeof body['code'] === 'string' ? body['code'] : undefined
    const who = (await whoAmI(browser))?.['email']
    return { answer, code, who: typeof who === 'string' ? who : undefined, browser }
  }
  const attributes: World['attributes'] = (change = {}) =>
    Object.fromEntries(
      Object.entries({ 'User.CloudinaryAccountID': provisioningApi.accountId, ...person, ...change }).filter(
        (entry): entry is [string, NonNullable<(typeof entry)[1]>] => entry[1] !== undefined,
      ),
    )
  const users: World['users'] = async () => (await api('GET', '/users')).json['users'] as Json[]
  return {
    sp,
    idp,
    api,
    admin: adminCall,
    message,
    post,
    attributes,
    whoAmI,
    users,
    settings: async (change) => {
      const reply = await adminCall('PUT', '/settings', change)
      if (reply.status !== 200) throw new Error(JSON.stringify(reply))
    },
    login: (change = {}, browser = makeBrowser()) => post(mint(message(change)), { browser }),
    provision: (change, nameId) => {
      const sent = attributes(change)
      const email = sent['User.Email']
      return post(
        mint(message({ attributes: sent, nameId: nameId ?? (typeof email === 'string' ? email : 'ada@example.test') })),
      )
    },
    start: async (browser, email, acs) => {
      const template = acs === 'second' ? sp.info.startUrlSecondAcs : sp.info.startUrl
      const answer = await browser.get(template.replace('{email}', encodeURIComponent(email)))
      if (answer.location === undefined) throw new Error(answer.body)
      const url = new URL(answer.location)
      const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
      return { id: / ID="([^"]+)"/.exec(xml)?.[1] ?? '', xml, url }
    },
    user: async (email) =>
      ((await api('GET', `/users?emails=${encodeURIComponent(email)}`)).json['users'] as Json[])[0],
    group: async (name) => {
      const groups = (await api('GET', '/user_groups?extended_details=true')).json['user_groups'] as Json[]
      return groups.find((group) => group['name'] === name)
    },
  }
}
