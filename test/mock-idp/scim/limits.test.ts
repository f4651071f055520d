/** What comes from outside has a size, and what goes out must be something that can be sent. */
import { expect, it, test } from 'vitest'
import { newConnection } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { failureOf } from '../../../mock-idp/scim/answer.ts'
import { allPages, maxListLength, type Page } from '../../../mock-idp/scim/lists.ts'
import type { WireRequest } from '../../../mock-idp/scim/transport.ts'

const request = { method: 'GET', path: '/Users' } as WireRequest

test('a list is not read beyond what can be kept', async () => {
  let read = 0
  const pages = allPages(async (startIndex) => {
    read++
    const resources = [{ id: `u${startIndex}`, resource: {} }]
    return { request, page: { totalResults: 1_000, length: maxListLength / 4, resources } satisfies Page }
  })
  const reading = (async () => {
    for await (const page of pages) expect(page).toHaveLength(1)
  })()
  await expect(reading).rejects.toMatchObject({ kind: 'bad-answer', message: expect.stringMatching(/longer than/) })
  expect(read).toBe(5)
})

test('an error is told in few words, however many the server has', () => {
  const text = JSON.stringify({ scimType: 'y'.repeat(100_000), detail: 'z'.repeat(100_000) })
  expect(failureOf(request, { status: 400, headers: {}, text } as never).message.length).toBeLessThan(1_000)
})

const header = { type: 'header', name: 'Authorization', value: 'Bearer abc' }
const connection = (change: object) => ({ baseUrl: 'https://sp.test/scim/v2', auth: header, ...change })

it.each([
  ['a value with a line end', connection({ auth: { ...header, value: 'a\r\nb: c' } }), 'auth.value'],
  ['a value with a control character', connection({ auth: { ...header, value: '\u0000' } }), 'auth.value'],
  ['a value beyond Latin letters', connection({ auth: { ...header, value: '\ud800' } }), 'auth.value'],
  ['a name with a space', connection({ auth: { ...header, name: 'a b' } }), 'auth.name'],
  ['a header that every request has', connection({ auth: { ...header, name: 'Content-Length' } }), 'auth.name'],
  ['a base URL with a query', connection({ baseUrl: 'https://sp.test/scim?x=1' }), 'baseUrl'],
  ['a base URL with a fragment', connection({ baseUrl: 'https://sp.test/scim#f' }), 'baseUrl'],
  ['a base URL with credentials', connection({ baseUrl: 'https://user:pw@sp.test/scim' }), 'baseUrl'],
])('a connection with %s is refused before anything is sent', (_name, wanted, field) => {
  const { error } = newConnection.safeParse(wanted)
  expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([field])
})

test('a connection that can be used is taken', () => {
  expect(newConnection.safeParse(connection({})).success).toBe(true)
  expect(newConnection.safeParse(connection({ auth: { ...header, name: 'X-Api-Key', value: 'k é' } })).success).toBe(
    true,
  )
})
