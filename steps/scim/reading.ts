import { eventually } from '../../src/target/settle.ts'
import { failed, inconclusive } from '../outcome.ts'
import type { Person } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'
import { authorised } from './connection.ts'

/** What the SCIM server itself answers, asked with the connection's credential as Okta asks. */

export type Resource = Readonly<Record<string, unknown>>

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  path: string
  body?: unknown
  headers?: Record<string, string>
  credential?: 'own' | 'none' | 'wrong'
}

export const call = async (world: IdpactWorld, { method = 'GET', ...rest }: Call) => {
  await authorised(world)
  return world.run.org.connection.call({ method, ...rest })
}

export const isResource = (value: unknown): value is Resource =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const hasMail = (user: Resource, email: string): boolean =>
  Array.isArray(user['emails']) &&
  user['emails'].some((one) => isResource(one) && String(one['value']).toLowerCase() === email.toLowerCase())

const resourcesOf = (body: unknown, what: string): Resource[] => {
  const list = isResource(body) ? body['Resources'] : undefined
  if (Array.isArray(list)) return list.filter(isResource)
  throw inconclusive({
    code: 'no-list',
    expected: `The SCIM server lists ${what}.`,
    actual: `It answered ${JSON.stringify(body)?.slice(0, 300)}.`,
  })
}

const filtered = async (world: IdpactWorld, type: 'Users' | 'Groups', field: string, value: string) => {
  const filter = encodeURIComponent(`${field} eq ${JSON.stringify(value)}`)
  const { body } = await call(world, { path: `/${type}?filter=${filter}&startIndex=1&count=100` })
  return resourcesOf(body, `${type} with ${field} ${value}`)
}

/** Users with this value of the contract's unique identifier, which is the e-mail address in all scenarios. */
export const usersNamed = (world: IdpactWorld, value: string): Promise<Resource[]> =>
  filtered(world, 'Users', world.contract.scim?.uniqueField ?? 'userName', value)

export const groupsNamed = (world: IdpactWorld, name: string): Promise<Resource[]> =>
  filtered(world, 'Groups', 'displayName', name)

/** The user as SCIM shows it. @throws StepFailure unless there is exactly one */
export const userOf = async (world: IdpactWorld, person: Person): Promise<Resource> => {
  const found = await eventually(
    () => usersNamed(world, person.email),
    ({ length }) => length === 1,
    world.run.target,
  )
  const [user, ...others] = found
  if (user !== undefined && others.length === 0) return user
  throw failed({
    code: 'scim-user-count',
    expected: `The SCIM server finds ${person.name} (userName ${person.email}) once.`,
    actual: `It finds ${found.length} users.`,
  })
}

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing'

/** @throws StepFailure unless SCIM comes to show the person with this value; lists are compared as sets */
export const mustShowByScim = async (
  world: IdpactWorld,
  person: Person,
  attribute: string,
  expected: unknown,
): Promise<void> => {
  const read = async () => (await userOf(world, person))[attribute]
  const actual = await eventually(read, (value) => same(value, expected), world.run.target)
  if (same(actual, expected)) return
  throw failed({
    code: 'scim-differs',
    expected: `The SCIM server shows ${person.name} with ${attribute} ${show(expected)}.`,
    actual: `It shows ${show(actual)}.`,
  })
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
const sorted = (value: unknown): unknown => (Array.isArray(value) ? value.map(String).toSorted() : value)

/** userNames of a group's members, as SCIM shows them. @throws StepFailure where there is no such group, or two */
export const membersByScim = async (world: IdpactWorld, label: string): Promise<string[]> => {
  const name = world.main.names.group(label)
  const [group, ...others] = await groupsNamed(world, name)
  if (group === undefined || others.length > 0)
    throw failed({
      code: 'scim-group-count',
      expected: `The SCIM server finds the group ${JSON.stringify(name)} once.`,
      actual: `It finds ${group === undefined ? 'none' : others.length + 1}.`,
    })
  const members = Array.isArray(group['members']) ? group['members'].filter(isResource) : []
  return members.map(({ value }) => String(value)).toSorted()
}

/** Every user, page by page, as an import reads them. */
export const everybody = async (
  world: IdpactWorld,
  count: number,
): Promise<{ users: Resource[]; totals: unknown[] }> => {
  const users: Resource[] = []
  const totals: unknown[] = []
  for (let startIndex = 1; ; startIndex += count) {
    const { body } = await call(world, { path: `/Users?startIndex=${startIndex}&count=${count}` })
    const page = resourcesOf(body, 'users')
    totals.push(isResource(body) ? body['totalResults'] : undefined)
    users.push(...page)
    const total = totals.at(-1)
    if (typeof total !== 'number' || startIndex + count > total || page.length === 0 || totals.length > 200)
      return { users, totals }
  }
}
