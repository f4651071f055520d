import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError, TargetError } from '../../src/core/errors.ts'
import { valueAtPointer } from '../../src/target/json-pointer.ts'
import type { AccountsPort, Verb } from '../../src/target/ports.ts'
import { verbs } from '../../src/target/ports.ts'
import { type FakeApi, fakeProvisioningApi, key, secret } from './fake-provisioning-api.ts'
import { bodyOf, nowhere, sendJson, serve } from './servers.ts'
import { must, open } from './targets.ts'

const refusal = async (attempt: Promise<unknown>): Promise<TargetError> => {
  const error = await attempt.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TargetError)
  return error as TargetError
}

const cloudinary = async (
  password = secret,
): Promise<{ api: FakeApi; accounts: AccountsPort; has(verb: Verb): boolean }> => {
  const api = await fakeProvisioningApi()
  const { accounts, has } = await open(
    {
      accounts: {
        driver: 'cloudinary-provisioning-api',
        baseUrl: api.baseUrl,
        accountId: 'acc/1',
        key,
        secret: password,
      },
    },
    {},
    [key, secret, password],
  )
  return { api, accounts: must(accounts), has }
}

describe('the driver of the Provisioning API', () => {
  it('makes, finds, changes and removes an account', async () => {
    const { accounts, api } = await cloudinary()
    const made = await accounts.create({
      email: 'Ada+1@example.test',
      name: 'Ada L',
      role: 'admin',
      environments: ['staging'],
    })
    expect(made).toMatchObject({
      email: 'Ada+1@example.test',
      role: 'admin',
      enabled: true,
      environments: ['staging'],
      groups: [],
    })
    expect(await accounts.find({ email: 'ada+1@example.test' })).toEqual(made)
    expect(await accounts.find({ id: made.id })).toEqual(made)
    expect(await accounts.find({ email: 'nobody@example.test' })).toBeUndefined()
    expect(await accounts.find({ id: 'none' })).toBeUndefined()
    expect(await accounts.update(made.id, { enabled: false, role: 'billing' })).toMatchObject({
      enabled: false,
      role: 'billing',
    })
    expect(await accounts.update(made.id, { password: 'x' })).toEqual({
      refused: true,
      status: 400,
      message: 'Password cannot be set',
    })
    await accounts.delete(made.id)
    await accounts.delete(made.id)
    expect(api.users.size).toBe(0)
  })

  it('reads what the API says of an account', async () => {
    const { accounts, api } = await cloudinary()
    api.users.set('u', {
      id: 'u',
      email: 'a@example.test',
      name: 'A B',
      first_name: 'A',
      last_name: 'B',
      role: 'reports',
      enabled: true,
      two_factor: true,
      all_sub_accounts: true,
      groups: [
        { id: '2', name: 'z' },
        { id: '1', name: 'y' },
      ],
      providers: ['console', 'saml'],
    })
    expect(await accounts.find({ email: 'a@example.test' })).toEqual({
      id: 'u',
      email: 'a@example.test',
      name: 'A B',
      firstName: 'A',
      lastName: 'B',
      role: 'reports',
      enabled: true,
      twoFactor: true,
      environments: 'all',
      groups: ['y', 'z'],
      source: 'saml',
    })
  })

  it('turns every page, also where the API makes them smaller', async () => {
    const { accounts, api } = await cloudinary()
    api.largestPage = 7
    for (let i = 0; i < 30; i++)
      api.users.set(`x${i}`, { id: `x${i}`, email: `${i < 20 ? 'run' : 'other'}-${i}@example.test` })
    expect(await accounts.list('RUN-')).toHaveLength(20)
    api.ignoresEmails = true
    expect((await accounts.find({ email: 'other-29@example.test' }))?.id).toBe('x29')
  })

  it('groups with their members, and the environments by the names that assertions use', async () => {
    const { accounts, api } = await cloudinary()
    const made = await accounts.createGroup('run-editors')
    await accounts.createGroup('run-viewers')
    must(api.groups.get(made.id)).members.push('b@example.test', 'a@example.test')
    expect(await accounts.findGroup('run-editors')).toEqual({
      id: made.id,
      name: 'run-editors',
      members: ['a@example.test', 'b@example.test'],
      settings: { colour: 'red' },
    })
    expect((await accounts.listGroups('run-')).map(({ name }) => name)).toEqual(['run-editors', 'run-viewers'])
    await accounts.deleteGroup(made.id)
    expect(await accounts.findGroup('run-editors')).toBeUndefined()
    expect((await accounts.environments()).map(({ id, name, settings }) => [id, name, settings])).toEqual([
      ['e1', 'prod', { enabled: true }],
      ['e2', 'staging', { enabled: true }],
    ])
    const error = await refusal(accounts.create({ email: 'a@example.test', name: 'A', environments: ['stagging'] }))
    expect(error.message).toMatch(/no product environment stagging; there are prod, staging/)
  })

  it.each([
    [
      'wrong credentials',
      401,
      '{"error":{"message":"Invalid credentials"}}',
      'credentials',
      /401: Invalid credentials/,
    ],
    ['429', 429, '{}', 'rate-limited', /answered 429/],
    ['420', 420, '{}', 'rate-limited', /answered 420/],
    ['500', 500, '<h1>Oops</h1>', 'server-error', /500: Oops/],
    ['a page', 200, '<html>', 'unexpected-answer', /answered 200/],
    ['other JSON', 200, '{"people":[]}', 'unexpected-answer', /no list "users"/],
    ['a redirect', 302, '', 'unexpected-answer', /answered 302/],
  ])('%s is our trouble, said clearly', async (_name, status, body, code, message) => {
    const { accounts, api } = await cloudinary()
    api.broken = { status, body }
    const error = await refusal(accounts.find({ email: 'a@example.test' }))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })

  it('shows no secret in what it throws, also when the SP repeats it', async () => {
    const { accounts, api } = await cloudinary('marker-wrong')
    api.broken = { status: 401, body: '{"error":{"message":"marker-key:marker-wrong is wrong"}}' }
    const error = await refusal(accounts.find({ email: 'a@example.test' }))
    expect(`${error.message}${error.stack}${String(error.cause)}`).not.toContain('marker')
  })
})

describe('the http driver', () => {
  const sp = async () => {
    const people = new Map<string, Record<string, unknown>>()
    const groups = [
      { key: 1, title: 'run-a', people: [{ mail: 'b@x.test' }, { mail: 'a@x.test' }], colour: 'red', updatedAt: 1 },
    ]
    const seen: string[] = []
    const url = await serve(async (request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
      const body = await bodyOf(request)
      seen.push(`${request.method} ${request.url} ${request.headers['x-key']} ${body}`)
      const id = decodeURIComponent(pathname.split('/')[2] ?? '')
      if (pathname === '/groups') return sendJson(response, 200, groups)
      if (request.method === 'GET' && id === '') {
        const page = Number(searchParams.get('page') ?? 0)
        const all = [...people.values()]
        return sendJson(response, 200, {
          items: all.slice(page, page + 1),
          links: page + 1 < all.length ? { next: `/people?page=${page + 1}` } : {},
        })
      }
      if (request.method === 'POST') {
        const given = JSON.parse(body) as Record<string, unknown>
        if (given['mail'] === 'taken@x.test') return sendJson(response, 409, { message: 'taken' })
        const made = { ...given, key: people.size + 1 }
        people.set(String(made.key), made)
        return sendJson(response, 201, made)
      }
      const person = people.get(id)
      if (person === undefined) return sendJson(response, 404, {})
      if (request.method === 'PATCH') Object.assign(person, JSON.parse(body))
      if (request.method === 'DELETE') people.delete(id)
      sendJson(response, 200, person)
    })
    const { accounts, has } = await open({
      accounts: {
        driver: 'http',
        baseUrl: url,
        headers: { 'X-Key': 'k1' },
        account: { id: '/key', email: '/mail', name: '/name', role: '/role', enabled: '/on', groups: '/teams/*/name' },
        find: { url: '/people?q={email}', at: '/items', next: '/links/next' },
        findById: { url: '/people/{id}' },
        create: {
          method: 'POST',
          url: '/people',
          body: { mail: '{email}', name: 'Mx {name}', role: '{role}', teams: [], on: true },
        },
        update: { method: 'PATCH', url: '/people/{id}', body: { role: '{role}', on: '{enabled}' } },
        delete: { method: 'DELETE', url: '/people/{id}' },
        group: { id: '/key', name: '/title', members: '/people/*/mail' },
        groups: { url: '/groups' },
      },
    })
    return { accounts: must(accounts), has, seen }
  }

  it('does what idpact.yaml declares', async () => {
    const { accounts, seen } = await sp()
    const made = await accounts.create({ email: 'a&b@x.test', name: 'Ada' })
    expect(seen.at(-1)).toBe('POST /people k1 {"mail":"a&b@x.test","name":"Mx Ada","teams":[],"on":true}')
    expect(made).toMatchObject({ id: '1', email: 'a&b@x.test', name: 'Mx Ada', enabled: true, groups: [] })
    await accounts.create({ email: 'second@x.test', name: 'S', role: 'admin' })
    expect((await accounts.find({ email: 'SECOND@x.test' }))?.role).toBe('admin')
    expect(seen.at(-2)).toContain('GET /people?q=SECOND%40x.test')
    expect(await accounts.find({ email: 'nobody@x.test' })).toBeUndefined()
    expect(await accounts.find({ id: '77' })).toBeUndefined()
    expect(await accounts.update('1', { enabled: false })).toMatchObject({ enabled: false })
    expect(seen.at(-1)).toContain('{"on":false}')
    expect(await accounts.update('77', { role: 'x' })).toMatchObject({ refused: true, status: 404 })
    await accounts.delete('1')
    await accounts.delete('1')
    expect(await accounts.find({ id: '1' })).toBeUndefined()
    expect(await accounts.listGroups('run-')).toEqual([
      { id: '1', name: 'run-a', members: ['a@x.test', 'b@x.test'], settings: { colour: 'red' } },
    ])
  })

  it('has the verbs that are declared, and says which request is missing', async () => {
    const { accounts, has } = await sp()
    const given = (Object.keys(verbs) as Verb[]).filter((verb) => verb.startsWith('accounts.') && has(verb))
    expect(given).toEqual(['accounts.find', 'accounts.create', 'accounts.update', 'accounts.delete', 'accounts.groups'])
    expect((await refusal(accounts.list('x'))).message).toMatch(/target\.accounts\.list is not declared/)
  })

  it('a refusal, and an answer that is not what was declared, are said', async () => {
    const { accounts } = await sp()
    expect((await refusal(accounts.create({ email: 'taken@x.test', name: 'T' }))).message).toMatch(/409 taken/)
    const url = await serve((_, response) => sendJson(response, 200, { data: [{ id: 1 }] }))
    const wrong = async (at: string) =>
      must((await open({ accounts: { driver: 'http', baseUrl: url, find: { url: '/', at } } })).accounts)
    expect((await refusal((await wrong('/items')).find({ email: 'a@x.test' }))).message).toMatch(/nothing at "\/items"/)
    expect((await refusal((await wrong('/data')).find({ email: 'a@x.test' }))).message).toMatch(/no e-mail at \/email/)
  })

  it('changes settings in the declared way, and puts them back', async () => {
    let state: Record<string, unknown> = { sso: { enabled: false }, force: 'no', theme: 'dark' }
    const url = await serve(async (request, response) => {
      const body = await bodyOf(request)
      if (request.method === 'PUT') state = JSON.parse(body) as Record<string, unknown>
      if (request.method === 'PATCH') state = { ...state, ...(JSON.parse(body) as object) }
      if (request.method === 'POST') state = { ...state, form: body }
      sendJson(response, 200, { data: state })
    })
    const patch = (body: Record<string, unknown>) => ({ method: 'PATCH' as const, url: '/', body: body as never })
    const { admin, has } = await open({
      admin: {
        driver: 'http',
        baseUrl: url,
        read: { url: '/', at: '/data' },
        restore: { method: 'PUT', url: '/', body: '{snapshot}' },
        saml: { on: patch({ sso: { enabled: true } }), off: patch({ sso: { enabled: false } }) },
        enforce: { on: patch({ force: 'yes' }), off: patch({ force: 'no' }) },
        metadata: { inline: { method: 'POST', url: '/', form: { xml: '{metadata}' } } },
      },
    })
    const port = must(admin)
    const before = await port.read()
    await port.apply({ saml: 'on', enforce: 'on', metadata: { inline: '<md a="1"/>' } })
    expect(state).toEqual({ sso: { enabled: true }, force: 'yes', theme: 'dark', form: 'xml=%3Cmd+a%3D%221%22%2F%3E' })
    await port.restore(JSON.parse(JSON.stringify(before)))
    expect(state).toEqual({ sso: { enabled: false }, force: 'no', theme: 'dark' })
    expect([has('admin.saml'), has('admin.provisioning'), has('admin.metadata'), has('admin.twoFactor')]).toEqual([
      true,
      false,
      true,
      false,
    ])
    expect((await refusal(port.apply({ metadata: { url: 'http://x.test/' } }))).message).toMatch(
      /metadata\.url is not declared/,
    )
    expect((await refusal(port.apply({ provisioning: 'on' }))).code).toBe('not-declared')
  })
})

describe('the module driver', () => {
  const write = (text: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), 'idpact-module-')), 'accounts.ts')
    writeFileSync(file, text)
    return file
  }
  const openModule = (text: string) =>
    open({ accounts: { driver: 'module', module: write(text) } }, {}, ['marker-secret'])

  it('runs the functions of a file of the user’s', async () => {
    const { accounts, has } = await openModule(`
      export const find = async (by: { email: string }) => by.email === 'a@x.test' ? { id: '1', email: by.email, extra: 1 } : null
      export const deleteGroup = () => 'ignored'
      export const createGroup = (name: string) => ({ id: name, name, members: [], settings: {} })`)
    expect(await accounts?.find({ email: 'a@x.test' })).toEqual({ id: '1', email: 'a@x.test' })
    expect(await accounts?.find({ email: 'b@x.test' })).toBeUndefined()
    expect([has('accounts.find'), has('accounts.list'), has('accounts.manageGroups')]).toEqual([true, false, true])
    expect((await refusal(must(accounts).list('x'))).message).toMatch(/accounts\.ts does not export list/)
  })

  it('what it throws or gives back wrongly is our trouble, without secrets', async () => {
    const { accounts } = await openModule(`
      export const find = () => { throw new Error('no way with marker-secret') }
      export const list = () => [{ id: 1 }]`)
    const thrown = await refusal(must(accounts).find({ email: 'x@x.test' }))
    expect(thrown.message).toBe('accounts.ts: find threw: no way with [redacted]')
    expect((await refusal(must(accounts).list('x'))).message).toMatch(
      /accounts\.ts: list gave back something else.*0\.id/,
    )
  })

  it.each([
    ['lacks a function', 'export const list = () => []', 'module-incomplete', /accounts\.ts does not export find/],
    ['exports no function', 'export const find = 1', 'module-incomplete', /find of accounts\.ts is not a function/],
    [
      'misspells one',
      'export const find = () => null; export const lst = () => []',
      'module-unknown-export',
      /exports lst.*did you mean list/,
    ],
    ['does not parse', 'export const find = (', 'module-broken', /cannot be loaded/],
    ['throws at once', 'throw new Error("at once")', 'module-broken', /at once/],
  ])('a module that %s is refused at the start', async (_name, text, code, message) => {
    const error = await openModule(text).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('an admin module says which settings it can change', async () => {
    const text = `export const settings = ['enforce']; export const read = () => ({ a: 1 })
      export const restore = () => {}; export const apply = () => {}`
    const { admin, has } = await open({ admin: { driver: 'module', module: write(text) } })
    expect(await admin?.read()).toEqual({ a: 1 })
    expect(admin?.setTwoFactor).toBeUndefined()
    expect([has('admin.enforce'), has('admin.saml'), has('admin.twoFactor')]).toEqual([true, false, false])
  })
})

describe('a target', () => {
  it('is on this machine only when all of it is', async () => {
    const saml = { acs: 'http://localhost:1/acs', audience: 'x' }
    expect((await open({ saml })).loopback).toBe(true)
    expect((await open({ saml, session: { url: 'https://sp.example.test/me', identity: '/email' } })).loopback).toBe(
      false,
    )
    const far = { driver: 'cloudinary-provisioning-api', accountId: 'a', key: 'k', secret: 's' } as const
    expect((await open({ saml, accounts: far })).loopback).toBe(false)
  })

  it('says how to get each verb that it lacks', async () => {
    const target = await open({})
    for (const verb of Object.keys(verbs) as Verb[])
      expect(target.howToProvide(verb)).toMatch(/target\.\w+.* in idpact\.yaml/)
    expect((Object.keys(verbs) as Verb[]).filter((verb) => target.has(verb))).toEqual(['acs.post'])
  })

  it('begins a login where the SP says', async () => {
    const acs = ['http://127.0.0.1:1/a', 'http://127.0.0.1:1/b']
    const start = async (urls: string | string[]) =>
      must((await open({ saml: { acs, audience: 'x', start: urls } })).start)
    const two = await start(['http://127.0.0.1:1/s?e={email}', 'http://127.0.0.1:1/t?e={email}'])
    expect(two.url({ email: 'a+b@x.test' })).toBe('http://127.0.0.1:1/s?e=a%2Bb%40x.test')
    expect(two.url({ email: 'a@x.test', acs: 'http://127.0.0.1:1/b' })).toBe('http://127.0.0.1:1/t?e=a%40x.test')
    const asked = await start('http://127.0.0.1:1/s?e={email}&acs={acs}')
    expect(asked.url({ email: 'a', acs: 'http://127.0.0.1:1/b' })).toMatch(/&acs=http%3A%2F%2F127\.0\.0\.1%3A1%2Fb$/)
    const one = await start('http://127.0.0.1:1/s?e={email}')
    expect(() => one.url({ email: 'a', acs: 'http://127.0.0.1:1/b' })).toThrow(/does not say how a login begins/)
  })

  it('pairs audiences with ACS URLs', async () => {
    const acs = ['http://127.0.0.1:1/a', 'http://127.0.0.1:1/b']
    expect((await open({ saml: { acs, audience: 'x' } })).acs.audiences).toEqual(['x', 'x'])
  })

  it('a driver that reaches nobody says so', async () => {
    const accounts = {
      driver: 'cloudinary-provisioning-api',
      baseUrl: await nowhere(),
      accountId: 'a',
      key: 'k',
      secret: 's',
    } as const
    const target = await open({ accounts })
    expect((await refusal(must(target.accounts).environments())).code).toBe('unreachable')
  })
})

it('JSON pointers', () => {
  const value = { a: [{ b: 1 }, { b: 2 }, {}], 'x/y': { '~': 3 }, '': 4 }
  expect(valueAtPointer(value, '')).toBe(value)
  expect(valueAtPointer(value, '/a/1/b')).toBe(2)
  expect(valueAtPointer(value, '/a/*/b')).toEqual([1, 2])
  expect(valueAtPointer(value, '/x~1y/~0')).toBe(3)
  expect(valueAtPointer(value, '/')).toBe(4)
  expect(valueAtPointer(value, '/toString')).toBeUndefined()
  expect(valueAtPointer(value, '/a/b/c')).toBeUndefined()
})
