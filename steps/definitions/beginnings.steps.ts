import { Given } from '@cucumber/cucumber'
import { makeGroup } from '../groups.ts'
import { logInBySaml } from '../login.ts'
import { needs } from '../needs.ts'
import { giveNewPassword, givePassword, logInByPassword, makeAccount } from '../password.ts'
import type { Person } from '../scene.ts'
import { changeProfile, personIn } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/** What there is at the service provider before anything is tried: logins of the past, accounts, passwords, groups. */

const ownAccount = needs('passwordLogin.login', 'accounts.create', 'outbox.read')

/** An account of the run's own, which may be used with SAML too; the directory says the same role. */
const giveOwnAccount = async (world: IdpactWorld, person: Person, role: string): Promise<void> => {
  changeProfile(person, { [world.attribute('role')]: role })
  await giveNewPassword(world, person, role)
}

Given(
  '{person} has logged in before',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.haveLoggedIn(name)
  },
)

Given(
  '{person} has an account at the service provider',
  needs('accounts.create'),
  async function (this: IdpactWorld, name: string) {
    await this.act(`${name} has an account`, (scene) => makeAccount(this, personIn(scene, name), undefined))
  },
)

Given(
  '{person} has an account with the role {string} at the service provider',
  needs('accounts.create'),
  async function (this: IdpactWorld, name: string, role: string) {
    await this.act(`${name} has an account`, (scene) => makeAccount(this, personIn(scene, name), role))
  },
)

Given(
  '{person} has no account at the service provider, unlike the twin',
  needs('accounts.create'),
  async function (this: IdpactWorld, name: string) {
    await this.deviate(`no account`, () => {}, {
      lasting: true,
      instead: (scene) => makeAccount(this, personIn(scene, name), undefined),
    })
  },
)

Given(
  '{person} has an account and a password at the service provider',
  ownAccount,
  async function (this: IdpactWorld, name: string) {
    await this.act(`${name} has a password`, (scene) => giveNewPassword(this, personIn(scene, name), undefined))
  },
)

Given(
  '{person} has a new account with the role {string} and a password at the service provider',
  ownAccount,
  async function (this: IdpactWorld, name: string, role: string) {
    await this.act(`${name} has a password`, (scene) => giveOwnAccount(this, personIn(scene, name), role))
  },
)

// Under Enforce the role decides whether a password is good for anything: the twin is somebody who may use it.
Given(
  '{person} has a new account with the role {string} and a password at the service provider, and the twin has {string}',
  ownAccount,
  async function (this: IdpactWorld, name: string, role: string, twinRole: string) {
    await this.deviate(`the role ${role}`, (scene) => giveOwnAccount(this, personIn(scene, name), role), {
      lasting: true,
      instead: (scene) => giveOwnAccount(this, personIn(scene, name), twinRole),
    })
  },
)

// For password logins only: it may be an account of the user of idpact (users.fixtures), which SAML would change for good.
Given(
  '{person} has the role {string} and a password at the service provider',
  needs('passwordLogin.login'),
  async function (this: IdpactWorld, name: string, role: string) {
    await this.act(`${name} has a password`, (scene) => givePassword(this, personIn(scene, name), role))
  },
)

Given(
  '{person} has the role {string} and a password at the service provider, and the twin has {string}',
  needs('passwordLogin.login'),
  async function (this: IdpactWorld, name: string, role: string, twinRole: string) {
    await this.deviate(`the role ${role}`, (scene) => givePassword(this, personIn(scene, name), role), {
      lasting: true,
      instead: (scene) => givePassword(this, personIn(scene, name), twinRole),
    })
  },
)

Given(
  'the service provider lets {person} in by SAML',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.setControl(() => logInBySaml(this, this.person(name), { flow: 'idp-initiated' }, 'alive'))
  },
)

Given(
  'the service provider lets a colleague in with a password',
  needs('passwordLogin.login', 'accounts.create', 'outbox.read'),
  async function (this: IdpactWorld) {
    const colleague = this.person('the colleague')
    await giveNewPassword(this, colleague, undefined)
    await this.setControl(() => logInByPassword(this, colleague, 'alive'))
  },
)

Given(
  'the service provider has the group {string}',
  needs('accounts.manageGroups'),
  async function (this: IdpactWorld, label: string) {
    await this.act(`the group ${label}`, (scene) => makeGroup(this, scene.names.group(label)))
  },
)
