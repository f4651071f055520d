import { AuthnRequestError } from './authn-request-error.ts'

/** One parameter of a query: `raw` is `name=value` as it came, `value` is decoded. */
export interface RawParameter {
  raw: string
  value: string
}

const decode = (name: string, encoded: string): string => {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch (cause) {
    throw new AuthnRequestError('bad-url-encoding', {
      expected: `the parameter ${name} in percent-encoded UTF-8`,
      found: 'a percent sign that begins no valid sequence',
      hint: 'Encode the value of each parameter once with `encodeURIComponent` or its like.',
      cause,
    })
  }
}

/**
 * Splits a query by hand, because a signature covers the parameters as they were encoded. Each parameter of `single`
 * may come once: two readers of a repeated one need not take the same.
 */
export const parseQuery = (
  query: string,
  single: readonly string[],
): { find: (name: string) => RawParameter | undefined; names: string[] } => {
  const found = new Map<string, RawParameter>()
  const names: string[] = []
  for (const raw of query.split('&')) {
    if (raw === '') continue
    const at = raw.indexOf('=')
    const name = at < 0 ? raw : raw.slice(0, at)
    names.push(name.slice(0, 50))
    if (!single.includes(name)) continue
    if (found.has(name))
      throw new AuthnRequestError('repeated-parameter', {
        expected: `${name} at most once`,
        found: 'more than one',
        hint: 'Send each parameter once.',
      })
    found.set(name, { raw, value: decode(name, at < 0 ? '' : raw.slice(at + 1)) })
  }
  return { find: (name) => found.get(name), names }
}
