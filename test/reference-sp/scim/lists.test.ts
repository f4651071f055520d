import { describe, expect, it } from 'vitest'
import { person, userUrn, useWorld } from './support.ts'

const sp = useWorld()
const scim: typeof sp.world.scim = (...rest) => sp.world.scim(...rest)
const list = async (query: Record<string, string>) => (await scim('GET', `/Users?${new URLSearchParams(query)}`)).json
const names = async (filter: string): Promise<string[]> =>
  (await list({ filter })).Resources.map(({ userName }: { userName: string }) => userName.split('@')[0])

describe('pages', () => {
  it('of 100 give 205 users in a stable order, each once', async () => {
    for (let i = 0; i < 204; i += 1)
      sp.world.sp.store.users.create({
        email: `u${i}@x.test`,
        firstName: 'U',
        lastName: '',
        role: 'reports',
        source: 'api',
      })
    const seen: string[] = []
    for (let startIndex = 1; startIndex <= 205; startIndex += 100) {
      const page = await list({ startIndex: String(startIndex), count: '100' })
      expect([page.totalResults, page.startIndex, page.itemsPerPage]).toEqual([
        205,
        startIndex,
        startIndex === 201 ? 5 : 100,
      ])
      seen.push(...page.Resources.map(({ id }: { id: string }) => id))
    }
    expect(new Set(seen).size).toBe(205)
    expect(seen).toEqual(sp.world.sp.store.users.list().map(({ id }) => id))
    expect((await list({ count: '100000' })).Resources).toHaveLength(205)
    expect(await list({ filter: 'role eq "reports"', startIndex: '201' })).toMatchObject({
      totalResults: 204,
      itemsPerPage: 4,
    })
  })

  it.each([
    [{ count: '0' }, { totalResults: 1, startIndex: 1, itemsPerPage: 0, Resources: [] }],
    [{ count: '-1' }, { totalResults: 1, startIndex: 1, itemsPerPage: 0, Resources: [] }],
    [{ startIndex: '-5' }, { totalResults: 1, startIndex: 1, itemsPerPage: 1 }],
    [{ startIndex: '7' }, { totalResults: 1, startIndex: 7, itemsPerPage: 0, Resources: [] }],
  ])('%j', async (query, expected) => {
    expect(await list(query)).toMatchObject(expected)
  })

  it('are of integers', async () => {
    expect(await list({ count: 'x' })).toMatchObject({ status: '400', scimType: 'invalidValue' })
    expect(await list({ startIndex: '1.5' })).toMatchObject({ status: '400', scimType: 'invalidValue' })
    expect((await scim('GET', '/Users?count=1&count=2')).status).toBe(400)
  })

  it('are answered for the calls of a connection test, with a stray & too', async () => {
    expect((await list({ startIndex: '1', count: '2' })).schemas).toEqual([
      'urn:ietf:params:scim:api:messages:2.0:ListResponse',
    ])
    expect((await scim('GET', '/Groups?startIndex=1&count=100')).json).toMatchObject({ totalResults: 0, Resources: [] })
    expect((await scim('GET', '/Users?filter=userName+eq+%22ada%22&')).json).toMatchObject({
      totalResults: 0,
      Resources: [],
    })
  })
})

describe('filters', () => {
  const fill = async () => {
    await scim('POST', '/Users', person('Ada', { role: 'admin', externalId: 'Ext-1' }))
    await scim('POST', '/Users', person('bob', { role: 'reports', active: false, name: { givenName: 'Bob "B"' } }))
  }

  it.each([
    ['userName eq "ADA@EXAMPLE.TEST"', ['Ada']],
    ['USERNAME EQ "ada@example.test"', ['Ada']],
    [`${userUrn}:userName eq "ada@example.test"`, ['Ada']],
    ['userName eq "nobody"', []],
    ['externalId eq "Ext-1"', ['Ada']],
    ['externalId eq "ext-1"', []],
    ['emails eq "bob@example.test"', ['bob']],
    ['emails.value ew "EXAMPLE.test" and active eq false', ['bob']],
    ['active eq "True" and userName co "da@"', ['Ada']],
    ['emails[type eq "work" and value sw "ada"]', ['Ada']],
    ['emails[type eq "home" or not (value sw "ada")] and role pr', ['master.admin', 'bob']],
    ['role eq "admin" or role eq "reports"', ['Ada', 'bob']],
    ['userName sw "a" or userName sw "b" and role eq "reports"', ['Ada', 'bob']],
    ['(userName sw "a" or userName sw "b") and role eq "reports"', ['bob']],
    ['not (userName sw "m")', ['Ada', 'bob']],
    ['externalId ne "Ext-1"', ['master.admin', 'bob']],
    ['externalId pr', ['Ada', 'bob']],
    ['name.givenName eq "Bob \\"B\\""', ['bob']],
    ['name.givenName co "\\u0042ob"', ['bob']],
    ['product_environments eq "dev"', ['Ada', 'bob']],
    [`schemas eq "${userUrn}"`, ['master.admin', 'Ada', 'bob']],
    ['meta.created gt "2001-01-01T01:00:00+02:00" and userName gt "b"', ['master.admin', 'bob']],
    ['id eq "x"', []],
    ['nonsense eq "x"', []],
    ['userName[type eq "x"]', []],
    ['active eq "x"', []],
    ['userName eq 1', []],
  ])('%s', async (filter, expected) => {
    await fill()
    expect(await names(filter)).toEqual(expected)
  })

  it.each([
    'externalId eq abc',
    'userName',
    'userName eq',
    'userName is "x"',
    'userName eq "x',
    'userName eq "x" and',
    'userName eq "x" userName',
    'not userName eq "x"',
    '(userName eq "x"',
    'userName eq "\\x"',
    'userName eq "x" ; drop',
    `${'('.repeat(21)}userName pr${')'.repeat(21)}`,
    Array.from({ length: 102 }, () => 'id pr').join(' and '),
    `userName eq "${'x'.repeat(2_000)}"`,
  ])('refused: %s', async (filter) => {
    expect(await list({ filter })).toMatchObject({ status: '400', scimType: 'invalidFilter' })
  })

  it('find somebody who is disabled, and accounts that SCIM did not make', async () => {
    sp.world.user({ enabled: false })
    expect(await names('userName eq "Ada@Example.Test"')).toEqual(['ada'])
  })

  it('need no look at all users where an index answers them', async () => {
    await fill()
    const { users } = sp.world.sp.store
    const all = users.list
    let walks = 0
    users.list = () => {
      walks += 1
      return all()
    }
    for (const filter of ['userName eq "ada@example.test"', 'externalId eq "Ext-1"', 'id eq "x"']) await names(filter)
    expect(walks).toBe(0)
    await names('role eq "admin"')
    expect(walks).toBe(1)
    users.list = all
  })
})

describe('attributes', () => {
  const shown = async (query: string) => Object.keys((await scim('GET', `/Users?${query}`)).json.Resources[0])
  it.each([
    ['attributes=userName,name.givenName,groups.x', ['schemas', 'id', 'userName', 'name', 'groups']],
    ['attributes=nothing', ['schemas', 'id']],
    ['excludedAttributes=id,name,emails,groups,meta,role,active', ['schemas', 'id', 'userName', 'displayName']],
  ])('%s', async (query, expected) => {
    expect(await shown(query)).toEqual(expected)
  })

  it('of parts', async () => {
    const one = async (query: string) => (await scim('GET', `/Users?${query}`)).json.Resources[0]
    expect((await one('attributes=name.givenName,emails.value')).name).toEqual({ givenName: 'Master' })
    expect((await one('excludedAttributes=emails.type,emails.primary')).emails).toEqual([
      { value: sp.world.info.masterAdmin.email },
    ])
  })
})
