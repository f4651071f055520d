import { Given, Then, When } from '@cucumber/cucumber'
import { needs } from '../needs.ts'
import { failed, inconclusive, StepFailure } from '../outcome.ts'
import { lostAccess } from '../scim/connection.ts'
import { accessWith, askForTokens, consent, mustBeRefused } from '../scim/oauth.ts'
import { call, isResource, userOf } from '../scim/reading.ts'
import type { IdpactWorld } from '../world.ts'

/** The connection: who may call the SCIM server, and how a token is got. */

When(
  /^the SCIM server is called with (its own|no|a wrong) credential$/,
  needs('scim.call'),
  async function (this: IdpactWorld, which: string) {
    const credential = which === 'no' ? 'none' : which === 'a wrong' ? 'wrong' : 'own'
    this.scimAnswer = await call(this, { path: '/Users?startIndex=1&count=1', credential })
  },
)

When(
  'the SCIM server is called with the e-mail address and the password of {person}',
  needs('scim.call'),
  async function (this: IdpactWorld, name: string) {
    const { email, password } = this.person(name)
    if (password === undefined)
      throw inconclusive({
        code: 'no-password',
        expected: `${name} has a password at the service provider.`,
        actual: 'No step has given one.',
      })
    const headers = { authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}` }
    this.scimAnswer = await call(this, { path: '/Users?startIndex=1&count=1', credential: 'none', headers })
  },
)

Then('the SCIM server answers with users', async function (this: IdpactWorld) {
  const { status, body } = this.answered
  const schemas = isResource(body) && Array.isArray(body['schemas']) ? body['schemas'] : []
  if (status === 200 && schemas.includes('urn:ietf:params:scim:api:messages:2.0:ListResponse')) return
  throw failed({
    code: 'no-list-response',
    expected: 'The SCIM server answers 200 with a ListResponse of SCIM 2.0.',
    actual: `It answers ${status} with schemas ${schemas.join(', ') || 'none'}.`,
  })
})

Then('the SCIM server refuses the call', async function (this: IdpactWorld) {
  mustBeRefused(this.answered)
})

Then(
  'the SCIM server has both users and groups below its base URL',
  needs('scim.call'),
  async function (this: IdpactWorld) {
    for (const path of ['/Users?startIndex=1&count=1', '/Groups?startIndex=1&count=1']) {
      const { status, body } = await call(this, { path })
      if (status === 200 && isResource(body) && Number.isInteger(body['totalResults'])) continue
      throw failed({
        code: 'no-endpoint',
        expected: `${path.split('?')[0]} below the base URL answers with a list.`,
        actual: `It answers ${status}.`,
      })
    }
  },
)

When(
  'somebody consents to the scopes {string}',
  needs('scim.consent'),
  async function (this: IdpactWorld, scope: string) {
    this.consentOutcome = await consent(this, { scope, answer: 'accept' })
  },
)

When('somebody declines to give access', needs('scim.consent'), async function (this: IdpactWorld) {
  this.consentOutcome = await consent(this, { answer: 'decline' })
})

When('somebody opens the authorization URL', needs('scim.consent'), async function (this: IdpactWorld) {
  this.consentOutcome = await consent(this, { answer: 'accept' })
})

When(
  'somebody consents for a redirect URI that is not registered',
  needs('scim.consent'),
  async function (this: IdpactWorld) {
    this.consentOutcome = await consent(this, {
      answer: 'accept',
      elsewhere: true,
    })
  },
)

Then('the person was asked to log in and to consent', async function (this: IdpactWorld) {
  const { askedToLogIn, askedToConsent } = this.consented
  if (askedToLogIn && askedToConsent) return
  throw failed({
    code: 'not-asked',
    expected: 'A browser without a session is asked to log in, and then to give access.',
    actual: `It was ${askedToLogIn ? '' : 'not '}asked to log in, and ${askedToConsent ? '' : 'not '}to consent.`,
  })
})

Then('the consent gave a code', async function (this: IdpactWorld) {
  if (this.code !== undefined) return
  throw failed({
    code: 'no-code',
    expected: 'The browser is sent back to the redirect URI with a code.',
    actual: `It ended with status ${this.consented.page.status}${this.consented.callback === undefined ? '' : ', back, without a code'}.`,
  })
})

Then('no code was given', async function (this: IdpactWorld) {
  const sent = this.consented.page.url
  if (this.code === undefined && !/[?&]code=/.test(sent)) return
  throw failed({
    code: 'code-given',
    expected: 'No code is given.',
    actual: 'The browser was sent on with a code.',
  })
})

When('the code is exchanged for tokens', needs('scim.consent'), async function (this: IdpactWorld) {
  this.tokenAnswer = await askForTokens(this, { grant_type: 'authorization_code', code: this.code ?? '' })
})

When('the code is exchanged with a wrong client secret', needs('scim.consent'), async function (this: IdpactWorld) {
  const parameters = { grant_type: 'authorization_code', code: this.code ?? '' }
  this.tokenAnswer = await askForTokens(this, parameters, { clientSecret: 'nobody-set-this' })
})

When('the tokens are refreshed', needs('scim.consent'), async function (this: IdpactWorld) {
  const refreshToken = this.tokens['refresh_token']
  if (typeof refreshToken !== 'string')
    throw failed({
      code: 'no-refresh-token',
      expected: 'The token answer has a refresh_token: the scope offline was asked for.',
      actual: `It has ${Object.keys(this.tokens).join(', ')}.`,
    })
  this.tokenAnswer = await askForTokens(this, { grant_type: 'refresh_token', refresh_token: refreshToken })
})

Then('the token answer has a bearer token and its lifetime', async function (this: IdpactWorld) {
  const { access_token: token, token_type: type, expires_in: lifetime } = this.tokens
  const good = typeof token === 'string' && String(type).toLowerCase() === 'bearer' && Number(lifetime) > 0
  if (good) return
  throw failed({
    code: 'bad-token-answer',
    expected: 'access_token, token_type Bearer and expires_in (RFC 6749 5.1).',
    actual: `The answer has ${Object.keys(this.tokens).join(', ') || 'nothing'}.`,
  })
})

Then('the token endpoint refuses', async function (this: IdpactWorld) {
  const status = this.tokenAnswer?.status ?? 0
  if (status >= 400 && status < 500) return
  throw failed({
    code: 'token-given',
    expected: 'The token endpoint refuses (4xx).',
    actual: `It answered ${status}.`,
  })
})

Then('the token opens the SCIM server', needs('scim.call'), async function (this: IdpactWorld) {
  this.scimAnswer = await accessWith(this, String(this.tokens['access_token'] ?? ''))
  if (this.answered.status === 200) return
  throw failed({
    code: 'token-not-good',
    expected: 'The SCIM server takes the new token.',
    actual: `It answers ${this.answered.status}.`,
  })
})

Then('the token does not open the SCIM server', needs('scim.call'), async function (this: IdpactWorld) {
  this.scimAnswer = await accessWith(this, String(this.tokens['access_token'] ?? ''))
  mustBeRefused(this.answered)
})

Given(
  '{person} has authorised a SCIM connection of their own',
  needs('scim.consent', 'passwordLogin.login'),
  async function (this: IdpactWorld, name: string) {
    const person = this.person(name)
    const as = { email: person.email, password: person.password ?? '' }
    this.consentOutcome = await consent(this, { answer: 'accept', as })
    if (this.code === undefined)
      throw inconclusive({
        code: 'no-consent',
        expected: `${name} can give access to SCIM.`,
        actual: `The consent ended with status ${this.consented.page.status}.`,
      })
    this.tokenAnswer = await askForTokens(this, { grant_type: 'authorization_code', code: this.code })
  },
)

When('{person} is deactivated by SCIM', needs('scim.call'), async function (this: IdpactWorld, name: string) {
  // Exactly one: at a server that ignores filters, the first one might be whoever authorised SCIM.
  const user = await userOf(this, this.person(name)).catch((error: unknown) => {
    throw error instanceof StepFailure ? inconclusive(error.failure) : error
  })
  const path = `/Users/${encodeURIComponent(String(user['id']))}`
  await call(this, { method: 'PUT', path, body: { ...user, active: false } })
})

Then('Okta holds the tokens of the connection', needs('scim.call'), async function (this: IdpactWorld) {
  const { state, authType } = await this.run.org.connection.get()
  if (state === 'connected') return
  throw failed({
    code: 'not-connected',
    expected: 'The connection is connected: the flow was run once, and the tokens are kept.',
    actual: `The ${authType} connection is ${state}.`,
  })
})

Then('Okta has asked nobody again', needs('scim.call'), async function (this: IdpactWorld) {
  const asked = await lostAccess(this.run)
  if (asked.length === 0) return
  throw failed({
    code: 'asked-again',
    expected: 'Nobody has to consent a second time.',
    actual: asked.join('; '),
  })
})
