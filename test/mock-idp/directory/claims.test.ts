import { describe, expect, it } from 'vitest'
import type { Profile } from '../../../mock-idp/admin/profile-shapes.ts'
import { type NewSamlSettings, samlSettings } from '../../../mock-idp/admin/schema.ts'
import { checkSettings, claimsFor } from '../../../mock-idp/directory/claims.ts'
import { endpointFor } from '../../../mock-idp/directory/endpoints.ts'
import { groupFilter } from '../../../mock-idp/directory/group-filter.ts'
import { samplePeople } from '../../../mock-idp/directory/sample-people.ts'

const settings = (more: Partial<NewSamlSettings> = {}) =>
  samlSettings.parse({ ssoUrl: 'https://sp.example.test/acs', audience: 'urn:sp', ...more })

const ada = {
  id: 'u1',
  status: 'ACTIVE' as const,
  profile: {
    login: 'ada@example.test',
    email: 'Ada@example.test',
    firstName: 'Ada',
    roles: ['a', '', 'b'],
    level: 0,
    on: false,
  },
}
const groups = ['Dev', 'Developers', 'Ops'].map((name, i) => ({ id: `g${i}`, profile: { name } }))

describe('attribute statements', () => {
  it('read the profile, the application profile and literals; arrays give one value each, nothing gives no attribute', () => {
    const { nameId, attributes } = claimsFor(
      settings({
        applicationUsername: 'user.email',
        nameIdFormat: 'emailAddress',
        attributeStatements: [
          { name: 'a', values: ['user.firstName', '"x \\"y\\" \\\\"'], nameFormat: 'basic' },
          { name: 'b', values: ['user.roles'], nameFormat: 'none' },
          { name: 'c', values: ['appuser.userName'] },
          { name: 'd', values: ['user.level', 'user.on'] },
          { name: 'gone', values: ['user.nickName', 'user.toString'] },
        ],
      }),
      ada,
      [],
    )
    expect(nameId).toEqual({
      value: 'Ada@example.test',
      format: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress',
    })
    const format = 'urn:oasis:names:tc:SAML:2.0:attrname-format:'
    expect(attributes).toEqual([
      { name: 'a', nameFormat: `${format}basic`, values: ['Ada', 'x "y" \\'] },
      { name: 'b', nameFormat: undefined, values: ['a', 'b'] },
      { name: 'c', nameFormat: `${format}unspecified`, values: ['Ada@example.test'] },
      { name: 'd', nameFormat: `${format}unspecified`, values: ['0', 'false'] },
    ])
  })

  it('an application username without a value is refused, and says which', () => {
    expect(() => claimsFor(settings({ applicationUsername: 'user.nick' }), ada, [])).toThrow(/user\.nick has no value/)
  })

  it('read the profile that the application has of the user, and the groups, where these are known', () => {
    const saml = settings({
      applicationUsername: 'user.email',
      attributeStatements: [
        { name: 'role', values: ['appuser.role'] },
        { name: 'mail', values: ['appuser.email'] },
        { name: 'me', values: ['appuser.userName'] },
        { name: 'dev', values: ['isMemberOfGroupName("Dev") ? "yes" : "no"', 'isMemberOfGroupName("dev")'] },
      ],
    })
    const values = (appProfile?: Profile) => {
      const { nameId, attributes } = claimsFor(saml, ada, groups, appProfile)
      return [nameId.value, Object.fromEntries(attributes.map((one) => [one.name, one.values]))]
    }
    const dev = ['yes', 'false']
    expect(values()).toEqual(['Ada@example.test', { mail: ['Ada@example.test'], me: ['Ada@example.test'], dev }])
    expect(values({ role: 'admin' })).toEqual(['Ada@example.test', { role: ['admin'], me: ['Ada@example.test'], dev }])
    expect(values({ role: 'admin', userName: 'ada' })).toEqual(['ada', { role: ['admin'], me: ['ada'], dev }])
  })

  it('an expression that has no meaning for this user is refused, and names no value of theirs', () => {
    const saml = settings({ attributeStatements: [{ name: 'a', values: ['user.firstName ? "a" : "b"'] }] })
    expect(() => claimsFor(saml, ada, [])).toThrow(
      expect.objectContaining({
        code: 'expression-types',
        message:
          'The expression "user.firstName ? \\"a\\" : \\"b\\"" has no value: ? takes true or false, and was given text',
      }),
    )
  })
})

describe('group attribute statements', () => {
  const values = (type: 'STARTS_WITH' | 'EQUALS' | 'CONTAINS' | 'REGEX', value: string, whenEmpty?: 'omit' | 'send') =>
    claimsFor(
      settings({ groupAttributeStatements: [{ name: 'g', filter: { type, value }, ...(whenEmpty && { whenEmpty }) }] }),
      ada,
      groups,
    ).attributes[0]?.values

  it('filter the names of the user’s groups, case-sensitively', () => {
    expect(values('STARTS_WITH', 'Dev')).toEqual(['Dev', 'Developers'])
    expect(values('STARTS_WITH', 'dev')).toBeUndefined()
    expect(values('EQUALS', 'Dev')).toEqual(['Dev'])
    expect(values('CONTAINS', 'op')).toEqual(['Developers'])
    expect(values('REGEX', '.*')).toEqual(['Dev', 'Developers', 'Ops'])
    expect(values('REGEX', 'Dev')).toEqual(['Dev'])
    expect(values('REGEX', '(Dev|Ops).*')).toEqual(['Dev', 'Developers', 'Ops'])
  })

  it('are left out when no group matches, or sent empty if so set', () => {
    expect(values('EQUALS', 'None')).toBeUndefined()
    expect(values('EQUALS', 'None', 'send')).toEqual([])
  })

  it.each([
    '(a+)+b',
    '(a|a)*b',
    '(a?){50}',
    '.*.*.*.*x',
    `${'a?'.repeat(40)}x`,
    '((ab)*)*',
    '(a|b|c){9}',
    'x'.repeat(201),
  ])('%s could run for ever and is refused', (value) => {
    expect(() => groupFilter({ type: 'REGEX', value })).toThrow(expect.objectContaining({ code: 'costly-regex' }))
  })

  it.each(['(', '[z-a]', '(?i)dev', '*'])('%s is no regular expression', (value) => {
    expect(() => groupFilter({ type: 'REGEX', value })).toThrow(expect.objectContaining({ code: 'bad-regex' }))
  })

  it.each(['Dev-[A-Z]{2,4}', '(eng|ops)-\\d+', '(?:team )?.*', '\\p{L}+', '[(|*+?]+', '(ab){3}'])(
    '%s is accepted',
    (value) => {
      expect(groupFilter({ type: 'REGEX', value })('')).toBe(value === '(?:team )?.*')
    },
  )
})

describe('settings', () => {
  it('two requestable URLs may not share an index', () => {
    const url = 'https://sp.example.test/2'
    const two = settings({
      requestableSsoUrls: [
        { url, index: 1 },
        { url, index: 1 },
      ],
    })
    expect(() => checkSettings(two)).toThrow(/index 1/)
  })

  it('index 0 is the configured URL unless the list says otherwise', () => {
    expect(endpointFor(settings(), { acsIndex: 0 })?.acsUrl).toBe('https://sp.example.test/acs')
    const listed = settings({ requestableSsoUrls: [{ url: 'https://sp.example.test/0', index: 0 }] })
    expect(endpointFor(listed, { acsIndex: 0 })?.acsUrl).toBe('https://sp.example.test/0')
    expect(endpointFor(settings(), { acsIndex: 1 })).toBeUndefined()
  })
})

describe('sample people', () => {
  it('are the same for the same seed, others for another, and only in the domain', async () => {
    const make = (seed: number) => samplePeople({ seed, count: 300, domain: 'idp.example.test' })
    const [one, again, other] = [await make(1), await make(1), await make(2)]
    expect(one).toEqual(again)
    expect(other.people[0]).not.toEqual(one.people[0])
    expect(new Set(one.people.map(({ login }) => login)).size).toBe(300)
    for (const { login, email } of one.people) {
      expect(email).toBe(login)
      expect(login).toMatch(/^[a-z0-9.]+@idp\.example\.test$/)
    }
    expect(one.groups.flatMap(({ members }) => members)).toHaveLength(300)
  })
})
