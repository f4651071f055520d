import { Given, Then, When } from '@cucumber/cucumber'
import { needs } from '../needs.ts'
import { failed, notObservable } from '../outcome.ts'
import { personIn } from '../scene.ts'
import { beginLogin, mustBeSentNowhere, mustBeSentToOwnIdp, requestIdOf } from '../sp-start.ts'
import type { IdpactWorld } from '../world.ts'

/** Beginning a login at the service provider, and what becomes of the request. */

When(
  '{person} begins a login at the service provider',
  needs('start.login'),
  async function (this: IdpactWorld, name: string) {
    await this.act(`${name} begins a login`, async (scene) => void (await beginLogin(this, personIn(scene, name))))
  },
)

// An SP that writes what anybody can type has given the account away.
When(
  '{person} begins a login at the service provider, and types another name and the role {string} there',
  needs('start.login'),
  async function (this: IdpactWorld, name: string, role: string) {
    const { attributes, directory } = this.contract
    const typed = attributes.map(({ name: attribute, value }): [string, string] => [
      attribute,
      value.endsWith(`.${directory.role ?? ''}`) ? role : 'Typed By Hand',
    ])
    const extra = Object.fromEntries([...typed, ['name', 'Typed By Hand'], ['role', role]])
    await this.act(`${name} types a name`, async (scene) => void (await beginLogin(this, personIn(scene, name), extra)))
  },
)

Given(
  '{person} has logged in from the service provider before',
  needs('acs.post', 'start.login', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.haveLoggedIn(name, { flow: 'sp-initiated' })
  },
)

Given('{person} has the browser of {person}', async function (this: IdpactWorld, name: string, other: string) {
  await this.act(`${name} has the browser of ${other}`, (scene) => {
    personIn(scene, name).browser = personIn(scene, other).browser
  })
})

Given(
  'the mock IdP answers for {person} the request of {person} once more',
  needs('acs.post', 'start.login'),
  async function (this: IdpactWorld, name: string, other: string) {
    await this.planFault(name, 'in-response-to', (scene) => ({ id: requestIdOf(personIn(scene, other)) }))
  },
)

// After the user is gone at the IdP, only a Response from before can still be posted.
When(
  'the Response of the last login of {person} is posted once more, from another browser',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.postOnceMore(name)
  },
)

Then(
  'the service provider sends {person} to the IdP of their organisation',
  function (this: IdpactWorld, name: string) {
    mustBeSentToOwnIdp(this, this.person(name))
  },
)

Then('the service provider sends {person} to no IdP', function (this: IdpactWorld, name: string) {
  mustBeSentNowhere(this.person(name))
})

Then(
  'the service provider says that {person} is logged in with the role {string}',
  function (this: IdpactWorld, name: string, role: string) {
    const { verdict } = this.lastOf(name)
    const seen = verdict.kind === 'signed-identity' ? verdict.role : undefined
    if (seen === role) return
    if (verdict.kind === 'signed-identity' && seen === undefined)
      throw notObservable({
        code: 'not-visible',
        expected: 'The session port shows the role.',
        actual: 'It does not.',
        hint: 'Say in target.session where the role stands: role: /role, or a CSS selector.',
      })
    throw failed({
      code: 'session-role',
      expected: `${name} is logged in with the role ${role}.`,
      actual: verdict.kind === 'signed-identity' ? `With ${seen}.` : 'Nobody is logged in.',
      hint: 'Let the session have the role of the assertion, not that of an earlier login.',
    })
  },
)
