import { Given, Then, When } from '@cucumber/cucumber'
import {
  accountsOf,
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
  noteAccount,
} from '../accounts.ts'
import { administer, disableAccount } from '../administration.ts'
import { environmentNames } from '../environments.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import { personIn } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/** What the service provider has stored about people, and what its administrators do to it. */

Given(
  'an administrator has noted the account of {person}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await noteAccount(this, this.person(name))
  },
)

Given(
  'an administrator has turned on two-factor for {person}',
  needs('accounts.find', 'admin.twoFactor'),
  async function (this: IdpactWorld, name: string) {
    await this.act(`two-factor for ${name}`, (scene) =>
      administer(this, personIn(scene, name), (account) => this.run.target.admin?.setTwoFactor?.(account.id, true)),
    )
  },
)

When(
  'an administrator changes the role of {person} to {string}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string, role: string) {
    await this.act(`the role ${role} by an administrator`, (scene) =>
      administer(this, personIn(scene, name), ({ id }) => accountsOf(this).update(id, { role })),
    )
  },
)

When(
  'an administrator changes the name of {person} to {string}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string, newName: string) {
    await this.act(`the name ${newName} by an administrator`, (scene) =>
      administer(this, personIn(scene, name), ({ id }) => accountsOf(this).update(id, { name: newName })),
    )
  },
)

When(
  'an administrator disables the account of {person}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string) {
    await this.deviate(`a disabled account`, (scene) => disableAccount(this, personIn(scene, name)), { lasting: true })
  },
)

When(
  'an administrator deletes the account of {person}',
  needs('accounts.find', 'accounts.delete'),
  async function (this: IdpactWorld, name: string) {
    await this.act(`the account is deleted`, (scene) =>
      administer(this, personIn(scene, name), ({ id }) => accountsOf(this).delete(id)),
    )
  },
)

When(
  "an administrator deletes the account of {person}, but not the twin's",
  needs('accounts.find', 'accounts.delete'),
  async function (this: IdpactWorld, name: string) {
    await this.deviate(
      'the deletion of the account',
      (scene) => administer(this, personIn(scene, name), ({ id }) => accountsOf(this).delete(id)),
      { lasting: true },
    )
  },
)

Then(
  'the service provider lets no administrator set a password for {person}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string) {
    await administer(this, this.person(name), async ({ id }) => {
      const answer = await accountsOf(this).update(id, { password: 'Idpact-never-set-1' })
      if (!('refused' in answer))
        throw failed({
          code: 'password-set',
          expected: 'A password cannot be set for an account that came into being by a login.',
          actual: 'The service provider accepted the change.',
        })
    })
  },
)

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
