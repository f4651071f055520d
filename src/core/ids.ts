import { randomBytes } from 'node:crypto'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random letters and digits, uniform (rejection sampling). For ids, not for keys. */
export const randomBase62 = (length: number): string => {
  let out = ''
  while (out.length < length)
    for (const byte of randomBytes(length * 2)) if (byte < 248 && out.length < length) out += base62[byte % 62]
  return out
}
