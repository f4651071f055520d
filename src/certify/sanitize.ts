/**
 * The last gate before anything is kept: whatever a step attached or an error said, no secret of the target passes, and of
 * a target that is not on this machine no signature that somebody could use.
 */
import { REDACTED } from '../core/redact.ts'
import type { Envelope } from './cucumber.ts'

export type Sanitize = <T>(value: T) => T

/**
 * @param options.secrets values that must not be seen; those shorter than four characters are no secrets, and would blot
 *   out half of the report
 * @param options.cutSignatures whether signature values and whole encoded messages are cut
 */
export const sanitizer = ({
  secrets,
  cutSignatures,
}: {
  secrets: readonly string[]
  cutSignatures: boolean
}): Sanitize => {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= 4).flatMap(encodings))]
  if (forms.length === 0 && !cutSignatures) return (value) => value
  const longestFirst = forms.toSorted((a, b) => b.length - a.length)
  const clean = (text: string): string => {
    const redacted = longestFirst.reduce((all, secret) => all.replaceAll(secret, REDACTED), text)
    return cutSignatures ? cut(redacted) : redacted
  }
  return (value) => deepMap(value, clean)
}

/** A secret as it is, and as it looks in a URL, in a form, in JSON and in XML. */
const encodings = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams({ '': secret }).toString().slice(1),
  JSON.stringify(secret).slice(1, -1),
  secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
]

const cut = (text: string): string =>
  text
    .replace(/(<(?:[\w-]+:)?SignatureValue[^>]*>)[^<]+/g, '$1(cut)')
    .replace(/\b(SAMLResponse=)[\w%+/=-]+/g, '$1(cut)')
    .replace(/("SAMLResponse"\s*:\s*\\?")[\w+/=%\\-]+/g, '$1(cut)')
    .replace(/(name=\\?["']SAMLResponse\\?["'][^>]*?value=\\?["'])[\w+/=&#;-]+/g, '$1(cut)')
    .replace(/(value=\\?["'])[\w+/=&#;-]+(\\?["'][^>]*?name=\\?["']SAMLResponse)/g, '$1(cut)$2')

const deepMap = <T>(value: T, change: (text: string) => string): T => {
  if (typeof value === 'string') return change(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => deepMap(item, change)) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, deepMap(member, change)])) as T
}

/**
 * A message of cucumber, cleaned where it can carry something of the target: attachments, results of steps and hooks. An
 * attachment in base64 that is text is decoded, cleaned and encoded again.
 */
export const cleanEnvelope = (envelope: Envelope, sanitize: Sanitize): Envelope => {
  if (envelope.attachment) {
    const { attachment } = envelope
    const encoded = attachment.contentEncoding === 'BASE64'
    const body = encoded ? Buffer.from(attachment.body, 'base64').toString('utf8') : attachment.body
    const cleaned = sanitize(body)
    if (cleaned === body) return envelope
    return { attachment: { ...attachment, body: encoded ? Buffer.from(cleaned).toString('base64') : cleaned } }
  }
  return envelope.testStepFinished || envelope.testRunHookFinished ? sanitize(envelope) : envelope
}
