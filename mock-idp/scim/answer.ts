import { isObject, type Json } from './external-name.ts'
import { badAnswer, ScimFailure, type ScimFailureKind } from './scim-failure.ts'
import { nameOf, type WireRequest, type WireResponse } from './transport.ts'

const maxDepth = 64

/**
 * The JSON of an answer, whatever its Content-Type says: Okta takes `text/html` too, where the content is JSON.
 *
 * @throws ScimFailure `bad-answer`
 */
export const jsonOf = (request: WireRequest, response: WireResponse): Json => {
  const { status, text } = response
  const refuse = (problem: string): ScimFailure =>
    badAnswer(
      `${nameOf(request)} was answered ${status} ${problem}`,
      'A SCIM server answers with a JSON object (RFC 7644 3.1).',
    )
  if (text.trim() === '') throw refuse('with an empty body')
  if (isDeeper(text, maxDepth)) throw refuse(`with JSON that is nested deeper than ${maxDepth} levels`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refuse(`with ${excerpt(text)}, which is not JSON`)
  }
  if (!isObject(value)) throw refuse(`with ${excerpt(text)}, which is no JSON object`)
  return value
}

const excerpt = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text)

/** Counts brackets outside of strings: what is nested deeper is never parsed. */
const isDeeper = (text: string, limit: number): boolean => {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 92) i++
      else if (char === 34) inString = false
    } else if (char === 34) inString = true
    else if (char === 123 || char === 91) {
      if (++depth > limit) return true
    } else if (char === 125 || char === 93) depth--
  }
  return false
}

/** The answer to a request that had to succeed. @throws ScimFailure in the server's own words */
export const succeeded = (request: WireRequest, response: WireResponse, expected?: readonly number[]): WireResponse => {
  const { status } = response
  if (status >= 400) throw failureOf(request, response)
  if (status < 200 || status > 299 || (expected !== undefined && !expected.includes(status)))
    throw badAnswer(
      `${nameOf(request)} was answered ${status}; expected ${expected?.join(' or ') ?? 'a success'}`,
      'RFC 7644 3.3: a resource that was created is answered with 201.',
    )
  return response
}

const kindOf = (status: number): ScimFailureKind => {
  switch (status) {
    case 401:
      return 'unauthorized'
    case 403:
      return 'forbidden'
    case 404:
      return 'not-found'
    case 409:
      return 'conflict'
    case 429:
      return 'rate-limited'
    default:
      return status >= 500 ? 'server-error' : 'refused'
  }
}

/** What an error answer says: `POST /Users was answered 409 uniqueness: "userName is taken"`. */
export const failureOf = (request: WireRequest, response: WireResponse): ScimFailure => {
  const { status, headers } = response
  const words = wordsOf(response.text)
  return new ScimFailure(`${nameOf(request)} was answered ${status}${words === '' ? '' : ` ${words}`}`, {
    kind: kindOf(status),
    status,
    retryAfter: headers['retry-after'],
  })
}

/** `scimType` and `detail` of a SCIM Error (RFC 7644 3.12), else the beginning of whatever was sent. */
const wordsOf = (text: string): string => {
  if (text.trim() === '') return ''
  try {
    const value: unknown = isDeeper(text, maxDepth) ? undefined : JSON.parse(text)
    if (isObject(value)) {
      const { scimType, detail } = value
      const words = [
        typeof scimType === 'string' ? scimType.slice(0, 100) : undefined,
        detail === undefined ? undefined : JSON.stringify(detail).slice(0, 500),
      ]
        .filter((word): word is string => typeof word === 'string')
        .join(': ')
      if (words !== '') return words
    }
  } catch {
    // Not JSON: said as it is.
  }
  return excerpt(text)
}

const idLength = 1_000

/** The `id` of a resource: it becomes a segment of a path. @throws ScimFailure `bad-answer` */
export const idOf = (request: WireRequest, resource: Json): string => {
  const { id } = resource
  if (typeof id !== 'string' || id === '' || id.length > idLength)
    throw badAnswer(
      `${nameOf(request)} was answered with a resource whose id is ${JSON.stringify(id)?.slice(0, 100) ?? 'missing'}; expected text of 1 to ${idLength} characters`,
      'RFC 7643 3.1: id is a string, and every resource has one.',
    )
  if (id === '.' || id === '..' || !id.isWellFormed())
    throw badAnswer(
      `${nameOf(request)} was answered with the id ${JSON.stringify(id.slice(0, 100))}, which cannot be written in an address`,
    )
  return id
}
