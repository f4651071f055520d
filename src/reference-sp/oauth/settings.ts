import { UsageError } from '../../core/errors.ts'
import type { OauthSettings } from '../store/settings.ts'

export const mostRedirectUris = 100
const longestRedirectUri = 2_000
/** 30 days: nobody should think that an access token may live as long as a refresh token. */
export const longestAccessTokenSeconds = 30 * 24 * 3600

const wrong = (what: string, hint: string): never => {
  throw new UsageError(what, { code: 'bad-oauth-settings', hint })
}

/**
 * An absolute http or https URI without a fragment (RFC 6749 3.1.2), without user information, as it will be sent.
 *
 * @throws UsageError that says what is wrong with it
 */
export const readRedirectUri = (value: unknown): string => {
  const hint =
    'Give the address that the identity provider sends as redirect_uri, as in http://127.0.0.1:7100/callback.'
  const say = (what: string): never => wrong(`A redirect URI ${what}.`, hint)
  if (typeof value !== 'string') return say(`is a text, not ${JSON.stringify(value)}`)
  if (value.length > longestRedirectUri) say(`has at most ${longestRedirectUri} characters, not ${value.length}`)
  const url = URL.canParse(value) ? new URL(value) : say(`is an absolute URI, not "${value}"`)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') say(`begins with http:// or https://, not as "${value}"`)
  if (value.includes('#')) say(`has no fragment, as "${value}" has`)
  if (url.username !== '' || url.password !== '') say('has no user name and password')
  return value
}

/** @throws UsageError for a list that is too long, or an URI that is none */
export const readRedirectUris = (values: readonly unknown[]): string[] => {
  const uris = [...new Set(values.map(readRedirectUri))]
  return uris.length > mostRedirectUris
    ? wrong(`There are ${uris.length} redirect URIs; at most ${mostRedirectUris} can be registered.`, 'Leave some out.')
    : uris
}

/** @throws UsageError unless it is a whole number of seconds, up to 30 days */
export const readAccessTokenSeconds = (value: unknown): number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= longestAccessTokenSeconds
    ? value
    : wrong(
        `The lifetime of access tokens is a whole number of seconds from 1 to ${longestAccessTokenSeconds}, not ${JSON.stringify(value)}.`,
        'An hour, 3600, is the default.',
      )

/** A partial change: what is not named stays. A list of redirect URIs replaces the one before. */
export type OauthChange = Partial<OauthSettings>

/** @throws UsageError that names the field */
export const readOauthChange = (body: Record<string, unknown>): OauthChange => {
  const { redirectUris, accessTokenSeconds, ...rest } = body
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined)
    wrong(`These settings have no "${unknown}".`, 'Allowed: redirectUris (a list), accessTokenSeconds (a number).')
  if (redirectUris !== undefined && !Array.isArray(redirectUris))
    wrong('redirectUris must be a list of URIs.', 'As in { "redirectUris": ["http://127.0.0.1:7100/callback"] }.')
  return {
    ...(Array.isArray(redirectUris) ? { redirectUris: readRedirectUris(redirectUris) } : {}),
    ...(accessTokenSeconds === undefined ? {} : { accessTokenSeconds: readAccessTokenSeconds(accessTokenSeconds) }),
  }
}
