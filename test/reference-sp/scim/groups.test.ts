import { describe, expect, it } from 'vitest'
import { groupUrn, patchOp, person, useWorld } from './support.ts'

const sp = useWorld()
const scim: typeof sp.world.scim = (...rest) => sp.world.scim(...rest)
const accounts: typeof sp.world.accounts = (...rest) => sp.world.accounts(...rest)
const user = async (name: string): Promise<string> => (await scim('POST', '/Users', person(name))).json.id
const users = (...names: string[]): Promise<string[]> => Promise.all(names.map(user))
const asMembers = (ids: readonly string[]) => ids.map((value) => ({ value, display: 'somebody' }))
const make = async (members: readonly string[] = [], displayName = 'Team') => {
  const answer = await scim('POST', '/Groups', { schemas: [groupUrn], displayName, members: asMembers(members) })
  expect(answer.status).toBe(201)
  return answer.json
}
const membersOf = async (id: string): Promise<string[]> =>
  (await scim('GET', `/Groups/${id}`)).json.members.map(({ value }: { value: string }) => value).toSorted()
const patch = (id: string, ...operations: unknown[]) => scim('PATCH', `/Groups/${id}`, patchOp(...operations))

describe("Okta's messages", () => {
  it('POST makes a user group, with Location, ETag and the members', async () => {
    const [ada = ''] = await users('ada')
    const answer = await scim('POST', '/Groups', {
      schemas: [groupUrn],
      displayName: 'Team',
      members: asMembers([ada]),
    })
    const { id } = answer.json
    const { baseUrl } = sp.world.info.scim
    expect(answer.json).toEqual({
      schemas: [groupUrn],
      id: expect.any(String),
      displayName: 'Team',
      members: [{ value: ada, $ref: `${baseUrl}/Users/${ada}`, display: 'ada@example.test', type: 'User' }],
      meta: {
        resourceType: 'Group',
        created: expect.any(String),
        location: `${baseUrl}/Groups/${id}`,
        version: answer.headers.get('etag'),
      },
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([201, answer.json.meta.location])
    expect((await accounts('GET', `/user_groups/${id}`)).json).toMatchObject({ name: 'Team', users: [{ id: ada }] })
    expect((await scim('GET', `/Users/${ada}`)).json.groups).toEqual([
      { value: id, $ref: `${baseUrl}/Groups/${id}`, display: 'Team', type: 'direct' },
    ])
  })

  it('PUT renames and gives exactly the members that it has; the id in the body is no matter', async () => {
    const [a = '', b = '', c = ''] = await users('a', 'b', 'c')
    const { id } = await make([a, b])
    const body = { schemas: [groupUrn], id, displayName: 'New name', members: asMembers([b, c]) }
    const put = await scim('PUT', `/Groups/${id}`, body)
    expect([put.status, put.json.id, put.json.displayName]).toEqual([200, id, 'New name'])
    expect(await membersOf(id)).toEqual([b, c].toSorted())
    await scim('PUT', `/Groups/${id}`, { displayName: 'Newer name' })
    expect(await membersOf(id)).toEqual([b, c].toSorted())
    await scim('PUT', `/Groups/${id}`, { displayName: 'Newer name', members: [] })
    expect(await membersOf(id)).toEqual([])
  })

  it('PATCH removes one of three, and adds to those who are there', async () => {
    const [a = '', b = '', c = '', d = ''] = await users('a', 'b', 'c', 'd')
    const { id } = await make([a, b, c])
    const answer = await patch(
      id,
      { op: 'remove', path: `members[value eq "${a}"]` },
      { op: 'add', path: 'members', value: asMembers([d, b]) },
      { op: 'replace', value: { id, displayName: 'New name' } },
    )
    expect(answer.status).toBe(200)
    expect(await membersOf(id)).toEqual([b, c, d].toSorted())
    expect((await scim('GET', `/Groups/${id}`)).json.displayName).toBe('New name')
  })

  it.each([
    ['replace', (_id: string, ids: string[]) => ({ op: 'replace', path: 'members', value: asMembers(ids) })],
    [
      'replace without a path',
      (id: string, ids: string[]) => ({ op: 'replace', value: { members: asMembers(ids), id, displayName: 'Team' } }),
    ],
  ])('Push Now by %s gives exactly these members, or none', async (_name, operation) => {
    const [a = '', b = ''] = await users('a', 'b')
    const { id } = await make([a])
    expect((await patch(id, operation(id, [b]))).status).toBe(200)
    expect(await membersOf(id)).toEqual([b])
    expect((await patch(id, operation(id, []))).status).toBe(200)
    expect(await membersOf(id)).toEqual([])
  })

  it('finds a group by its name, exactly', async () => {
    const { id } = await make([], 'A "b" \\ c')
    await make([], 'Other')
    const find = async (filter: string) =>
      (await scim('GET', `/Groups?filter=${encodeURIComponent(filter)}&startIndex=1&count=100`)).json
    expect(
      (await find(`displayName eq ${JSON.stringify('A "b" \\ c')}`)).Resources.map((group: { id: string }) => group.id),
    ).toEqual([id])
    expect(await find('displayName eq "team"')).toMatchObject({ totalResults: 0, Resources: [] })
  })

  it('DELETE removes the group and nobody in it', async () => {
    const [a = ''] = await users('a')
    const { id } = await make([a])
    expect((await scim('DELETE', `/Groups/${id}`)).status).toBe(204)
    expect((await scim('GET', `/Groups/${id}`)).status).toBe(404)
    expect((await scim('GET', `/Users/${a}`)).json).toMatchObject({ active: true, groups: [] })
  })
})

describe("Entra's messages", () => {
  it('POST has two schemas and no members', async () => {
    const { status, json } = await scim('POST', '/Groups', {
      schemas: [groupUrn, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: 'guid',
      displayName: 'Team',
      meta: { resourceType: 'Group' },
    })
    expect([status, json.members]).toEqual([201, []])
    const found = await scim('GET', '/Groups?excludedAttributes=members&filter=displayName+eq+%22Team%22')
    expect(found.json.Resources).toEqual([expect.objectContaining({ id: json.id })])
    expect(found.json.Resources[0]).not.toHaveProperty('members')
  })

  it('members have a $ref of null and are removed by a list of values', async () => {
    const [a = '', b = ''] = await users('a', 'b')
    const { id } = await make()
    const value = (...ids: string[]) => ids.map((one) => ({ $ref: null, value: one }))
    await patch(id, { op: 'Add', path: 'members', value: value(a, b) })
    expect(await membersOf(id)).toEqual([a, b].toSorted())
    await patch(id, { op: 'Remove', path: 'members', value: value(a) })
    expect(await membersOf(id)).toEqual([b])
    await patch(id, { op: 'Remove', path: 'members' })
    expect(await membersOf(id)).toEqual([])
  })
})

describe('what is refused', () => {
  it.each([
    [{ displayName: 'T', members: [{ value: 'nobody' }] }, 400, 'invalidValue', 'nobody'],
    [{ displayName: 'T', members: [{ display: 'x' }] }, 400, 'invalidValue', 'member'],
    [{ displayName: 'T', members: 'x' }, 400, 'invalidValue', 'members'],
    [{ members: [] }, 400, 'invalidValue', 'displayName'],
    [{ displayName: 'Team' }, 409, 'uniqueness', 'Team'],
  ])('%j', async (body, status, scimType, named) => {
    await accounts('POST', '/user_groups', { name: 'Team' })
    const answer = await scim('POST', '/Groups', body)
    expect([answer.status, answer.json.scimType]).toEqual([status, scimType])
    expect(answer.json.detail).toContain(named)
    expect(sp.world.sp.store.groups.list().map(({ name }) => name)).toEqual(['Team'])
  })

  it('a PATCH with somebody unknown changes nothing', async () => {
    const { id, meta } = await make()
    const answer = await patch(
      id,
      { op: 'replace', path: 'displayName', value: 'X' },
      { op: 'add', path: 'members', value: [{ value: 'x' }] },
    )
    expect([answer.status, answer.json.scimType]).toEqual([400, 'invalidValue'])
    expect((await scim('GET', `/Groups/${id}`)).json).toMatchObject({
      displayName: 'Team',
      meta: { version: meta.version },
    })
    expect((await patch(id, { op: 'remove', path: 'displayName' })).json.scimType).toBe('invalidValue')
  })
})

it('PATCHes of one group at the same moment lose nobody', async () => {
  const ids = await users(...Array.from({ length: 20 }, (_, i) => `user${i}`))
  const { id } = await make()
  const answers = await Promise.all(ids.map((value) => patch(id, { op: 'add', path: 'members', value: [{ value }] })))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
  expect(await membersOf(id)).toEqual(ids.toSorted())
})

it('of two PATCHes with the same If-Match, one is done and the other refused', async () => {
  const [a = '', b = ''] = await users('a', 'b')
  const { id, meta } = await make()
  const add = (value: string) =>
    scim('PATCH', `/Groups/${id}`, patchOp({ op: 'add', path: 'members', value: [{ value }] }), {
      headers: { 'if-match': meta.version },
    })
  const answers = await Promise.all([add(a), add(b)])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412])
  expect(await membersOf(id)).toHaveLength(1)
  const now = (await scim('GET', `/Groups/${id}`)).headers.get('etag') ?? ''
  expect(now).not.toBe(meta.version)
  const conditional = (tag: string) => ({ headers: { 'if-match': tag } })
  expect((await scim('PUT', `/Groups/${id}`, { displayName: 'X' }, conditional(meta.version))).status).toBe(412)
  expect((await scim('DELETE', `/Groups/${id}`, undefined, conditional(meta.version))).status).toBe(412)
  expect((await scim('GET', `/Groups/${id}`, undefined, { headers: { 'if-none-match': now } })).status).toBe(304)
  expect((await scim('DELETE', `/Groups/${id}`, undefined, conditional(now))).status).toBe(204)
})

it('PATCH answers with the group where attributes are asked for', async () => {
  const { id } = await make()
  const body = patchOp({ op: 'replace', path: 'displayName', value: 'X' })
  const answer = await scim('PATCH', `/Groups/${id}?attributes=displayName`, body)
  expect([answer.status, answer.json]).toEqual([200, { schemas: [groupUrn], id, displayName: 'X' }])
})
