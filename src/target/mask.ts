/** What must not be seen in evidence, by value: names alone (src/core/redact.ts) do not know a user's own field names. */
import { REDACTED } from '../core/redact.ts'

/** The forms in which a value may stand in a message: as it is, in a URL or form, in JSON, in HTML, in Base64. */
const formsOf = (secret: string): string[] => {
  const inUrl = encodeURIComponent(secret)
  return [
    secret,
    inUrl,
    inUrl.replaceAll('%20', '+'),
    new URLSearchParams({ s: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    Buffer.from(secret).toString('base64'),
  ]
}

/** A function that takes these values out of any text. */
export const maskOf = (secrets: readonly string[]): ((text: string) => string) => {
  const all = [...new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))].toSorted(
    (one, other) => other.length - one.length,
  )
  return (text) => all.reduce((left, secret) => left.replaceAll(secret, REDACTED), text)
}

const base64Run = /[A-Za-z0-9+/]{200,}={0,2}/g
const signatureValue = /(<(?:[\w.-]+:)?SignatureValue[^>]*>)[^<]*(<)/g

/**
 * SAML messages (Base64, as forms and pages carry them) without the values of their signatures: what is kept as evidence
 * of a service provider that is not on this machine must not be good for a login.
 */
export const cutSignatures = (text: string): string =>
  text.replace(base64Run, (run) => {
    const xml = Buffer.from(run, 'base64').toString('utf8')
    if (!xml.includes('SignatureValue')) return run
    return Buffer.from(xml.replace(signatureValue, '$1cut$2')).toString('base64')
  })
