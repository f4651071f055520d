/** What the drivers of management APIs share: JSON over HTTP, and errors that say who must act. */
import { TargetError } from '../../core/errors.ts'
import { redactBody, redactUrl } from '../../core/redact.ts'
import { classifyAnswer } from '../classify-answer.ts'
import type { HttpAnswer, HttpRequest, Transport } from '../transport.ts'

/** The answer's body as JSON; undefined when it is none. */
export const jsonOf = ({ body }: Pick<HttpAnswer, 'body'>): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** The SP's own words for an error, in a line: `error.message`, `message`, `detail`… or the start of the body. */
export const messageOf = (answer: Pick<HttpAnswer, 'body' | 'headers'>, transport: Pick<Transport, 'mask'>): string => {
  const json = jsonOf(answer)
  const record = json !== null && typeof json === 'object' ? (json as Record<string, unknown>) : {}
  const error = record['error']
  const inner = error !== null && typeof error === 'object' ? (error as Record<string, unknown>)['message'] : error
  const said = [inner, record['message'], record['detail'], record['title']].find((one) => typeof one === 'string')
  const text = said ?? redactBody(answer.body, answer.headers['content-type'])
  return transport.mask(
    text
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 200),
  )
}

const codeOf = (answer: HttpAnswer): { code: string; hint: string } => {
  const kind = classifyAnswer(answer)
  if (kind === 'rate-limited' || kind === 'challenge')
    return { code: kind, hint: 'Let idpact ask more slowly: target.http.maxPerSecond in idpact.yaml.' }
  if (answer.status === 401 || answer.status === 403)
    return {
      code: 'credentials',
      hint: 'Correct the credentials in idpact.yaml; they need the rights of an administrator.',
    }
  if (kind === 'server-error') return { code: 'server-error', hint: 'Look into the log of the service provider.' }
  return { code: 'unexpected-answer', hint: 'Compare the URL and the driver in idpact.yaml with the API of the SP.' }
}

/** The error for an answer that a driver cannot use; `expected` says what it asked for. */
export const unexpected = (
  request: Pick<HttpRequest, 'method' | 'url'>,
  answer: HttpAnswer,
  expected: string,
  transport: Pick<Transport, 'mask'>,
): TargetError => {
  const where = `${request.method} ${transport.mask(redactUrl(request.url))}`
  const said = messageOf(answer, transport)
  return new TargetError(
    `${where} should answer with ${expected}, and answered ${answer.status}${said === '' ? '' : `: ${said}`}`,
    codeOf(answer),
  )
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

export const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : []

export const text = (value: unknown): string | undefined => {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

/** The account or group that is meant: the exact one, else the one that differs in upper and lower case only. */
export const sameText = <T>(items: readonly T[], textOf: (item: T) => string, wanted: string): T | undefined =>
  items.find((item) => textOf(item) === wanted) ??
  items.find((item) => textOf(item).toLowerCase() === wanted.toLowerCase())
