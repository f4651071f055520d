import { hash } from 'node:crypto'

/** JSON with the keys of every mapping in order, so that equal data are equal text (after RFC 8785, for what JSON.stringify writes). */
export const stableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

/** SHA-256, hexadecimal: of a text or bytes as they are, of anything else as {@link stableJson}. */
export const sha256 = (value: unknown): string =>
  hash('sha256', typeof value === 'string' || value instanceof Uint8Array ? value : stableJson(value), 'hex')
