import { Given, Then } from '@cucumber/cucumber'
import { findAccount, mustBeUnchanged, mustHaveNoAccount, noteAccount } from '../accounts.ts'
import { logInBySaml } from '../login.ts'
import { needs } from '../needs.ts'
import { inconclusive, notApplicable } from '../outcome.ts'
import { outsider, personIn } from '../scene.ts'
import { requestIdOf } from '../sp-start.ts'
import type { IdpactWorld } from '../world.ts'

/** A second organisation at the service provider, which trusts an IdP of its own. The outsider belongs to it. */

const inB = needs('tenantB.login', 'session.whoAmI')

Given('another organisation, with the outsider in it', inB, async function (this: IdpactWorld) {
  await this.act('an outsider', (scene) => void personIn(scene, outsider))
})

// Most service providers trust one identity provider only; that is no lack of what can be seen.
Given(
  'another organisation where the service provider has several, with the outsider in it',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld) {
    if (this.run.b === undefined)
      throw notApplicable({
        code: 'one-organisation',
        expected: 'The service provider has a second organisation, which trusts an identity provider of its own.',
        actual: 'Nothing says that it has.',
        hint: 'Where it does, give target.tenants.b in idpact.yaml.',
      })
    await this.act('an outsider', (scene) => void personIn(scene, outsider))
  },
)

Given(
  "the outsider's identity provider addresses the organisation of the user",
  needs('acs.post'),
  async function (this: IdpactWorld) {
    const { urls, audiences } = this.run.target.acs
    await this.planFault(outsider, 'addressed-to-other-organisation', () => ({
      audience: audiences[0] ?? '',
      acs: urls[0] ?? '',
    }))
  },
)

Given(
  "the outsider's identity provider speaks of {person}",
  needs('acs.post'),
  async function (this: IdpactWorld, name: string) {
    await this.planFault(outsider, 'name-id-value', (scene) => ({ value: personIn(scene, name).email }))
  },
)

// What names an organisation is what the contract takes from a parameter.
Given("the outsider's identity provider names the organisation of the user", inB, async function (this: IdpactWorld) {
  const named = this.contract.attributes.flatMap(({ name, value }) => {
    const parameter = /^\{(.+)\}$/.exec(value)?.[1]
    return parameter === undefined ? [] : [{ attribute: name, values: [String(this.run.parameters[parameter] ?? '')] }]
  })
  if (named.length === 0)
    throw inconclusive({
      code: 'not-in-contract',
      expected: 'The contract has an attribute that names the organisation.',
      actual: 'It has none.',
    })
  for (const params of named) await this.planFault(outsider, 'attribute-value', () => params)
})

Given(
  "the outsider's identity provider answers the request of {person}",
  inB,
  async function (this: IdpactWorld, name: string) {
    await this.act(`the browser of ${name}`, (scene) => {
      personIn(scene, outsider).browser = personIn(scene, name).browser
    })
    await this.planFault(outsider, 'in-response-to', (scene) => ({ id: requestIdOf(personIn(scene, name)) }))
  },
)

Given(
  'the browser takes the Response for {person} to the other organisation',
  inB,
  async function (this: IdpactWorld, name: string) {
    await this.deviate('delivery to another organisation', (scene) => {
      personIn(scene, name).deliverTo = { acs: this.side('b').target.acs.urls[0] ?? '', tenant: 'b' }
    })
  },
)

Given(
  'the browser takes the Response for the outsider to the organisation of the user',
  needs('acs.post'),
  async function (this: IdpactWorld) {
    await this.deviate('delivery to another organisation', (scene) => {
      personIn(scene, outsider).deliverTo = { acs: this.run.target.acs.urls[0] ?? '', tenant: 'a' }
    })
  },
)

Given(
  'the browser takes the Response for {person} to an organisation that there is not',
  needs('acs.post'),
  async function (this: IdpactWorld, name: string) {
    const slug = String(this.run.parameters['organization'] ?? '')
    const acs = this.run.target.acs.urls[0] ?? ''
    if (slug === '' || !acs.includes(`/${slug}/`))
      throw inconclusive({
        code: 'organisation-not-in-acs',
        expected: `The organisation "${slug}" (parameters.organization) is a part of the path of the ACS.`,
        actual: `The ACS is ${acs}.`,
      })
    await this.deviate('delivery to an organisation that there is not', (scene) => {
      const person = personIn(scene, name)
      person.deliverTo = { acs: acs.replace(`/${slug}/`, '/idpact-no-such-organization/'), tenant: person.tenant }
    })
  },
)

// Where SAML is off, only another organisation can show that the service provider is alive.
Given('the service provider lets the outsider in at the other organisation', inB, async function (this: IdpactWorld) {
  await this.setControl(() => logInBySaml(this, this.person(outsider), { flow: 'idp-initiated' }, 'alive'))
})

Given(
  'an administrator of the other organisation has noted the account of the outsider',
  needs('tenantB.accounts'),
  async function (this: IdpactWorld) {
    await noteAccount(this, this.person(outsider))
  },
)

// That the other organisation shows no account counts only where it shows the one that must be there.
Then(
  'the other organisation has no account for {person}, but one for the outsider',
  needs('tenantB.accounts'),
  async function (this: IdpactWorld, name: string) {
    if ((await findAccount(this, this.person(outsider))) === undefined)
      throw inconclusive({
        code: 'presence-not-seen',
        expected: 'The accounts port of the other organisation shows the outsider, who was let in there.',
        actual: 'It does not.',
        hint: 'Correct target.tenants.b.accounts.',
      })
    await mustHaveNoAccount(this, this.person(name), 'b')
  },
)

Then(
  'the other organisation has left the account of the outsider as it was',
  needs('tenantB.accounts'),
  async function (this: IdpactWorld) {
    await mustBeUnchanged(this, this.person(outsider))
  },
)
