import { canonicalName, isJson, type Json, namesOf } from './attribute-names.ts'
import { readFilter, type ScimFilter } from './filter.ts'
import { invalidValue, refuse } from './scim-error.ts'

interface Operation {
  op: 'add' | 'remove' | 'replace'
  path: string | undefined
  value: unknown
}

const maxOperations = 1_000

/**
 * The resource after a PATCH (RFC 7644 3.5.2), as identity providers write it: operations in any case, with and without a
 * path, keys with dots and URNs in them, booleans as texts, members removed by a filter or by a list.
 *
 * @throws ScimError 400
 */
export const patched = (resource: Json, body: Json): Json => {
  const { Operations: operations = body['operations'] } = body
  if (!Array.isArray(operations) || operations.length === 0)
    return refuse(400, 'A PATCH needs a list of Operations.', 'invalidSyntax')
  if (operations.length > maxOperations) return refuse(400, `More than ${maxOperations} operations.`, 'tooMany')
  return operations.map(readOperation).reduce(apply, resource)
}

const readOperation = (value: unknown): Operation => {
  if (!isJson(value)) return refuse(400, 'An operation must be an object.', 'invalidSyntax')
  const op = typeof value['op'] === 'string' ? value['op'].toLowerCase() : ''
  if (op !== 'add' && op !== 'remove' && op !== 'replace')
    return refuse(400, 'The op of an operation must be add, remove or replace.', 'invalidSyntax')
  const { path } = value
  if (path !== undefined && typeof path !== 'string') return refuse(400, 'A path must be text.', 'invalidPath')
  if (path === undefined && op === 'remove') return refuse(400, 'A removal needs a path.', 'noTarget')
  if (op !== 'remove' && value['value'] === undefined)
    return refuse(400, `An operation with the op ${op} needs a value.`, 'invalidSyntax')
  return { op, path: path === '' ? undefined : path, value: value['value'] }
}

const readOnly = new Set(['id', 'meta', 'groups'])

const apply = (resource: Json, { op, path, value }: Operation): Json => {
  if (path !== undefined) {
    const read = readPath(path)
    // Inside of a value they are passed over: Okta sends the id of a group so.
    if (readOnly.has(read.names[0] ?? '')) return refuse(400, `${read.names[0]} cannot be changed.`, 'mutability')
    return change(resource, read, op, value)
  }
  if (!isJson(value)) return invalidValue('Without a path, the value must be an object.')
  return Object.entries(value).reduce<Json>(
    (at, [name, one]) => change(at, { names: namesOf(name), filter: undefined, rest: [] }, op, one),
    resource,
  )
}

/** `emails[type eq "work"].value`: names, a filter for elements of the last one, and names inside of those. */
interface Path {
  names: string[]
  filter: ScimFilter | undefined
  /** `type` and `work` of a filter that is one equality: what an element that is made anew has. */
  made?: Json | undefined
  rest: string[]
}

const readPath = (path: string): Path => {
  const [, names = '', filter, rest = ''] = /^([^[\]]+)(?:\[(.+)\](?:\.([^[\]]+))?)?$/.exec(path.trim()) ?? []
  if (names === '') return refuse(400, `The path ${JSON.stringify(path.slice(0, 100))} cannot be read.`, 'invalidPath')
  const read = filter === undefined ? undefined : readFilter(filter)
  const { equality } = read ?? {}
  return {
    names: namesOf(names),
    filter: read,
    ...(equality && { made: { [equality.attribute]: equality.value } }),
    rest: rest === '' ? [] : rest.split('.').map(canonicalName),
  }
}

const change = (at: Json, { names, filter, made, rest }: Path, op: Operation['op'], value: unknown): Json => {
  const [name = '', ...deeper] = names
  if (deeper.length > 0) {
    const inner = isJson(at[name]) ? at[name] : {}
    return { ...at, [name]: change(inner, { names: deeper, filter, made, rest }, op, value) }
  }
  if (filter !== undefined) return { ...at, [name]: changedElements(listAt(at, name), filter, made, rest, op, value) }
  if (op === 'remove') return removed(at, name, value)
  return { ...at, [name]: op === 'add' ? added(at[name], value) : replaced(at[name], value) }
}

const listAt = (at: Json, name: string): unknown[] => (Array.isArray(at[name]) ? at[name] : [])

const changedElements = (
  list: readonly unknown[],
  filter: ScimFilter,
  made: Json | undefined,
  rest: readonly string[],
  op: Operation['op'],
  value: unknown,
): unknown[] => {
  const [sub] = rest
  if (op === 'remove')
    return sub === undefined
      ? list.filter((element) => !filter.fits(element))
      : list.map((element) => (filter.fits(element) && isJson(element) ? removed(element, sub, undefined) : element))
  const set = (element: Json): Json =>
    sub !== undefined ? { ...element, [sub]: value } : isJson(value) ? { ...element, ...value } : element
  if (list.some((element) => filter.fits(element)))
    return list.map((element) => (filter.fits(element) && isJson(element) ? set(element) : element))
  // Entra replaces what is not there and expects it to be made, which RFC 7644 3.5.2.3 has an error for.
  return made === undefined ? refuse(400, 'Nothing fits the filter of the path.', 'noTarget') : [...list, set(made)]
}

/** With a list of values, those elements only (Entra removes members so). */
const removed = (at: Json, name: string, value: unknown): Json => {
  const { [name]: old, ...others } = at
  if (!Array.isArray(old) || !Array.isArray(value) || value.length === 0) return others
  const gone = new Set(value.map(keyOf))
  return { ...at, [name]: old.filter((element) => !gone.has(keyOf(element))) }
}

const added = (old: unknown, value: unknown): unknown => {
  if (Array.isArray(old)) {
    const known = new Set(old.map(keyOf))
    return [...old, ...[value].flat().filter((element) => !known.has(keyOf(element)))]
  }
  return replaced(old, value)
}

/** Of a complex attribute, those parts that are named. */
const replaced = (old: unknown, value: unknown): unknown =>
  isJson(old) && isJson(value) ? { ...old, ...value } : value

/** Elements are the same when their `value` is: Okta sends a `display` beside it. */
const keyOf = (element: unknown): string =>
  JSON.stringify(isJson(element) && 'value' in element ? element['value'] : element)
