import { isSecretName, redactUrl } from '../../src/core/redact.ts'

/** Whether an URL points at this machine. */
export const isLoopbackUrl = (url: string): boolean => URL.canParse(url) && isLoopbackHost(new URL(url).hostname)

/** `localhost` and its subdomains (RFC 6761 6.3), 127.0.0.0/8, ::1; brackets around IPv6 allowed. */
export const isLoopbackHost = (hostname: string): boolean =>
  /^(?:(?:.+\.)?localhost\.?|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[?::1\]?|\[?::ffff:127\.\d{1,3}\.\d{1,3}\.\d{1,3}\]?)$/i.test(
    hostname,
  )

/** A Response whose signatures are cut cannot be used by whoever reads the journal; everything else stays readable. */
export const cutSignatures = (xml: string): string =>
  xml.replace(/(<(?:[\w.-]+:)?SignatureValue\b[^>]*>)[^<]*(<\/)/g, '$1[cut]$2')

/** URLs at any depth lose the values of secret query parameters: a RelayState is often one. */
export const redactUrlsIn = (value: unknown): unknown => {
  if (typeof value === 'string') return hasSecret(value) ? redactUrl(value) : value
  if (Array.isArray(value)) return value.map(redactUrlsIn)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, redactUrlsIn(member)]))
}

/** Only an URL with a secret is written anew: parsing and printing may change how the rest of it is spelt. */
const hasSecret = (value: string): boolean => {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return false
  const url = new URL(value)
  return url.password !== '' || [...url.searchParams.keys()].some(isSecretName)
}
