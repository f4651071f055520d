import { Then } from '@cucumber/cucumber'
import {
  aspects,
  findAccount,
  mustBeListedOnce,
  mustBeSameAccount,
  mustBeUnchanged,
  mustHaveAccount,
  mustHaveAtMost,
  mustHaveNoAccount,
  mustNotShow,
  mustShow,
} from '../accounts.ts'
import { environmentNames } from '../environments.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'

/** What the service provider has stored about people. */

Then(
  'the service provider has no account for {person}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustHaveNoAccount(this, this.person(name))
  },
)

Then(
  'the service provider has an account for {person}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustHaveAccount(this, this.person(name))
  },
)

Then(
  'the service provider lists {person} once',
  needs('accounts.list'),
  async function (this: IdpactWorld, name: string) {
    await mustBeListedOnce(this, this.person(name))
  },
)

Then(
  'the service provider has at most {int} account(s) for the people of this scenario',
  needs('accounts.list'),
  async function (this: IdpactWorld, count: number) {
    await mustHaveAtMost(this, count)
  },
)

Then(
  'the service provider shows {person} with the role {string}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string, role: string) {
    await mustShow(this, this.person(name), aspects.role, role)
  },
)

Then(
  'the service provider does not show {person} with the role {string}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string, role: string) {
    await mustNotShow(this, this.person(name), aspects.role, (value) => value === role, `the role ${role}`)
  },
)

Then(
  'the service provider shows {person} with the name of the directory',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    const person = this.person(name)
    const { firstName, lastName } = person.profile
    await mustShow(this, person, aspects.name, [firstName, lastName].filter(Boolean).join(' '))
  },
)

Then(
  'the service provider shows {person} with the name {string}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string, expected: string) {
    await mustShow(this, this.person(name), aspects.name, expected, { afterLogin: false })
  },
)

Then(
  'the service provider shows {person} with the e-mail address of the directory',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    const person = this.person(name)
    await mustShow(this, person, aspects.email, person.email.toLowerCase())
  },
)

Then(
  'the service provider shows {person} as coming from {string}',
  needs('accounts.list'),
  async function (this: IdpactWorld, name: string, source: string) {
    await mustShow(this, this.person(name), aspects.source, source)
  },
)

Then(
  'the service provider shows {person} as enabled',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustShow(this, this.person(name), aspects.enabled, true, { afterLogin: false })
  },
)

Then(
  'the service provider shows {person} as disabled',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustShow(this, this.person(name), aspects.enabled, false, { afterLogin: false })
  },
)

Then(
  'the service provider shows {person} with two-factor on',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustShow(this, this.person(name), aspects.twoFactor, true, { afterLogin: false })
  },
)

Then(
  'the service provider shows {person} with access to all environments',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustShow(this, this.person(name), aspects.environments, 'all')
  },
)

Then(
  'the service provider shows {person} with access to exactly the environments {names}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string, labels: string[]) {
    await mustShow(this, this.person(name), aspects.environments, environmentNames(this, labels).toSorted())
  },
)

Then(
  'the service provider does not show {person} with access to all environments',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    const all = environmentNames(this, ['first', 'second'])
    await mustNotShow(
      this,
      this.person(name),
      aspects.environments,
      (value) => value === 'all' || all.every((environment) => value.includes(environment)),
      'access to all environments',
    )
  },
)

Then(
  'the service provider does not show {person} with access to the environments {names}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string, labels: string[]) {
    const names = environmentNames(this, labels)
    await mustNotShow(
      this,
      this.person(name),
      aspects.environments,
      (value) => value === 'all' || names.some((environment) => value.includes(environment)),
      `access to ${labels.join(', ')}`,
    )
  },
)

Then(
  'the service provider has left the account of {person} as it was',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustBeUnchanged(this, this.person(name))
  },
)

Then(
  'the service provider still uses the same account for {person}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustBeSameAccount(this, this.person(name))
  },
)

Then(
  'the service provider uses another account for {person}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    const person = this.person(name)
    const account = await findAccount(this, person)
    if (account !== undefined && account.id !== person.noted?.id) return
    throw failed({
      code: 'same-account',
      expected: `${name} uses another account than ${person.noted?.id ?? 'the noted one'}.`,
      actual: account === undefined ? `No account has the address ${person.email}.` : 'It is the same account.',
    })
  },
)

Then(
  'what the service provider shows as the role of {person} is noted, not judged',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    const account = await findAccount(this, this.person(name))
    this.attachObservation({
      subject: `the role of ${name}`,
      value: account?.role ?? 'no account, or no role to be seen',
    })
  },
)

Then(
  'the service provider still lists the account that was noted for {person}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await mustBeUnchanged(this, this.person(name))
  },
)
