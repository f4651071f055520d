import { Given, Then } from '@cucumber/cucumber'
import { accountsOf } from '../accounts.ts'
import { needs } from '../needs.ts'
import { failed, inconclusive } from '../outcome.ts'
import type { Person } from '../scene.ts'
import { inOkta, provisioningApp, workDone } from '../scim/application.ts'
import type { IdpactWorld } from '../world.ts'

/** Import: what Okta reads of the service provider, and what becomes of it. */

const runImport = async (world: IdpactWorld): Promise<void> => {
  const app = await provisioningApp(world)
  await world.run.org.imports.run(app).catch((error: unknown) => {
    throw failed({
      code: 'import-failed',
      expected: 'Okta can read the users of the service provider to their end.',
      actual: error instanceof Error ? error.message : String(error),
    })
  })
}

const candidateOf = async (world: IdpactWorld, person: Person) => {
  const candidates = await world.run.org.imports.candidates(await provisioningApp(world))
  return candidates.find(({ userName }) => userName.toLowerCase() === person.email.toLowerCase())
}

const mustBeCandidate = async (world: IdpactWorld, person: Person) => {
  const candidate = await candidateOf(world, person)
  if (candidate !== undefined) return candidate
  throw failed({
    code: 'no-candidate',
    expected: `The import shows ${person.name} (${person.email}).`,
    actual: 'It does not.',
  })
}

Given('Okta imports from the service provider', needs('scim.call'), async function (this: IdpactWorld) {
  await runImport(this)
})

Then('the import shows {person}', needs('scim.call'), async function (this: IdpactWorld, name: string) {
  await mustBeCandidate(this, this.person(name))
})

Then(
  'the import shows {person} as an {string} match',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string, match: string) {
    const candidate = await mustBeCandidate(this, this.person(name))
    if (candidate.match.toLowerCase() === match) return
    throw failed({
      code: 'other-match',
      expected: `${name} is an ${match} match.`,
      actual: `The match is ${candidate.match}.`,
    })
  },
)

Then('the import does not show {person}', needs('scim.call'), async function (this: IdpactWorld, name: string) {
  const candidate = await candidateOf(this, this.person(name))
  if (candidate === undefined) return
  throw failed({
    code: 'candidate',
    expected: `The import does not show ${name}: Okta has them.`,
    actual: `It shows ${candidate.userName}.`,
  })
})

Given(
  /^the import of (the user|the colleague|the newcomer|the other user) is confirmed as (a new user|a link)$/,
  async function (this: IdpactWorld, name: string, how: string) {
    const person = this.person(name)
    const { id } = await mustBeCandidate(this, person)
    const app = await provisioningApp(this)
    const action = how === 'a link' ? 'link' : 'create'
    const { userId } = await this.run.org.imports.confirm(app, id, { action })
    if (person.directoryId === undefined) this.madeUsers.push(userId)
    person.directoryId = userId
    person.assigned = true
    await workDone(this)
  },
)

const inDirectory = async (world: IdpactWorld, person: Person) =>
  (await world.run.org.users.list(person.email)).find(({ profile }) => profile.login === person.email)

Then('Okta has no user for {person}', async function (this: IdpactWorld, name: string) {
  if ((await inDirectory(this, this.person(name))) === undefined) return
  throw failed({
    code: 'imported-unasked',
    expected: `Nobody has confirmed ${name}, so Okta has no such user.`,
    actual: 'It has.',
  })
})

Then(
  "Okta's copy of {person} has the last name {string}",
  async function (this: IdpactWorld, name: string, lastName: string) {
    const user = await this.run.org.users.get(await inOktaOrImported(this, this.person(name)))
    if (user.profile.lastName === lastName) return
    throw failed({
      code: 'copy-differs',
      expected: `Okta's copy of ${name} has the last name ${lastName}.`,
      actual: `It has ${user.profile.lastName}.`,
    })
  },
)

Then("Okta's copy of {person} has the last name of before", async function (this: IdpactWorld, name: string) {
  const person = this.person(name)
  const user = await this.run.org.users.get(await inOktaOrImported(this, person))
  if (user.profile.lastName === person.profile['lastName']) return
  throw failed({
    code: 'copy-changed',
    expected: `Okta's copy of ${name} is as it was: nothing has read the service provider.`,
    actual: `It has the last name ${user.profile.lastName}.`,
  })
})

const inOktaOrImported = async (world: IdpactWorld, person: Person): Promise<string> =>
  person.directoryId ?? inOkta(world, person)

Given(
  'an administrator of the service provider renames {person} to {string}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string, lastName: string) {
    const person = this.person(name)
    const accounts = accountsOf(this, 'accounts.update')
    const account = await accounts.find({ email: person.email })
    if (account === undefined)
      throw inconclusive({
        code: 'no-account',
        expected: `The account of ${name} is there to be renamed.`,
        actual: 'It is not.',
      })
    await accounts.update(account.id, { name: `${String(person.profile['firstName'])} ${lastName}` })
  },
)

Given(
  'imports are scheduled every {int} minutes',
  needs('scim.call'),
  async function (this: IdpactWorld, minutes: number) {
    await provisioningApp(this, (before) => ({ ...before, import: { schedule: minutes } }))
  },
)

Given(
  '{int} minutes pass for the application',
  needs('scim.call'),
  async function (this: IdpactWorld, minutes: number) {
    await this.run.org.tasks.advance(await provisioningApp(this), minutes * 60_000)
    await workDone(this)
  },
)
