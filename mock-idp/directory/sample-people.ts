import { UsageError } from '../../src/core/errors.ts'

export interface SamplePerson {
  login: string
  email: string
  firstName: string
  lastName: string
  displayName: string
  title: string
  department: string
}

export interface SampleDirectory {
  people: SamplePerson[]
  /** Name, description, and the logins of its members. */
  groups: { name: string; description: string; members: string[] }[]
}

const departments = ['Engineering', 'Design', 'Marketing', 'Sales', 'Support', 'Finance'] as const

/**
 * A believable directory: the same seed gives the same people. Addresses are in the given domain only, so that no mail
 * reaches a stranger.
 *
 * @param options.count how many people, 1 to 10,000
 */
export const samplePeople = async (options: {
  seed: number
  count: number
  domain: string
}): Promise<SampleDirectory> => {
  const { seed, count, domain } = options
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    throw new UsageError(`A sample directory has 1 to 10,000 people, not ${count}`, { code: 'bad-count' })
  // One locale only, and only when a directory is to be filled: the library is by far the heaviest here.
  const { faker } = await import('@faker-js/faker/locale/en')
  faker.seed(seed)
  const taken = new Set<string>()
  const people = Array.from({ length: count }, (): SamplePerson => {
    const firstName = faker.person.firstName()
    const lastName = faker.person.lastName()
    const login = `${unusedName(`${firstName}.${lastName}`, taken)}@${domain}`
    return {
      login,
      email: login,
      firstName,
      lastName,
      displayName: `${firstName} ${lastName}`,
      title: faker.person.jobTitle(),
      department: faker.helpers.arrayElement(departments),
    }
  })
  const groups = departments.map((department) => ({
    name: department,
    description: `Everyone in ${department}`,
    members: people.filter((person) => person.department === department).map((person) => person.login),
  }))
  return { people, groups }
}

const unusedName = (wanted: string, taken: Set<string>): string => {
  const base = wanted
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '')
  let name = base
  for (let n = 2; taken.has(name); n++) name = `${base}${n}`
  taken.add(name)
  return name
}
