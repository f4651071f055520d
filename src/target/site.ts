/** Which cookies a browser sends along when one site sends it to another (RFC 6265bis 5.2, 5.6.7). */
import { isIP } from 'node:net'
import { getPublicSuffix } from 'tough-cookie'

const siteOf = (url: string): string => {
  const { protocol, hostname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const domain =
    isIP(host) === 0 ? getPublicSuffix(host, { allowSpecialUseDomain: true, ignoreError: true }) : undefined
  return `${protocol}//${domain ?? host}`
}

/**
 * The same-site context of a navigation. A site is scheme and registrable domain: ports do not count.
 *
 * @param from the page that began it; undefined when a person typed the address
 */
export const sameSiteContext = (from: string | undefined, to: string, method: string): 'strict' | 'lax' | 'none' => {
  if (from === undefined || siteOf(from) === siteOf(to)) return 'strict'
  return method === 'GET' ? 'lax' : 'none'
}
