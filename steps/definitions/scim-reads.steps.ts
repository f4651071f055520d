import { Given, Then } from '@cucumber/cucumber'
import { environmentNames } from '../environments.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import { makeAccount } from '../password.ts'
import { mustListEachOnce } from '../scim/pages.ts'
import { everybody, hasMail, isResource, mustShowByScim, userOf, usersNamed } from '../scim/reading.ts'
import type { IdpactWorld } from '../world.ts'

/** What the SCIM server shows, to whoever has the connection's token. */

Then('SCIM finds {person} once', needs('scim.call'), async function (this: IdpactWorld, name: string) {
  await userOf(this, this.person(name))
})

Then('SCIM finds nobody called {string}', needs('scim.call'), async function (this: IdpactWorld, label: string) {
  const found = await usersNamed(this, `${this.main.names.prefix}${label}@${this.context.users.emailDomain}`)
  if (found.length === 0) return
  throw failed({
    code: 'filter-ignored',
    expected: 'A filter for a userName that nobody has finds nobody.',
    actual: `It finds ${found.length} users.`,
  })
})

Then(
  'SCIM shows {person} with the role {string}',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string, role: string) {
    await mustShowByScim(this, this.person(name), 'role', role)
  },
)

Then(
  'SCIM shows {person} with the product environments {names}',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string, labels: string[]) {
    await mustShowByScim(this, this.person(name), 'product_environments', environmentNames(this, labels))
  },
)

Then(
  /^SCIM shows (the user|the colleague|the newcomer|the other user) as (active|inactive)$/,
  needs('scim.call'),
  async function (this: IdpactWorld, name: string, state: string) {
    await mustShowByScim(this, this.person(name), 'active', state === 'active')
  },
)

Then(
  'SCIM shows {person} with the last name {string}',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string, lastName: string) {
    const user = await userOf(this, this.person(name))
    const { name: parts } = user
    const actual = isResource(parts) ? parts['familyName'] : undefined
    if (actual === lastName) return
    throw failed({
      code: 'scim-differs',
      expected: `The SCIM server shows ${name} with the last name ${lastName}.`,
      actual: `It shows ${JSON.stringify(parts)}.`,
    })
  },
)

Then(
  'SCIM shows {person} with all that an import needs',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string) {
    const person = this.person(name)
    const user = await userOf(this, person)
    const lacking = [
      ...(typeof user['id'] === 'string' && user['id'] !== '' ? [] : ['id']),
      ...(typeof user['userName'] === 'string' ? [] : ['userName']),
      ...(hasMail(user, person.email) ? [] : ['emails']),
      ...(isResource(user['name']) ? [] : ['name']),
      ...(typeof user['active'] === 'boolean' ? [] : ['active']),
    ]
    if (lacking.length === 0) return
    throw failed({
      code: 'scim-incomplete',
      expected: 'A user has id, userName, emails, name and active.',
      actual: `It lacks ${lacking.join(', ')}: ${JSON.stringify(user).slice(0, 400)}`,
    })
  },
)

Given(
  'the service provider has accounts for {int} people',
  needs('accounts.create'),
  async function (this: IdpactWorld, count: number) {
    await Promise.all(Array.from({ length: count }, (_, i) => makeAccount(this, this.person(`person ${i}`), undefined)))
  },
)

Then(
  'SCIM lists the {int} people over four pages or more, each of them once',
  needs('scim.call'),
  async function (this: IdpactWorld, count: number) {
    const wanted = Array.from({ length: count }, (_, i) => this.person(`person ${i}`).email)
    await mustListEachOnce(this, wanted)
  },
)

Then('SCIM lists {person}', needs('scim.call'), async function (this: IdpactWorld, name: string) {
  const { users } = await everybody(this, 100)
  if (users.some((user) => hasMail(user, this.person(name).email))) return
  throw failed({
    code: 'not-listed',
    expected: `The list of users has ${this.person(name).email}.`,
    actual: `Its ${users.length} users do not.`,
  })
})
