import { Then, When } from '@cucumber/cucumber'
import { createMockIdpClient, MockIdpError } from '../../mock-idp/client.ts'
import { needs } from '../needs.ts'
import { failed, inconclusive, notObservable } from '../outcome.ts'
import { outsider } from '../scene.ts'
import { call, hasMail, isResource } from '../scim/reading.ts'
import type { IdpactWorld } from '../world.ts'

/** Who opens the SCIM server, where that is a user name and a password; and what its answers are made of. */

const basicOf = (world: IdpactWorld): { username: string; password: string } => {
  const auth = world.run.target.scim?.auth
  if (auth?.type === 'basic') return auth
  throw notObservable({
    code: 'not-basic',
    expected: 'target.scim.auth is of the type basic.',
    actual: `It is ${auth?.type ?? 'not there'}.`,
    hint: 'Give target.scim.auth: { type: basic, username, password }.',
  })
}

const list = '/Users?startIndex=1&count=1'

When(
  'the SCIM server is called with the user name {string} and the password of the connection',
  needs('scim.call'),
  async function (this: IdpactWorld, username: string) {
    const { password } = basicOf(this)
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    this.scimAnswer = await call(this, { path: list, credential: 'none', headers: { authorization } })
  },
)

When(
  'the SCIM server is called with the password of the connection as a bearer token',
  needs('scim.call'),
  async function (this: IdpactWorld) {
    const headers = { authorization: `Bearer ${basicOf(this).password}` }
    this.scimAnswer = await call(this, { path: list, credential: 'none', headers })
  },
)

Then(
  'what the SCIM server answered about {string} is noted, not judged',
  function (this: IdpactWorld, subject: string) {
    this.attachObservation({ subject, value: `It answered ${this.answered.status}.` })
  },
)

When('the SCIM server is asked for a user that there is not', needs('scim.call'), async function (this: IdpactWorld) {
  this.scimAnswer = await call(this, { path: '/Users/idpact-nobody-has-this-id' })
})

Then('the SCIM server answers with an error of SCIM', function (this: IdpactWorld) {
  const { status, body } = this.answered
  const schemas = isResource(body) && Array.isArray(body['schemas']) ? body['schemas'] : []
  const good = isResource(body) && schemas.includes('urn:ietf:params:scim:api:messages:2.0:Error')
  if (status === 404 && good && String(body['status']) === '404') return
  throw failed({
    code: 'no-scim-error',
    expected: 'It answers 404 with the schema of Error and the status (RFC 7644 3.12).',
    actual: `It answers ${status} with ${JSON.stringify(body)?.slice(0, 200)}.`,
  })
})

Then('the answer is SCIM by its media type', function (this: IdpactWorld) {
  const type = this.answered.headers['content-type'] ?? ''
  if (/^application\/(scim\+)?json\b/i.test(type)) return
  throw failed({
    code: 'media-type',
    expected: 'The answer is application/scim+json (RFC 7644 3.1).',
    actual: `It is ${type || 'of no type'}.`,
  })
})

Then(
  'the base URL of the SCIM server does not name the organisation',
  needs('scim.call'),
  function (this: IdpactWorld) {
    const { baseUrl = '' } = this.run.target.scim ?? {}
    const organization = String(this.run.parameters['organization'] ?? '')
    if (!new URL(baseUrl).pathname.split('/').includes(organization)) return
    throw failed({
      code: 'organisation-in-base-url',
      expected: 'One base URL is for all organisations: the token says which is meant.',
      actual: `It is ${baseUrl}.`,
    })
  },
)

// As the other organisation's own Okta would ask.
Then(
  'the SCIM server shows the outsider to the other organisation, and not {person}',
  needs('tenantB.scim', 'tenantB.login'),
  async function (this: IdpactWorld, name: string) {
    const { org, target } = this.side('b')
    const { scim } = target
    if (scim === undefined) throw this.lacks('tenantB.scim')
    await org.connection.set({ baseUrl: scim.baseUrl, auth: scim.auth, timeoutMs: scim.timeoutMs })
    const has = async (email: string): Promise<boolean> => {
      const filter = encodeURIComponent(`${this.contract.scim?.uniqueField ?? 'userName'} eq ${JSON.stringify(email)}`)
      const { body } = await org.connection.call({
        method: 'GET',
        path: `/Users?filter=${filter}&startIndex=1&count=100`,
      })
      const found = isResource(body) && Array.isArray(body['Resources']) ? body['Resources'].filter(isResource) : []
      return found.some((user) => hasMail(user, email))
    }
    if (await has(this.person(name).email))
      throw failed({
        code: 'other-organisation-shown',
        expected: `With the credential of the other organisation, SCIM does not show ${name}.`,
        actual: 'It does.',
      })
    if (await has(this.person(outsider).email)) return
    throw inconclusive({
      code: 'presence-not-seen',
      expected: 'With the credential of the other organisation, SCIM shows its own member.',
      actual: 'It does not.',
      hint: 'Correct target.tenants.b.scim.',
    })
  },
)

When(
  /^Okta tests the connector with (the right|a wrong) credential$/,
  needs('scim.call'),
  async function (this: IdpactWorld, which: string) {
    const { scim } = this.run.target
    if (scim === undefined) throw this.lacks('scim.call')
    const basic = basicOf(this)
    const id = `${this.main.names.prefix}org`
    const client = createMockIdpClient({ url: this.context.idp.url })
    // An org of its own: a wrong credential is not for the connection of everybody else.
    await client.orgs.create({ id })
    this.madeOrgs.push(id)
    const { connection } = client.org(id)
    const password = which === 'the right' ? basic.password : `${basic.password}-not`
    await connection.set({
      baseUrl: scim.baseUrl,
      auth: { ...basic, type: 'basic', password },
      timeoutMs: scim.timeoutMs,
    })
    const problem = await connection.test().then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof MockIdpError) return error.message
        throw error
      },
    )
    this.connectorTest = { problem }
  },
)

Then('the test of the connector succeeds', function (this: IdpactWorld) {
  if (this.connectorTest?.problem === undefined) return
  throw failed({
    code: 'connector-test',
    expected: 'The connector test succeeds with the right credential.',
    actual: this.connectorTest.problem,
  })
})

Then('the test of the connector fails', function (this: IdpactWorld) {
  if (this.connectorTest?.problem !== undefined) return
  throw failed({
    code: 'connector-test',
    expected: 'The connector test fails with a wrong credential.',
    actual: 'It succeeded.',
  })
})
