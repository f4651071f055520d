import type { Session } from '../mock-idp/admin/schema.ts'
import type { Contract } from '../src/contracts/contract.ts'
import type { Account } from '../src/target/ports.ts'
import type { UserAgent } from '../src/target/user-agent.ts'
import type { Names } from './names.ts'
import type { Beginning } from './sp-start.ts'

export type SceneContract = Pick<Contract, 'directory' | 'roles'>

export type ProfileValue = string | string[]

export interface PlannedFault {
  fault: string
  params: Readonly<Record<string, string | number | string[]>>
}

/** Somebody whom a scenario speaks of, at the mock IdP and at the service provider. */
export interface Person {
  /** As Gherkin says it: `the user`. */
  readonly name: string
  readonly scene: Scene
  /** Which organisation of the service provider, and which IdP, the person belongs to: that under test, or the other. */
  readonly tenant: 'a' | 'b'
  /** The profile that the directory of the mock IdP shall have when the person next logs in. */
  profile: Record<string, ProfileValue | undefined>
  email: string
  /** How many e-mail addresses the person has had. */
  emailVersion: number
  /** Names of directory groups that the person shall be in. */
  directoryGroups: string[]
  /** At the mock IdP, once the person was needed there. */
  directoryId: string | undefined
  /** Signed in at the mock IdP from then on, in whichever browser; each login has messages of its own. */
  session: Session | undefined
  /** Whether the directory lags behind `profile`. */
  changed: boolean
  /** Members of the profile that the directory has. */
  stored: Set<string>
  assigned: boolean
  /** Mistakes that the next Response for this person shall contain. */
  faults: PlannedFault[]
  /** Where the browser takes the next Response, and whose session it may make; to where the IdP sends it when left out. */
  deliverTo: { acs: string; tenant: Person['tenant'] } | undefined
  /** The login that was last begun at the SP, without going to the IdP. */
  beginning: Beginning | undefined
  /** The request that the last login answered. */
  answeredRequest: string | undefined
  /** The browser of the last login. */
  browser: UserAgent | undefined
  password: string | undefined
  /** The account as it was when a step noted it. */
  noted: Account | undefined
  /** The account that a step made, or found, at the SP. */
  accountId: string | undefined
  /** Whether the account was there before the run and belongs to the user of idpact: then it is never deleted. */
  fixture: boolean
}

/**
 * The people of one run-through of a scenario. The scenario itself plays in the main scene; its twin plays the same acts
 * again in a scene of its own, with other people, other groups, and without what is wrong (DESIGN: twins).
 */
export interface Scene {
  readonly names: Names
  /** What the contract wants to be said of everybody, beside the name. */
  profileOf(person: string): Record<string, ProfileValue>
  readonly twin: boolean
  readonly people: Map<string, Person>
  /** How many acts of the script this scene has played. */
  played: number
}

/** Somebody of the second organisation. */
export const outsider = 'the outsider'

export const newScene = (names: Names, twin: boolean, { directory, roles }: SceneContract): Scene => ({
  names,
  profileOf: (person) => ({
    ...(directory.username === undefined ? {} : { [directory.username]: names.username(person) }),
    ...(directory.role === undefined || roles.ordinary === undefined ? {} : { [directory.role]: roles.ordinary }),
  }),
  twin,
  people: new Map(),
  played: 0,
})

export const newPerson = (scene: Scene, name: string): Person => {
  const email = scene.names.email(name, 0)
  const person: Person = {
    name,
    scene,
    tenant: name === outsider ? 'b' : 'a',
    email,
    emailVersion: 0,
    profile: {
      // Of an account that many scenarios share the login name is each one's own.
      login: scene.names.loginName(name),
      email,
      firstName: scene.names.firstName(name),
      lastName: scene.names.lastName(name),
      ...scene.profileOf(name),
    },
    directoryGroups: [],
    directoryId: undefined,
    session: undefined,
    changed: false,
    stored: new Set(),
    assigned: true,
    faults: [],
    deliverTo: undefined,
    beginning: undefined,
    answeredRequest: undefined,
    browser: undefined,
    password: undefined,
    noted: undefined,
    accountId: undefined,
    fixture: false,
  }
  scene.people.set(name, person)
  return person
}

/** The person of this name, made when first spoken of. */
export const personIn = (scene: Scene, name: string): Person => scene.people.get(name) ?? newPerson(scene, name)

/** Changes the person's entry in the directory; `undefined` takes a member out. */
export const changeProfile = (person: Person, change: Record<string, ProfileValue | undefined>): void => {
  Object.assign(person.profile, change)
  person.changed = true
}

/** Gives the person another address, at the directory; the login name there stays. */
export const changeEmail = (person: Person, email?: string): void => {
  person.emailVersion += 1
  person.email = email ?? person.scene.names.email(person.name, person.emailVersion)
  changeProfile(person, { email: person.email })
}
