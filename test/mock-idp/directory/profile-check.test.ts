import { describe, expect, it } from 'vitest'
import type { ProfileValue } from '../../../mock-idp/admin/profile-shapes.ts'
import { checkProfile, profileProblems } from '../../../mock-idp/directory/profile-check.ts'
import { checkAttributes, checkMappings } from '../../../mock-idp/directory/profile-schema.ts'
import { app, environments, okta, role } from './attributes.ts'

const accept = { others: 'accept' } as const
const refuse = { others: 'refuse' } as const
const level = okta({ name: 'level', type: 'number', enum: [{ value: 1 }, { value: 2 }] })
const size = okta({ name: 'size', type: 'number' })
const vip = okta({ name: 'vip', type: 'boolean', required: true })
const tags = okta({ name: 'tags', type: 'string-array', required: true })
const note = okta({ name: 'note' })
const all = [role, environments, level, size, vip, tags, note]
const good = { role: 'admin', environments: ['dev', 'prod'], level: 2, size: 0, vip: false, tags: ['x'], note: 'n' }

describe('a profile', () => {
  it('that keeps to its attributes has no problem; what is optional may be left out or empty', () => {
    expect(profileProblems(all, good, refuse)).toEqual([])
    expect(profileProblems(all, { role: 'admin', vip: true, tags: ['x'], environments: [], note: '' }, refuse)).toEqual(
      [],
    )
  })

  it.each<[string, ProfileValue | null | undefined, string, string]>([
    ['role', undefined, 'missing', 'expected text, found none'],
    ['role', '', 'missing', 'expected text, found none'],
    ['vip', null, 'missing', 'expected true or false, found none'],
    ['tags', [], 'missing', 'expected a list of texts, found none'],
    ['role', ['admin'], 'wrong-type', 'expected text, found a list of ["admin"]'],
    ['note', 7, 'wrong-type', 'expected text, found 7'],
    ['environments', 'prod', 'wrong-type', 'expected a list of texts, found "prod"'],
    ['size', '7', 'wrong-type', 'expected a number, found "7"'],
    ['size', Number.NaN, 'wrong-type', 'expected a number, found null'],
    ['vip', 'true', 'wrong-type', 'expected true or false, found "true"'],
    ['level', 3, 'not-enumerated', 'expected one of 1, 2, found 3'],
    ['environments', ['prod', 'stagin'], 'not-enumerated', 'expected one of "prod", "staging", "dev", found "stagin"'],
    ['colour', 'red', 'unknown', 'there is no such attribute'],
  ])('with %s %j is wrong: %s, %s', (attribute, value, kind, problem) => {
    expect(profileProblems(all, { ...good, [attribute]: value }, refuse)).toMatchObject([{ attribute, kind, problem }])
  })

  it('names what is allowed and what was probably meant', () => {
    const problems = profileProblems([role, note], { role: 'Admim', notes: 'x' }, refuse)
    expect(problems).toMatchObject([
      { attribute: 'role', allowed: role.enum?.map(({ value }) => value), nearest: 'admin' },
      { attribute: 'notes', allowed: ['role', 'note'], nearest: 'note' },
    ])
  })

  it('may have other attributes where it is said so, and what JavaScript inherits is no attribute', () => {
    expect(profileProblems([note], { login: 'a', toString: 'x' }, accept)).toEqual([])
    expect(profileProblems([okta({ name: 'toString', required: true })], {}, accept)).toMatchObject([
      { kind: 'missing' },
    ])
    expect(profileProblems([], { gone: null }, refuse)).toEqual([])
  })

  it('is refused with everything that is wrong with it, and at a length that can be read', () => {
    expect(() => checkProfile('the Okta user ada@example.test', all, good, refuse)).not.toThrow()
    const wrong = { ...good, role: 'admn', vip: undefined, colour: 'red' }
    expect(() => checkProfile('the Okta user ada@example.test', all, wrong, refuse)).toThrow(
      expect.objectContaining({
        code: 'bad-profile',
        message: expect.stringMatching(
          /^The profile of the Okta user ada@example\.test cannot .*: role: expected one of .* found "admn"; vip: .* none; colour: /,
        ),
        hint: expect.stringMatching(
          /^Did you mean "admin"\? Give role one of .* Give vip .* The attributes are "role", /,
        ),
      }),
    )
    const many = okta({
      name: 'many',
      enum: Array.from({ length: 10_000 }, (_, i) => ({ value: `${i}${'x'.repeat(500)}` })),
    })
    expect(() => checkProfile('x', [many], { many: 'y'.repeat(9_000) }, refuse)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^.{100,3000}$/),
        hint: expect.stringContaining('9980 more'),
      }),
    )
  })
})

describe('a list of attributes', () => {
  it('that fits together is accepted', () => {
    expect(() => checkAttributes('the application', [role, environments, level, size, vip])).not.toThrow()
  })

  it.each([
    ['two of one name', [note, okta({ name: 'note' })], /note of the group: expected a name of its own/],
    [
      'an enumeration of true and false',
      [okta({ name: 'a', type: 'boolean', enum: [{ value: 1 }] })],
      /no enumeration/,
    ],
    [
      'numbers for text',
      [okta({ name: 'a', enum: [{ value: 'x' }, { value: 1 }] })],
      /enumeration of strings, found 1/,
    ],
    ['text for numbers', [okta({ name: 'a', type: 'number', enum: [{ value: '1' }] })], /of numbers, found "1"/],
    ['a value twice', [okta({ name: 'a', enum: [{ value: 'x' }, { value: 'x' }] })], /"x" twice/],
    ['text combined', [app({ name: 'a', scope: 'GROUP', groupValues: 'COMBINE' })], /found string of scope GROUP/],
    ['personal values combined', [app({ name: 'a', type: 'string-array', groupValues: 'COMBINE' })], /PERSONAL/],
    ['the reserved name', [app({ name: 'a', externalName: 'groups', externalNamespace: 'urn:x' })], /than groups/],
    [
      'one place for two',
      [role, app({ name: 'b', externalName: 'role', externalNamespace: role.externalNamespace })],
      /role/,
    ],
  ])('with %s is refused', (_what, attributes, message) => {
    expect(() => checkAttributes('the group', attributes)).toThrow(
      expect.objectContaining({ code: 'bad-attribute', message: expect.stringMatching(message) }),
    )
  })

  it('may name one place twice if it is not sent', () => {
    const unsent = (name: string) => app({ name, externalName: 'role' })
    expect(() => checkAttributes('the application', [role, unsent('a'), unsent('b')])).not.toThrow()
  })
})

describe('mappings', () => {
  const check = (attribute: string, expression: string) =>
    checkMappings(
      'the mappings to Cloudinary',
      [
        { attribute: 'email', expression: 'user.email' },
        { attribute, expression },
      ],
      ['email', 'role'],
    )

  it('of attributes that there are, once each, are accepted', () => {
    expect(() => check('role', 'user.cld_role')).not.toThrow()
    expect(() => checkMappings('the import', [{ attribute: 'anything', expression: '1' }])).not.toThrow()
  })

  it.each([
    ['rol', 'user.x', 'bad-mapping', /expected the name of an attribute, found rol$/, /Did you mean role\?/],
    ['email', 'user.x', 'bad-mapping', /expected one expression for email, found two/, /remove one/],
    ['role', 'usr.x', 'bad-expression', /^In the mappings to Cloudinary, role: The expression "usr\.x"/, /user\.x\?/],
  ])('of %s by %s are refused: %s', (attribute, expression, code, message, hint) => {
    expect(() => check(attribute, expression)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) }),
    )
  })
})
