import { type Dispatcher, request } from 'undici'
import type { ScimAuth } from '../admin/provisioning-shapes.ts'
import { badAnswer, ScimFailure } from './scim-failure.ts'

type Client = Extract<ScimAuth, { type: 'oauth2' }>

/** What the token endpoint said, whatever it is. */
export interface TokenEndpointAnswer {
  status: number
  text: string
  retryAfter: string | undefined
  location: string | undefined
}

/** Tokens with all their claims are some kilobytes. */
const maxBytes = 64_000

/**
 * One request to a token endpoint (RFC 6749 3.2), as the client of the settings. Redirects are not followed: the client's
 * secret is in the request.
 *
 * @throws ScimFailure `timeout`, `connection`, `bad-answer` (too large)
 */
export const askTokenEndpoint = async (
  { tokenUrl, clientId, clientSecret, clientAuth }: Client,
  parameters: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<TokenEndpointAnswer> => {
  const inBody = clientAuth === 'body' ? { client_id: clientId, client_secret: clientSecret } : {}
  try {
    const response = await request(tokenUrl, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(clientAuth === 'basic' && { authorization: basic(clientId, clientSecret) }),
      },
      body: new URLSearchParams({ ...parameters, ...inBody }).toString(),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const { statusCode: status, headers } = response
    const [retryAfter, location] = [headers['retry-after'], headers['location']].map((value) => [value].flat()[0])
    return { status, text: await limited(response), retryAfter, location }
  } catch (error) {
    throw asFailure(error, new URL(tokenUrl).host, timeoutMs)
  }
}

/** RFC 6749 2.3.1: both are form-encoded before they are joined. */
const basic = (id: string, secret: string): string =>
  `Basic ${Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64')}`

const formEncoded = (value: string): string => new URLSearchParams({ v: value }).toString().slice(2)

const limited = async ({ body }: Dispatcher.ResponseData): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    // Leaving the loop ends the stream.
    if (bytes > maxBytes)
      throw badAnswer(
        `The token endpoint answered with more than ${maxBytes / 1_000} kB; reading was stopped there`,
        'RFC 6749 5.1: the answer is a small JSON object.',
      )
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const asFailure = (error: unknown, host: string, timeoutMs: number): ScimFailure => {
  if (error instanceof ScimFailure) return error
  const { name, message, code } = error instanceof Error ? (error as Error & { code?: string }) : {}
  return name === 'TimeoutError'
    ? new ScimFailure(`The token endpoint ${host} did not answer within ${timeoutMs / 1_000} s`, {
        kind: 'timeout',
        cause: error,
      })
    : new ScimFailure(`The token endpoint ${host} could not be reached: ${code ?? message ?? error}`, {
        kind: 'connection',
        cause: error,
      })
}
