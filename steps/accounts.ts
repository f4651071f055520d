import type { Account, AccountsPort, Verb } from '../src/target/ports.ts'
import { eventually, stays } from '../src/target/settle.ts'
import type { StepFailure } from './outcome.ts'
import { failed, inconclusive, notObservable } from './outcome.ts'
import type { Person } from './scene.ts'
import { mustHaveBeenAccepted } from './verdict.ts'
import type { IdpactWorld } from './world.ts'

/** What the SP has stored: accounts and groups, read through the `accounts` port until they are as expected. */
export const accountsOf = (
  world: IdpactWorld,
  verb: Verb = 'accounts.find',
  tenant: Person['tenant'] = 'a',
): AccountsPort => {
  const { accounts } = world.side(tenant).target
  if (accounts === undefined) throw world.lacks(verb)
  return accounts
}

export const findAccount = (
  world: IdpactWorld,
  person: Person,
  tenant: Person['tenant'] = person.tenant,
): Promise<Account | undefined> => accountsOf(world, 'accounts.find', tenant).find({ email: person.email })

const show = (value: unknown): string =>
  value === undefined ? 'nothing' : typeof value === 'string' ? `"${value}"` : JSON.stringify(value)

/** The last login of this person must have worked, or what is stored says nothing about it. */
const lastLoginWorked = (world: IdpactWorld, person: Person): void => {
  const attempt = world.attempts.findLast((one) => one.person === person)
  if (attempt) mustHaveBeenAccepted(attempt, `${person.name}, in the login whose effect is looked at,`, 'login-refused')
}

/** One thing that can be seen of an account. */
export interface Aspect<T> {
  /** `the role`. */
  title: string
  read: (account: Account) => T | undefined
  equal: (a: T, b: T) => boolean
}

const aspect = <T>(title: string, read: (account: Account) => T | undefined): Aspect<T> => ({
  title,
  read,
  equal: (a, b) => JSON.stringify(a) === JSON.stringify(b),
})

export const aspects = {
  role: aspect('the role', ({ role }) => role),
  enabled: aspect('whether it is enabled', ({ enabled }) => enabled),
  twoFactor: aspect('two-factor', ({ twoFactor }) => twoFactor),
  groups: aspect('the groups', ({ groups }) => groups?.toSorted()),
  environments: aspect('the environments', ({ environments }) =>
    typeof environments === 'string' ? environments : environments?.toSorted(),
  ),
  source: aspect('where it comes from', ({ source }) => source),
  // How a first and a last name make a display name is the SP's own affair; that both are in it is not.
  name: aspect('the name', ({ name, firstName, lastName }) =>
    firstName === undefined && lastName === undefined ? name : [firstName, lastName].filter(Boolean).join(' '),
  ),
  email: aspect('the e-mail address', ({ email }) => email.toLowerCase()),
} as const

/** Neither that an account has something nor that it has not can be said by a port that doesn't show it. */
const invisible = (title: string): StepFailure =>
  notObservable({
    code: 'not-visible',
    expected: `The accounts port shows ${title}.`,
    actual: 'It does not.',
    hint: `Let the driver of target.accounts say where ${title} stands in an account.`,
  })

/** @throws StepFailure unless the person's account comes to have this value */
export const mustShow = async <T>(
  world: IdpactWorld,
  person: Person,
  what: Aspect<T>,
  expected: T,
  { hint, afterLogin = true }: { hint?: string; afterLogin?: boolean } = {},
): Promise<void> => {
  if (afterLogin) lastLoginWorked(world, person)
  const fits = (account: Account | undefined): boolean => {
    const value = account && what.read(account)
    return value !== undefined && what.equal(value, expected)
  }
  const account = await eventually(() => findAccount(world, person), fits, world.run.target)
  if (account === undefined)
    throw inconclusive({
      code: 'no-account',
      expected: `The account of ${person.name} (${person.email}) can be read.`,
      actual: 'The service provider has no such account.',
      hint: 'Mend first why the login makes no account; other requirements of this report name it.',
    })
  const actual = what.read(account)
  if (actual === undefined) throw invisible(what.title)
  if (!fits(account))
    throw failed({
      code: 'account-differs',
      expected: `The account of ${person.name} has ${show(expected)} as ${what.title}.`,
      actual: `It has ${show(actual)}.`,
      hint,
    })
}

/**
 * That there is no account counts only where the port shows one that must be there: the twin's, who was let in.
 *
 * @throws StepFailure `inconclusive` when the port shows none for the twin either
 */
const mustSeeTwin = async (world: IdpactWorld, person: Person): Promise<void> => {
  const twin = world.twinOf(person)
  if (twin === undefined) return
  const account = await eventually(
    () => findAccount(world, twin),
    (found) => found !== undefined,
    world.run.target,
  )
  if (account !== undefined) return
  throw inconclusive({
    code: 'presence-not-seen',
    expected: `The accounts port shows the account of the twin of ${person.name} (${twin.email}), who was let in.`,
    actual: `It shows none, so that it shows none for ${person.email} says nothing.`,
    hint: 'Correct target.accounts: it must find an account by its e-mail address.',
  })
}

/** @throws StepFailure if the account is there and has this value; no account is fine */
export const mustNotShow = async <T>(
  world: IdpactWorld,
  person: Person,
  what: Aspect<T>,
  forbidden: (value: T) => boolean,
  title: string,
): Promise<void> => {
  const account = await stays(() => findAccount(world, person), world.run.target)
  if (account === undefined) return mustSeeTwin(world, person)
  const actual = what.read(account)
  if (actual === undefined) throw invisible(what.title)
  if (!forbidden(actual)) return
  throw failed({
    code: 'account-has-too-much',
    expected: `The account of ${person.name} does not have ${title}.`,
    actual: `It has ${show(actual)} as ${what.title}.`,
  })
}

const name = (account: Account): string => `${account.email} (${account.id})`

/** @throws StepFailure if there is an account with the person's address */
export const mustHaveNoAccount = async (
  world: IdpactWorld,
  person: Person,
  tenant: Person['tenant'] = person.tenant,
): Promise<void> => {
  const account = await stays(() => findAccount(world, person, tenant), world.run.target)
  if (account === undefined) return tenant === person.tenant ? mustSeeTwin(world, person) : undefined
  throw failed({
    code: 'account-made',
    expected: `The service provider has no account for ${person.email}.`,
    actual: `It has ${name(account)}.`,
  })
}

/** @throws StepFailure unless there comes to be an account with the person's address */
export const mustHaveAccount = async (world: IdpactWorld, person: Person): Promise<void> => {
  const account = await eventually(
    () => findAccount(world, person),
    (found) => found !== undefined,
    world.run.target,
  )
  if (account !== undefined) return
  throw failed({
    code: 'account-missing',
    expected: `The service provider has an account for ${person.email}.`,
    actual: 'It has none.',
  })
}

/** @throws StepFailure unless the list of accounts comes to have the person's address, once */
export const mustBeListedOnce = async (world: IdpactWorld, person: Person): Promise<void> => {
  const found = await eventually(
    async () => {
      const all = await accountsOf(world, 'accounts.list').list(person.scene.names.prefix)
      return all.filter(({ email }) => email.toLowerCase() === person.email.toLowerCase())
    },
    ({ length }) => length === 1,
    world.run.target,
  )
  if (found.length === 1) return
  throw failed({
    code: 'not-listed-once',
    expected: `The list of accounts has ${person.email} once.`,
    actual: found.length === 0 ? 'It does not have it.' : `It has ${found.map(name).join(' and ')}.`,
  })
}

/** @throws StepFailure if there are more accounts of the scenario's own people than that */
export const mustHaveAtMost = async (world: IdpactWorld, count: number): Promise<void> => {
  const { prefix } = world.main.names
  const found = await stays(() => accountsOf(world, 'accounts.list').list(prefix), world.run.target)
  if (found.length <= count) return
  throw failed({
    code: 'too-many-accounts',
    expected: `The service provider has no more than ${count} of the accounts that start with ${prefix}.`,
    actual: `It has ${found.map(name).join(', ')}.`,
  })
}

/** Keeps the account as it is now, to be compared with later. */
export const noteAccount = async (world: IdpactWorld, person: Person): Promise<void> => {
  const account = await eventually(
    () => findAccount(world, person),
    (found) => found !== undefined,
    world.run.target,
  )
  if (account === undefined)
    throw inconclusive({
      code: 'no-account',
      expected: `The account of ${person.name} (${person.email}) can be noted before the probe.`,
      actual: 'The service provider has no such account.',
    })
  person.noted = account
  person.accountId = account.id
}

const noted = (person: Person): Account => {
  if (person.noted) return person.noted
  throw new Error(`No step has noted the account of ${person.name}.`)
}

/**
 * Something that a login changes must be seen of the account, or that nothing has changed says nothing.
 *
 * @throws StepFailure unless the account with the noted id has all that it had
 */
export const mustBeUnchanged = async (world: IdpactWorld, person: Person): Promise<void> => {
  const before = noted(person)
  if (aspects.role.read(before) === undefined && aspects.name.read(before) === undefined)
    throw invisible('the role or the name')
  const now = await stays(
    () => accountsOf(world, 'accounts.find', person.tenant).find({ id: before.id }),
    world.run.target,
  )
  const text = (account: Account | undefined) => JSON.stringify(account, account && Object.keys(account).toSorted())
  if (now !== undefined && text(now) === text(before)) return
  throw failed({
    code: 'account-changed',
    expected: `The account of ${person.name} is as it was: ${text(before)}`,
    actual: now === undefined ? 'It is gone.' : `It is now ${text(now)}`,
  })
}

/** @throws StepFailure unless the account found by the person's present address is the one that was noted */
export const mustBeSameAccount = async (world: IdpactWorld, person: Person): Promise<void> => {
  lastLoginWorked(world, person)
  const before = noted(person)
  const now = await eventually(
    () => findAccount(world, person),
    (account) => account?.id === before.id,
    world.run.target,
  )
  if (now?.id === before.id) return
  throw failed({
    code: 'other-account',
    expected: `${person.name} uses the account ${before.id}, as before.`,
    actual:
      now === undefined
        ? `No account has the address ${person.email}.`
        : `The account with the address ${person.email} is ${now.id}.`,
  })
}
