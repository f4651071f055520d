import { Given, Then } from '@cucumber/cucumber'
import { MockIdpError } from '../../mock-idp/client.ts'
import { environmentNames } from '../environments.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import { inOkta, provisioningApp, workDone } from '../scim/application.ts'
import type { IdpactWorld } from '../world.ts'

/** Okta's directory as it decides what an application is told: groups that assign, forms, and where values are from. */

const groupId = (world: IdpactWorld, label: string): Promise<string> =>
  world.directoryGroup(world.main.names.group(label))

const join = async (world: IdpactWorld, label: string, name: string): Promise<void> => {
  const person = world.person(name)
  await world.expectAccount(person)
  await world.run.org.groups.addMember(await groupId(world, label), await inOkta(world, person))
}

Given(
  'Okta has the group {string} with {person}',
  needs('scim.call'),
  async function (this: IdpactWorld, label: string, name: string) {
    await join(this, label, name)
  },
)

Given(
  'Okta has the group {string} with {person} and {person}',
  needs('scim.call'),
  async function (this: IdpactWorld, label: string, name: string, other: string) {
    await join(this, label, name)
    await join(this, label, other)
  },
)

Given('{person} joins the group {string} in Okta', async function (this: IdpactWorld, name: string, label: string) {
  await join(this, label, name)
  await workDone(this)
})

Given('{person} leaves the group {string} in Okta', async function (this: IdpactWorld, name: string, label: string) {
  await this.run.org.groups.removeMember(await groupId(this, label), await inOkta(this, this.person(name)))
  await workDone(this)
})

const assignGroup = async (
  world: IdpactWorld,
  label: string,
  values: { priority?: number; profile?: Record<string, string | string[]> },
): Promise<void> => {
  await world.run.org.applications.assignGroup(await provisioningApp(world), await groupId(world, label), values)
  await workDone(world)
}

Given('the group {string} is assigned to the application', async function (this: IdpactWorld, label: string) {
  await assignGroup(this, label, {})
})

Given(
  'the group {string} is assigned with priority {int}, the role {string} and the product environments {names}',
  async function (this: IdpactWorld, label: string, priority: number, role: string, names: string[]) {
    const profile = { role, product_environments: environmentNames(this, names) }
    await assignGroup(this, label, { priority, profile })
  },
)

Given('the group {string} is no longer assigned to the application', async function (this: IdpactWorld, label: string) {
  await this.run.org.applications.unassignGroup(await provisioningApp(this), await groupId(this, label))
  await workDone(this)
})

Then(
  'Okta takes {string} of {person} from {string}',
  async function (this: IdpactWorld, attribute: string, name: string, source: string) {
    const app = await provisioningApp(this)
    const values = await this.run.org.provisioning.profile(app, await inOkta(this, this.person(name)))
    const found = values.find((one) => one.attribute === attribute)
    const wanted = source.replace(/"?group (\S+)/, (_, label: string) => `group ${this.main.names.group(label)}`)
    if (found?.source.startsWith(wanted)) return
    throw failed({
      code: 'other-source',
      expected: `Okta takes ${attribute} of ${name} from ${wanted}.`,
      actual:
        found === undefined ? 'It has no value.' : `It takes ${JSON.stringify(found.value)} from ${found.source}.`,
    })
  },
)

Then(
  'the assignment form of {person} has {string} as {string} from {string}',
  async function (this: IdpactWorld, name: string, value: string, attribute: string, source: string) {
    const app = await provisioningApp(this)
    const form = await this.run.org.provisioning.form(app, { userId: await inOkta(this, this.person(name)) })
    const field = form.find((one) => one.attribute === attribute)
    if (String(field?.value) === value && field?.source === source) return
    throw failed({
      code: 'other-form',
      expected: `The form is filled in with ${attribute} ${value}, from ${source}.`,
      actual: `It has ${JSON.stringify(field?.value) ?? 'nothing'} from ${field?.source ?? 'nowhere'}.`,
    })
  },
)

/** @throws StepFailure unless Okta refuses, with words that name the attribute */
const mustRefuse = async (what: string, attribute: string, attempt: () => Promise<unknown>): Promise<void> => {
  const refusal = await attempt().then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof MockIdpError) return error.message
      throw error
    },
  )
  if (refusal?.includes(attribute)) return
  throw failed({
    code: 'not-refused-by-okta',
    expected: `Okta refuses ${what}, and names ${attribute}.`,
    actual: refusal ?? 'It took it.',
  })
}

Then(
  'Okta refuses to assign {person} with the role {string}',
  async function (this: IdpactWorld, name: string, role: string) {
    const app = await provisioningApp(this)
    const userId = await inOkta(this, this.person(name))
    const profile = { role }
    await mustRefuse('the assignment', 'role', () => this.run.org.applications.assignUser(app, userId, { profile }))
  },
)

Then(
  'Okta refuses to assign {person} with the product environments {names}',
  async function (this: IdpactWorld, name: string, names: string[]) {
    const app = await provisioningApp(this)
    const userId = await inOkta(this, this.person(name))
    const profile = { product_environments: environmentNames(this, names) }
    await mustRefuse('the assignment', 'product_environments', () =>
      this.run.org.applications.assignUser(app, userId, { profile }),
    )
  },
)

Then('Okta refuses to assign {person} without values', async function (this: IdpactWorld, name: string) {
  const app = await provisioningApp(this)
  const userId = await inOkta(this, this.person(name))
  await mustRefuse('the assignment', 'role', () => this.run.org.applications.assignUser(app, userId))
})

Then(
  'Okta refuses to assign the group {string} with the role {string}',
  async function (this: IdpactWorld, label: string, role: string) {
    const [app, group] = [await provisioningApp(this), await groupId(this, label)]
    await mustRefuse('the assignment of the group', 'role', () =>
      this.run.org.applications.assignGroup(app, group, { profile: { role } }),
    )
  },
)
