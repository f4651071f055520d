import { Given, Then, When } from '@cucumber/cucumber'
import { eventually } from '../../src/target/settle.ts'
import {
  askForUnregisteredAcs,
  journalEnd,
  metadataFetches,
  mustHaveOktaShape,
  mustHaveRefusedRequest,
  mustHaveRequestFrom,
  mustHaveSentAttributes,
  mustHaveSentAudience,
  mustHaveSentNameId,
  mustHaveSentNothing,
  mustHaveSentValues,
} from '../mock-idp.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'

/** What the mock IdP sends, serves and refuses: some requirements are about the identity provider. */

Given("the mock IdP's journal is read from here on", async function (this: IdpactWorld) {
  this.journalStart = await journalEnd(this)
})

// Only where idpact itself told the SP the URL: otherwise it may have fetched long ago, and still remember.
Then(
  'the mock IdP has served its metadata to the service provider',
  needs('admin.metadata'),
  async function (this: IdpactWorld) {
    const fetches = await eventually(
      () => metadataFetches(this, this.context.idp.journalSince ?? 0),
      (count) => count > 0,
      this.run.target,
    )
    if (fetches > 0) return
    throw failed({
      code: 'metadata-not-fetched',
      expected: 'The service provider fetches the metadata from the URL that it was given.',
      actual: 'The journal of the mock IdP has no request for it.',
    })
  },
)

Then('the mock IdP has served no metadata since', async function (this: IdpactWorld) {
  const fetches = await metadataFetches(this, this.journalStart)
  if (fetches === 0) return
  throw failed({
    code: 'metadata-fetched',
    expected: 'With inline metadata nothing is fetched.',
    actual: `The metadata was fetched ${fetches} times.`,
  })
})

Then("the mock IdP's metadata URL has Okta's shape", function (this: IdpactWorld) {
  mustHaveOktaShape(this.run.registration.metadataUrl)
})

Then('the mock IdP sent the NameID in the format {string}', function (this: IdpactWorld, format: string) {
  mustHaveSentNameId(this.last, format, this.last.person.email)
})

Then(
  'the mock IdP sent each attribute of the contract once, in the name format {string}',
  function (this: IdpactWorld, format: string) {
    mustHaveSentAttributes(
      this.last,
      this.run.contract.attributes.map(({ name }) => name),
      format,
    )
  },
)

Then(
  'the mock IdP sent the groups {names} in the attribute {string}',
  function (this: IdpactWorld, labels: string[], attribute: string) {
    mustHaveSentValues(this.last, attribute, labels.map(this.main.names.group))
  },
)

Then('the mock IdP sent no attribute {string}', function (this: IdpactWorld, attribute: string) {
  mustHaveSentValues(this.last, attribute, [])
})

Then('the audience of the Response is the URL that it was posted to', function (this: IdpactWorld) {
  mustHaveSentAudience(this.last, this.last.postedTo ?? '')
})

Then('the mock IdP sent nothing to the service provider', function (this: IdpactWorld) {
  mustHaveSentNothing(this.last)
})

When(
  'an AuthnRequest asks the mock IdP to answer {person} at a URL that is not registered',
  needs('acs.post'),
  async function (this: IdpactWorld, name: string) {
    await askForUnregisteredAcs(this, this.person(name))
  },
)

Then('the mock IdP refuses the request and says why', async function (this: IdpactWorld) {
  await mustHaveRefusedRequest(this)
})

Then(
  'the AuthnRequest of the service provider has its entity ID as the issuer',
  needs('start.login'),
  async function (this: IdpactWorld) {
    await mustHaveRequestFrom(this, this.last)
  },
)
