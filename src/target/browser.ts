/**
 * A real Chromium as user agent (`certify --browser`): its cookies, its scripts, its idea of what a page may do. It is driven
 * by playwright-core, which whoever wants this installs; evidence is kept of every navigation.
 */
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Frame,
  Request,
  Response,
  Page as Tab,
} from 'playwright-core'
import type { HttpConfig } from '../config/schema.ts'
import { UsageError } from '../core/errors.ts'
import type { Exchange } from '../core/evidence.ts'
import type { ExchangeWriter } from './exchange.ts'
import { readAutoForm } from './html/forms.ts'
import { errorOfRequest, troubleError } from './trouble.ts'
import type { AutoForm, Page, UserAgent } from './user-agent.ts'

export type BrowserMode = 'headless' | 'headed'

export interface BrowserOptions {
  mode: BrowserMode
  http: HttpConfig
  /** Where the extra headers of `http` may go. */
  origins: readonly string[]
  writer: ExchangeWriter
}

/** Names an executable where playwright-core has no browser of its own. */
const executableVariable = 'IDPACT_CHROMIUM'

export interface OpenBrowser {
  newAgent(): UserAgent
  close(): Promise<void>
}

/** Windows that are kept: many more than scenarios run side by side, so the oldest belong to nobody any more. */
const mostWindows = 60

/** Starts with its first window. */
export const openBrowser = (options: BrowserOptions): OpenBrowser => {
  let browser: Promise<Browser> | undefined
  const contexts: BrowserContext[] = []
  const started = (): Promise<Browser> => {
    browser ??= launch(options)
    return browser
  }
  return {
    newAgent: () =>
      newAgent(async (settings) => {
        const context = await (await started()).newContext(settings)
        contexts.push(context)
        if (contexts.length > mostWindows) await contexts.shift()?.close()
        return context
      }, options),
    close: async () => {
      await (await browser?.catch(() => undefined))?.close()
    },
  }
}

const loadPlaywright = (): Promise<typeof import('playwright-core')> =>
  import('playwright-core').catch((cause: unknown) => {
    throw new UsageError('--browser needs the package playwright-core, and it is not installed.', {
      code: 'no-playwright',
      hint: 'npm install --save-dev playwright-core && npx playwright-core install chromium',
      cause,
    })
  })

const launch = async ({ mode, http }: BrowserOptions): Promise<Browser> => {
  const playwright = await loadPlaywright()
  const executablePath = process.env[executableVariable]
  return playwright.chromium
    .launch({
      headless: mode === 'headless',
      ...(executablePath === undefined ? {} : { executablePath }),
      ...(http.proxy === undefined ? {} : { proxy: { server: http.proxy, bypass: '127.0.0.1,localhost' } }),
      // As root, which containers often are, Chromium starts without its sandbox only.
      ...(process.getuid?.() === 0 ? { chromiumSandbox: false } : {}),
    })
    .catch((cause: unknown) => {
      throw new UsageError(
        `Chromium did not start: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}`,
        {
          code: 'no-chromium',
          hint: `npx playwright-core install chromium; or name an executable with ${executableVariable}.`,
          cause,
        },
      )
    })
}

type NewContext = (settings: BrowserContextOptions) => Promise<BrowserContext>

const newAgent = (newContext: NewContext, { http, origins, writer }: BrowserOptions): UserAgent => {
  const exchanges: Exchange[] = []
  const own = new Set(origins.map((url) => new URL(url).origin))
  let window: Promise<{ context: BrowserContext; tab: Tab }> | undefined
  let shown: Page | undefined
  /** A form may be posted now; those that a page posts by itself are held back, to be looked at first. */
  let mayPost = false
  /** Called when a form was held back: the page is then as far as it gets. */
  let onHeldBack = (): void => {}

  const open = async (): Promise<{ context: BrowserContext; tab: Tab }> => {
    const context = await newContext({
      // The authority of target.http.ca is checked by preflight, which goes by idpact's own client.
      ignoreHTTPSErrors: http.ca !== undefined,
      // A policy of the mock IdP's pages would hold back forms that a test takes elsewhere.
      bypassCSP: true,
    })
    context.setDefaultTimeout(http.timeoutMs)
    await context.route('**/*', async (route) => {
      const request = route.request()
      const isHeldBack = request.isNavigationRequest() && request.method() === 'POST' && !mayPost
      if (isHeldBack) {
        await route.abort('aborted')
        return onHeldBack()
      }
      if (!own.has(new URL(request.url()).origin) || Object.keys(http.headers).length === 0) return route.continue()
      return route.continue({ headers: { ...(await request.allHeaders()), ...http.headers } })
    })
    return { context, tab: await context.newPage() }
  }
  const opened = (): Promise<{ context: BrowserContext; tab: Tab }> => {
    window ??= open()
    return window
  }

  const record = async (request: Request, response: Response | null, began: number): Promise<string> => {
    const headers = await request.allHeaders().catch(() => request.headers())
    const sent = {
      method: request.method(),
      url: withoutHash(request.url()),
      headers,
      body: request.postData() ?? undefined,
    }
    const time = { at: began, durationMs: Date.now() - began }
    if (response === null) {
      exchanges.push(
        writer.write(sent, { status: 0, headers: {}, body: `(no answer: ${request.failure()?.errorText})` }, time),
      )
      return ''
    }
    const body = await textOf(response, http.maxBytes)
    exchanges.push(writer.write(sent, { status: response.status(), headers: response.headers(), body }, time))
    return body
  }

  /** Does something that leads to another page, and waits for that: redirects, and scripts that go on at once, included. */
  const visit = async (where: string, act: (tab: Tab) => Promise<unknown>): Promise<Page> => {
    const { tab } = await opened()
    const seen: { request: Request; response: Response | null; began: number }[] = []
    const begun = new Map<Request, number>()
    const isOfTab = (request: Request): boolean => request.isNavigationRequest() && request.frame() === tab.mainFrame()
    const onRequest = (request: Request): void => {
      if (isOfTab(request)) begun.set(request, Date.now())
    }
    const onResponse = (response: Response): void => {
      const request = response.request()
      if (isOfTab(request)) seen.push({ request, response, began: begun.get(request) ?? Date.now() })
    }
    const onFailed = (request: Request): void => {
      const isHeldBack = request.failure()?.errorText === 'net::ERR_ABORTED'
      if (isOfTab(request) && !isHeldBack)
        seen.push({ request, response: null, began: begun.get(request) ?? Date.now() })
    }
    tab.on('request', onRequest).on('response', onResponse).on('requestfailed', onFailed)
    let trouble: unknown
    const heldBack = new Promise<void>((done) => {
      onHeldBack = done
    })
    const going = act(tab).then(() => Promise.race([atRest(tab), heldBack]))
    going.catch(() => {})
    try {
      await within(http.timeoutMs, going)
    } catch (error) {
      trouble = error
      // What still goes on there must not be taken for what is asked for next.
      window = opened().then(async ({ context }) => ({ context, tab: await context.newPage() }))
      await tab.close()
    } finally {
      tab.off('request', onRequest).off('response', onResponse).off('requestfailed', onFailed)
      mayPost = false
    }
    let body = ''
    for (const { request, response, began } of seen) body = await record(request, response, began)
    const last = seen.at(-1)
    if (last?.response === undefined || last.response === null)
      throw troubleOf(last?.request.failure()?.errorText ?? trouble, writer.mask(where))
    const headers = last.response.headers()
    const date = Date.parse(headers['date'] ?? '')
    shown = {
      status: last.response.status(),
      url: tab.url(),
      headers,
      body,
      clockOffsetMs: Number.isNaN(date) ? undefined : date - Date.now(),
    }
    return shown
  }

  /** A request of the browser that is no navigation: with its cookies, and nothing shown. */
  const ask = async (
    method: string,
    url: string,
    headers: Record<string, string>,
    data?: string,
    redirects = 20,
  ): Promise<Page> => {
    const { context } = await opened()
    const began = Date.now()
    const all = { ...headers, ...(own.has(new URL(url).origin) ? http.headers : {}) }
    const sent = { method, url: withoutHash(url), headers: all, body: data }
    try {
      const answer = await context.request.fetch(url, {
        ...{ method, headers: all, maxRedirects: redirects, timeout: http.timeoutMs },
        ...(data === undefined ? {} : { data }),
      })
      const body = await answer.text()
      exchanges.push(
        writer.write(
          sent,
          { status: answer.status(), headers: answer.headers(), body },
          { at: began, durationMs: Date.now() - began },
        ),
      )
      return { status: answer.status(), url: answer.url(), headers: answer.headers(), body }
    } catch (error) {
      exchanges.push(
        writer.write(
          sent,
          { status: 0, headers: {}, body: '(no answer)' },
          { at: began, durationMs: Date.now() - began },
        ),
      )
      throw troubleOf(error, writer.mask(`${method} ${url}`))
    }
  }

  const submit = (form: Pick<AutoForm, 'action' | 'method' | 'enctype' | 'entries'>): Promise<Page> =>
    visit(`${form.method} ${form.action}`, async (tab) => {
      mayPost = true
      const isMain = (frame: Frame): boolean => frame === tab.mainFrame()
      const ends = [
        tab.waitForEvent('framenavigated', { predicate: isMain }),
        tab.waitForEvent('requestfailed', {
          predicate: (request) => request.isNavigationRequest() && isMain(request.frame()),
        }),
      ]
      // The one that does not come is no trouble of anybody's.
      for (const end of ends) end.catch(() => {})
      await tab.evaluate(sendForm, form)
      await Promise.race(ends)
    })

  return {
    exchanges,
    get page() {
      return shown
    },
    get: (url, { follow = true, accept } = {}) =>
      follow && accept === undefined
        ? visit(`GET ${url}`, (tab) => tab.goto(url, { waitUntil: 'commit' }))
        : ask('GET', url, accept === undefined ? {} : { accept }, undefined, follow ? 20 : 0),
    postForm: (action, fields) => submit({ action, method: 'POST', entries: Object.entries(fields) }),
    submit,
    json: (method, url, body) =>
      ask(
        method,
        url,
        {
          ...{ accept: 'application/json', origin: new URL(url).origin },
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body === undefined ? undefined : JSON.stringify(body),
      ),
    autoForm: (page) => readAutoForm(page.body, page.url),
    setCookie: async (url, name, value) => {
      await (await opened()).context.addCookies([{ url: new URL('/', url).href, name, value }])
    },
    cookies: async (url) =>
      Object.fromEntries((await (await opened()).context.cookies(url)).map(({ name, value }) => [name, value])),
  }
}

const withoutHash = (url: string): string => url.replace(/#.*$/, '')

const textOf = async (response: Response, most: number): Promise<string> => {
  // Redirects have no body, and what a later page has replaced is gone.
  const body = await response.body().catch(() => Buffer.alloc(0))
  return body.subarray(0, most).toString('utf8')
}

/** @throws Error with the name TimeoutError */
const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(Object.assign(new Error('too late'), { name: 'TimeoutError' })), ms)
  })
  try {
    await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** Loaded, and nothing begun that leads elsewhere. A script that goes on at once has begun when a turn of the page's own loop has passed; then its page is waited for too. */
const atRest = async (tab: Tab): Promise<void> => {
  for (let hops = 0; hops < 10; hops++) {
    await tab.waitForLoadState('load')
    const before = tab.url()
    const isStill = await tab
      .evaluate(() => new Promise<boolean>((done) => setTimeout(() => done(true), 0)))
      .catch(() => false)
    if (isStill && tab.url() === before) return
  }
}

/** In the page: a form as it would stand in it. `submit` may be the name of a field, so it is taken from the prototype. */
const sendForm = ({
  action,
  method,
  enctype,
  entries,
}: Pick<AutoForm, 'action' | 'method' | 'enctype' | 'entries'>): void => {
  const page = globalThis as unknown as { document: PageDocument; HTMLFormElement: { prototype: { submit(): void } } }
  const form = page.document.createElement('form')
  Object.assign(form, { action, method, enctype: enctype ?? 'application/x-www-form-urlencoded' })
  for (const [name, value] of entries) {
    const field = page.document.createElement(/[\r\n]/.test(value) ? 'textarea' : 'input')
    Object.assign(field, { name, value, hidden: true })
    form.append(field)
  }
  page.document.documentElement.append(form)
  page.HTMLFormElement.prototype.submit.call(form)
}

interface PageElement {
  append(child: PageElement): void
}
interface PageDocument {
  createElement(name: string): PageElement
  documentElement: PageElement
}

/** What Chromium says of a request that got no answer, in the words of our own client. */
const troubleOf = (error: unknown, where: string): Error => {
  if (error instanceof UsageError) return error
  const text = error instanceof Error ? `${error.name} ${error.message}` : String(error)
  if (/TIMED_OUT|TimeoutError|Timeout \d+ms/i.test(text)) return troubleError('timeout', where)
  if (/CONNECTION_REFUSED|ECONNREFUSED|ADDRESS_UNREACHABLE/.test(text)) return troubleError('unreachable', where)
  if (
    /CONNECTION_(?:RESET|CLOSED|ABORTED)|EMPTY_RESPONSE|ECONNRESET|socket hang up|CONTENT_LENGTH_MISMATCH|INCOMPLETE_CHUNKED/.test(
      text,
    )
  )
    return troubleError('reset', where)
  if (/NAME_NOT_RESOLVED|ENOTFOUND|EAI_AGAIN/.test(text)) return troubleError('dns', where)
  if (/ERR_CERT|ERR_SSL/.test(text)) return troubleError('tls', where)
  if (/TOO_MANY_REDIRECTS|redirect count exceeded/i.test(text)) return troubleError('redirect-loop', where)
  if (/PROXY|TUNNEL/.test(text)) return troubleError('proxy', where)
  if (/INVALID_HTTP_RESPONSE|INVALID_RESPONSE/.test(text)) return troubleError('not-http', where)
  return errorOfRequest(error, where)
}

/** Asked before a run: a browser of this mode can be had here, and a window needs a display. */
export const mustHaveBrowser = async (
  mode: BrowserMode,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  await loadPlaywright()
  const hasDisplay =
    process.platform !== 'linux' || env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined
  if (mode === 'headless' || hasDisplay) return
  throw new UsageError('--browser headed shows a window, and there is no display here.', {
    code: 'no-display',
    hint: 'Use --browser headless, or run it where there is a screen.',
  })
}
