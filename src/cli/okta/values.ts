/** `--attribute name=value`, typed by the attribute's schema. */
import type { OktaAttribute, Profile, ProfileValue } from '../../../mock-idp/admin/profile-shapes.ts'
import { UsageError } from '../../core/errors.ts'

type Typed = Pick<OktaAttribute, 'name' | 'type'>

/** `name=value` in two. @throws UsageError `bad-value` */
export const pairOf = (text: string): [name: string, value: string] => {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new UsageError(`Expected name=value, found ${JSON.stringify(text)}`, {
    code: 'bad-value',
    hint: 'Write the name, "=" and the value as one word: --attribute department=Design.',
  })
}

/**
 * A profile from `name=value` pairs. A list is given by repeating its name; `name=` alone is null, which removes it. A
 * name that no schema has is text, or a list when it is repeated.
 *
 * @throws UsageError `bad-value`
 * @example profileFrom(['age=3', 'tags=a', 'tags=b'], [{ name: 'age', type: 'number' }]) // { age: 3, tags: ['a', 'b'] }
 */
export const profileFrom = (
  pairs: readonly string[] = [],
  schema: readonly Typed[] = [],
): Record<string, ProfileValue | null> => {
  const given = new Map<string, string[]>()
  for (const [name, value] of pairs.map(pairOf)) given.set(name, [...(given.get(name) ?? []), value])
  return Object.fromEntries(
    [...given].map(([name, values]) => [
      name,
      typedValue(name, values, schema.find((attribute) => attribute.name === name)?.type),
    ]),
  )
}

/** Without what is to be removed: for something new, which has nothing yet. */
export const newProfileFrom = (pairs: readonly string[] | undefined, schema: readonly Typed[]): Profile =>
  Object.fromEntries(
    Object.entries(profileFrom(pairs, schema)).filter((entry): entry is [string, ProfileValue] => entry[1] !== null),
  )

const typedValue = (name: string, values: readonly string[], type: Typed['type'] | undefined): ProfileValue | null => {
  const [first = ''] = values
  if (values.length === 1 && first === '') return null
  if (type === 'string-array' || (type === undefined && values.length > 1)) return [...values]
  if (values.length > 1)
    throw new UsageError(`Expected one value of ${name}, a ${type}, found ${values.length}`, {
      code: 'bad-value',
      hint: 'Only a string-array may be repeated.',
    })
  if (type === 'number') return numberOf(name, first)
  if (type === 'boolean') return booleanOf(name, first)
  return first
}

const numberOf = (name: string, text: string): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new UsageError(`Expected a number for ${name}, found ${JSON.stringify(text)}`, { code: 'bad-value' })
}

const booleanOf = (name: string, text: string): boolean => {
  if (text === 'true' || text === 'false') return text === 'true'
  throw new UsageError(`Expected true or false for ${name}, found ${JSON.stringify(text)}`, { code: 'bad-value' })
}
