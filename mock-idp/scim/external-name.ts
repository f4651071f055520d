import { UsageError } from '../../src/core/errors.ts'

/** A SCIM resource, or a part of one. */
export type Json = { [name: string]: unknown }

/** A place in a resource: steps by name, and entries of a list by the value of a sub-attribute. */
type Step = { kind: 'name'; name: string } | { kind: 'entry'; by: string; value: string }

/**
 * Reads an external name of the Profile Editor: names with dots between, and in Okta's mini-language an entry of a list.
 *
 * @throws UsageError `bad-external-name`
 * @example parseExternalName("emails.^[type=='work'].value") // emails, the entry whose type is work, value
 */
export const parseExternalName = (externalName: string): readonly Step[] => {
  const known = parsed.get(externalName)
  if (known) return known
  // `^[…]` may have dots in its value, so the text is not simply split.
  const steps = [...externalName.matchAll(/(?:^|(?<=.)\.)(?:\^\[\s*([\w$-]+)\s*==\s*'([^']*)'\s*\]|([^.[\]^']+))/g)]
  const length = steps.reduce((sum, [whole]) => sum + whole.length, 0)
  const read = steps.map(
    ([, by, value, name = '']): Step =>
      by === undefined ? { kind: 'name', name } : { kind: 'entry', by, value: value ?? '' },
  )
  if (length !== externalName.length || read[0]?.kind !== 'name' || read.at(-1)?.kind !== 'name' || read.length > 10)
    throw new UsageError(
      `Expected an external name like role, name.givenName or emails.^[type=='work'].value, found ${JSON.stringify(externalName)}`,
      {
        code: 'bad-external-name',
        hint: "Names are separated by dots; an entry of a list is written ^[type=='work'], with a name before and after it.",
      },
    )
  if (parsed.size > 2_000) parsed.clear()
  parsed.set(externalName, read)
  return read
}

const parsed = new Map<string, readonly Step[]>()

/** What stands at an external name; undefined where there is nothing. */
export const readAt = (resource: unknown, externalName: string): unknown =>
  parseExternalName(externalName).reduce<unknown>((at, step) => {
    if (step.kind === 'name') return isObject(at) && Object.hasOwn(at, step.name) ? at[step.name] : undefined
    return Array.isArray(at) ? at.find((entry) => isObject(entry) && entry[step.by] === step.value) : undefined
  }, resource)

/**
 * A copy of the resource with a value at an external name: what is on the way is made where it is missing, an entry that
 * is there is changed and not added again. Undefined takes the value out, and what is empty by that.
 *
 * @example writeAt({}, "roles.^[type=='Primary'].value", 'admin') // { roles: [{ type: 'Primary', value: 'admin' }] }
 */
export const writeAt = (resource: Json, externalName: string, value: unknown): Json =>
  (write(resource, parseExternalName(externalName), value) as Json | undefined) ?? {}

const write = (at: unknown, [step, ...rest]: readonly Step[], value: unknown): unknown => {
  if (step === undefined) return value
  if (step.kind === 'entry') return writeEntry(Array.isArray(at) ? at : [], step, rest, value)
  const { [step.name]: old, ...others } = isObject(at) ? at : {}
  const inner = write(old, rest, value)
  if (inner === undefined) return Object.keys(others).length === 0 ? undefined : others
  // In its place, so that a resource that is sent back is in the order in which it came.
  return isObject(at) && Object.hasOwn(at, step.name)
    ? { ...at, [step.name]: inner }
    : { ...others, [step.name]: inner }
}

const writeEntry = (
  list: unknown[],
  step: { by: string; value: string },
  rest: readonly Step[],
  value: unknown,
): unknown => {
  const index = list.findIndex((entry) => isObject(entry) && entry[step.by] === step.value)
  const old = index < 0 ? { [step.by]: step.value } : list[index]
  const inner = write(old, rest, value)
  // An entry that says nothing but its type is none.
  const empty = !isObject(inner) || Object.keys(inner).every((name) => name === step.by || name === 'primary')
  const left = index < 0 ? [...list, ...(empty ? [] : [inner])] : list.toSpliced(index, 1, ...(empty ? [] : [inner]))
  return left.length === 0 ? undefined : left
}

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
