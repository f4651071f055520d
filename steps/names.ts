import type { RunContext } from '../src/target/run-context.ts'

/** Beyond ASCII, and with what XML and HTML must escape: a service provider that mangles names shows it here. */
const firstNames = ['Zoë', 'Łukasz', 'Anne-Marie', 'Dávid', 'Noor', 'Søren', 'Thảo', 'Mehmet']
const lastNames = ["O'Brien", 'Nuñez', 'Žižek', 'Smith & Sons', 'Grünwald', 'İnönü', 'Đặng', 'van der Berg']

const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? ''

/** What things of one cast are called: unique in the run, and starting with the run's prefix. */
export interface Names {
  /** What e-mail addresses of this cast start with. */
  prefix: string
  email(person: string, version: number): string
  /** The name of a group; case and spaces of the label are kept. */
  group(label: string): string
  username(person: string): string
  firstName(person: string): string
  lastName(person: string): string
}

/** `key` tells casts apart; lower-case letters and digits. */
export const namesOf = (run: RunContext, key: string): Names => {
  const prefix = `${run.run.prefix}-${key}-`
  const numberOf = (person: string): number =>
    [...`${run.run.seed}${key}${person}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7)
  const slug = (person: string): string => person.replace(/^the /, '').replaceAll(' ', '-')
  return {
    prefix,
    email: (person, version) =>
      `${prefix}${slug(person)}${version === 0 ? '' : `.${version}`}@${run.users.emailDomain}`,
    group: (label) => `${prefix}${label}`,
    username: (person) => `${prefix}${slug(person)}-id`,
    firstName: (person) => pick(firstNames, numberOf(person)),
    lastName: (person) => pick(lastNames, numberOf(`${person}!`)),
  }
}
