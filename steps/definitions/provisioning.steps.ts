import { Given, Then } from '@cucumber/cucumber'
import { environmentNames } from '../environments.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import { changeEmail, changeProfile } from '../scene.ts'
import {
  type ActionName,
  actions,
  assign,
  inOkta,
  provisioningApp,
  tried,
  withActions,
  withAttribute,
  withoutMappings,
  workDone,
} from '../scim/application.ts'
import { forgetSent, mustHaveSent, mustNotHaveSent, sentSince, shapeOf } from '../scim/journal.ts'
import type { IdpactWorld } from '../world.ts'

/** People whom Okta provisions: assigned, changed, gone; and what it sends for it. */

Given('an application that provisions to the service provider', needs('scim.call'), async function (this: IdpactWorld) {
  await provisioningApp(this)
})

Given(
  "an application of Okta's catalogue that provisions to the service provider",
  needs('scim.call'),
  async function (this: IdpactWorld) {
    await provisioningApp(this, (before) => ({ ...before, persona: 'okta-oin' }))
  },
)

const actionOf = (words: string): ActionName =>
  (Object.keys(actions) as ActionName[]).find((name) => actions[name] === words) ?? 'createUsers'

Given(
  /^the application does (not )?(create users|update users|deactivate users|push groups)$/,
  async function (this: IdpactWorld, not: string | null, words: string) {
    await provisioningApp(this, withActions({ [actionOf(words)]: not === null }))
  },
)

Given('the application takes the values that are typed at assignment', async function (this: IdpactWorld) {
  await provisioningApp(this, withoutMappings)
})

Given('the application requires {string}', async function (this: IdpactWorld, attribute: string) {
  await provisioningApp(this, withAttribute(attribute, { required: true }))
})

Given(
  '{person} has the Cloudinary role {string} in Okta',
  async function (this: IdpactWorld, name: string, role: string) {
    changeProfile(this.person(name), { cld_role: role })
  },
)

Given(
  '{person} has the product environments {names} in Okta',
  async function (this: IdpactWorld, name: string, labels: string[]) {
    changeProfile(this.person(name), { product_environments: environmentNames(this, labels) })
  },
)

Given('{person} is in Okta', async function (this: IdpactWorld, name: string) {
  await inOkta(this, this.person(name))
})

Given('{person} is assigned to the application', needs('scim.call'), async function (this: IdpactWorld, name: string) {
  await assign(this, this.person(name))
})

Given(
  '{person} is assigned to the application with the role {string}',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string, role: string) {
    await assign(this, this.person(name), { role })
  },
)

Given(
  '{person} is assigned to the application with the role {string} and the product environments {names}',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string, role: string, labels: string[]) {
    await assign(this, this.person(name), { role, product_environments: environmentNames(this, labels) })
  },
)

Given('{person} is no longer assigned to the application', async function (this: IdpactWorld, name: string) {
  const id = await provisioningApp(this)
  await this.run.org.applications.unassignUser(id, await inOkta(this, this.person(name)))
  await workDone(this)
})

Given(
  /^(the user|the colleague|the newcomer|the other user) is (deactivated|suspended|active again|deleted) in Okta$/,
  async function (this: IdpactWorld, name: string, what: string) {
    const { users } = this.run.org
    const id = await inOkta(this, this.person(name))
    if (what === 'deleted') await users.remove(id)
    else
      await users.update(id, {
        status: what === 'deactivated' ? 'DEPROVISIONED' : what === 'suspended' ? 'SUSPENDED' : 'ACTIVE',
      })
    await workDone(this)
  },
)

Given('the application says by SAML what it says by SCIM', async function (this: IdpactWorld) {
  await this.changeApplication({ fromProvisioning: true })
})

Given('the application has the employee number as its username', async function (this: IdpactWorld) {
  await provisioningApp(this, (before) => ({ ...before, userName: 'user.employeeNumber' }))
})

Given('Okta provisions those who were assigned before', async function (this: IdpactWorld) {
  await this.run.org.provisioning.provisionAssigned(await provisioningApp(this))
  await workDone(this)
})

/** Brings what the scenario has said of the person since to Okta, and from there to the SP. */
const pushed = async (world: IdpactWorld, name: string): Promise<void> => {
  await inOkta(world, world.person(name))
  await workDone(world)
}

Given('{person} is renamed to {string} in Okta', async function (this: IdpactWorld, name: string, lastName: string) {
  changeProfile(this.person(name), { lastName })
  await pushed(this, name)
})

Given(
  '{person} gets the Cloudinary role {string} in Okta',
  async function (this: IdpactWorld, name: string, role: string) {
    changeProfile(this.person(name), { cld_role: role })
    await pushed(this, name)
  },
)

Given(
  '{person} gets the product environments {names} in Okta',
  async function (this: IdpactWorld, name: string, labels: string[]) {
    changeProfile(this.person(name), { product_environments: environmentNames(this, labels) })
    await pushed(this, name)
  },
)

Given('{person} gets a new e-mail address in Okta', async function (this: IdpactWorld, name: string) {
  const person = this.person(name)
  changeEmail(person)
  await this.expectAccount(person)
  await pushed(this, name)
})

Given('Okta makes the mistake {string} in what it pushes', async function (this: IdpactWorld, fault: string) {
  await this.run.org.scimFaults.arm(await provisioningApp(this), { fault })
})

Given(
  'Okta makes the mistake {string} in what it pushes, with that token',
  async function (this: IdpactWorld, fault: string) {
    const token = String(this.tokens['access_token'] ?? '')
    await this.run.org.scimFaults.arm(await provisioningApp(this), { fault, params: { token } })
  },
)

Given(
  'Okta tries to assign {person} to the application',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string) {
    const person = this.person(name)
    await this.expectAccount(person)
    const userId = await inOkta(this, person)
    const id = await provisioningApp(this)
    await tried(this, () => this.run.org.applications.assignUser(id, userId))
  },
)

Given('Okta tries to rename {person} to {string}', async function (this: IdpactWorld, name: string, lastName: string) {
  changeProfile(this.person(name), { lastName })
  await tried(this, () => inOkta(this, this.person(name)))
})

Given(
  'Okta tries to put {person} into the group {string}',
  async function (this: IdpactWorld, name: string, label: string) {
    const group = await this.directoryGroup(this.main.names.group(label))
    await tried(this, async () => this.run.org.groups.addMember(group, await inOkta(this, this.person(name))))
  },
)

Given('Okta tries to push the group {string}', async function (this: IdpactWorld, label: string) {
  const name = this.main.names.group(label)
  const groupId = await this.directoryGroup(name)
  await this.expectGroup(name)
  await tried(this, async () => this.run.org.pushedGroups.push(await provisioningApp(this), { groupId }))
})

Then('the service provider refused what Okta pushed', async function (this: IdpactWorld) {
  const refused = (await sentSince(this, { keep: true })).filter(({ status }) => status !== undefined && status >= 400)
  if (refused.some(({ status }) => status !== undefined && status < 500)) return
  throw failed({
    code: 'not-refused',
    expected: 'The service provider answers with an error of the request (4xx).',
    actual: refused.length === 0 ? 'It answered everything as done.' : `It answered ${refused[0]?.status}.`,
  })
})

Given('what Okta has sent so far does not count', async function (this: IdpactWorld) {
  await forgetSent(this)
})

Then('Okta sends {string}', async function (this: IdpactWorld, list: string) {
  await mustHaveSent(
    this,
    list.split(',').map((one) => one.trim()),
  )
})

Then('Okta sends {string} and perhaps further pages', async function (this: IdpactWorld, list: string) {
  const shapes = [...new Set((await sentSince(this)).map(shapeOf))].join(', ')
  if (shapes === list) return
  throw failed({ code: 'other-requests', expected: `Okta sends ${list}.`, actual: `It sent ${shapes || 'nothing'}.` })
})

Then('Okta sends nothing', async function (this: IdpactWorld) {
  await mustHaveSent(this, [])
})

Then('Okta has sent nothing that begins with {string}', async function (this: IdpactWorld, start: string) {
  await mustNotHaveSent(this, start)
})

Then(
  'Okta has sent {person} with {string} {string}',
  async function (this: IdpactWorld, name: string, attribute: string, expected: string) {
    const all = await sentSince(this, { keep: true })
    const last = all.findLast(
      ({ method, userId, body }) =>
        (method === 'POST' || method === 'PUT') && userId === this.person(name).directoryId && body !== undefined,
    )
    const value = (last?.body as Record<string, unknown> | undefined)?.[attribute]
    const actual = Array.isArray(value) ? value.toSorted().join(', ') : String(value ?? 'nothing')
    const wanted = environmentNames(this, expected.split(', ')).toSorted().join(', ')
    if (actual === wanted) return
    throw failed({
      code: 'other-value-sent',
      expected: `Okta sends ${name} with ${attribute} ${wanted}.`,
      actual: last === undefined ? 'It did not send the user.' : `It sent ${actual} by ${shapeOf(last)}.`,
    })
  },
)

Then(
  'the mock IdP has said in {string} of {person} by SAML: {string}',
  async function (this: IdpactWorld, attribute: string, name: string, expected: string) {
    const userId = this.person(name).directoryId
    const { entries } = await this.run.org.journal.read({ ...(userId !== undefined && { userId }) })
    const { details } = entries.findLast(({ kind }) => kind === 'response-sent') ?? {}
    const attributes = (details?.['attributes'] ?? {}) as Record<string, string[]>
    const actual = (attributes[attribute] ?? []).toSorted().join(', ')
    const wanted = environmentNames(this, expected.split(', ')).toSorted().join(', ')
    if (actual === wanted) return
    throw failed({
      code: 'saml-differs',
      expected: `The Response says ${attribute}: ${wanted}, as SCIM does.`,
      actual: details === undefined ? 'There was no Response.' : `It says ${actual || 'nothing'}.`,
    })
  },
)

Then('Okta has not sent the name {string}', async function (this: IdpactWorld, name: string) {
  const found = (await sentSince(this, { keep: true })).find(({ body }) => JSON.stringify(body ?? '').includes(name))
  if (found === undefined) return
  throw failed({
    code: 'name-sent',
    expected: `No request has ${JSON.stringify(name)} in it.`,
    actual: `${shapeOf(found)} has.`,
  })
})
