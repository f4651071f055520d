import type { Request } from 'express'
import { scimRules } from '../rules/scim.ts'
import type { Sp } from '../sp.ts'
import type { Group } from '../store/groups.ts'
import type { User } from '../store/users.ts'
import { isJson, type Json, namesOf } from './attribute-names.ts'
import { readFilter, type ScimFilter } from './filter.ts'
import { groupResource, type ResourceType, userResource } from './resource.ts'
import { invalidValue, refuse } from './scim-error.ts'

const defaultCount = 100
const maxCount = 1_000

interface Found {
  totalResults: number
  resources: Json[]
}

/** A ListResponse (RFC 7644 3.4.2), from an index where the filter is one equality that there is an index for. */
export const listing = (sp: Sp, type: ResourceType, req: Request): Json => {
  const startIndex = Math.max(1, wholeNumber(req, 'startIndex') ?? 1)
  const count = Math.min(maxCount, Math.max(0, wholeNumber(req, 'count') ?? defaultCount))
  const text = queryText(req, 'filter')
  const filter = text === undefined ? undefined : readFilter(text)
  const offset = sp.rules().scimPageStart(startIndex) - 1
  const { totalResults, resources } =
    type === 'Users' ? users(sp, filter, offset, count) : groups(sp, filter, offset, count)
  return {
    schemas: [sp.rules().scimSchema('urn:ietf:params:scim:api:messages:2.0:ListResponse')],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources.map((resource) => selected(resource, req)),
  }
}

const users = (sp: Sp, filter: ScimFilter | undefined, offset: number, count: number): Found => {
  const rules = sp.rules()
  const shown = (found: readonly User[]): User[] => found.filter((user) => rules.scimListsUser(user))
  const indexed = filter?.equality && usersByIndex(sp, filter.equality)
  if (indexed !== undefined) return page(shown(indexed), offset, count, (user) => userResource(sp, user))
  if (filter === undefined && rules.scimListsUser === scimRules.scimListsUser)
    return {
      totalResults: sp.store.users.count(),
      resources: sp.store.users.page(offset, count).map((user) => userResource(sp, user)),
    }
  const resources = shown(sp.store.users.list()).map((user) => userResource(sp, user))
  return page(filter === undefined ? resources : resources.filter(filter.fits), offset, count, (one) => one)
}

const usersByIndex = (sp: Sp, { attribute, value }: { attribute: string; value: string }): User[] | undefined => {
  const { users } = sp.store
  switch (attribute) {
    case 'id':
      return [users.find(value) ?? []].flat()
    case 'userName':
      return users.findAllByUserName(value).filter((user) => sp.rules().scimFinds(user))
    case 'email':
    case 'emails':
      return sp.rules().scimFindsByEmail()
        ? users.findAllByEmail(value).filter((user) => sp.rules().scimFinds(user))
        : []
    case 'externalId':
      return users.findAllByScimExternalId(value)
    default:
      return undefined
  }
}

const groups = (sp: Sp, filter: ScimFilter | undefined, offset: number, count: number): Found => {
  const shown = (found: readonly Group[]): Group[] => found.filter((group) => sp.rules().scimListsGroup(group))
  const indexed = filter?.equality && groupsByIndex(sp, filter.equality)
  const toResource = (group: Group): Json => groupResource(sp, group)
  if (indexed !== undefined) return page(shown(indexed), offset, count, toResource)
  const all = shown(sp.store.groups.list())
  if (filter === undefined) return page(all, offset, count, toResource)
  return page(all.map(toResource).filter(filter.fits), offset, count, (one) => one)
}

const groupsByIndex = (sp: Sp, { attribute, value }: { attribute: string; value: string }): Group[] | undefined => {
  if (attribute === 'id') return [sp.store.groups.find(value) ?? []].flat()
  // Group names are compared exactly.
  return attribute === 'displayName' ? [sp.store.groups.findByName(value) ?? []].flat() : undefined
}

const page = <T>(all: readonly T[], offset: number, count: number, toResource: (one: T) => Json): Found => ({
  totalResults: all.length,
  resources: all.slice(offset, offset + count).map(toResource),
})

const queryText = (req: Request, name: string): string | undefined => {
  const value = req.query[name]
  if (value === undefined || typeof value === 'string') return value === '' ? undefined : value
  return invalidValue(`${name} is there twice.`)
}

const wholeNumber = (req: Request, name: string): number | undefined => {
  const value = queryText(req, name)
  if (value === undefined) return undefined
  return /^-?\d{1,9}$/.test(value) ? Number(value) : invalidValue(`${name} must be a whole number.`)
}

/** `returned: always` in RFC 7643. */
const always = ['schemas', 'id']

/** `attributes` and `excludedAttributes` (RFC 7644 3.9): names of attributes, or of parts of them. */
export const selected = (resource: Json, req: Request): Json => {
  const [only, without] = ['attributes', 'excludedAttributes'].map((name) =>
    queryText(req, name)
      ?.split(',')
      .map((path) => namesOf(path.trim())),
  )
  if (only && without) return refuse(400, 'attributes and excludedAttributes exclude each other.')
  if (only) return Object.fromEntries(pick(resource, [...always.map((name) => [name]), ...only]))
  if (without)
    return Object.fromEntries(
      omit(
        resource,
        without.filter(([name]) => !always.includes(name ?? '')),
      ),
    )
  return resource
}

type Paths = readonly (readonly string[])[]

const below = (paths: Paths, name: string): Paths =>
  paths.filter(([first]) => first === name).map(([_, ...rest]) => rest)

const pick = (at: Json, paths: Paths): [string, unknown][] =>
  Object.entries(at).flatMap(([name, value]): [string, unknown][] => {
    const inside = below(paths, name)
    if (inside.length === 0) return []
    return [[name, inside.some((path) => path.length === 0) ? value : inEach(value, (part) => pick(part, inside))]]
  })

const omit = (at: Json, paths: Paths): [string, unknown][] =>
  Object.entries(at).flatMap(([name, value]): [string, unknown][] => {
    const inside = below(paths, name)
    if (inside.some((path) => path.length === 0)) return []
    return [[name, inside.length === 0 ? value : inEach(value, (part) => omit(part, inside))]]
  })

/** Of a complex attribute, or of each of its elements. */
const inEach = (value: unknown, change: (part: Json) => [string, unknown][]): unknown => {
  if (Array.isArray(value)) return value.map((one) => inEach(one, change))
  return isJson(value) ? Object.fromEntries(change(value)) : value
}
