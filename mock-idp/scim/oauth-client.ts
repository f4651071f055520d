import { z } from 'zod'
import { UsageError } from '../../src/core/errors.ts'
import type { ScimAuth } from '../admin/provisioning-shapes.ts'
import type { Tokens } from '../store/connections.ts'
import { badAnswer, ScimFailure, type ScimFailureKind } from './scim-failure.ts'
import { askTokenEndpoint, type TokenEndpointAnswer } from './token-endpoint.ts'

/** The settings of an OAuth 2 connection: two addresses and a client, as an administrator types them. No discovery. */
export type OAuthSettings = Extract<ScimAuth, { type: 'oauth2' }>

/** What a request to the token endpoint needs beside its parameters. */
export interface TokenRequestContext {
  /** ms since the epoch. */
  now: number
  /** For the whole exchange, in ms. */
  timeoutMs: number
}

/**
 * Where a browser must go to consent (RFC 6749 4.1.1). The configured address may have a query already, with raw spaces
 * its parameters stay, those of the request take the place of what is there under their names. Spaces go out as
 * `%20`, which is read as a space by whoever decodes forms and by whoever decodes URLs.
 *
 * @throws UsageError `bad-authorization-url` unless it is an http or https URL
 * @example authorizationUrl({ authorizationUrl: 'https://sp.example/auth?scope=openid offline', … }, { redirectUri, state })
 */
export const authorizationUrl = (
  { authorizationUrl: configured, clientId }: OAuthSettings,
  { redirectUri, state }: { redirectUri: string; state: string },
): string => {
  const url = URL.canParse(configured) ? new URL(configured) : undefined
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    throw new UsageError(`The authorization URL of the connection is not an http or https URL: ${configured}`, {
      code: 'bad-authorization-url',
      hint: 'Give the address as the service provider documents it, with its query: https://sp.example/oauth2/auth?scope=…',
    })
  const own = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, state }
  const given = [...url.searchParams].filter(([name]) => !Object.hasOwn(own, name))
  url.search = new URLSearchParams([...given, ...Object.entries(own)]).toString().replaceAll('+', '%20')
  // RFC 6749 3.1: the endpoint has no fragment.
  url.hash = ''
  return url.href
}

/** A code for tokens (RFC 6749 4.1.3). An ID Token that comes with them is not looked at. @throws ScimFailure */
export const exchangeCode = (
  settings: OAuthSettings,
  { code, redirectUri }: { code: string; redirectUri: string },
  context: TokenRequestContext,
): Promise<Tokens> =>
  tokensFrom(settings, { grant_type: 'authorization_code', code, redirect_uri: redirectUri }, context)

/**
 * A refresh token for new tokens (RFC 6749 6). A server that rotates gives a new refresh token; where none comes, the one
 * that was used stays good.
 *
 * @throws ScimFailure `unauthorized` for `invalid_grant`: somebody must consent anew
 */
export const refresh = async (
  settings: OAuthSettings,
  refreshToken: string,
  context: TokenRequestContext,
): Promise<Tokens> => {
  const tokens = await tokensFrom(settings, { grant_type: 'refresh_token', refresh_token: refreshToken }, context)
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }
}

/** What goes into a header must be printable ASCII (RFC 6749 A.12), or it could not be sent. */
const token = z
  .string()
  .max(10_000)
  .regex(/^[\x20-\x7e]+$/, 'expected printable ASCII')

const tokenAnswer = z.object({
  access_token: token,
  token_type: z.string().regex(/^bearer$/i, 'expected Bearer'),
  refresh_token: token.optional(),
  // Seconds; some servers write them as text.
  expires_in: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .pipe(z.number().positive().max(1e9))
    .optional(),
})
const errorAnswer = z.object({ error: z.string(), error_description: z.string().optional() })

const tokensFrom = async (
  settings: OAuthSettings,
  parameters: Readonly<Record<string, string>>,
  { now, timeoutMs }: TokenRequestContext,
): Promise<Tokens> => {
  const answer = await askTokenEndpoint(settings, parameters, timeoutMs)
  const what = `${parameters['grant_type']} at ${new URL(settings.tokenUrl).host}`
  const hide = hiding([settings.clientSecret, parameters['code'], parameters['refresh_token']])
  if (answer.status !== 200) throw refused(what, answer, hide)
  const body = jsonIn(answer.text)
  if (body === undefined)
    throw badAnswer(`${what} was answered 200 with ${excerpt(hide(answer.text))}, which is not JSON`, tokenAnswerHint)
  const parsed = tokenAnswer.safeParse(body)
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
    throw badAnswer(`${what} was answered 200, but not with tokens (${issues.join('; ')})`, tokenAnswerHint)
  }
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = parsed.data
  const expiresAt = seconds === undefined ? undefined : now + seconds * 1_000
  return { accessToken, refreshToken, obtainedAt: now, expiresAt }
}

const tokenAnswerHint =
  'RFC 6749 5.1: JSON with access_token, token_type Bearer, and best with expires_in and refresh_token.'

const refused = (
  what: string,
  { status, text, retryAfter, location }: TokenEndpointAnswer,
  hide: (text: string) => string,
): ScimFailure => {
  if (status >= 300 && status < 400)
    return new ScimFailure(
      `${what} was answered ${status}, a redirect to ${location === undefined ? 'nowhere' : hide(location).slice(0, 200)}; it was not followed, nor was the client's secret sent there`,
      { kind: 'redirect', status, hint: 'Give the connection the token URL that the service provider really has.' },
    )
  const error = errorAnswer.safeParse(jsonIn(text)).data
  const words = error
    ? hide([error.error, error.error_description].filter(Boolean).join(': ')).slice(0, 500)
    : excerpt(hide(text))
  return new ScimFailure(`${what} was refused with ${status} ${words}`, {
    kind: kindOf(status, error?.error),
    status,
    retryAfter,
    hint:
      error?.error === 'invalid_grant'
        ? 'Authenticate the connection again.'
        : 'Check the token URL, the client, its secret, and how the client proves itself: basic or body.',
  })
}

const kindOf = (status: number, error: string | undefined): ScimFailureKind => {
  if (error === 'invalid_grant') return 'unauthorized'
  if (status === 429) return 'rate-limited'
  return status >= 500 ? 'server-error' : 'refused'
}

/** A server may repeat what it was sent; no secret is shown in its words. */
const hiding =
  (secrets: readonly (string | undefined)[]) =>
  (text: string): string =>
    secrets
      // A shorter one is part of any text.
      .filter((secret) => secret !== undefined && secret.length > 3)
      .flatMap((secret = '') => [secret, encodeURIComponent(secret)])
      .reduce((at, secret) => at.replaceAll(secret, '[redacted]'), text)

const excerpt = (text: string): string => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text)

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
