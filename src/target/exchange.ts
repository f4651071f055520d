/** An exchange as evidence keeps it: without secrets, without what somebody could use, within a length. */
import type { Exchange } from '../core/evidence.ts'
import { isSecretName, REDACTED, redactBody, redactHeaders, redactUrl } from '../core/redact.ts'
import { cutSignatures, maskOf } from './mask.ts'

export interface Sent {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body?: string | undefined
}

export interface Answered {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** As text; of what is no text, its length. */
  body: string | { bytes: number }
}

export interface ExchangeWriter {
  /** Takes the target's secrets out of a text. */
  mask(text: string): string
  write(sent: Sent, answered: Answered, time: { at: number; durationMs: number }): Exchange
}

/** Longer bodies are cut where they are recorded; what steps see is whole. */
const recordedChars = 64_000

const shorten = (text: string): string =>
  text.length <= recordedChars ? text : `${text.slice(0, recordedChars)}… (${text.length} characters)`

/** A Location is often relative; only whole URLs can have their secret parameters taken out. */
const absolute = (name: string, value: string, base: string): string =>
  name === 'location' && URL.canParse(value, base) ? new URL(value, base).href : value

/**
 * @param options.secrets values that must not be seen
 * @param options.hiddenHeaders names of headers whose values are not shown, in lower case
 * @param options.cutSignatures whether signatures are cut: yes for a target that is not on this machine
 */
export const exchangeWriter = (options: {
  secrets: readonly string[]
  hiddenHeaders: ReadonlySet<string>
  cutSignatures: boolean
}): ExchangeWriter => {
  const mask = maskOf(options.secrets)
  const shown = (text: string): string => mask(options.cutSignatures ? cutSignatures(text) : text)
  return {
    mask,
    write: (sent, { status, headers, body }, { at, durationMs }) => {
      const maskSent = maskOf(secretsIn(sent))
      const evidence = (text: string): string => shorten(maskSent(shown(text)))
      return {
        at: new Date(at).toISOString(),
        method: sent.method,
        url: mask(redactUrl(sent.url)),
        requestHeaders: Object.fromEntries(
          Object.entries(redactHeaders(sent.headers)).map(([name, value]) => [
            name,
            options.hiddenHeaders.has(name) ? REDACTED : mask(value),
          ]),
        ),
        ...(sent.body === undefined
          ? {}
          : { requestBody: evidenceOfRequest(sent.body, sent.headers['content-type'], evidence) }),
        status,
        responseHeaders: Object.fromEntries(
          Object.entries(redactHeaders(headers)).map(([name, value]) => [
            name,
            mask(redactUrl(absolute(name, value, sent.url))),
          ]),
        ),
        responseBody:
          typeof body === 'string'
            ? evidence(redactBody(body, contentTypeOf(headers)))
            : `(${body.bytes} bytes of ${contentTypeOf(headers) ?? 'unknown type'})`,
        durationMs: Math.round(durationMs),
      }
    },
  }
}

const contentTypeOf = (headers: Answered['headers']): string | undefined => headers['content-type']?.toString()

/** What a request says in fields with a secret's name: an SP that answers with the filled-in form repeats it. */
const secretsIn = ({ body, headers }: Sent): string[] => {
  if (body === undefined || headers['content-type'] !== 'application/x-www-form-urlencoded') return []
  return [...new URLSearchParams(body)].flatMap(([name, value]) =>
    isSecretName(name) && value.length > 3 ? [value] : [],
  )
}

/** A form keeps its shape: signatures are cut and secrets taken out of the fields, not of their percent-encoding. */
const evidenceOfRequest = (
  body: string,
  contentType: string | undefined,
  evidence: (text: string) => string,
): string => {
  const redacted = redactBody(body, contentType)
  if (!contentType?.startsWith('application/x-www-form-urlencoded')) return evidence(redacted)
  const form = [...new URLSearchParams(redacted)].map(([name, value]): [string, string] => [name, evidence(value)])
  return new URLSearchParams(form).toString()
}
