import { describe, expect, it } from 'vitest'
import { basic } from '../oauth/support.ts'
import { groupUrn, oktaUser, patchOp, person, userUrn, useWorld } from './support.ts'

const sp = useWorld()
const scim: typeof sp.world.scim = (...rest) => sp.world.scim(...rest)

describe('who is let in', () => {
  it('nobody without a token, with another kind of credentials, or with a token that is not good', async () => {
    const { key, secret } = sp.world.info.provisioningApi
    const none = await scim('GET', '/Users', undefined, { token: undefined })
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="scim"'])
    expect(none.json).toMatchObject({ status: '401', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] })
    const password = await scim('GET', '/Users', undefined, { token: undefined, headers: basic(key, secret) })
    expect(password.status).toBe(401)
    for (const path of ['/Users', '/Groups', '/Schemas', '/ServiceProviderConfig', '/nothing']) {
      const wrong = await scim('GET', path, undefined, { token: 'wrong' })
      expect([wrong.status, wrong.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('invalid_token'),
      ])
    }
  })

  it('nobody with a token that has expired, or was given for something else', async () => {
    const token = await sp.world.newToken()
    sp.world.time.ahead = 61_000
    expect((await scim('GET', '/Users', undefined, { token })).status).toBe(401)
    sp.world.time.ahead = 0
    const other = await scim('GET', '/Users', undefined, { token: await sp.world.newToken(['openid', 'offline']) })
    expect([other.status, other.json.status]).toEqual([403, '403'])
    expect(other.headers.get('www-authenticate')).toContain('insufficient_scope')
  })

  it('nobody, by a token of somebody who is deactivated by SCIM', async () => {
    const { id } = (await scim('POST', '/Users', oktaUser({ role: 'master_admin' }))).json
    const token = await sp.world.sp.tokens.issue({ userId: id, scopes: ['provision:scim'], lifetimeMs: 60_000 })
    expect((await scim('GET', '/Users', undefined, { token })).status).toBe(200)
    const off = patchOp({ op: 'replace', value: { active: false } })
    expect((await scim('PATCH', `/Users/${id}`, off, { token })).status).toBe(200)
    expect((await scim('GET', '/Users', undefined, { token })).status).toBe(401)
    await scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { active: true } }))
    expect((await scim('GET', '/Users', undefined, { token })).status).toBe(401)
  })

  it('nobody, where the account has no SCIM', async () => {
    await sp.world.admin('PUT', '/settings', { scim: false })
    const off = await scim('POST', '/Users', oktaUser())
    expect([off.status, off.json.status, sp.world.sp.store.users.count()]).toEqual([403, '403', 1])
    expect((await scim('GET', '/Users', undefined, { token: undefined })).status).toBe(403)
    await sp.world.admin('PUT', '/settings', { scim: true })
    expect((await scim('POST', '/Users', oktaUser())).status).toBe(201)
    expect((await sp.world.admin('PUT', '/settings', { scim: 'yes' })).status).toBe(400)
  })
})

describe('bodies', () => {
  const type = (contentType: string) => ({ headers: { 'content-type': contentType } })
  it.each([
    ['application/scim+json', 201],
    ['application/scim+json; charset=utf-8', 201],
    ['application/json', 201],
    ['application/json;charset=UTF-8', 201],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json; charset=klingon', 415],
  ])('of type %s', async (contentType, status) => {
    expect((await scim('POST', '/Users', oktaUser(), type(contentType))).status).toBe(status)
  })

  it.each([
    ['{"userName":', 400, 'invalidSyntax'],
    ['[]', 400, 'invalidSyntax'],
    ['"x"', 400, 'invalidSyntax'],
    ['', 400, 'invalidValue'],
    [`{"a":${'['.repeat(40)}${']'.repeat(40)}}`, 400, 'invalidSyntax'],
    [`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, 400, 'invalidSyntax'],
    [`{"a":"${'x'.repeat(1024 * 1024)}"}`, 413, undefined],
  ])('%#', async (raw, status, scimType) => {
    const { json, ...answer } = await scim('POST', '/Users', undefined, { raw })
    expect([answer.status, json.status, json.scimType]).toEqual([status, String(status), scimType])
  })
})

describe('discovery', () => {
  it('says what there is', async () => {
    const { json: config } = await scim('GET', '/ServiceProviderConfig')
    expect(config).toMatchObject({
      patch: { supported: true },
      bulk: { supported: false },
      filter: { supported: true, maxResults: 1_000 },
      etag: { supported: true },
      authenticationSchemes: [{ type: 'oauth2' }],
    })
    const { json: types } = await scim('GET', '/ResourceTypes')
    expect(types.Resources.map(({ id, endpoint, schema }: Record<string, string>) => [id, endpoint, schema])).toEqual([
      ['User', '/Users', userUrn],
      ['Group', '/Groups', groupUrn],
    ])
    expect((await scim('GET', '/ResourceTypes/Group')).json).toEqual(types.Resources[1])
    expect((await scim('GET', '/ResourceTypes/Robot')).status).toBe(404)
    expect((await scim('GET', '/Schemas?filter=id+pr')).status).toBe(403)
  })

  it('has a definition of every attribute that a resource shows', async () => {
    const { id } = (await scim('POST', '/Users', person('ada'))).json
    const group = (await scim('POST', '/Groups', { displayName: 'Team', members: [{ value: id }] })).json
    const user = (await scim('GET', `/Users/${id}`)).json
    for (const [urn, resource] of [
      [userUrn, user],
      [groupUrn, group],
    ] as const) {
      const { attributes } = (await scim('GET', `/Schemas/${urn}`)).json
      const known = new Map<string, { multiValued: boolean; subAttributes?: { name: string }[] }>(
        attributes.map((attribute: { name: string }) => [attribute.name, attribute]),
      )
      const { schemas: _s, id: _i, externalId: _e, meta: _m, ...own } = resource
      for (const [name, value] of Object.entries(own)) {
        expect(known.get(name)?.multiValued, name).toBe(Array.isArray(value))
        const parts = [value].flat().flatMap((one) => (typeof one === 'object' ? Object.keys(one ?? {}) : []))
        expect(known.get(name)?.subAttributes?.map((sub) => sub.name) ?? []).toEqual(expect.arrayContaining(parts))
      }
    }
  })

  it.each([
    ['DELETE', '/Users', 405, 'GET, POST'],
    ['POST', '/Groups/x', 405, 'GET, PUT, PATCH, DELETE'],
    ['DELETE', '/Schemas', 405, 'GET'],
    ['GET', '/Me', 404, null],
    ['GET', '/Users/x', 404, null],
  ])('%s %s is answered with %i', async (method, path, status, allow) => {
    const answer = await scim(method, path)
    expect([answer.status, answer.json.status, answer.headers.get('allow')]).toEqual([status, String(status), allow])
  })
})
