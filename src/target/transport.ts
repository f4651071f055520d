/** One HTTP request and its whole answer, within limits; no cookies, no redirects. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { rootCertificates } from 'node:tls'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { HttpConfig } from '../config/schema.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { ConfigError } from '../core/errors.ts'
import type { Exchange } from '../core/evidence.ts'
import { isSecretName, redactUrl } from '../core/redact.ts'
import { type Answered, type ExchangeWriter, exchangeWriter } from './exchange.ts'
import { isLoopback } from './loopback.ts'
import { errorOfRequest, troubleError } from './trouble.ts'

export interface HttpRequest {
  method: string
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string | undefined
}

export interface HttpAnswer {
  status: number
  url: string
  /** Names in lower case; several values of one name joined with `, `. */
  headers: Readonly<Record<string, string>>
  setCookies: readonly string[]
  body: string
  /** The answer's `Date` minus our clock, in ms; exact to about a second. */
  clockOffsetMs: number | undefined
}

export interface Transport {
  /**
   * @param record is given the exchange, redacted, also when there was no answer (status 0)
   * @throws TargetError with a code of {@link troubles}
   */
  send(request: HttpRequest, record?: (exchange: Exchange) => void): Promise<HttpAnswer>
  /** Takes the target's secrets out of a text. */
  mask(text: string): string
  close(): Promise<void>
}

export interface TransportOptions {
  http: HttpConfig
  /** Where the extra headers of `http` may go. */
  origins: readonly string[]
  secrets?: readonly string[]
  /** Whether signatures in evidence are cut: yes for a target that is not on this machine. */
  cutSignatures?: boolean
  clock?: Clock
}

/** The page of the mock IdP that posts the largest message that a fault makes. */
const largestMessage = 16_000_000

const unpack: Record<string, (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(zlib.gunzip),
  'x-gzip': promisify(zlib.gunzip),
  deflate: promisify(zlib.inflate),
  br: promisify(zlib.brotliDecompress),
}

const caOf = (file: string | undefined): { ca?: string[] } => {
  if (file === undefined) return {}
  try {
    return { ca: [...rootCertificates, readFileSync(file, 'utf8')] }
  } catch (cause) {
    throw new ConfigError(`target.http.ca: ${file} cannot be read`, { code: 'missing-file', cause })
  }
}

const decoded = (data: Buffer, contentType: string | undefined): string => {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(data)
  } catch {
    return new TextDecoder().decode(data)
  }
}

const isText = (contentType: string | undefined): boolean =>
  contentType === undefined || /^\s*(text\/|application\/([\w.+-]*(json|xml|javascript)|x-www-form))/i.test(contentType)

/**
 * Spaces requests out: given the time (ms), how long the next one must wait so that no second has more than its share.
 */
export const spacing = (perSecond: number | undefined): ((now: number) => number) => {
  let next = Number.NEGATIVE_INFINITY
  return (now) => {
    if (perSecond === undefined) return 0
    const start = Math.max(now, next)
    next = start + 1000 / perSecond
    return start - now
  }
}

/** What of a target must not be seen in evidence. */
export const writerFor = ({ http, secrets = [], cutSignatures = false }: TransportOptions): ExchangeWriter => {
  const proxyPassword = http.proxy === undefined ? '' : decodeURIComponent(new URL(http.proxy).password)
  const secretHeaders = Object.entries(http.headers).flatMap(([name, value]) => (isSecretName(name) ? [value] : []))
  return exchangeWriter({
    secrets: [...secrets, ...secretHeaders, proxyPassword].filter((one) => one.length > 3),
    hiddenHeaders: new Set(Object.keys(http.headers).map((name) => name.toLowerCase())),
    cutSignatures,
  })
}

/** Connections and limits that all browsers and drivers of one target share. */
export const openTransport = (options: TransportOptions): Transport => {
  const { http, origins, clock = systemClock } = options
  const { timeoutMs, maxBytes } = http
  const connect = { ...caOf(http.ca), timeout: timeoutMs }
  // A server that does not say how long it keeps a connection must not close it just as we send on it.
  const agentOptions = {
    connect,
    keepAliveTimeout: 1000,
    keepAliveMaxTimeout: 60_000,
    headersTimeout: 0,
    bodyTimeout: 0,
  }
  const direct = new Agent(agentOptions)
  const proxy =
    http.proxy === undefined
      ? undefined
      : new ProxyAgent({ ...agentOptions, uri: http.proxy, requestTls: connect, proxyTls: connect })
  const extraHeaders = Object.fromEntries(
    Object.entries(http.headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const ownOrigins = new Set(origins.map((url) => new URL(url).origin))
  const { mask, write } = writerFor(options)
  const waitFor = spacing(http.maxPerSecond)

  const readBody = async (
    { body, headers }: Pick<Dispatcher.ResponseData, 'body' | 'headers'>,
    where: string,
    most: number,
  ): Promise<Buffer> => {
    const tooLarge = () => troubleError('too-large', where, ` (more than ${most} bytes)`)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > most) throw tooLarge()
      chunks.push(chunk)
    }
    const data = Buffer.concat(chunks)
    const encoding = String(headers['content-encoding'] ?? 'identity')
      .trim()
      .toLowerCase()
    const unpacked = unpack[encoding]
    if (unpacked === undefined || size === 0) return data
    try {
      return await unpacked(data, { maxOutputLength: most })
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
      throw code === 'ERR_BUFFER_TOO_LARGE' ? tooLarge() : troubleError('not-http', where, ` (broken ${encoding})`)
    }
  }

  const send: Transport['send'] = async (request, record) => {
    const { method } = request
    const url = new URL(request.url)
    url.hash = ''
    const where = `${method} ${mask(redactUrl(url.href))}`
    const headers: Record<string, string> = {
      'user-agent': 'Mozilla/5.0 (compatible; idpact)',
      accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
      'accept-language': 'en',
      'accept-encoding': 'identity',
      ...(ownOrigins.has(url.origin) ? extraHeaders : {}),
      ...request.headers,
    }
    const wait = waitFor(performance.now())
    if (wait > 0) await sleep(wait)
    const [at, began] = [clock.now(), performance.now()]
    const note = (status: number, answered: Dispatcher.ResponseData['headers'], body: Answered['body']): void =>
      record?.(
        write(
          { method, url: url.href, headers, body: request.body },
          { status, headers: answered, body },
          { at, durationMs: performance.now() - began },
        ),
      )

    try {
      const answer = await (isLoopback(url.href) ? direct : (proxy ?? direct)).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: method as Dispatcher.HttpMethod,
        headers,
        body: request.body ?? null,
        signal: AbortSignal.timeout(timeoutMs),
      })
      const raw = answer.headers
      const most = ownOrigins.has(url.origin) ? maxBytes : Math.max(maxBytes, largestMessage)
      const data = await readBody(answer, where, most)
      const contentType = raw['content-type']?.toString()
      const body = decoded(data, contentType)
      const setCookies = [raw['set-cookie'] ?? []].flat()
      note(answer.statusCode, raw, isText(contentType) ? body : { bytes: data.length })
      const date = Date.parse(raw['date']?.toString() ?? '')
      return {
        status: answer.statusCode,
        url: url.href,
        headers: Object.fromEntries(
          Object.entries(raw).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
        ),
        setCookies,
        body,
        clockOffsetMs: Number.isNaN(date) ? undefined : date - clock.now(),
      }
    } catch (cause) {
      const error = errorOfRequest(cause, where)
      note(0, {}, `(no answer: ${error.message})`)
      throw error
    }
  }

  return {
    send,
    mask,
    close: async () => {
      await Promise.all([direct.destroy(), proxy?.destroy()])
    },
  }
}
