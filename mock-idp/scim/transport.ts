import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { type Dispatcher, Pool } from 'undici'
import type { Credential } from './credential.ts'
import { badAnswer, ScimFailure } from './scim-failure.ts'

export type ScimMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A request as it goes out, but for the credential. */
export interface WireRequest {
  method: ScimMethod
  /** Below the base URL, with its query, encoded: `/Users?startIndex=1&count=2`. */
  path: string
  headers: Readonly<Record<string, string>>
  /** Text, as it is sent. */
  body?: string | undefined
  /** A header that takes the place of the credential's; null: none is sent. For mistakes that are made on purpose. */
  credential?: { name: string; value: string } | null | undefined
  /** Whom it is about, for the journal. */
  about?: { applicationId: string; userId?: string } | undefined
}

export interface WireResponse {
  status: number
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>
  text: string
}

/** One exchange, for the journal. `failure` in place of an answer where there was none. */
export interface Exchange {
  request: WireRequest
  response?: WireResponse | undefined
  failure?: string | undefined
  ms: number
}

export interface Transport {
  /** @throws ScimFailure `timeout`, `connection`, `bad-answer` (too large), `redirect`, `unauthorized` */
  send(request: WireRequest): Promise<WireResponse>
  close(): Promise<void>
}

export interface TransportParts {
  /** `https://sp.example/scim/v2`; a slash at its end is not needed. */
  baseUrl: string
  /** For one exchange from the first byte to the last. Okta closes the socket after 60 s. */
  timeoutMs: number
  credential: Credential
  record?: ((exchange: Exchange) => void) | undefined
  now?: () => number
}

/** A page of a hundred users is some 100 kB; eighty times that is no page of users. */
const maxAnswerBytes = 8_000_000
const connections = 16

/**
 * Sends requests to one SCIM server. Redirects are never followed: what is sent has a credential in it, and Okta's
 * connector is configured with the address that it talks to.
 */
export const createTransport = (parts: TransportParts): Transport => {
  const { credential, record, timeoutMs, now = () => performance.now() } = parts
  const base = new URL(parts.baseUrl)
  const prefix = base.pathname.replace(/\/+$/, '')
  const pool = new Pool(base.origin, {
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs },
    // Servers close what is idle for some seconds: a request sent at that moment would be lost.
    keepAliveTimeout: 1_000,
    keepAliveMaxTimeout: 1_000,
  })

  type Proof = { name: string; value: string } | null
  const exchange = async (request: WireRequest, proof: Proof): Promise<WireResponse> => {
    const begun = now()
    const done = (rest: Pick<Exchange, 'response' | 'failure'>): void =>
      record?.({ request, ms: now() - begun, ...rest })
    try {
      const response = await performed(request, proof)
      done({ response })
      return response
    } catch (error) {
      const failure = asFailure(error, request, parts)
      done({ failure: failure.message })
      throw failure
    }
  }

  const performed = async (request: WireRequest, proof: Proof): Promise<WireResponse> => {
    const options = {
      method: request.method,
      path: prefix + request.path,
      headers: proof ? { ...request.headers, [proof.name]: proof.value } : request.headers,
      body: request.body ?? null,
    }
    const { status, headers, content } = await exchanged(pool, timeoutMs, options).catch((error: unknown) => {
      // A kept connection that the server has closed meanwhile says nothing about the server; a GET may be sent again
      // (RFC 9110 9.2.2). Whatever changes something may not.
      if (request.method !== 'GET' || !closedByServer.has(codeOf(error) ?? '')) throw error
      return exchanged(pool, timeoutMs, options)
    })
    const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
    const unpack = unpackers.get(encoding)
    if (unpack === undefined && encoding !== '' && encoding !== 'identity')
      throw badAnswer(
        `${nameOf(request)} was answered with the Content-Encoding ${JSON.stringify(encoding.slice(0, 50))}; gzip and deflate were asked for`,
      )
    const text = unpack === undefined ? content : await unpack(content, { maxOutputLength: maxAnswerBytes })
    return { status, headers, text: text.toString('utf8') }
  }

  const send = async (request: WireRequest): Promise<WireResponse> => {
    if (request.credential !== undefined) return refuseRedirect(request, await exchange(request, request.credential))
    const proof = await credential.header()
    const first = await exchange(request, proof)
    // A 401 is tried once more, with another value: the request had no effect.
    if (first.status !== 401) return refuseRedirect(request, first)
    if (!(await credential.renew(proof.value))) {
      credential.refused(proof.value)
      return first
    }
    const other = await credential.header()
    const second = await exchange(request, other)
    if (second.status === 401) credential.refused(other.value)
    return refuseRedirect(request, second)
  }

  return { send, close: () => pool.destroy() }
}

const closedByServer = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])

/** What `Accept-Encoding: gzip,deflate` asks for. A small answer may unpack to a large one: the limit holds for that. */
type Unpack = (content: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>
const unpackers: ReadonlyMap<string, Unpack> = new Map([
  ['gzip', promisify(gunzip) as Unpack],
  ['deflate', promisify(inflate) as Unpack],
])

interface Received {
  status: number
  headers: Readonly<Record<string, string>>
  content: Buffer
}

/** One exchange by undici's own handler: a stream for each answer costs more than the rest of the exchange. */
const exchanged = (pool: Pool, timeoutMs: number, options: Dispatcher.DispatchOptions): Promise<Received> =>
  new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    const give = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
      controller?.abort(error)
    }
    const timer = setTimeout(() => give(new LateError()), timeoutMs)
    let status = 0
    let headers: Received['headers'] = {}
    const chunks: Buffer[] = []
    let bytes = 0
    pool.dispatch(options, {
      onRequestStart: (started) => {
        controller = started
      },
      onResponseStart: (_controller, statusCode, received) => {
        status = statusCode
        headers = flat(received)
      },
      onResponseData: (_controller, chunk) => {
        bytes += chunk.length
        if (bytes > maxAnswerBytes) give(new LargeError())
        else chunks.push(chunk)
      },
      onResponseEnd: () => {
        clearTimeout(timer)
        resolve({ status, headers, content: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) })
      },
      onResponseError: (_controller, error) => give(error),
    })
  })

/** No answer in time; not shown: `asFailure` says it in words. */
class LateError extends Error {}
/** More than is read. */
class LargeError extends Error {}

const flat = (headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  )

/** `POST /Users`: a request in messages; the query is left out, it may be long. */
export const nameOf = ({ method, path }: Pick<WireRequest, 'method' | 'path'>): string =>
  `${method} ${path.split('?')[0]}`

const refuseRedirect = (request: WireRequest, response: WireResponse): WireResponse => {
  const { status } = response
  if (status < 300 || status > 399 || status === 304) return response
  throw new ScimFailure(
    `${nameOf(request)} was answered ${status}, a redirect to ${response.headers['location']?.slice(0, 200) ?? 'nowhere'}; it was not followed, nor was the credential sent there`,
    { kind: 'redirect', status, hint: 'Give the connection the base URL that the SCIM server really has.' },
  )
}

const asFailure = (error: unknown, request: WireRequest, { baseUrl, timeoutMs }: TransportParts): ScimFailure => {
  if (error instanceof ScimFailure) return error
  const code = codeOf(error)
  const late = error instanceof LateError || code === 'UND_ERR_CONNECT_TIMEOUT'
  if (error instanceof LargeError || code === 'ERR_BUFFER_TOO_LARGE')
    return badAnswer(
      `${nameOf(request)} was answered with more than ${maxAnswerBytes / 1_000_000} MB; reading was stopped there`,
      'The server must keep to the count that it is asked for.',
    )
  const where = new URL(baseUrl).host
  return late
    ? new ScimFailure(`${nameOf(request)} was not answered by ${where} within ${timeoutMs / 1000} s`, {
        kind: 'timeout',
        cause: error,
      })
    : new ScimFailure(`${nameOf(request)} got no answer from ${where}: ${code ?? String(error)}`, {
        kind: 'connection',
        cause: error,
      })
}

const codeOf = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  const { code, cause } = error as Error & { code?: string }
  return code ?? (cause instanceof Error ? codeOf(cause) : undefined) ?? error.message
}
