import { isSecretName, REDACTED, redactUrl } from '../../src/core/redact.ts'

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

/**
 * Details as JSON, in which at any depth members with a secret's name have lost their values, and URLs those of secret
 * query parameters: a RelayState is often an URL.
 */
export const redactedText = (details: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(details, (name, value: unknown) => {
    if (isSecret(name)) return value === undefined ? undefined : REDACTED
    return typeof value === 'string' && hasSecret(value) ? redactUrl(value) : value
  })

/** Names are the same few over and over. */
const isSecret = (name: string): boolean => {
  const before = known.get(name)
  if (before !== undefined) return before
  if (known.size >= 1_000) known.clear()
  const secret = isSecretName(name)
  known.set(name, secret)
  return secret
}
const known = new Map<string, boolean>()

/** Only an URL with a secret is written anew: parsing and printing may change how the rest of it is spelt. */
const hasSecret = (value: string): boolean => {
  if (!/^https?:\/\/.*[?@]/i.test(value) || !URL.canParse(value)) return false
  const url = new URL(value)
  return url.password !== '' || [...url.searchParams.keys()].some(isSecretName)
}
