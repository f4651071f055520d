import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const period = 30_000
const digits = 6

/** 160 bits in base32, as authenticator apps take it (RFC 4226 4, RFC 4648 6). */
export const newTotpSecret = (): string => {
  const bits = [...randomBytes(20)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('')
}

export const totpUrl = (secret: string, account: string): string =>
  `otpauth://totp/${encodeURIComponent(`idpact reference SP:${account}`)}?secret=${secret}&issuer=idpact`

/** The code of a moment (RFC 6238: HMAC-SHA-1, 30 seconds, 6 digits). */
export const totpCode = (secret: string, now: number): string => codeOfStep(secret, Math.floor(now / period))

/**
 * The time step whose code this is, or undefined. One step before and after is accepted, for clocks and slow hands; a step
 * that was used before, or an earlier one, is not (RFC 6238 5.2).
 */
export const matchTotp = (
  secret: string,
  code: string,
  now: number,
  lastUsed: number | undefined,
): number | undefined => {
  const current = Math.floor(now / period)
  return [current, current - 1, current + 1].find(
    (step) => step > (lastUsed ?? -1) && code.length === digits && same(codeOfStep(secret, step), code),
  )
}

const codeOfStep = (secret: string, step: number): string => {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', decodeBase32(secret)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0')
}

const decodeBase32 = (text: string): Buffer => {
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
