import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AppAttribute, Mapping, Profile, ProfileValue } from '../../../mock-idp/admin/profile-shapes.ts'
import { formForGroup, formForPerson } from '../../../mock-idp/directory/assignment-form.ts'
import { baseAttributes, defaultMappingsToApplication } from '../../../mock-idp/directory/base-attributes.ts'
import {
  describeSource,
  type EffectiveProfileInput,
  effectiveProfile,
} from '../../../mock-idp/directory/effective-profile.ts'
import type { AssignedGroup } from '../../../mock-idp/directory/group-values.ts'
import { app, environments, role } from './attributes.ts'

const ada = { login: 'ada@example.test', email: 'ada@mail.test', firstName: 'Ada', lastName: 'Byron' }
const cldRole: Mapping = { attribute: 'role', expression: 'user.cld_role' }
const cldEnvironments: Mapping = { attribute: 'environments', expression: 'user.product_environments' }

const group = (name: string, profile: Profile = {}, form?: Profile): AssignedGroup => ({
  id: `id-${name}`,
  name,
  profile: { name, description: `Everyone in ${name}`, ...profile },
  form,
})

const effective = (input: Partial<EffectiveProfileInput>) =>
  effectiveProfile({
    attributes: [role, environments],
    mappings: [cldRole, cldEnvironments],
    user: ada,
    userName: ada.login,
    groups: [],
    groupNames: [],
    ...input,
  })

describe('the base attributes', () => {
  const base = (user: Profile, more: Partial<EffectiveProfileInput> = {}) =>
    effective({ attributes: baseAttributes, mappings: defaultMappingsToApplication, user, ...more })

  it('come from the Okta user by the default mappings', () => {
    const { values, sources } = base({ ...ada, displayName: 'Countess', locale: 'en-GB' }, { userName: 'ada' })
    expect(values).toEqual({
      userName: 'ada',
      givenName: 'Ada',
      familyName: 'Byron',
      email: 'ada@mail.test',
      displayName: 'Countess',
      locale: 'en-GB',
    })
    expect(sources).toMatchObject({
      userName: { kind: 'application-username' },
      email: { kind: 'mapping', expression: 'user.email' },
    })
  })

  it('who has no display name is called by both names, or by the one there is; nobody by none', () => {
    const names = [ada, { ...ada, displayName: '' }, { firstName: 'Ada' }, { lastName: 'Byron' }, { login: 'x' }]
    expect(names.map((user) => base(user).values['displayName'])).toEqual([
      'Ada Byron',
      'Ada Byron',
      'Ada',
      'Byron',
      undefined,
    ])
  })

  it('a username typed for the person is the one that counts', () => {
    const mappings = [{ attribute: 'email', expression: 'appuser.userName' }]
    const { values, sources } = base(ada, { mappings, individual: { userName: 'countess' } })
    expect(values).toEqual({ userName: 'countess', email: 'countess' })
    expect(sources['userName']).toEqual({ kind: 'individual' })
    expect(base(ada, { mappings, individual: { userName: '' } }).values).toEqual({
      userName: ada.login,
      email: ada.login,
    })
  })
})

describe('a value', () => {
  const user = { ...ada, cld_role: 'billing' }
  const groups = [group('Dev', { cld_role: 'reports' })]

  it('typed for the person is before the mapping, the mapping before the groups', () => {
    const typed = effective({ user, groups, individual: { role: 'admin' } })
    expect([typed.values, typed.sources]).toEqual([{ role: 'admin' }, { role: { kind: 'individual' } }])
    const mapped = effective({ user, groups, individual: {} })
    expect(mapped.values).toEqual({ role: 'billing' })
    expect(mapped.sources).toEqual({ role: { kind: 'mapping', expression: 'user.cld_role' } })
    const inherited = effective({ groups })
    expect(inherited.values).toEqual({ role: 'reports' })
    expect(inherited.sources).toEqual({
      role: { kind: 'group', id: 'id-Dev', name: 'Dev', from: 'profile', attribute: 'cld_role' },
    })
    expect(effective({})).toEqual({ values: {}, sources: {} })
  })

  it('that is empty is none: what comes after it counts', () => {
    const individual = { role: '', environments: [] }
    const empty = { ...ada, cld_role: '', product_environments: [] }
    const both = [group('None', { cld_role: '', product_environments: [] }), group('Dev', { cld_role: 'reports' })]
    expect(effective({ individual, user: empty, groups: both }).values).toEqual({ role: 'reports' })
  })

  it('of a group is taken only by an attribute of scope GROUP', () => {
    const form = { role: 'admin' }
    const personal = { ...role, scope: 'PERSONAL' as const }
    expect(effective({ attributes: [personal], groups: [group('Dev', { cld_role: 'reports' }, form)] }).values).toEqual(
      {},
    )
  })

  it('in the form of the assignment is before the profile of the Okta group', () => {
    const both = [group('Dev', { cld_role: 'reports' }, { role: 'admin' })]
    expect(effective({ groups: both })).toEqual({
      values: { role: 'admin' },
      sources: { role: { kind: 'group', id: 'id-Dev', name: 'Dev', from: 'form' } },
    })
  })

  it('follows priority: a group before another counts even by its profile against the other’s form', () => {
    const first = group('First', { cld_role: 'reports' })
    const second = group('Second', {}, { role: 'admin' })
    const none = group('None')
    expect(effective({ groups: [none, first, second] }).values).toEqual({ role: 'reports' })
    expect(effective({ groups: [none, second, first] }).values).toEqual({ role: 'admin' })
    // Leaving one of two groups that assign.
    expect(effective({ groups: [none, first] }).values).toEqual({ role: 'reports' })
  })

  it('of groups is combined for lists that say so, in order of priority and each once', () => {
    const groups = [
      group('A', { product_environments: ['staging', 'prod'] }),
      group('B', { product_environments: ['dev'] }, { environments: ['prod', 'dev'] }),
      group('C'),
    ]
    expect(effective({ groups })).toEqual({
      values: { environments: ['staging', 'prod', 'dev'] },
      sources: {
        environments: {
          kind: 'groups',
          groups: [
            { id: 'id-A', name: 'A', from: 'profile', attribute: 'product_environments' },
            { id: 'id-B', name: 'B', from: 'form' },
          ],
        },
      },
    })
    const combinedText = { ...role, groupValues: 'COMBINE' as const }
    const roles = [group('A', { role: 'reports' }), group('B', { role: 'admin' })]
    expect(effective({ attributes: [combinedText], groups: roles }).values).toEqual({ role: 'reports' })
    const byPriority = { ...environments, groupValues: 'PRIORITY' as const }
    expect(effective({ attributes: [byPriority], groups }).values).toEqual({ environments: ['staging', 'prod'] })
    expect(effective({ groups: groups.slice(0, 1) }).sources['environments']).toMatchObject({
      kind: 'group',
      name: 'A',
    })
  })
})

describe('the attribute of an Okta group that belongs to one of the application', () => {
  const attribute = app({ name: 'env', type: 'string-array', externalName: 'environments', scope: 'GROUP' })
  const of = (profile: Profile, expression?: string, one: AppAttribute = attribute) =>
    effective({
      attributes: [one],
      mappings: expression === undefined ? [] : [{ attribute: one.name, expression }],
      groups: [group('G', profile)],
    }).values[one.name]

  it('has its external name, its variable name, or the name of the user’s attribute that it is mapped from', () => {
    expect(of({ environments: ['a'], env: ['b'], product: ['c'] }, 'user.product')).toEqual(['a'])
    expect(of({ env: ['b'], product: ['c'] }, 'user.product')).toEqual(['b'])
    expect(of({ environments: [], product: ['c'] }, ' user.product ')).toEqual(['c'])
  })

  it('is not any attribute that an expression reads, nor what the group is called', () => {
    expect(of({ product: ['c'] }, 'user.product == null ? null : user.product')).toBeUndefined()
    expect(of({ product: ['c'] }, 'appuser.product')).toBeUndefined()
    expect(of({ product: ['c'] })).toBeUndefined()
    expect(of({}, undefined, app({ name: 'name', scope: 'GROUP' }))).toBeUndefined()
    expect(of({}, 'user.description', app({ name: 'about', scope: 'GROUP' }))).toBeUndefined()
  })
})

describe('a value of another type', () => {
  it.each<[AppAttribute['type'], ProfileValue, ProfileValue]>([
    ['string', 7, '7'],
    ['string', true, 'true'],
    ['string-array', 'prod', ['prod']],
    ['number', '7.5', 7.5],
    ['boolean', 'false', false],
    // Something would be lost, so it stays for the check to refuse.
    ['string', ['a'], ['a']],
    ['number', '007', '007'],
    ['number', '1e3', '1e3'],
    ['number', '', ''],
    ['number', true, true],
    ['boolean', 'yes', 'yes'],
    ['boolean', 1, 1],
  ])('for a %s, %j is %j', (type, value, expected) => {
    const attributes = [app({ name: 'x', type, scope: 'GROUP' })]
    const values = [
      effective({ attributes, individual: { x: value } }),
      effective({ attributes, mappings: [{ attribute: 'x', expression: 'user.x' }], user: { x: value } }),
      effective({ attributes, groups: [group('G', { x: value })] }),
      effective({ attributes, groups: [group('G', {}, { x: value })] }),
    ].map((one) => one.values['x'])
    expect(values).toEqual(Array(4).fill(value === '' ? undefined : expected))
  })
})

describe('whatever is assigned', () => {
  it('reads of expressions who is in which group', () => {
    const mappings = [{ attribute: 'role', expression: 'isMemberOfGroupName("Admins") ? "admin" : null' }]
    expect(effective({ mappings, groupNames: ['Admins'] }).values).toEqual({ role: 'admin' })
    expect(effective({ mappings, groups: [group('Admins', { role: 'reports' })] }).values).toEqual({ role: 'reports' })
  })

  it('an expression that fails names its attribute', () => {
    const broken = (expression: string) => () => effective({ mappings: [{ attribute: 'role', expression }] })
    expect(broken('!user.login')).toThrow(
      expect.objectContaining({
        code: 'expression-types',
        message: expect.stringMatching(/^The mapping of role: The expression "!user\.login" has no value: ! takes/),
      }),
    )
    expect(broken('user')).toThrow(expect.objectContaining({ code: 'bad-expression' }))
  })

  it('an attribute may be called as JavaScript likes it least', () => {
    const attributes = ['__proto__', 'constructor', 'toString'].map((name) => app({ name, scope: 'GROUP' }))
    const none = effective({ attributes, groups: [group('G')], individual: {} })
    expect(none).toEqual({ values: {}, sources: {} })
    const individual = JSON.parse('{"__proto__":"a","constructor":"b"}') as Profile
    expect(Object.entries(effective({ attributes, individual }).values)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ])
  })

  it('every value has a source and every source a value; combined values are the union, by priority', () => {
    const values = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 })
    const groups = fc.array(fc.record({ own: values, form: fc.option(values) }), { maxLength: 5 })
    fc.assert(
      fc.property(groups, fc.option(values), fc.option(values), (all, individual, mapped) => {
        const { values: found, sources } = effective({
          attributes: [environments],
          user: mapped ? { product_environments: mapped } : {},
          individual: individual ? { environments: individual } : undefined,
          groups: all.map(({ own, form }, i) =>
            group(`G${i}`, { product_environments: own }, form ? { environments: form } : undefined),
          ),
        })
        const union = new Set(all.flatMap(({ own, form }) => (form?.length ? form : own)))
        const expected = individual?.length ? individual : mapped?.length ? mapped : [...union]
        expect(found['environments'] ?? []).toEqual(expected)
        expect(Object.keys(sources)).toEqual(Object.keys(found))
      }),
    )
  })
})

describe('a source in words', () => {
  it('can be shown beside the value', () => {
    const described = (input: Partial<EffectiveProfileInput>) =>
      Object.values(effective(input).sources).map(describeSource)
    expect(described({ individual: { role: 'admin' } })).toEqual(['typed for this person'])
    expect(described({ user: { cld_role: 'admin' } })).toEqual(['mapping user.cld_role'])
    const groups = [group('A', { product_environments: ['a'] }), group('B', {}, { environments: ['b'], role: 'admin' })]
    expect(described({ groups })).toEqual([
      'group B (typed at its assignment)',
      'groups A (its attribute product_environments), B (typed at its assignment)',
    ])
    expect(described({ attributes: baseAttributes, mappings: [] })).toEqual(['application username'])
  })
})

describe('the form of an assignment', () => {
  it('for a person shows every attribute, filled in with what would be sent and where that is from', () => {
    const fields = formForPerson({
      attributes: [...baseAttributes.slice(0, 2), role, environments],
      mappings: [...defaultMappingsToApplication, cldRole],
      user: ada,
      userName: ada.login,
      groups: [group('Dev', { product_environments: ['dev'] })],
      groupNames: ['Dev'],
    })
    expect(fields).toMatchObject([
      {
        attribute: 'userName',
        title: 'Username',
        required: true,
        value: ada.login,
        source: { kind: 'application-username' },
      },
      { attribute: 'givenName', value: 'Ada', source: { kind: 'mapping', expression: 'user.firstName' } },
      { attribute: 'role', title: 'User role', type: 'string', required: true, enum: role.enum },
      {
        attribute: 'environments',
        title: 'environments',
        description: environments.description,
        type: 'string-array',
        required: false,
        value: ['dev'],
        source: { kind: 'group', name: 'Dev' },
      },
    ])
    expect(fields[2]).not.toHaveProperty('value')
    expect(fields[2]).not.toHaveProperty('source')
  })

  it('for a group shows what a group can give, filled in from its profile or with what was typed before', () => {
    const form = (one: AssignedGroup) =>
      formForGroup({ attributes: [...baseAttributes, role, environments], mappings: [cldRole], group: one })
    expect(
      form(group('Dev', { cld_role: 'reports', product_environments: ['dev'] }, { environments: ['prod'] })),
    ).toMatchObject([
      { attribute: 'role', required: true, value: 'reports', source: { kind: 'group', attribute: 'cld_role' } },
      { attribute: 'environments', value: ['prod'], source: { kind: 'group', name: 'Dev', from: 'form' } },
    ])
    expect(form(group('Dev')).map((field) => 'value' in field)).toEqual([false, false])
  })
})
