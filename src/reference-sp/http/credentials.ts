import { timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'

/** In the same time, whatever is different. */
export const sameSecret = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** User name and password of HTTP Basic (RFC 7617); undefined where the request has none. */
export const basicOf = (req: Request): { username: string; password: string } | undefined => {
  const [scheme = '', credentials = ''] = (req.headers.authorization ?? '').split(' ')
  const text = Buffer.from(credentials, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (scheme.toLowerCase() !== 'basic' || colon < 0) return undefined
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}
