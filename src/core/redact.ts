/**
 * Secrets stay: what is written to a journal, a report or a log goes through here first.
 * Names decide, not values: a header, form field or JSON member with a secret's name loses its value, whatever it is.
 */
export const REDACTED = '[redacted]'

const secretHeaders = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key'])

const secretField =
  /^(password|passwd|pwd|new_?password|client_?secret|secret|api_?(key|secret)|access_?token|refresh_?token|id_?token|token|code|code_?verifier|otp|private_?key|assertion_?key)$/i

export const isSecretName = (name: string): boolean => secretHeaders.has(name.toLowerCase()) || secretField.test(name)

/** Header names in lower case, secret values replaced; several values of one header joined with `, `. */
export const redactHeaders = (
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter((entry): entry is [string, string | readonly string[]] => entry[1] !== undefined)
      .map(([name, value]) => [
        name.toLowerCase(),
        isSecretName(name) ? REDACTED : typeof value === 'string' ? value : value.join(', '),
      ]),
  )

/** A copy of any JSON value with the members of secret names replaced, at every depth. */
export const redactJson = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(redactJson)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, isSecretName(key) ? REDACTED : redactJson(member)]),
  )
}

/** An URL with the values of secret query parameters, and any password in its authority, replaced. */
export const redactUrl = (url: string): string => {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  if (parsed.password !== '') parsed.password = 'redacted'
  for (const name of new Set(parsed.searchParams.keys()))
    if (isSecretName(name)) parsed.searchParams.set(name, REDACTED)
  return parsed.toString()
}

/** A request or answer body as text: JSON and forms lose the values of secret fields, anything else is kept. */
export const redactBody = (body: string, contentType: string | undefined): string => {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type.endsWith('json')) {
    try {
      return JSON.stringify(redactJson(JSON.parse(body)))
    } catch {
      return body
    }
  }
  if (type === 'application/x-www-form-urlencoded') {
    const form = new URLSearchParams(body)
    for (const name of new Set(form.keys())) if (isSecretName(name)) form.set(name, REDACTED)
    return form.toString()
  }
  return body
}
