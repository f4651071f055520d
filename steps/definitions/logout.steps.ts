import { Then, When } from '@cucumber/cucumber'
import { journalEnd } from '../mock-idp.ts'
import { needs } from '../needs.ts'
import {
  bindingOf,
  logOutAtSp,
  mustBeLoggedOut,
  mustHaveAnswered,
  mustHaveAskedIdp,
  mustStillBeLoggedIn,
  mustTakeLogoutRequests,
  sendLogoutRequest,
} from '../saml/logout.ts'
import type { IdpactWorld } from '../world.ts'

/** Single logout, as either side begins it. */

const both = needs('acs.post', 'session.whoAmI')

When(
  'the mock IdP asks by {word} to log {person} out',
  both,
  async function (this: IdpactWorld, binding: string, name: string) {
    this.journalStart = await journalEnd(this)
    this.logout = await sendLogoutRequest(this, this.person(name), bindingOf(binding))
  },
)

When(
  'the mock IdP asks by {word} to log {person} out, with the mistake {string}',
  both,
  async function (this: IdpactWorld, binding: string, name: string, fault: string) {
    await mustTakeLogoutRequests(this, bindingOf(binding))
    await this.haveLoggedIn(name)
    this.logout = await sendLogoutRequest(this, this.person(name), bindingOf(binding), { fault })
  },
)

When('{person} logs out at the service provider', both, async function (this: IdpactWorld, name: string) {
  await logOutAtSp(this, this.person(name))
})

Then('{person} is logged out', both, async function (this: IdpactWorld, name: string) {
  await mustBeLoggedOut(this, this.person(name))
})

Then('{person} is still logged in', both, async function (this: IdpactWorld, name: string) {
  await mustStillBeLoggedIn(this, this.person(name))
})

Then('the LogoutRequest is answered', both, async function (this: IdpactWorld) {
  await mustHaveAnswered(this, this.sentLogout)
})

Then(
  'the mock IdP is asked to end the session of {person} too',
  both,
  async function (this: IdpactWorld, name: string) {
    await mustHaveAskedIdp(this, this.person(name))
  },
)
