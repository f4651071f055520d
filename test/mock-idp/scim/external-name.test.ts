import { expect, test } from 'vitest'
import { parseExternalName, readAt, writeAt } from '../../../mock-idp/scim/external-name.ts'

const roles = "roles.^[type=='Primary'].value"

test('what is missing on the way is made', () => {
  expect(writeAt({}, 'role', 'admin')).toEqual({ role: 'admin' })
  expect(writeAt({}, 'name.givenName', 'Ada')).toEqual({ name: { givenName: 'Ada' } })
  expect(writeAt({}, roles, 'admin')).toEqual({ roles: [{ type: 'Primary', value: 'admin' }] })
})

test('an entry that is there is changed, and what stands beside it stays', () => {
  const before = {
    roles: [
      { type: 'Other', value: 'x' },
      { type: 'Primary', value: 'old', display: 'Old' },
    ],
    title: 't',
  }
  expect(writeAt(before, roles, 'new')).toEqual({
    roles: [
      { type: 'Other', value: 'x' },
      { type: 'Primary', value: 'new', display: 'Old' },
    ],
    title: 't',
  })
  expect(before.roles[1]?.value).toBe('old')
})

test('a value that is taken out leaves nothing empty behind', () => {
  expect(writeAt({ name: { givenName: 'Ada' }, a: 1 }, 'name.givenName', undefined)).toEqual({ a: 1 })
  expect(writeAt({ roles: [{ type: 'Primary', value: 'x' }] }, roles, undefined)).toEqual({})
})

test('reading finds what writing wrote, and nothing that every object has', () => {
  expect(readAt(writeAt({}, roles, 'admin'), roles)).toBe('admin')
  expect(readAt({}, 'constructor')).toBeUndefined()
  expect(readAt({ roles: 'x' }, roles)).toBeUndefined()
})

test.each([[''], ['a.'], ['.a'], ["^[type=='x'].value"], ["a.^[type=='x']"], ['a[0]'], ["a.^[type='x'].b"], ['a..b']])(
  '%j is no external name',
  (name) => {
    expect(() => parseExternalName(name)).toThrow(/Expected an external name/)
  },
)
