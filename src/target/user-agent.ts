/**
 * A browser's behaviour over HTTP, without a browser: cookies, redirects, forms that post themselves, within limits.
 */
import { CookieJar } from 'tough-cookie'
import type { Exchange } from '../core/evidence.ts'
import { randomBase62 } from '../core/ids.ts'
import { readAutoForm } from './html/forms.ts'
import { sameSiteContext } from './site.ts'
import type { HttpAnswer, HttpRequest, Transport } from './transport.ts'
import { troubleError } from './trouble.ts'

export interface Page {
  status: number
  /** Where the agent ended up, after redirects. */
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  /** The SP's `Date` header minus our clock, in ms, where there was one. */
  clockOffsetMs?: number | undefined
}

export interface GetOptions {
  /** False: a redirect is the answer, not something to go after; and the agent stays on the page where it was. */
  follow?: boolean
  /** The `Accept` header, where a browser's own is not what is wanted. */
  accept?: string
}

export interface UserAgent {
  get(url: string, options?: GetOptions): Promise<Page>
  /** An ordinary form post (application/x-www-form-urlencoded), redirects followed. */
  postForm(url: string, fields: Readonly<Record<string, string>>): Promise<Page>
  /** Sends a form of a page as it stands, redirects followed. */
  submit(form: AutoForm): Promise<Page>
  /** A JSON call of a page's script, with the session's cookies. */
  json(method: string, url: string, body?: unknown): Promise<Page>
  /**
   * The form that the page would post by itself (its script calls submit, or a noscript button says so), if there is one.
   * Nothing is posted: a login stops here so that it can be looked at.
   */
  autoForm(page: Page): AutoForm | undefined
  setCookie(url: string, name: string, value: string): Promise<void>
  cookies(url: string): Promise<Readonly<Record<string, string>>>
  /** The page where the agent is; undefined before it went anywhere. */
  readonly page: Page | undefined
  /** Everything sent and received so far, redacted, in order. */
  exchanges: readonly Exchange[]
}

export interface AutoForm {
  action: string
  method: 'GET' | 'POST'
  /** application/x-www-form-urlencoded when left out. */
  enctype?: 'text/plain' | 'multipart/form-data' | undefined
  /** By name; of several fields of one name, the last. */
  fields: Readonly<Record<string, string>>
  /** Every field, in order. */
  entries: readonly (readonly [name: string, value: string])[]
}

const maxRedirects = 10

/** Where an answer redirects to; undefined when it does not, or to something that is no web page (`myapp://…`). */
const redirectOf = ({ status, headers, url }: HttpAnswer): string | undefined => {
  const location = headers['location']
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined
  // Header bytes are read as Latin-1; browsers take them as UTF-8.
  const text = Buffer.from(location, 'latin1').toString('utf8')
  const readable = text.includes('\u{fffd}') ? location : text
  if (!URL.canParse(readable, url)) return undefined
  const next = new URL(readable, url)
  return /^https?:$/.test(next.protocol) ? next.href : undefined
}

/** The request after a redirect: 307 and 308 repeat it, the others get (RFC 9110 15.4; Fetch 4.4 for 301 and 302). */
const redirected = (request: HttpRequest, status: number, url: string): HttpRequest => {
  if (status === 307 || status === 308 || request.method === 'GET' || request.method === 'HEAD')
    return { ...request, url }
  if (status !== 303 && request.method !== 'POST') return { ...request, url }
  const { 'content-type': _, ...headers } = request.headers ?? {}
  return { method: 'GET', url, headers }
}

/** The body of a form, as a browser encodes it (HTML 4.10.21.6 to 8). */
const encodedForm = (enctype: AutoForm['enctype'], entries: AutoForm['entries']): { type: string; body: string } => {
  if (enctype === 'text/plain')
    return { type: enctype, body: entries.map(([name, value]) => `${name}=${value}\r\n`).join('') }
  if (enctype === undefined) {
    const body = new URLSearchParams(entries.map(([name, value]) => [name, value])).toString()
    return { type: 'application/x-www-form-urlencoded', body }
  }
  const boundary = `idpact-${randomBase62(24)}`
  const part = ([name, value]: readonly [string, string]): string =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  return { type: `${enctype}; boundary=${boundary}`, body: `${entries.map(part).join('')}--${boundary}--\r\n` }
}

/**
 * A browser with an empty jar of cookies. Cookies follow RFC 6265bis, SameSite included: what a browser would not send
 * along when the IdP's page posts to the SP is not sent here either.
 *
 * @param options.transport shared by all browsers of a target: `openTransport`, or `target.newAgent()` for all at once
 * @returns an agent whose methods throw TargetError (codes: src/target/trouble.ts) when there is no whole answer
 * @example const page = await createUserAgent({ transport }).get('https://sp.example.test/login')
 */
export const createUserAgent = ({ transport }: { transport: Transport }): UserAgent => {
  const jar = new CookieJar(undefined, { rejectPublicSuffixes: true, looseMode: true })
  const exchanges: Exchange[] = []
  let current: string | undefined
  let shown: Page | undefined

  const sendOne = async (request: HttpRequest, from: string | undefined): Promise<HttpAnswer> => {
    const cookie = await jar.getCookieString(request.url, {
      sameSiteContext: sameSiteContext(from, request.url, request.method),
    })
    const headers = { ...request.headers, ...(cookie === '' ? {} : { cookie }) }
    const answer = await transport.send({ ...request, headers }, (exchange) => exchanges.push(exchange))
    for (const text of answer.setCookies) await jar.setCookie(text, answer.url, { ignoreError: true })
    return answer
  }

  const visit = async (first: HttpRequest, from: string | undefined, follow = true): Promise<Page> => {
    let request = first
    for (let hops = 0; ; hops++) {
      const answer = await sendOne(request, from)
      const next = follow ? redirectOf(answer) : undefined
      if (next === undefined) {
        const { setCookies: _, ...page } = answer
        return page
      }
      if (hops === maxRedirects)
        throw troubleError('redirect-loop', exchanges.at(-1)?.url ?? first.url, ` (more than ${maxRedirects})`)
      request = redirected(request, answer.status, next)
    }
  }

  const navigate = async (request: HttpRequest, from: string | undefined): Promise<Page> => {
    const page = await visit(request, from)
    current = page.url
    shown = page
    return page
  }

  return {
    exchanges,
    get page() {
      return shown
    },
    get: async (url, { follow = true, accept } = {}) => {
      const request = { method: 'GET', url, headers: accept === undefined ? {} : { accept } }
      return follow ? navigate(request, undefined) : visit(request, undefined, false)
    },
    postForm: async (url, fields) => {
      const origin = new URL(current ?? url).origin
      const headers = { 'content-type': 'application/x-www-form-urlencoded', origin }
      return navigate({ method: 'POST', url, headers, body: new URLSearchParams(fields).toString() }, current)
    },
    submit: async ({ action, method, enctype, entries }) => {
      if (method === 'GET') {
        const url = new URL(action)
        url.search = new URLSearchParams(entries.map(([name, value]) => [name, value])).toString()
        return navigate({ method: 'GET', url: url.href }, current)
      }
      const { type, body } = encodedForm(enctype, entries)
      const headers = { 'content-type': type, origin: new URL(current ?? action).origin }
      return navigate({ method: 'POST', url: action, headers, body }, current)
    },
    json: (method, url, body) => {
      const headers: Record<string, string> = { accept: 'application/json', origin: new URL(url).origin }
      if (body === undefined) return visit({ method, url, headers }, undefined)
      headers['content-type'] = 'application/json'
      return visit({ method, url, headers, body: JSON.stringify(body) }, undefined)
    },
    autoForm: (page) => readAutoForm(page.body, page.url),
    setCookie: async (url, name, value) => {
      await jar.setCookie(`${name}=${value}; Path=/`, url)
    },
    cookies: async (url) =>
      Object.fromEntries((await jar.getCookies(url)).map(({ key, value }): [string, string] => [key, value])),
  }
}
