import { Then, When } from '@cucumber/cucumber'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import { saveMetadata } from '../sso-setup.ts'
import type { IdpactWorld } from '../world.ts'

/** Who may say which identity provider is trusted. */

When(
  '{person} saves the metadata of the identity provider at the service provider',
  needs('ssoSetup.save', 'admin.metadata'),
  async function (this: IdpactWorld, name: string) {
    this.savedMetadata = await saveMetadata(this, this.person(name))
  },
)

Then('the service provider takes the metadata', function (this: IdpactWorld) {
  const { page, stored } = this.saved
  if (stored) return
  throw failed({
    code: 'metadata-refused',
    expected: 'Metadata that an administrator saves is stored.',
    actual: `It is not; the answer had status ${page.status}.`,
  })
})

Then('the service provider does not take the metadata', function (this: IdpactWorld) {
  const { page, stored } = this.saved
  if (!stored) return
  throw failed({
    code: 'metadata-taken',
    expected: 'Metadata that somebody saves who is no administrator is not stored.',
    actual: `It is stored; the answer had status ${page.status}.`,
    hint: 'Whoever can replace the metadata can log in as anybody.',
  })
})
