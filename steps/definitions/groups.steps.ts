import { Given, Then } from '@cucumber/cucumber'
import { stays } from '../../src/target/settle.ts'
import { aspects, mustShow } from '../accounts.ts'
import { mustHaveGroups, mustHaveMembers, settingsOf } from '../groups.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'

/** Groups and environments of the service provider. */

Then(
  'the service provider shows {person} in exactly the groups {names}',
  needs('accounts.find', 'accounts.groups'),
  async function (this: IdpactWorld, name: string, labels: string[]) {
    await mustShow(this, this.person(name), aspects.groups, labels.map(this.main.names.group).toSorted())
  },
)

Then(
  'the service provider has the group {string} exactly once',
  needs('accounts.groups'),
  async function (this: IdpactWorld, label: string) {
    await mustHaveGroups(this, label, 1)
  },
)

Then(
  'the service provider has no group {string}',
  needs('accounts.groups'),
  async function (this: IdpactWorld, label: string) {
    await mustHaveGroups(this, label, 0)
  },
)

Then(
  'the group {string} has {person} as its only member',
  needs('accounts.groups'),
  async function (this: IdpactWorld, label: string, name: string) {
    await mustHaveMembers(this, label, [this.person(name).email])
  },
)

Then(
  'the group {string} has the members {person} and {person}',
  needs('accounts.groups'),
  async function (this: IdpactWorld, label: string, name: string, other: string) {
    await mustHaveMembers(this, label, [this.person(name).email, this.person(other).email])
  },
)

Then('the group {string} has no members', needs('accounts.groups'), async function (this: IdpactWorld, label: string) {
  await mustHaveMembers(this, label, [])
})

Given(
  'an administrator has noted the settings of the group {string} and of the environments',
  needs('accounts.groups', 'accounts.environments'),
  async function (this: IdpactWorld, label: string) {
    this.notes.set(label, await settingsOf(this, label))
  },
)

Then(
  'the service provider has left the settings of the group {string} and of the environments as they were',
  needs('accounts.groups', 'accounts.environments'),
  async function (this: IdpactWorld, label: string) {
    const now = await stays(() => settingsOf(this, label), this.run.target)
    const before = this.notes.get(label)
    if (now === before) return
    throw failed({
      code: 'settings-changed',
      expected: `The settings are as they were: ${before ?? 'never noted'}`,
      actual: `They are now ${now}`,
    })
  },
)
