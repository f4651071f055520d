import type { DataTable } from '@cucumber/cucumber'
import { Given } from '@cucumber/cucumber'
import { environmentNames } from '../environments.ts'
import { needs } from '../needs.ts'
import { personIn } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/**
 * What the mock IdP gets wrong on purpose in the next Response for the user. The twin's Response is without it.
 * `idpact faults` lists the mistakes by name.
 */

const user = 'the user'

Given('the mock IdP makes the mistake {string}', needs('acs.post'), async function (this: IdpactWorld, fault: string) {
  await this.planFault(user, fault)
})

Given(
  'the mock IdP makes the mistake {string} with',
  needs('acs.post'),
  async function (this: IdpactWorld, fault: string, table: DataTable) {
    await this.planFault(user, fault, () => table.rowsHash())
  },
)

Given('the mock IdP leaves out the attribute {string}', async function (this: IdpactWorld, attribute: string) {
  await this.planFault(user, 'missing-attribute', () => ({ attribute }))
})

Given('the mock IdP sends the attribute {string} empty', async function (this: IdpactWorld, attribute: string) {
  await this.planFault(user, 'empty-attribute', () => ({ attribute }))
})

Given(
  'the mock IdP renames the attribute {string} to {string}',
  async function (this: IdpactWorld, attribute: string, to: string) {
    await this.planFault(user, 'renamed-attribute', () => ({ attribute, to }))
  },
)

Given(
  'the mock IdP writes the name of the attribute {string} in lower case',
  async function (this: IdpactWorld, attribute: string) {
    await this.planFault(user, 'attribute-name-case', () => ({ attribute }))
  },
)

Given(
  'the mock IdP writes the values of the attribute {string} in upper case',
  async function (this: IdpactWorld, attribute: string) {
    await this.planFault(user, 'attribute-value-case', () => ({ attribute }))
  },
)

Given(
  'the mock IdP sends {string} in the attribute {string}',
  async function (this: IdpactWorld, value: string, attribute: string) {
    await this.planFault(user, 'attribute-value', () => ({ attribute, values: [value] }))
  },
)

Given(
  'the mock IdP sends the environments {names} in the attribute {string}',
  async function (this: IdpactWorld, labels: string[], attribute: string) {
    const values = environmentNames(this, labels)
    await this.planFault(user, 'attribute-value', () => ({ attribute, values }))
  },
)

Given(
  'the mock IdP sends a foreign account ID in the attribute {string}',
  async function (this: IdpactWorld, attribute: string) {
    const foreign = String(this.context.parameters['foreignAccountId'] ?? 'idpact-another-account')
    await this.planFault(user, 'attribute-value', () => ({ attribute, values: [foreign] }))
  },
)

Given(
  'the mock IdP sends the e-mail address of {person} in the attribute {string}',
  async function (this: IdpactWorld, other: string, attribute: string) {
    await this.planFault(user, 'attribute-value', (scene) => ({ attribute, values: [personIn(scene, other).email] }))
  },
)

Given(
  'the mock IdP also sends {string} in the attribute {string}',
  async function (this: IdpactWorld, value: string, attribute: string) {
    await this.planFault(user, 'several-values', () => ({ attribute, values: [value] }))
  },
)

Given(
  'the mock IdP adds the attribute {string} with the value {string}',
  async function (this: IdpactWorld, attribute: string, value: string) {
    await this.planFault(user, 'extra-attribute', () => ({ attribute, values: [value] }))
  },
)

Given(
  'the mock IdP adds the attribute {string} with the e-mail address of {person}',
  async function (this: IdpactWorld, attribute: string, other: string) {
    await this.planFault(user, 'extra-attribute', (scene) => ({ attribute, values: [personIn(scene, other).email] }))
  },
)

Given(
  'the mock IdP sends the attributes with the name format {string}',
  async function (this: IdpactWorld, format: string) {
    await this.planFault(user, 'attribute-name-format', () => ({ format }))
  },
)

Given('the mock IdP sends the NameID in the format {string}', async function (this: IdpactWorld, format: string) {
  await this.planFault(user, 'name-id-format', () => ({ format }))
})

Given(
  'the mock IdP sends the e-mail address of {person} as the NameID',
  async function (this: IdpactWorld, other: string) {
    await this.planFault(user, 'name-id-value', (scene) => ({ value: personIn(scene, other).email }))
  },
)

Given(
  'the mock IdP signs, and then {person} is written into the NameID',
  async function (this: IdpactWorld, other: string) {
    await this.planFault(user, 'tampered-name-id', (scene) => ({ value: personIn(scene, other).email }))
  },
)

Given(
  'the mock IdP signs, and then the e-mail address of {person} is written into the attribute {string}',
  async function (this: IdpactWorld, other: string, attribute: string) {
    await this.planFault(user, 'tampered-attribute', (scene) => ({ attribute, value: personIn(scene, other).email }))
  },
)

Given(
  'the mock IdP signs, and then {string} is written into the attribute {string}',
  async function (this: IdpactWorld, value: string, attribute: string) {
    await this.planFault(user, 'tampered-attribute', () => ({ attribute, value }))
  },
)

Given(
  'the mock IdP sends its own groups in the attribute {string} that begin with {string}',
  async function (this: IdpactWorld, attribute: string, start: string) {
    await this.changeApplication({
      fromGroups: { attribute, prefix: this.main.names.group(start), whenEmpty: 'omit' },
    })
  },
)

Given('the mock IdP sends no attributes', async function (this: IdpactWorld) {
  await this.changeApplication({ attributes: false })
})

Given(
  'the mock IdP sends its own groups in the attribute {string}',
  async function (this: IdpactWorld, attribute: string) {
    await this.changeApplication({
      fromGroups: { attribute, prefix: this.main.names.prefix, whenEmpty: 'omit' },
    })
  },
)

Given(
  'the mock IdP sends its own groups in the attribute {string}, and an empty attribute where there are none',
  async function (this: IdpactWorld, attribute: string) {
    await this.changeApplication({
      fromGroups: { attribute, prefix: this.main.names.prefix, whenEmpty: 'send' },
    })
  },
)
