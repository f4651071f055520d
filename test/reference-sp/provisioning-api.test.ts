import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Json, makeWorld, type World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await makeWorld()
})
afterEach(() => world.sp.reset())
afterAll(() => world.sp.stop())

const list = async (path: string, member: string): Promise<Json[]> =>
  (await world.api('GET', path)).json[member] as Json[]
const create = async (path: string, body: Json): Promise<Json> => (await world.api('POST', path, body)).json

it('asks for key, secret and account', async () => {
  const { baseUrl, accountId, key, secret } = world.sp.info.provisioningApi
  const ask = async (account: string, credentials: string) => {
    const headers = { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
    const response = await fetch(`${baseUrl}/accounts/${account}/users`, { headers })
    return [response.status, await response.json()]
  }
  expect(await ask(accountId, `${key}:wrong`)).toEqual([401, { error: { message: 'Invalid credentials' } }])
  expect(await ask('another', `${key}:${secret}`)).toEqual([403, { error: { message: expect.any(String) } }])
  expect((await ask(accountId, `${key}:${secret}`))[0]).toBe(200)
  expect((await fetch(`${baseUrl}/accounts/${accountId}/users`)).status).toBe(401)
})

it('makes, reads, changes and deletes a user', async () => {
  const [prod, dev] = (await list('/sub_accounts', 'sub_accounts')).map((one) => one['id'])
  const made = await world.api('POST', '/users', {
    name: 'Grace Brewster Hopper',
    email: 'Grace@example.test',
    role: 'billing',
    sub_account_ids: [prod],
  })
  expect(made).toMatchObject({
    status: 200,
    json: {
      first_name: 'Grace',
      last_name: 'Brewster Hopper',
      email: 'Grace@example.test',
      role: 'billing',
      pending: true,
      all_sub_accounts: false,
      sub_account_ids: [prod],
      providers: ['api'],
      two_factor: false,
    },
  })
  const path = `/users/${made.json['id']}`
  const changed = await world.api('PUT', path, {
    name: 'Grace',
    role: 'reports',
    enabled: false,
    sub_account_ids: [dev],
  })
  expect(changed.json).toMatchObject({
    name: 'Grace',
    role: 'reports',
    enabled: false,
    sub_account_ids: [dev],
    email: 'Grace@example.test',
  })
  expect((await world.api('GET', path)).json).toEqual(changed.json)
  expect((await list(`${path}/sub_accounts`, 'sub_accounts')).map((one) => one['id'])).toEqual([dev])
  expect(await world.api('DELETE', path)).toEqual({ status: 200, json: { message: 'ok' } })
  for (const method of ['GET', 'DELETE'])
    expect(await world.api(method, path)).toEqual({ status: 404, json: { error: { message: 'not found' } } })
  expect((await world.users()).length).toBe(1)
})

it('refuses what cannot be, and changes nothing', async () => {
  const { id } = await create('/users', { name: 'A', email: 'a@example.test' })
  const attempts: [string, string, unknown, number][] = [
    ['POST', '/users', { email: 'b@example.test' }, 400],
    ['POST', '/users', { name: 'B' }, 400],
    ['POST', '/users', { name: 'B', email: 'no address' }, 400],
    ['POST', '/users', { name: 'B', email: 'b@example.test', role: 'Admin' }, 400],
    ['POST', '/users', { name: 'B', email: 'b@example.test', sub_account_ids: ['x'] }, 400],
    ['POST', '/users', { name: 'B', email: 'A@EXAMPLE.TEST' }, 409],
    ['POST', '/users', ['a list'], 400],
    ['PUT', `/users/${id}`, { enabled: 'yes' }, 400],
    ['PUT', `/users/${id}`, { email: world.sp.info.masterAdmin.email }, 409],
    ['PUT', '/users/nobody', { name: 'X' }, 404],
    ['GET', '/users?page_size=0', undefined, 400],
    ['GET', '/users?sort_by=colour', undefined, 400],
    ['GET', '/nothing', undefined, 404],
  ]
  const before = await world.users()
  for (const [method, path, body, status] of attempts) {
    const reply = await world.api(method, path, body)
    expect([method, path, body, reply.status]).toEqual([method, path, body, status])
    expect(reply.json).toEqual({ error: { message: expect.any(String) } })
  }
  expect(await world.users()).toEqual(before)
})

it('sets no password for anybody, and says why', async () => {
  await world.settings({ provisioning: true })
  await world.provision({})
  const id = (await world.user('ada@example.test'))?.['id']
  expect((await world.api('PUT', `/users/${id}`, { name: 'By Hand' })).json['name']).toBe('By Hand')
  for (const field of ['password', 'new_password', 'password_confirmation']) {
    const reply = await world.api('PUT', `/users/${id}`, { name: 'Not This', [field]: 'correct horse battery' })
    expect(reply).toEqual({ status: 400, json: { error: { message: expect.stringContaining('provisioned by SAML') } } })
  }
  expect((await world.user('ada@example.test'))?.['name']).toBe('By Hand')
})

it('finds users by every parameter', async () => {
  await world.settings({ provisioning: true })
  const [prod, dev] = (await list('/sub_accounts', 'sub_accounts')).map((one) => one['id'])
  const a = await create('/users', { name: 'Anna Z', email: 'anna@example.test', sub_account_ids: [prod] })
  const b = await create('/users', { name: 'Bob Y', email: 'bob@example.test', sub_account_ids: [dev] })
  await world.provision({})
  const names = async (query: string) => (await list(`/users?${query}`, 'users')).map((user) => user['first_name'])
  expect(await names(`ids=${a['id']},${b['id']}`)).toEqual(['Anna', 'Bob'])
  expect(await names(`ids[]=${a['id']}&ids[]=${b['id']}`)).toEqual(['Anna', 'Bob'])
  expect(await names('emails=BOB@example.test')).toEqual(['Bob'])
  expect(await names('prefix=ann')).toEqual(['Anna'])
  expect(await names('pending=true')).toEqual(['Anna', 'Bob'])
  expect(await names(`sub_account_id=${dev}`)).toEqual(['Master', 'Bob', 'Ada'])
  expect(await names('sort_by=email')).toEqual(['Ada', 'Anna', 'Bob', 'Master'])
  expect(await names('sort_by=name&sort_order=desc&page_size=2&page=2')).toEqual(['Anna', 'Ada'])
  expect(await names('last_login=true&from=2020-01-01')).toEqual(['Ada'])
  expect(await names('last_login=true&to=2020-01-01&union_type=exclude')).toEqual(['Master', 'Anna', 'Bob', 'Ada'])
})

it('makes, renames and deletes groups, and changes their members', async () => {
  const user = await create('/users', { name: 'Anna', email: 'anna@example.test' })
  const group = await create('/user_groups', { name: 'Design' })
  const path = `/user_groups/${group['id']}`
  expect((await world.api('POST', '/user_groups', { name: 'Design' })).status).toBe(409)
  expect((await world.api('POST', '/user_groups', { name: 'design' })).status).toBe(200)
  const member = { id: user['id'], name: 'Anna', email: 'anna@example.test' }
  expect((await world.api('POST', `${path}/users/${user['id']}`)).json).toEqual({ users: [member] })
  expect(await list(`${path}/users`, 'users')).toEqual([member])
  expect(await list(`/users/${user['id']}/groups`, 'groups')).toEqual([{ id: group['id'], name: 'Design' }])
  expect((await world.api('PUT', path, { name: 'Print' })).json).toMatchObject({ name: 'Print', users: [member] })
  expect((await world.api('DELETE', `${path}/users/${user['id']}`)).json).toEqual({ users: [] })
  expect(await world.api('DELETE', path)).toEqual({ status: 200, json: { ok: true } })
  expect((await world.api('GET', path)).status).toBe(404)
  expect((await world.api('POST', `${path}/users/${user['id']}`)).status).toBe(404)
  expect((await list('/user_groups', 'user_groups')).map((one) => one['name'])).toEqual(['design'])
})

it('makes, changes and deletes product environments', async () => {
  expect((await list('/sub_accounts', 'sub_accounts')).map((one) => one['cloud_name'])).toEqual(
    world.sp.info.productEnvironments,
  )
  const made = await create('/sub_accounts', { name: 'Quality Assurance', custom_attributes: { a: 1 } })
  expect(made).toMatchObject({ cloud_name: 'quality-assurance', enabled: true, custom_attributes: { a: 1 } })
  const path = `/sub_accounts/${made['id']}`
  expect((await world.api('PUT', path, { cloud_name: 'prod' })).status).toBe(409)
  expect((await world.api('PUT', path, { cloud_name: 'qa', enabled: false, description: 'x' })).json).toMatchObject({
    cloud_name: 'qa',
    enabled: false,
    description: 'x',
  })
  expect((await list('/sub_accounts?enabled=false', 'sub_accounts')).length).toBe(1)
  expect((await list('/sub_accounts?cloud_names=qa,dev&prefix=Qual', 'sub_accounts')).length).toBe(1)
  expect(await world.api('DELETE', path)).toEqual({ status: 200, json: { message: 'ok' } })
  expect((await world.api('GET', path)).status).toBe(404)
})
