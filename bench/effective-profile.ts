/**
 * The effective profile of one user in an application, against the same mappings written by hand in JavaScript, in one
 * run. `node bench/effective-profile.ts` prints the table.
 */
import { type AppAttribute, appAttribute, type Mapping, type Profile } from '../mock-idp/admin/profile-shapes.ts'
import { baseAttributes, defaultMappingsToApplication } from '../mock-idp/directory/base-attributes.ts'
import { type EffectiveProfileInput, effectiveProfile } from '../mock-idp/directory/effective-profile.ts'
import type { AssignedGroup } from '../mock-idp/directory/group-values.ts'
import { type Contestant, formatResults, interleave, type Result } from './rounds.ts'

const cloudinary: readonly AppAttribute[] = [
  ...baseAttributes,
  appAttribute.parse({ name: 'role', externalName: 'role', scope: 'GROUP' }),
  appAttribute.parse({
    name: 'product_environments',
    type: 'string-array',
    scope: 'GROUP',
    groupValues: 'COMBINE',
  }),
]
const mappings: readonly Mapping[] = [
  ...defaultMappingsToApplication,
  { attribute: 'role', expression: 'user.cld_role' },
  { attribute: 'product_environments', expression: 'user.product_environments' },
]
const conditions: readonly Mapping[] = [
  ...defaultMappingsToApplication,
  {
    attribute: 'role',
    expression:
      'isMemberOfGroupName("Admins") ? "admin" : String.substringAfter(user.email, "@") == "example.test" && !user.guest ? "media_library_user" : "reports"',
  },
  { attribute: 'product_environments', expression: 'Arrays.flatten("prod", String.toLowerCase(user.city))' },
]

const users: readonly Profile[] = Array.from({ length: 1_000 }, (_, i) => ({
  login: `user${i}@example.test`,
  email: `user${i}@example.test`,
  firstName: `First${i}`,
  lastName: `Last${i}`,
  city: 'Paris',
}))

const groups = (count: number): AssignedGroup[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `00g${i}`,
    name: `Group ${i}`,
    profile: { name: `Group ${i}`, cld_role: i === 0 ? '' : 'reports', product_environments: [`env${i % 7}`, 'prod'] },
  }))

const input = (more: Partial<EffectiveProfileInput>): Omit<EffectiveProfileInput, 'user' | 'userName'> => ({
  attributes: cloudinary,
  mappings,
  groups: [],
  groupNames: ['Everyone'],
  ...more,
})

/** What the default mappings say, as somebody would write it who knows them beforehand. */
const byHand = (user: Profile): Profile => {
  const values: Record<string, Profile[string]> = {}
  const set = (name: string, value: Profile[string] | undefined): void => {
    if (value !== undefined && value !== '') values[name] = value
  }
  set('userName', user['login'])
  set('givenName', user['firstName'])
  set('familyName', user['lastName'])
  set('email', user['email'])
  set('displayName', user['displayName'] ?? [user['firstName'], user['lastName']].filter(Boolean).join(' '))
  set('locale', user['locale'] ?? 'en-US')
  set('role', user['cld_role'])
  set('product_environments', user['product_environments'])
  return values
}

/** A turn goes through the users, so that no two profiles in a row are the same. */
const forEachUser = (name: string, make: (user: Profile) => unknown): Contestant => {
  let next = 0
  return {
    name,
    run: async (operations) => {
      for (let i = 0; i < operations; i++) {
        if (make(users[next] ?? {}) === undefined) throw new Error(`${name}: no profile`)
        next = (next + 1) % users.length
      }
    },
  }
}

const effective = (rest: Omit<EffectiveProfileInput, 'user' | 'userName'>) => (user: Profile) =>
  effectiveProfile({ ...rest, user, userName: String(user['login']) }).values

/** A contestant that leaves out the work would win. */
const checkWork = (name: string, make: (user: Profile) => Profile, expected: Profile): void => {
  const made = make(users[3] ?? {})
  for (const [attribute, value] of Object.entries(expected))
    if (JSON.stringify(made[attribute]) !== JSON.stringify(value))
      throw new Error(
        `${name}: expected ${attribute} ${JSON.stringify(value)}, found ${JSON.stringify(made[attribute])}`,
      )
}

export interface EffectiveProfileReport {
  results: Result[]
  /** What was aimed at, and whether this run reached it. */
  targets: { name: string; target: number; value: number; reached: boolean }[]
}

const aim = { microseconds: 50 }

export const effectiveProfileBench = async (
  options: { rounds?: number; msPerTurn?: number } = {},
): Promise<EffectiveProfileReport> => {
  const work = {
    'by hand, mappings only (= 1)': byHand,
    'idpact, mappings only': effective(input({})),
    'idpact, 3 groups assign': effective(input({ groups: groups(3) })),
    'idpact, 3 groups assign, conditions and functions': effective(input({ mappings: conditions, groups: groups(3) })),
    'idpact, 20 groups assign': effective(input({ groups: groups(20) })),
  }
  const names = { displayName: 'First3 Last3', locale: 'en-US', email: 'user3@example.test' }
  checkWork('by hand', byHand, names)
  checkWork('mappings', work['idpact, mappings only'], names)
  checkWork('groups', work['idpact, 3 groups assign'], {
    ...names,
    role: 'reports',
    product_environments: ['env0', 'prod', 'env1', 'env2'],
  })
  checkWork('conditions', work['idpact, 3 groups assign, conditions and functions'], {
    role: 'media_library_user',
    product_environments: ['prod', 'paris'],
  })
  const [unit, ...others] = Object.entries(work).map(([name, make]) => forEachUser(name, make))
  if (!unit) throw new Error('nothing to measure')
  // Else a turn is measured out while the code is still cold, and is far too short.
  for (const contestant of [unit, ...others]) await contestant.run(20_000)
  const results = await interleave([unit, ...others], {
    rounds: options.rounds ?? 41,
    msPerTurn: options.msPerTurn ?? 20,
  })
  return {
    results,
    targets: results.slice(1).map(({ name, perSecond }) => {
      const value = 1_000_000 / perSecond
      return { name: `${name}, µs each`, target: aim.microseconds, value, reached: value <= aim.microseconds }
    }),
  }
}

if (import.meta.main) {
  const { results, targets } = await effectiveProfileBench()
  console.log('Effective profile of one user (median rate, range over the rounds; interleaved in one process)\n')
  console.log(formatResults(results))
  console.log()
  for (const { name, target, value, reached } of targets)
    console.log(`${reached ? 'reached' : 'MISSED '}  ${name}: ${value.toFixed(1)}, aimed at ${target} or less`)
}
