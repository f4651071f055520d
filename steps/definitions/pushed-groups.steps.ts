import { Given, Then } from '@cucumber/cucumber'
import { eventually } from '../../src/target/settle.ts'
import { accountsOf, findAccount } from '../accounts.ts'
import { groupsNamed as groupsOfAccount, makeGroup, mustHaveMembers } from '../groups.ts'
import { needs } from '../needs.ts'
import { failed, inconclusive } from '../outcome.ts'
import { provisioningApp, workDone } from '../scim/application.ts'
import { call, groupsNamed, isResource, membersByScim, userOf } from '../scim/reading.ts'
import type { IdpactWorld } from '../world.ts'

/** Group push, by Okta's Push Groups tab. */

const nameOf = (world: IdpactWorld, label: string): string => world.main.names.group(label)

const pushedOf = async (world: IdpactWorld, label: string) => {
  const app = await provisioningApp(world)
  const groupId = await world.directoryGroup(nameOf(world, label))
  const pushed = (await world.run.org.pushedGroups.list(app)).find((one) => one.groupId === groupId)
  if (pushed !== undefined) return { app, pushed }
  throw inconclusive({
    code: 'not-pushed',
    expected: `The group ${label} is pushed before this step.`,
    actual: 'No step has pushed it.',
  })
}

const push = async (world: IdpactWorld, label: string, linkTo?: string): Promise<void> => {
  const app = await provisioningApp(world)
  const groupId = await world.directoryGroup(nameOf(world, label))
  await world.expectGroup(nameOf(world, label))
  await world.run.org.pushedGroups.push(app, { groupId, ...(linkTo !== undefined && { linkTo }) })
  await workDone(world)
}

Given('the group {string} is pushed', needs('scim.call'), async function (this: IdpactWorld, label: string) {
  await push(this, label)
})

Given(
  'the group {string} is pushed and linked to the group {string} of the service provider',
  needs('scim.call'),
  async function (this: IdpactWorld, label: string, other: string) {
    const [found] = await groupsNamed(this, nameOf(this, other))
    await push(this, label, String(found?.['id']))
  },
)

Given('groups whose name contains {string} are pushed by a rule', async function (this: IdpactWorld, label: string) {
  const app = await provisioningApp(this)
  await this.run.org.pushedGroups.addRule(app, { name: label, filter: { type: 'EQUALS', value: nameOf(this, label) } })
  await this.expectGroup(nameOf(this, label))
  await workDone(this)
})

Given(
  'the group {string} is renamed to {string} in Okta',
  async function (this: IdpactWorld, label: string, other: string) {
    const id = await this.directoryGroup(nameOf(this, label))
    await this.expectGroup(nameOf(this, other))
    await this.run.org.groups.update(id, { profile: { name: nameOf(this, other) } })
    await workDone(this)
  },
)

Given('the push of the group {string} is deactivated', async function (this: IdpactWorld, label: string) {
  const { app, pushed } = await pushedOf(this, label)
  await this.run.org.pushedGroups.setStatus(app, pushed.id, 'INACTIVE')
  await workDone(this)
})

Given('the push of the group {string} is active again', async function (this: IdpactWorld, label: string) {
  const { app, pushed } = await pushedOf(this, label)
  await this.run.org.pushedGroups.setStatus(app, pushed.id, 'ACTIVE')
  await workDone(this)
})

Given('the group {string} is pushed now', async function (this: IdpactWorld, label: string) {
  const { app, pushed } = await pushedOf(this, label)
  await this.run.org.pushedGroups.pushNow(app, pushed.id)
  await workDone(this)
})

Given(
  /^the group "([^"]*)" is unlinked and (kept|deleted)$/,
  async function (this: IdpactWorld, label: string, what: string) {
    const { app, pushed } = await pushedOf(this, label)
    await this.run.org.pushedGroups.unlink(app, pushed.id, { deleteAtSp: what === 'deleted' })
    await workDone(this)
  },
)

Given(
  'the service provider has the group {string} already',
  needs('accounts.manageGroups', 'accounts.groups'),
  async function (this: IdpactWorld, label: string) {
    await makeGroup(this, nameOf(this, label))
  },
)

Given(
  'an administrator of the service provider makes {person} the only member of the group {string}',
  needs('scim.call', 'accounts.find'),
  async function (this: IdpactWorld, name: string, label: string) {
    // By SCIM itself: account APIs differ in whether they can change members.
    const [group] = await groupsNamed(this, nameOf(this, label))
    const user = await userOf(this, this.person(name))
    await call(this, {
      method: 'PUT',
      path: `/Groups/${encodeURIComponent(String(group?.['id']))}`,
      body: { schemas: group?.['schemas'], displayName: nameOf(this, label), members: [{ value: user['id'] }] },
    })
  },
)

Then('Okta lists the group {string} as {string}', async function (this: IdpactWorld, label: string, status: string) {
  const { pushed } = await pushedOf(this, label)
  if (pushed.status === status && pushed.externalId !== undefined) return
  throw failed({
    code: 'other-push-status',
    expected: `Okta lists the group as ${status}, with its id at the service provider.`,
    actual: `It is ${pushed.status}${pushed.problem === undefined ? '' : `: ${pushed.problem}`}.`,
  })
})

/** @throws StepFailure unless the account's group and SCIM's have exactly these members */
const mustHave = async (world: IdpactWorld, label: string, names: readonly string[]): Promise<void> => {
  const people = names.map((name) => world.person(name))
  await mustHaveMembers(
    world,
    label,
    people.map(({ email }) => email),
  )
  const wanted = (
    await Promise.all(people.map(async (person) => String((await userOf(world, person))['id'])))
  ).toSorted()
  const actual = await eventually(
    () => membersByScim(world, label),
    (ids) => JSON.stringify(ids) === JSON.stringify(wanted),
    world.run.target,
  )
  if (JSON.stringify(actual) === JSON.stringify(wanted)) return
  throw failed({
    code: 'scim-members',
    expected: `SCIM shows the group ${label} with ${names.join(' and ') || 'nobody'}, as the account does.`,
    actual: `It shows ${actual.length} members: ${actual.join(', ')}.`,
  })
}

Then(
  'the pushed group {string} has {person}',
  needs('accounts.groups'),
  async function (this: IdpactWorld, label: string, name: string) {
    await mustHave(this, label, [name])
  },
)

Then(
  'the pushed group {string} has {person} and {person}',
  needs('accounts.groups'),
  async function (this: IdpactWorld, label: string, name: string, other: string) {
    await mustHave(this, label, [name, other])
  },
)

Then(
  'the pushed group {string} has nobody',
  needs('accounts.groups'),
  async function (this: IdpactWorld, label: string) {
    await mustHave(this, label, [])
  },
)

Then('SCIM finds the group {string} once', needs('scim.call'), async function (this: IdpactWorld, label: string) {
  await membersByScim(this, label)
})

Then('SCIM lists the group {string}', needs('scim.call'), async function (this: IdpactWorld, label: string) {
  const { body } = await call(this, { path: '/Groups?startIndex=1&count=1000' })
  const names = isResource(body) && Array.isArray(body['Resources']) ? body['Resources'] : []
  if (names.some((group) => isResource(group) && group['displayName'] === nameOf(this, label))) return
  throw failed({
    code: 'group-not-listed',
    expected: `The SCIM server lists the group ${nameOf(this, label)}.`,
    actual: `Its list of ${names.length} groups does not have it.`,
  })
})

Then(
  'the group {string} of the service provider is gone, by SCIM and in the account',
  needs('scim.call', 'accounts.groups'),
  async function (this: IdpactWorld, label: string) {
    const count = async () => [
      (await groupsNamed(this, nameOf(this, label))).length,
      (await groupsOfAccount(this, label)).length,
    ]
    const found = await eventually(count, (counts) => counts.every((one) => one === 0), this.run.target)
    if (found.every((one) => one === 0)) return
    throw failed({
      code: 'group-not-gone',
      expected: 'The group is gone.',
      actual: `SCIM finds ${found[0]}, the account has ${found[1]}.`,
    })
  },
)

Then(
  'the service provider still has {person}, enabled',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    accountsOf(this)
    const account = await eventually(
      () => findAccount(this, this.person(name)),
      (found) => found?.enabled === true,
      this.run.target,
    )
    if (account?.enabled === true) return
    throw failed({
      code: 'member-gone',
      expected: `The account of ${name} is there and enabled.`,
      actual: account === undefined ? 'It is gone.' : 'It is disabled.',
    })
  },
)
