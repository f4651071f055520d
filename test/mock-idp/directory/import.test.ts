import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baseAttributes, defaultMappingsFromApplication } from '../../../mock-idp/directory/base-attributes.ts'
import { defaultMatchRules, importMatcher } from '../../../mock-idp/directory/import-match.ts'
import { importedUserProfile, keptAtImport } from '../../../mock-idp/directory/import-profile.ts'
import { environments, okta, role } from './attributes.ts'

const user = (id: string, login: string, firstName?: string, lastName?: string, email = login) => ({
  id,
  profile: { login, email, firstName, lastName },
})
const users = [
  user('u1', 'ada@example.test', 'Ada', 'Byron'),
  user('u2', 'countess', 'Ada', 'Byron', 'ada@mail.test'),
  user('u3', 'ben@example.test', 'Ben', 'Müller', 'team@example.test'),
  user('u4', 'cid@example.test', 'Cid', undefined, 'TEAM@example.test'),
]

describe('an imported user', () => {
  const match = importMatcher(users, defaultMatchRules)

  it('matches exactly by login, whatever the case, and else by e-mail', () => {
    expect(match({ login: 'ADA@Example.test', email: 'ada@mail.test' })).toEqual({
      kind: 'exact',
      on: 'userName',
      userIds: ['u1'],
    })
    expect(match({ login: 'other', email: 'Ada@mail.TEST' })).toEqual({ kind: 'exact', on: 'email', userIds: ['u2'] })
    expect(match({ login: 'other', email: 'team@example.test' })).toEqual({
      kind: 'exact',
      on: 'email',
      userIds: ['u3', 'u4'],
    })
  })

  it('matches partially by first and last name, both of them', () => {
    expect(match({ login: 'x', firstName: 'ADA', lastName: ' byron' })).toEqual({
      kind: 'partial',
      userIds: ['u1', 'u2'],
    })
    expect(match({ login: 'x', firstName: 'Ben', lastName: 'Mu\u0308ller' })).toEqual({
      kind: 'partial',
      userIds: ['u3'],
    })
    expect(match({ login: 'x', firstName: 'Cid' })).toEqual({ kind: 'none' })
    expect(match({ login: 'x', firstName: 'Byron', lastName: 'Ada' })).toEqual({ kind: 'none' })
    expect(match({})).toEqual({ kind: 'none' })
  })

  it('matches by what the rules say, and by nothing else', () => {
    const [byName, byEmail, never] = [
      importMatcher(users, { exact: ['userName'], partial: false }),
      importMatcher(users, { exact: ['email', 'userName'], partial: false }),
      importMatcher(users, { exact: [], partial: false }),
    ]
    const imported = { login: 'ada@example.test', email: 'ada@mail.test', firstName: 'Ada', lastName: 'Byron' }
    expect(byName?.(imported)).toMatchObject({ on: 'userName', userIds: ['u1'] })
    expect(byName?.({ ...imported, login: 'x' })).toEqual({ kind: 'none' })
    expect(byEmail?.(imported)).toMatchObject({ on: 'email', userIds: ['u2'] })
    expect(never?.(imported)).toEqual({ kind: 'none' })
  })

  it('finds itself, and finds as a comparison of each with each would', () => {
    const text = fc.constantFrom('', 'a', 'A', 'b', 'ä')
    const profile = fc.record({ login: text, email: text, firstName: text, lastName: text })
    const same = (a: string, b: string) => a !== '' && a.toLowerCase() === b.toLowerCase()
    fc.assert(
      fc.property(fc.array(profile, { maxLength: 6 }), profile, (all, imported) => {
        const found = importMatcher(
          all.map((one, i) => ({ id: String(i), profile: one })),
          defaultMatchRules,
        )(imported)
        const ids = (test: (one: typeof imported) => boolean) => all.flatMap((one, i) => (test(one) ? [String(i)] : []))
        const [logins, emails, names] = [
          ids((one) => same(one.login, imported.login)),
          ids((one) => same(one.email, imported.email)),
          ids((one) => same(one.firstName, imported.firstName) && same(one.lastName, imported.lastName)),
        ]
        expect('userIds' in found ? found.userIds : []).toEqual(
          [logins, emails, names].find((some) => some.length > 0) ?? [],
        )
        expect(found.kind).toBe(logins.length + emails.length > 0 ? 'exact' : names.length > 0 ? 'partial' : 'none')
      }),
    )
  })
})

describe('the profile that an import makes', () => {
  const appUser = { userName: 'ada', givenName: 'Ada', familyName: '', email: 'ada@mail.test', role: 'admin' }

  it('is what the mappings from the application yield; what has no value is left alone', () => {
    expect(importedUserProfile({ mappings: defaultMappingsFromApplication, appUser })).toEqual({
      login: 'ada',
      email: 'ada@mail.test',
      firstName: 'Ada',
    })
  })

  it('has the types of the Okta user’s attributes, and may read the Okta user that there is', () => {
    const mappings = [
      { attribute: 'roles', expression: 'appuser.role' },
      { attribute: 'note', expression: 'user.note + "!"' },
    ]
    const attributes = [okta({ name: 'roles', type: 'string-array' })]
    expect(importedUserProfile({ mappings, appUser, user: { note: 'old' }, attributes })).toEqual({
      roles: ['admin'],
      note: 'old!',
    })
  })

  it('an expression that fails names its attribute', () => {
    const mappings = [{ attribute: 'login', expression: 'String.toLowerCase(appuser.list)' }]
    expect(() => importedUserProfile({ mappings, appUser: { list: ['a'] } })).toThrow(/^The mapping of login: /)
  })
})

describe('what an assignment keeps of an import', () => {
  const attributes = [...baseAttributes, role, environments]
  const appUser = { userName: 'ada', givenName: 'Augusta', role: 'admin', environments: ['dev'], familyName: '' }

  it('is what the service provider has and nothing else gives', () => {
    const effective = { userName: 'ada', givenName: 'Ada' }
    expect(keptAtImport({ attributes, appUser, effective })).toEqual({ role: 'admin', environments: ['dev'] })
    expect(keptAtImport({ attributes, appUser, effective: { ...effective, role: 'reports' } })).toEqual({
      environments: ['dev'],
    })
  })

  it('and a username that Okta would change', () => {
    const effective = { userName: 'ada@example.test', role: 'x', environments: ['x'], givenName: 'Ada' }
    expect(keptAtImport({ attributes, appUser, effective })).toEqual({ userName: 'ada' })
  })
})
