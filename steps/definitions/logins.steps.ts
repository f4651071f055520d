import { Given, Then, When } from '@cucumber/cucumber'
import { mustNameError, refusalCode } from '../error-page.ts'
import { describeVerdict } from '../login.ts'
import { mustHavePostedTo } from '../mock-idp.ts'
import { needs } from '../needs.ts'
import { failed, inconclusive } from '../outcome.ts'
import { describeAnswer, mustBeAccepted, mustBeRefused, mustHaveBeenRefused } from '../verdict.ts'
import type { IdpactWorld } from '../world.ts'

/** Logging in, and what the service provider makes of it. */

When('{person} logs in', needs('acs.post', 'session.whoAmI'), async function (this: IdpactWorld, name: string) {
  await this.logIn(name)
})

When(
  '{person} logs in from the mock IdP',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.logIn(name, { flow: 'idp-initiated' })
  },
)

When(
  '{person} logs in from the service provider',
  needs('acs.post', 'start.login', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.logIn(name, { flow: 'sp-initiated' })
  },
)

When(
  '{person} logs in from the service provider, to be answered at the second ACS',
  needs('acs.post', 'acs.second', 'start.login', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.logIn(name, { flow: 'sp-initiated', acs: this.run.target.acs.urls[1] })
  },
)

// Who is logged in there already counts as nobody: it must be the person whose login this is.
When(
  '{person} logs in in the same browser',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.logIn(name, { sameBrowser: true })
  },
)

When(
  '{person} logs in again in the same browser',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.logIn(name, { sameBrowser: true })
  },
)

When(
  '{person} logs in with the password',
  needs('passwordLogin.login', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.logInWithPassword(name)
  },
)

Given('the mock IdP answers at the second ACS', needs('acs.second'), async function (this: IdpactWorld) {
  await this.changeApplication({ acs: 1 })
})

When('the mock IdP no longer assigns {person} to the application', async function (this: IdpactWorld, name: string) {
  await this.unassign(name)
})

// For scenarios about what a refusal leaves behind: a login that is let in says nothing about that.
When(
  '{person} logs in and is refused',
  needs('acs.post', 'session.whoAmI'),
  async function (this: IdpactWorld, name: string) {
    await this.logIn(name)
    mustHaveBeenRefused(this.last)
  },
)

Then('the service provider logs {person} in', function (this: IdpactWorld, name: string) {
  mustBeAccepted(this.lastOf(name))
})

Then('the Response was posted to the second ACS', needs('acs.second'), function (this: IdpactWorld) {
  mustHavePostedTo(this.last, this.run.target.acs.urls[1] ?? '')
})

Then('the Response was posted to the path {string}', function (this: IdpactWorld, path: string) {
  mustHavePostedTo(
    this.last,
    path.replace(/\{(\w+)\}/g, (_, name: string) => String(this.run.parameters[name] ?? '')),
  )
})

Then('the service provider refuses the login', function (this: IdpactWorld) {
  mustBeRefused(this, this.last)
})

Then('the service provider answers the refusal with status {int}', function (this: IdpactWorld, status: number) {
  mustHaveBeenRefused(this.last)
  if (this.last.page?.status === status) return
  throw failed({
    code: 'refusal-status',
    expected: `The refusal is answered with status ${status}.`,
    actual: `It was answered with ${describeAnswer(this.last)}`,
    hint: `The answer to the POST at the ACS, or the page that it redirected to, was at ${this.last.page?.url ?? 'no URL'}.`,
  })
})

Then('the service provider answers the refusal with an error of the request', function (this: IdpactWorld) {
  mustHaveBeenRefused(this.last)
  const status = this.last.page?.status ?? 0
  if (status >= 400 && status < 500) return
  throw failed({
    code: 'refusal-status',
    expected: 'The refusal is answered with an error of the request (4xx).',
    actual: `It was answered with ${describeAnswer(this.last)}`,
  })
})

Then('the service provider answers the refusal with a text', function (this: IdpactWorld) {
  mustHaveBeenRefused(this.last)
  if (/\S/.test(this.last.page?.body.replaceAll(/<[^>]*>/g, '') ?? '')) return
  throw failed({
    code: 'refusal-empty',
    expected: 'The body of the refusal says what went wrong.',
    actual: `It was answered with ${describeAnswer(this.last)}.`,
  })
})

Then('the service provider names an error code and a description', function (this: IdpactWorld) {
  mustHaveBeenRefused(this.last)
  mustNameError(this, this.last)
})

Then('the service provider names another error code than before', function (this: IdpactWorld) {
  const refused = this.attempts.filter(({ verdict }) => verdict.kind === 'rejected')
  const [before, now] = refused.slice(-2).map((attempt) => refusalCode(this, attempt))
  if (refused.length < 2 || before === undefined || now === undefined)
    throw inconclusive({
      code: 'nothing-refused',
      expected: 'Two logins were refused with an error code.',
      actual: `${refused.length} were refused; the codes were ${before ?? 'none'} and ${now ?? 'none'}.`,
    })
  if (before === now)
    throw failed({
      code: 'same-error-code',
      expected: 'Different causes are named by different codes.',
      actual: `Both were named ${now}.`,
    })
})

Then('the service provider asks {person} for a second factor', function (this: IdpactWorld, name: string) {
  const attempt = this.lastOf(name)
  if (attempt.verdict.kind === 'second-factor') return
  if (attempt.verdict.kind === 'rejected')
    throw inconclusive({
      code: 'password-refused',
      expected: 'The password is right, so that a second factor can be asked for.',
      actual: describeAnswer(attempt),
    })
  throw failed({
    code: 'no-second-factor',
    expected: `${name} is asked for a second factor after the password.`,
    actual: `The login was ${describeVerdict(attempt.verdict)}.`,
  })
})

Then(
  'what the service provider did about {string} is noted, not judged',
  function (this: IdpactWorld, subject: string) {
    this.attachObservation({
      subject,
      value: `The login was ${describeVerdict(this.last.verdict)}; the answer was ${describeAnswer(this.last)}`,
    })
  },
)
