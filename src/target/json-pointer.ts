/**
 * The value at a JSON pointer (RFC 6901); undefined where there is none. A segment `*` stands for every element of a list,
 * and makes the result a list: `/groups/*\/name`.
 */
export const valueAtPointer = (value: unknown, pointer: string): unknown => {
  const segments = pointer.split('/').slice(1)
  return step(value, segments)
}

const step = (value: unknown, segments: readonly string[]): unknown => {
  const [first, ...rest] = segments
  if (first === undefined) return value
  if (first === '*') {
    if (!Array.isArray(value)) return undefined
    const found = value.map((item) => step(item, rest)).filter((item) => item !== undefined)
    return value.length > 0 && found.length === 0 ? undefined : found
  }
  if (value === null || typeof value !== 'object') return undefined
  const key = first.replaceAll('~1', '/').replaceAll('~0', '~')
  return Object.hasOwn(value, key) ? step((value as Record<string, unknown>)[key], rest) : undefined
}

export const textAt = (value: unknown, pointer: string | undefined): string | undefined => {
  const found = pointer === undefined ? undefined : valueAtPointer(value, pointer)
  if (typeof found === 'number') return String(found)
  return typeof found === 'string' && found !== '' ? found : undefined
}
