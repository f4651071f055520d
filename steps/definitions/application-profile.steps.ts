import { type DataTable, Given, Then } from '@cucumber/cucumber'
import { environmentNames } from '../environments.ts'
import { failed } from '../outcome.ts'
import { provisioningApp, workDone } from '../scim/application.ts'
import { type SentToo, withAlsoSent } from '../scim/application-profile.ts'
import { type GuideValues, makeStrictOrg, mustRefuseInStrictOrg, mustTakeInStrictOrg } from '../scim/strict-org.ts'
import type { IdpactWorld } from '../world.ts'

/** The Profile Editor: what the application, the Okta user and the Okta group have, and where it goes. */

Given('the application also sends these attributes:', async function (this: IdpactWorld, table: DataTable) {
  const also: SentToo[] = table
    .hashes()
    .map(({ name = '', as = '', namespace = '', value = '' }) => ({ name, as, namespace, value }))
  await provisioningApp(this, withAlsoSent(also))
})

Given(
  'the group {string} has the Cloudinary role {string} and the product environments {names} in Okta',
  async function (this: IdpactWorld, label: string, role: string, labels: string[]) {
    const id = await this.directoryGroup(this.main.names.group(label))
    const profile = { cld_role: role, product_environments: environmentNames(this, labels) }
    await this.run.org.groups.update(id, { profile })
    await workDone(this)
  },
)

Then(
  'the assignment form of the group {string} has {string} as {string}',
  async function (this: IdpactWorld, label: string, value: string, attribute: string) {
    const groupId = await this.directoryGroup(this.main.names.group(label))
    const form = await this.run.org.provisioning.form(await provisioningApp(this), { groupId })
    const field = form.find((one) => one.attribute === attribute)
    const wanted = environmentNames(this, value.split(', ')).join(', ')
    const actual = [field?.value ?? 'nothing'].flat().join(', ')
    if (actual === wanted) return
    throw failed({
      code: 'other-form',
      expected: `The form of the group is filled in with ${attribute} ${wanted}.`,
      actual: `It has ${actual} from ${field?.source ?? 'nowhere'}.`,
    })
  },
)

Given(
  'an Okta org where users and groups must have one of the Cloudinary roles and product environments',
  async function (this: IdpactWorld) {
    await makeStrictOrg(this)
  },
)

const valuesOf = (world: IdpactWorld, role: string, labels: readonly string[]): GuideValues => ({
  ...(role !== '' && { cld_role: role }),
  ...(labels.length > 0 && { product_environments: environmentNames(world, labels) }),
})

Then(
  /^that org refuses a (user|group) with the role "([^"]*)" and the product environments "([^"]*)", because of (cld_role|product_environments)$/,
  async function (this: IdpactWorld, kind: 'user' | 'group', role: string, labels: string, attribute: string) {
    const values = valuesOf(this, role, labels === '' ? [] : labels.split(', '))
    await mustRefuseInStrictOrg(this, kind, values, attribute === 'cld_role' ? 'cld_role' : 'product_environments')
  },
)

Then(
  /^that org takes a (user|group) with the role "([^"]*)" and the product environments "([^"]*)"$/,
  async function (this: IdpactWorld, kind: 'user' | 'group', role: string, labels: string) {
    await mustTakeInStrictOrg(this, kind, valuesOf(this, role, labels.split(', ')))
  },
)
