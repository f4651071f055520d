import { createServer } from 'node:http'
import { CookieJar } from 'tough-cookie'
import { request } from 'undici'
import { systemClock } from '../../../src/core/clock.ts'
import { type CloudinaryInfo, cloudinaryInfo } from '../../../src/reference-sp/cloudinary/info.ts'
import { cloudinaryProfile } from '../../../src/reference-sp/cloudinary/profile.ts'
import { createApp } from '../../../src/reference-sp/http/app.ts'
import type { Rules } from '../../../src/reference-sp/rules/rules.ts'
import { createService, type Service, type ServiceOptions } from '../../../src/reference-sp/service.ts'
import type { Sp } from '../../../src/reference-sp/sp.ts'
import type { NewUser, User } from '../../../src/reference-sp/store/users.ts'
import { metadataOf, mint } from '../support/idp.ts'
import { sharedIdp } from '../support/world.ts'

/** A browser without scripts: cookies with their paths, no redirects followed unless asked. */
export interface Answer {
  url: string
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
  /** Where it redirects to, absolute. */
  location: string | undefined
}

export interface Agent {
  jar: CookieJar
  get(url: string, headers?: Record<string, string>): Promise<Answer>
  post(url: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  /** Follows redirects for as long as they stay at this SP. */
  follow(answer: Answer): Promise<Answer>
}

export const makeAgent = (): Agent => {
  const jar = new CookieJar()
  const send = async (method: 'GET' | 'POST', url: string, headers: Record<string, string>, body?: string) => {
    const cookie = await jar.getCookieString(url)
    const answer = await request(url, {
      method,
      headers: { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    })
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) await jar.setCookie(line, url)
    const { location } = answer.headers
    return {
      url,
      status: answer.statusCode,
      headers: answer.headers,
      body: await answer.body.text(),
      location: typeof location === 'string' ? new URL(location, url).href : undefined,
    }
  }
  const get: Agent['get'] = (url, headers = {}) => send('GET', url, headers)
  return {
    jar,
    get,
    post: (url, fields, headers = {}) =>
      send(
        'POST',
        url,
        { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        new URLSearchParams(fields).toString(),
      ),
    follow: async (answer) => {
      let last = answer
      for (let hops = 0; last.location?.startsWith(new URL(answer.url).origin); hops += 1) {
        if (hops === 10) throw new Error(`more than 10 redirects, the last to ${last.location}`)
        last = await get(last.location)
      }
      return last
    },
  }
}

export const redirectUri = 'http://127.0.0.1:9/oauth/callback?org=1'

export interface World {
  service: Service
  sp: Sp
  info: CloudinaryInfo
  problems: string[]
  /** Milliseconds that the SP's clock is ahead. */
  time: { ahead: number }
  /** Rules that replace good ones. */
  break(rules: (rules: Rules) => Partial<Rules>): void
  /** An authorization URL, as a client makes it of the configured one; `undefined` leaves a parameter out. */
  authorizationUrl(change?: Record<string, string | undefined>): string
  admin(method: string, path: string, body?: unknown): Promise<{ status: number; json: Record<string, unknown> }>
  api(method: string, path: string, body?: unknown): Promise<number>
  user(change?: Partial<NewUser>): User
  passwordLogin(agent: Agent): Promise<void>
  /** Answers the login page that the agent is on by a SAML login. */
  samlLogin(agent: Agent, user: User, relayState?: string): Promise<Answer>
  /** A code, by way of the consent page; with the master_admin unless the agent is logged in. */
  authorize(agent?: Agent, change?: Record<string, string | undefined>): Promise<string>
  token(fields: Record<string, string>, headers?: Record<string, string>): Promise<TokenAnswer>
  redeem(code: string, change?: Record<string, string>): Promise<TokenAnswer>
  refresh(refreshToken: string, change?: Record<string, string>): Promise<TokenAnswer>
  stop(): Promise<void>
}

export interface TokenAnswer {
  status: number
  headers: Headers
  json: Record<string, string>
}

export const basic = (id: string, secret: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
})

/** The forms of a page: the fields that it sends by itself, by the text of its button. */
export const formsOf = (body: string): Record<string, Record<string, string>> =>
  Object.fromEntries(
    [...body.matchAll(/<form[^>]*>(.*?)<\/form>/gs)].map(([, form = '']) => [
      /<button[^>]*>([^<]*)/.exec(form)?.[1] ?? '',
      Object.fromEntries([...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value])),
    ]),
  )

/** A reference SP whose insides a test can reach. */
export const makeWorld = async (options: Partial<ServiceOptions> = {}): Promise<World> => {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const problems: string[] = []
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const time = { ahead: 0 }
  let { rules } = cloudinaryProfile
  const made = await createService(cloudinaryProfile, url, {
    database: ':memory:',
    metadata: { mode: 'inline', xml: metadataOf(sharedIdp) },
    defects: [],
    smtp: undefined,
    redirectUris: [redirectUri],
    accessTokenSeconds: undefined,
    clock: { now: () => systemClock.now() + time.ahead },
    onProblem: (problem) => problems.push(problem),
    ...options,
  })
  const sp: Sp = Object.create(made.organisations[0], { rules: { value: () => rules } })
  const service: Service = Object.create(made, { organisations: { value: [sp] }, rules: { value: () => rules } })
  server.on('request', createApp(service))
  const info = cloudinaryInfo(service)
  const { oauth } = info

  const json = async (method: string, url: string, headers: Record<string, string>, body?: unknown) => {
    const answer = await fetch(url, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
  }
  const world: World = {
    service,
    sp,
    info,
    problems,
    time,
    break: (change) => {
      rules = { ...cloudinaryProfile.rules, ...change(cloudinaryProfile.rules) }
    },
    authorizationUrl: (change = {}) => {
      const url = new URL(oauth.authorizationUrl)
      const parameters = {
        response_type: 'code',
        client_id: oauth.clientId,
        redirect_uri: redirectUri,
        state: 'a b&c',
        ...change,
      }
      for (const [name, value] of Object.entries(parameters))
        if (value === undefined) url.searchParams.delete(name)
        else url.searchParams.set(name, value)
      return url.href
    },
    admin: (method, path, body) =>
      json(method, `${info.admin.baseUrl}${path}`, { authorization: `Bearer ${info.admin.token}` }, body),
    api: async (method, path, body) => {
      const { baseUrl, accountId, key, secret } = info.provisioningApi
      return (await json(method, `${baseUrl}/accounts/${accountId}${path}`, basic(key, secret), body)).status
    },
    user: (change = {}) =>
      sp.store.users.create({
        email: 'ada@example.test',
        firstName: 'Ada',
        lastName: 'Lovelace',
        role: 'admin',
        source: 'api',
        ...change,
      }),
    passwordLogin: async (agent) => {
      const { email, password = '' } = info.masterAdmin
      await agent.post(info.passwordLoginUrl, { email, password })
    },
    samlLogin: (agent, user, relayState) => {
      const message = mint({
        idp: sharedIdp,
        acsUrl: info.acsUrls[0],
        audience: info.audiences[0],
        nameId: user.email,
      })
      return agent.post(info.acsUrls[0], {
        SAMLResponse: Buffer.from(message).toString('base64'),
        ...(relayState === undefined ? {} : { RelayState: relayState }),
      })
    },
    authorize: async (agent = makeAgent(), change) => {
      if ((await agent.get(info.sessionUrl)).status !== 200) await world.passwordLogin(agent)
      const page = await agent.follow(await agent.get(world.authorizationUrl(change)))
      const answer = await agent.follow(await agent.post(page.url, formsOf(page.body)['ACCEPT ACCESS'] ?? {}))
      const code = new URL(answer.location ?? 'none:').searchParams.get('code')
      if (code === null) throw new Error(`no code: ${answer.status} ${answer.location} ${answer.body}`)
      return code
    },
    token: async (fields, headers = basic(oauth.clientId, oauth.clientSecret)) => {
      const answer = await fetch(oauth.tokenUrl, { method: 'POST', headers, body: new URLSearchParams(fields) })
      return { status: answer.status, headers: answer.headers, json: (await answer.json()) as Record<string, string> }
    },
    redeem: (code, change = {}) =>
      world.token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, ...change }),
    refresh: (refreshToken, change = {}) =>
      world.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...change }),
    stop: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      await service.close()
    },
  }
  return world
}
