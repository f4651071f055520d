/** A server that breaks the protocol, by mistake or on purpose: each ends in an error that says what was wrong. */
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { oktaScim } from '../../../mock-idp/personas/okta-scim.ts'
import { createScimClient, type ScimClient } from '../../../mock-idp/scim/client.ts'
import { fixedCredential } from '../../../mock-idp/scim/credential.ts'
import { createTransport } from '../../../mock-idp/scim/transport.ts'
import { findUser } from '../../../mock-idp/scim/users.ts'
import { type Answer, type ScimServer, type Seen, startScimServer } from './scim-server.ts'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const clientTo = async (
  answer: (request: Seen) => Answer | 'hang' | 'reset' | undefined,
  timeoutMs = 5_000,
): Promise<{ client: ScimClient; server: ScimServer }> => {
  const server = await startScimServer(answer)
  const credential = fixedCredential('Authorization', 'Bearer abc')
  const transport = createTransport({ baseUrl: server.baseUrl, timeoutMs, credential })
  open.push(() => transport.close(), server.close)
  return { client: createScimClient(oktaScim, transport), server }
}

const everyone = async (client: ScimClient): Promise<number> => {
  let count = 0
  for await (const page of client.list('Users')) count += page.length
  return count
}

const page = (totalResults: unknown, ids: readonly unknown[]): Answer => ({
  status: 200,
  body: { totalResults, Resources: ids.map((id) => ({ id, userName: `${id}@example.test` })) },
})
const startOf = ({ url }: Seen): number => Number(new URL(url, 'http://server').searchParams.get('startIndex'))
const hundred = (from: number) => Array.from({ length: 100 }, (_, i) => `u${from + i}`)

const failure = (kind: string, message: RegExp) => ({ kind, message: expect.stringMatching(message) })

test('a list of 205 is read in three pages', async () => {
  const { client, server } = await clientTo((request) =>
    page(205, hundred(startOf(request)).slice(0, 206 - startOf(request))),
  )
  expect(await everyone(client)).toBe(205)
  expect(server.taken().map(startOf)).toEqual([1, 101, 201])
})

test('a server with smaller pages is asked for what is missing', async () => {
  const { client } = await clientTo((request) =>
    page(
      120,
      hundred(startOf(request))
        .slice(0, 50)
        .slice(0, 121 - startOf(request)),
    ),
  )
  expect(await everyone(client)).toBe(120)
})

test('endless paging ends: pages that repeat, and a list that only grows', async () => {
  const same = await clientTo(() => page(1_000_00, hundred(1)))
  await expect(everyone(same.client)).rejects.toMatchObject(
    failure('bad-answer', /no entry that was not on a page before/),
  )
  const growing = await clientTo((request) => page(startOf(request) + 500, hundred(startOf(request))))
  await expect(everyone(growing.client)).rejects.toMatchObject(failure('bad-answer', /more than 200000/))
}, 60_000)

test.each([
  ['more than there is', page(205, []), /totalResults is 205, but the page from 1 has no entry/],
  ['beyond all measure', page(1e12, hundred(1)), /totalResults is 1000000000000; more than 200000 are not read/],
  ['as text', page('2', ['a', 'b']), /expected totalResults to be a whole number, found "2"/],
  ['none', { status: 200, body: { Resources: [] } }, /expected totalResults to be a whole number, found none/],
  ['negative', page(-1, []), /found -1/],
])('totalResults: %s', async (_name, answer, message) => {
  const { client } = await clientTo(() => answer as Answer)
  await expect(everyone(client)).rejects.toMatchObject(failure('bad-answer', message as RegExp))
})

test('more entries than were asked for', async () => {
  const { client } = await clientTo(() => page(205, [...hundred(1), 'one more']))
  await expect(everyone(client)).rejects.toMatchObject(failure('bad-answer', /asked for 100 entries, got 101/))
})

test('a page of 100 MB is not read to its end', async () => {
  const { client } = await clientTo(() => ({ status: 200, body: Buffer.alloc(100_000_000, 32) }))
  await expect(everyone(client)).rejects.toMatchObject(failure('bad-answer', /more than 8 MB; reading was stopped/))
})

test('nor one that unpacks to 100 MB', async () => {
  const body = gzipSync(Buffer.alloc(100_000_000, 32))
  const { client } = await clientTo(() => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body }))
  await expect(everyone(client)).rejects.toMatchObject(failure('bad-answer', /more than 8 MB/))
})

test('a packed answer is read, since it was asked for', async () => {
  const body = gzipSync(JSON.stringify({ totalResults: 1, Resources: [{ id: 'a' }] }))
  const { client } = await clientTo(() => ({ status: 200, headers: { 'content-encoding': 'gzip' }, body }))
  expect(await everyone(client)).toBe(1)
})

test('a broken packed answer', async () => {
  const { client } = await clientTo(() => ({
    status: 200,
    headers: { 'content-encoding': 'gzip' },
    body: 'not packed',
  }))
  await expect(everyone(client)).rejects.toMatchObject({ name: 'ScimFailure' })
})

test('HTML where JSON should be; JSON under the name of HTML is taken', async () => {
  const html = await clientTo(() => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<h1>Sign in</h1>',
  }))
  await expect(everyone(html.client)).rejects.toMatchObject(
    failure('bad-answer', /answered 200 with "<h1>Sign in<\/h1>", which is not JSON/),
  )
  const json = await clientTo(() => ({ ...page(1, ['a']), headers: { 'content-type': 'text/html' } }))
  expect(await everyone(json.client)).toBe(1)
})

test('JSON nested ten thousand levels deep', async () => {
  const { client } = await clientTo(() => ({
    status: 200,
    body: `{"totalResults":0,"Resources":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
  }))
  await expect(everyone(client)).rejects.toMatchObject(failure('bad-answer', /nested deeper than 64 levels/))
})

test('an id with slashes stays one segment of the address', async () => {
  const { client, server } = await clientTo(() => undefined)
  server.users.set('../Groups/1?x', { id: '../Groups/1?x', userName: 'a' })
  await client.get('Users', '../Groups/1?x')
  expect(server.taken()[0]?.url).toBe('/scim/v2/Users/..%2FGroups%2F1%3Fx')
})

test.each([['..'], [''], [7], [null], [{}]])('an id that is no id: %j', async (id) => {
  const { client } = await clientTo(() => page(1, [id]))
  await expect(everyone(client)).rejects.toMatchObject({ kind: 'bad-answer' })
})

test.each([
  [{ status: 201 }, /answered 201 with an empty body/],
  [{ status: 200, body: { id: 'a' } }, /answered 200; expected 201/],
  [{ status: 201, body: { userName: 'a' } }, /whose id is missing/],
  [{ status: 201, body: '[]' }, /which is no JSON object/],
])('a create that is answered %j', async (answer, message) => {
  const { client } = await clientTo(() => answer as Answer)
  await expect(client.create('Users', { userName: 'a' })).rejects.toMatchObject(
    failure('bad-answer', message as RegExp),
  )
})

test('a redirect to another host is not followed, and gets no credential', async () => {
  const elsewhere = await clientTo(() => undefined)
  const { client } = await clientTo(() => ({ status: 302, headers: { location: `${elsewhere.server.baseUrl}/Users` } }))
  await expect(client.test()).rejects.toMatchObject(
    failure('redirect', /302, a redirect to http.*it was not followed, nor was the credential/),
  )
  expect(elsewhere.server.seen).toEqual([])
})

test('an answer that never comes, and a connection that is reset', async () => {
  const slow = await clientTo(() => 'hang', 150)
  await expect(slow.client.test()).rejects.toMatchObject(
    failure('timeout', /was not answered by 127.0.0.1:\d+ within 0.15 s/),
  )
  const reset = await clientTo(() => 'reset')
  await expect(reset.client.test()).rejects.toMatchObject(failure('connection', /got no answer from 127.0.0.1:\d+: /))
})

test('errors are said in the words of the server', async () => {
  const { client } = await clientTo(() => ({
    status: 409,
    body: { scimType: 'uniqueness', detail: 'ada is taken', status: 409 },
  }))
  await expect(client.create('Users', {})).rejects.toMatchObject(
    failure('conflict', /^POST \/Users was answered 409 uniqueness: "ada is taken"$/),
  )
  const plain = await clientTo(() => ({ status: 503, body: 'down for maintenance' }))
  await expect(plain.client.test()).rejects.toMatchObject(failure('server-error', /503 "down for maintenance"/))
})

test('a filter that is ignored links nobody', async () => {
  const many = await clientTo(() => page(2, ['a', 'b']))
  await expect(findUser(many.client, 'userName', 'a@example.test')).rejects.toMatchObject(
    failure('bad-answer', /found 2 users/),
  )
  const wrong = await clientTo(() => page(1, ['b']))
  await expect(findUser(wrong.client, 'userName', 'a@example.test')).rejects.toMatchObject(
    failure('bad-answer', /found the user with userName "b@example.test"/),
  )
})

test('a 404 and lists in lower case count as what they mean', async () => {
  const none = await clientTo(() => ({ status: 404, body: { detail: 'no such user' } }))
  expect(await findUser(none.client, 'userName', 'x')).toBeUndefined()
  const lower = await clientTo(() => ({
    status: 200,
    body: { totalresults: 1, resources: [{ id: 'a', userName: 'X' }] },
  }))
  expect(await findUser(lower.client, 'userName', 'x')).toMatchObject({ id: 'a' })
})

test.each(['__proto__', 'constructor', 'br'])('an encoding that nobody asked for: %s', async (encoding) => {
  const { client } = await clientTo(() => ({ status: 200, headers: { 'content-encoding': encoding }, body: '{}' }))
  await expect(everyone(client)).rejects.toMatchObject(
    failure('bad-answer', new RegExp(`the Content-Encoding "${encoding}"; gzip and deflate were asked for`)),
  )
})

test('an id that cannot be written in an address', async () => {
  const { client } = await clientTo(() => ({ status: 201, body: '{"id":"a\\ud800b"}' }))
  await expect(client.create('Users', {})).rejects.toMatchObject(
    failure('bad-answer', /the id "a\\ud800b", which cannot be written in an address/),
  )
})

test.each([
  ['without the field', { id: 'victim' }, /found a user without userName/],
  [
    'of somebody else',
    { id: 'victim', USERNAME: 'bob@example.test' },
    /found the user with userName "bob@example.test"/,
  ],
])('a lookup that is answered with a user %s', async (_name, resource, message) => {
  const { client } = await clientTo(() => ({ status: 200, body: { totalResults: 1, Resources: [resource] } }))
  await expect(findUser(client, 'userName', 'ada@example.test')).rejects.toMatchObject(failure('bad-answer', message))
})

test('a lookup by e-mail address looks at the addresses', async () => {
  const emails = [{ value: 'ADA@example.test', primary: true }]
  const { client } = await clientTo(() => ({
    status: 200,
    body: { totalResults: 1, Resources: [{ id: 'a', emails }] },
  }))
  expect((await findUser(client, 'email', 'ada@example.test'))?.id).toBe('a')
  await expect(findUser(client, 'email', 'bob@example.test')).rejects.toMatchObject(
    failure('bad-answer', /found the user with email "ADA@example.test"/),
  )
})

test('a resource that is not the one that was asked for is not put back', async () => {
  const { client } = await clientTo(() => ({ status: 200, body: { id: 'other' } }))
  await expect(client.get('Users', 'ada')).rejects.toMatchObject(
    failure('bad-answer', /answered with the resource "other"/),
  )
})

test('an update that a page of a proxy answers; an empty answer is let pass', async () => {
  const { client } = await clientTo(({ url }) => ({ status: 200, body: url.endsWith('/a') ? '<html>' : '' }))
  await expect(client.put('Users', 'a', {})).rejects.toMatchObject(failure('bad-answer', /which is not JSON/))
  await client.put('Users', 'b', {})
})
