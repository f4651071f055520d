import type { RunContext } from '../src/target/run-context.ts'

/** Plain ones: what a service provider makes of other letters is the matter of a scenario of its own. */
const firstNames = ['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Niklaus']
const lastNames = ['Lovelace', 'Hopper', 'Turing', 'Dijkstra', 'Liskov', 'Knuth', 'Allen', 'Wirth']

const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? ''

/** What things of one cast are called: unique in the run, and starting with the run's prefix. */
export interface Names {
  /** What e-mail addresses of this cast start with. */
  prefix: string
  email(person: string, version: number): string
  /** The login name at the mock IdP, unique there. */
  loginName(person: string): string
  /** The name of a group; case and spaces of the label are kept. */
  group(label: string): string
  username(person: string): string
  firstName(person: string): string
  lastName(person: string): string
}

/**
 * `key` tells casts apart; lower-case letters and digits. `like` is the key of a cast whose first and last names these have:
 * what need not be unique is the same, so that beside its twin a message shows only what is wrong with it.
 */
export const namesOf = (run: RunContext, key: string, like: string = key): Names => {
  const prefix = `${run.run.prefix}-${key}-`
  const numberOf = (person: string): number =>
    [...`${run.run.seed}${like}${person}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7)
  const slug = (person: string): string => person.replace(/^the /, '').replaceAll(' ', '-')
  return {
    prefix,
    email: (person, version) =>
      run.users[person === 'the victim' ? 'victim' : 'user'] ??
      `${prefix}${slug(person)}${version === 0 ? '' : `.${version}`}@${run.users.emailDomain}`,
    loginName: (person) => `${prefix}${slug(person)}@${run.users.emailDomain}`,
    group: (label) => `${prefix}${label}`,
    username: (person) => `${prefix}${slug(person)}-id`,
    firstName: (person) => pick(firstNames, numberOf(person)),
    lastName: (person) => pick(lastNames, numberOf(`${person}!`)),
  }
}
