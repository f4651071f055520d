/** Okta's messages, literally (okta-developer-docs reference/scim/scim-20 and concepts/scim; public issues). */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { baseAttributes } from '../../../mock-idp/directory/base-attributes.ts'
import { oktaOinScim, oktaScim } from '../../../mock-idp/personas/okta-scim.ts'
import type { ScimPersona } from '../../../mock-idp/personas/scim-persona.ts'
import { createScimClient } from '../../../mock-idp/scim/client.ts'
import { fixedCredential } from '../../../mock-idp/scim/credential.ts'
import {
  createGroup,
  deleteGroup,
  findGroup,
  rename,
  replaceMembers,
  updateGroup,
} from '../../../mock-idp/scim/groups.ts'
import { createTransport, type Transport } from '../../../mock-idp/scim/transport.ts'
import { newUserResource, randomPassword } from '../../../mock-idp/scim/user-resource.ts'
import { findUser, setActive, setPassword, updateUser } from '../../../mock-idp/scim/users.ts'
import { line, type ScimServer, startScimServer } from './scim-server.ts'

let server: ScimServer
let transport: Transport
beforeEach(async () => {
  server = await startScimServer()
  const credential = fixedCredential('Authorization', 'Bearer abc')
  transport = createTransport({ baseUrl: server.baseUrl, timeoutMs: 5_000, credential })
})
afterEach(async () => {
  await transport.close()
  await server.close()
})

const clientOf = (persona: ScimPersona) => createScimClient(persona, transport)

const ada = {
  attributes: baseAttributes,
  values: {
    userName: 'ada@example.test',
    givenName: 'Ada',
    familyName: 'Byron',
    email: 'ada@example.test',
    displayName: 'Ada Byron',
    locale: 'en-US',
  },
}

const patch = (...Operations: unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
})

describe('every call', () => {
  test('has the headers of the Okta SCIM client, and the credential as it was typed', async () => {
    await findUser(clientOf(oktaScim), 'userName', 'nobody')
    expect(server.taken()[0]?.headers).toMatchObject({
      accept: 'application/scim+json',
      'accept-charset': 'utf-8',
      'user-agent': 'Okta SCIM Client 1.0.0',
      'accept-encoding': 'gzip,deflate',
      connection: 'keep-alive',
      authorization: 'Bearer abc',
    })
  })

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s says its media type with a charset', async (method) => {
    const client = clientOf(oktaOinScim)
    const { id } = await client.create('Groups', { displayName: 'Team' })
    await client.put('Groups', id, { displayName: 'Team' })
    await client.patch('Groups', id, [{ op: 'replace', value: { displayName: 'Team' } }])
    await client.delete('Groups', id)
    const sent = server.taken().find((one) => one.method === method)
    expect(sent?.headers['content-type']).toBe('application/scim+json; charset=utf-8')
  })

  test('GET has no body and no Content-Type', async () => {
    await findUser(clientOf(oktaScim), 'userName', 'nobody')
    expect(server.taken()[0]?.headers).not.toHaveProperty('content-type')
  })
})

describe('users', () => {
  test('the connector test reads two users and the groups', async () => {
    await clientOf(oktaScim).test()
    expect(server.taken().map(line)).toEqual(['GET /Users?startIndex=1&count=2', 'GET /Groups?startIndex=1&count=100'])
  })

  test('are looked up by an encoded filter', async () => {
    await findUser(clientOf(oktaScim), 'userName', 'a"d\\a@example.test')
    expect(server.taken().map(line)).toEqual([
      'GET /Users?filter=userName%20eq%20%22a%5C%22d%5C%5Ca%40example.test%22&startIndex=1&count=100',
    ])
  })

  test('a persona of 2018 writes spaces as plus', async () => {
    await findUser(clientOf({ ...oktaScim, filterSpace: '+' }), 'userName', 'a@b.c')
    expect(server.taken().map(line)).toEqual(['GET /Users?filter=userName+eq+%22a%40b.c%22&startIndex=1&count=100'])
  })

  test('are created with a placeholder for the password', () => {
    expect(newUserResource(ada, { externalId: '00u1', password: 'abcdEF12' })).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ada@example.test',
      name: { givenName: 'Ada', familyName: 'Byron' },
      emails: [{ primary: true, value: 'ada@example.test', type: 'work' }],
      displayName: 'Ada Byron',
      locale: 'en-US',
      externalId: '00u1',
      groups: [],
      password: 'abcdEF12',
      active: true,
    })
    expect(randomPassword()).toMatch(/^[A-Za-z0-9]{8}$/)
    expect(randomPassword()).not.toBe(randomPassword())
  })

  test.each([oktaScim, oktaOinScim])('$id changes a profile by GET and PUT of the whole', async (persona) => {
    const client = clientOf(persona)
    const { id } = await client.create('Users', newUserResource(ada, { externalId: '00u1' }))
    const own = {
      meta: { version: 'W/"1"' },
      nickName: 'Enchantress',
      emails: [{ type: 'work', value: 'old', display: 'x' }],
    }
    server.users.set(id, { ...server.users.get(id), ...own, id, active: false })
    server.taken()
    await updateUser(client, id, { ...ada, values: { ...ada.values, familyName: 'King' } }, ['locale'])
    const [get, put, ...more] = server.taken()
    expect([get && line(get), put && line(put), more]).toEqual([`GET /Users/${id}`, `PUT /Users/${id}`, []])
    expect(put?.body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      id,
      userName: 'ada@example.test',
      name: { givenName: 'Ada', familyName: 'King' },
      emails: [{ primary: true, type: 'work', value: 'ada@example.test', display: 'x' }],
      displayName: 'Ada Byron',
      locale: 'en-US',
      externalId: '00u1',
      groups: [],
      active: false,
      nickName: 'Enchantress',
      meta: { version: 'W/"1"' },
    })
  })

  test('a value that is gone is taken out, one that Okta never gave stays', async () => {
    const client = clientOf(oktaScim)
    const { id } = await client.create('Users', { ...newUserResource(ada, { externalId: '00u1' }), title: 'Countess' })
    const { locale: _, ...values } = ada.values
    await updateUser(client, id, { ...ada, values }, Object.keys(ada.values))
    expect(server.users.get(id)).not.toHaveProperty('locale')
    expect(server.users.get(id)).toHaveProperty('title', 'Countess')
  })

  test('okta deactivates by PUT of the whole, okta-oin by one PATCH without a path', async () => {
    const { id } = await clientOf(oktaScim).create('Users', newUserResource(ada, { externalId: '00u1' }))
    server.taken()
    await setActive(clientOf(oktaScim), id, false)
    const [get, put] = server.taken()
    expect([get && line(get), put && line(put)]).toEqual([`GET /Users/${id}`, `PUT /Users/${id}`])
    expect(put?.body).toMatchObject({ id, userName: 'ada@example.test', active: false })
    await setActive(clientOf(oktaOinScim), id, true)
    const sent = server.taken()
    expect(sent.map(line)).toEqual([`PATCH /Users/${id}`])
    expect(sent[0]?.body).toEqual(patch({ op: 'replace', value: { active: true } }))
  })

  test('passwords likewise', async () => {
    const { id } = await clientOf(oktaScim).create('Users', newUserResource(ada, { externalId: '00u1' }))
    server.taken()
    await setPassword(clientOf(oktaScim), id, 'N3w')
    expect(server.taken()[1]).toMatchObject({ method: 'PUT', body: { password: 'N3w', userName: 'ada@example.test' } })
    await setPassword(clientOf(oktaOinScim), id, 'N3w')
    expect(server.taken()[0]?.body).toEqual(patch({ op: 'replace', value: { password: 'N3w' } }))
  })
})

describe('groups', () => {
  const members = [
    { value: 'u1', display: 'a@example.test' },
    { value: 'u2', display: 'b@example.test' },
  ]

  test('are created without members', async () => {
    await createGroup(clientOf(oktaScim), 'Team')
    expect(server.taken()[0]).toMatchObject({
      method: 'POST',
      url: '/scim/v2/Groups',
      body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Team', members: [] },
    })
  })

  test('are looked up by their name', async () => {
    await findGroup(clientOf(oktaScim), 'A team')
    expect(server.taken().map(line)).toEqual([
      'GET /Groups?filter=displayName%20eq%20%22A%20team%22&startIndex=1&count=100',
    ])
  })

  test('okta puts the full list', async () => {
    const id = await createGroup(clientOf(oktaScim), 'Team')
    server.taken()
    await updateGroup(clientOf(oktaScim), id, 'Team', { lost: ['u0'], gained: members, all: members })
    const [get, put] = server.taken()
    expect(get && line(get)).toBe(`GET /Groups/${id}`)
    expect(put?.body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      id,
      displayName: 'Team',
      members,
    })
  })

  test('okta-oin removes one by one and adds together, and sends the name each time', async () => {
    const client = clientOf(oktaOinScim)
    const id = await createGroup(client, 'Team')
    server.taken()
    await updateGroup(client, id, 'New name', {
      lost: ['u3', 'u4'],
      gained: [{ value: 'u1', display: 'c@example.test' }],
      all: [],
    })
    expect(server.taken().map(({ body }) => body)).toEqual([
      patch({ op: 'replace', value: { id, displayName: 'New name' } }),
      patch(
        { op: 'remove', path: 'members[value eq "u3"]' },
        { op: 'remove', path: 'members[value eq "u4"]' },
        { op: 'add', path: 'members', value: [{ value: 'u1', display: 'c@example.test' }] },
      ),
    ])
  })

  test('okta-oin sends no more members in one message than it may', async () => {
    const client = clientOf({ ...oktaOinScim, memberBatch: 2 })
    const id = await createGroup(client, 'Team')
    server.taken()
    await updateGroup(client, id, 'Team', {
      lost: ['x'],
      gained: [...members, { value: 'u3', display: '' }, { value: 'u4', display: '' }],
      all: [],
    })
    const sizes = server
      .taken()
      .slice(1)
      .map(({ body }) => (body as { Operations: { op: string; value?: unknown[] }[] }).Operations)
    expect(sizes.map((ops) => ops.map(({ op, value }) => `${op} ${value?.length ?? 1}`))).toEqual([
      ['remove 1', 'add 1'],
      ['add 2'],
      ['add 1'],
    ])
  })

  test('Push Now replaces the members; an empty group by an empty list', async () => {
    const client = clientOf(oktaOinScim)
    const id = await createGroup(client, 'Team')
    await replaceMembers(client, id, 'Team', members)
    expect(server.taken().at(-1)?.body).toEqual(patch({ op: 'replace', path: 'members', value: members }))
    await replaceMembers(client, id, 'Team', [])
    expect(server.taken().at(-1)?.body).toEqual(patch({ op: 'replace', path: 'members', value: [] }))
    await replaceMembers(clientOf({ ...oktaOinScim, emptyGroup: 'no-path' }), id, 'Team', [])
    expect(server.taken().at(-1)?.body).toEqual(
      patch({ op: 'replace', value: { members: [], id, displayName: 'Team' } }),
    )
  })

  test('a rename keeps the members', async () => {
    const id = await createGroup(clientOf(oktaScim), 'Team')
    await replaceMembers(clientOf(oktaScim), id, 'Team', members)
    await rename(clientOf(oktaScim), id, 'Crew')
    expect(server.groups.get(id)).toMatchObject({ displayName: 'Crew', members })
  })

  test('are deleted; one that is gone already counts as deleted', async () => {
    const id = await createGroup(clientOf(oktaScim), 'Team')
    await deleteGroup(clientOf(oktaScim), id)
    await deleteGroup(clientOf(oktaScim), id)
    expect(server.groups.size).toBe(0)
    expect(server.taken().slice(1).map(line)).toEqual([`DELETE /Groups/${id}`, `DELETE /Groups/${id}`])
  })
})
