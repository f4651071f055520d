import type { DataTable } from '@cucumber/cucumber'
import { Given, Then, When } from '@cucumber/cucumber'
import { journalEnd } from '../mock-idp.ts'
import { needs } from '../needs.ts'
import { notApplicable } from '../outcome.ts'
import {
  cookieNames,
  markup,
  mustBeWorthNothing,
  mustHaveEscaped,
  mustNotHaveBroken,
  mustStayAtSp,
  plantSession,
  relayStateOf,
} from '../saml/around.ts'
import { mustHaveLeftCanaryAlone, mustReachIdp, newCanary } from '../saml/canary.ts'
import { mustBeMetadataBy, mustBeRequestBy } from '../saml/documents.ts'
import {
  mustBeAlike,
  mustBeInTime,
  mustBeNobodyElse,
  mustDoAsDeclared,
  mustGiveNothingAway,
} from '../saml/judgement.ts'
import { shapesOf } from '../saml/shape.ts'
import { strangerOf, victimOf } from '../saml/victim.ts'
import { changeEmail, personIn } from '../scene.ts'
import { mustBeRefused, mustHaveBeenRefused } from '../verdict.ts'
import type { IdpactWorld } from '../world.ts'

/**
 * Any SAML service provider: forged messages, what must come of them, and what goes on around a login. What is signed is
 * what the SP was seen to accept; whom a forged message names is somebody whom it would log in.
 */

const user = 'the user'

Given("the name of the user begins with the victim's", needs('acs.post'), async function (this: IdpactWorld) {
  const victim = await victimOf(this)
  await this.act("a name that begins with the victim's", (scene) => {
    const { users } = this.context
    if (users.user !== undefined) return
    changeEmail(personIn(scene, user), `${victim.email}.${scene.names.prefix}${users.emailDomain}`)
  })
})

Given(
  'the mock IdP makes the mistake {string} in the name of the victim',
  needs('acs.post'),
  async function (this: IdpactWorld, fault: string) {
    await this.forge(fault, (await victimOf(this)).email)
  },
)

Given(
  'the mock IdP makes the mistake {string} in the name of a stranger',
  needs('acs.post'),
  async function (this: IdpactWorld, fault: string) {
    await this.forge(fault, (await strangerOf(this)).email)
  },
)

Given(
  'the mock IdP makes the mistake {string} after the name of the victim',
  needs('acs.post'),
  async function (this: IdpactWorld, fault: string) {
    const { email } = await victimOf(this)
    await this.planFault(user, fault, () => ({ length: email.length }))
    this.forgedIdentity = email
  },
)

Given(
  'the mock IdP makes the mistake {string}, which calls the canary',
  needs('acs.post'),
  async function (this: IdpactWorld, fault: string) {
    const canary = newCanary(this)
    this.canary = canary
    this.journalStart = await journalEnd(this)
    await this.planFault(user, fault, () => ({ canary: canary.url }))
  },
)

Given(
  'the mock IdP makes the mistake {string}, which reads the marker file',
  needs('acs.post'),
  async function (this: IdpactWorld, fault: string) {
    const canary = newCanary(this)
    this.canary = canary
    this.journalStart = await journalEnd(this)
    await this.planFault(user, fault, () => ({ file: canary.marker.url }))
  },
)

Given('the mock IdP signs the Assertion alone', needs('acs.post'), async function (this: IdpactWorld) {
  await this.signOnly('assertion')
})

Given('the mock IdP encrypts the Assertion', needs('acs.post'), async function (this: IdpactWorld) {
  await this.encrypt()
})

When(
  '{person} logs in with one mistake of the mock IdP after the other',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string, table: DataTable) {
    for (const fault of table.raw().flat()) {
      await this.planFault(name, fault)
      await this.logIn(name)
    }
  },
)

Then('the service provider refuses them all, with one and the same answer', function (this: IdpactWorld) {
  for (const attempt of this.attempts) mustBeRefused(this, attempt)
  mustBeAlike(this.attempts)
})

Given('the service provider reaches the mock IdP', needs('admin.metadata'), async function (this: IdpactWorld) {
  await mustReachIdp(this)
})

When(
  '{person} logs in from the mock IdP, where that is accepted',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    const { unsolicited } = await shapesOf(this)
    if (!unsolicited)
      throw notApplicable({
        code: 'unsolicited-not-accepted',
        expected: 'The service provider accepts Responses that nobody asked for.',
        actual: 'It accepts none.',
      })
    await this.logIn(name, { flow: 'idp-initiated' })
  },
)

// The twin begins at the SP, so that a refusal can be compared with a good login.
When(
  '{person} logs in without having asked for it',
  needs('acs.post', 'start.login', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.deviate('a login that nobody asked for', () => {})
    await this.logIn(name, { flow: 'idp-initiated' }, { flow: 'sp-initiated' })
  },
)

Then('nobody but {person} is logged in', function (this: IdpactWorld, name: string) {
  mustBeNobodyElse(this, this.lastOf(name))
})

Then('the service provider does as declared in {string}', function (this: IdpactWorld, knob: string) {
  mustDoAsDeclared(this, this.last, knob, { asOther: knob === 'saml.nameIdCase' })
})

Then('the service provider answered in time', function (this: IdpactWorld) {
  mustBeInTime(this, this.last)
})

Then('nobody has called the canary, and the page has nothing of it', async function (this: IdpactWorld) {
  await mustHaveLeftCanaryAlone(this)
})

Given(
  'the RelayState is meant to lead elsewhere, by {string}',
  needs('acs.post'),
  async function (this: IdpactWorld, kind: string) {
    const value = relayStateOf(this, kind)
    await this.planFault(user, 'relay-state', () => ({ value }))
  },
)

Given('the RelayState has markup in it', needs('acs.post'), async function (this: IdpactWorld) {
  await this.planFault(user, 'relay-state', () => ({ value: markup }))
})

Given('the RelayState has {int} characters', needs('acs.post'), async function (this: IdpactWorld, length: number) {
  await this.planFault(user, 'relay-state', () => ({ value: '/'.padEnd(length, 'x') }))
})

Then('the browser of {person} is led to no other site', function (this: IdpactWorld, name: string) {
  mustStayAtSp(this, this.lastOf(name))
})

Then('the page has no markup of the RelayState', function (this: IdpactWorld) {
  mustHaveEscaped(this.last)
})

Then('the service provider has not broken on it', function (this: IdpactWorld) {
  mustNotHaveBroken(this.last)
})

When(
  '{person} logs in in a browser in which somebody has planted a session',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    if (this.run.target.session?.isKept === false)
      throw notApplicable({
        code: 'no-session-kept',
        expected: 'The service provider keeps a session.',
        actual: 'It keeps none: its answer to the Response says who that was.',
      })
    // A good login shows which cookies a session is made of.
    await this.haveLoggedIn(name)
    const before = this.person(name).browser
    const names = before === undefined ? [] : await cookieNames(this, before)
    const browser = this.newBrowser()
    this.planted = await plantSession(this, browser, names)
    this.person(name).browser = browser
    await this.logIn(name, { sameBrowser: true })
  },
)

Then('the planted session is worth nothing', needs('session.whoAmI'), async function (this: IdpactWorld) {
  await mustBeWorthNothing(this, this.planted ?? {})
})

Then('the page of the refusal gives nothing away', function (this: IdpactWorld) {
  const { kind } = this.last.verdict
  if (kind === 'signed-identity' || kind === 'forged-identity')
    throw notApplicable({
      code: 'nothing-refused',
      expected: 'The login is refused, so that the page of the refusal can be looked at.',
      actual: 'It was accepted, which another requirement is about.',
    })
  mustHaveBeenRefused(this.last)
  mustGiveNothingAway(this.last)
})

Then('the AuthnRequest has nothing wrong by {string}', function (this: IdpactWorld, rule: string) {
  mustBeRequestBy(this, this.person(user), rule)
})

When('the metadata of the service provider are read', needs('acs.metadata'), async function (this: IdpactWorld) {
  this.spMetadata = await this.run.target.acs.metadata?.()
})

Then('the metadata have nothing wrong by {string}', needs('acs.metadata'), function (this: IdpactWorld, rule: string) {
  mustBeMetadataBy(this, this.spMetadata ?? '', rule)
})
