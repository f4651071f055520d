import { Given, Then, When } from '@cucumber/cucumber'
import { accountsOf, noteAccount } from '../accounts.ts'
import { administer, disableAccount } from '../administration.ts'
import { needs } from '../needs.ts'
import { failed } from '../outcome.ts'
import { personIn } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/** What administrators of the service provider do. */

Given(
  'an administrator has noted the account of {person}',
  needs('accounts.find'),
  async function (this: IdpactWorld, name: string) {
    await noteAccount(this, this.person(name))
  },
)

Given(
  'an administrator has turned on two-factor for {person}',
  needs('accounts.find', 'admin.twoFactor'),
  async function (this: IdpactWorld, name: string) {
    await this.act(`two-factor for ${name}`, (scene) =>
      administer(this, personIn(scene, name), (account) => this.run.target.admin?.setTwoFactor?.(account.id, true)),
    )
  },
)

When(
  'an administrator changes the role of {person} to {string}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string, role: string) {
    await this.act(`the role ${role} by an administrator`, (scene) =>
      administer(this, personIn(scene, name), ({ id }) => accountsOf(this).update(id, { role })),
    )
  },
)

When(
  'an administrator changes the name of {person} to {string}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string, newName: string) {
    await this.act(`the name ${newName} by an administrator`, (scene) =>
      administer(this, personIn(scene, name), ({ id }) => accountsOf(this).update(id, { name: newName })),
    )
  },
)

When(
  'an administrator disables the account of {person}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string) {
    await this.deviate(`a disabled account`, (scene) => disableAccount(this, personIn(scene, name)), { lasting: true })
  },
)

When(
  'an administrator deletes the account of {person}',
  needs('accounts.find', 'accounts.delete'),
  async function (this: IdpactWorld, name: string) {
    await this.act(`the account is deleted`, (scene) =>
      administer(this, personIn(scene, name), ({ id }) => accountsOf(this).delete(id)),
    )
  },
)

When(
  "an administrator deletes the account of {person}, but not the twin's",
  needs('accounts.find', 'accounts.delete'),
  async function (this: IdpactWorld, name: string) {
    await this.deviate(
      'the deletion of the account',
      (scene) => administer(this, personIn(scene, name), ({ id }) => accountsOf(this).delete(id)),
      { lasting: true },
    )
  },
)

Then(
  'the service provider lets no administrator set a password for {person}',
  needs('accounts.find', 'accounts.update'),
  async function (this: IdpactWorld, name: string) {
    await administer(this, this.person(name), async ({ id }) => {
      const answer = await accountsOf(this).update(id, { password: 'Idpact-never-set-1' })
      if (!('refused' in answer))
        throw failed({
          code: 'password-set',
          expected: 'A password cannot be set for an account that came into being by a login.',
          actual: 'The service provider accepted the change.',
        })
    })
  },
)
