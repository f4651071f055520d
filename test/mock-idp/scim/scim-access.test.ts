/** A connection in the mock IdP: consent over its own callback page, states, tasks that wait for it, what is told of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMockIdp, type MockIdp, type MockIdpOptions, type OrgClient } from '../../../mock-idp/index.ts'
import { everyAction } from '../provisioning/okta.ts'
import { startTokenServer, type TokenServer } from './token-server.ts'

let sp: TokenServer
let idp: MockIdp
let org: OrgClient
let appId: string
/** ms that the mock IdP's clock is ahead. */
let ahead = 0
const secret = 's3cret: 100%'

const start = async (options: MockIdpOptions = {}) => {
  idp = await createMockIdp({ memory: true, clock: { now: () => 1_800_000_000_000 + ahead }, ...options }).start()
  org = idp.org()
}
beforeEach(async () => {
  ahead = 0
  sp = await startTokenServer()
  await start()
  const saml = { ssoUrl: 'http://127.0.0.1:9/', audience: 'urn:sp' }
  appId = (await org.applications.create({ label: 'Cloud', saml })).id
  await org.connection.set({ baseUrl: sp.server.baseUrl, auth: sp.settings })
  await org.provisioning.set(appId, { actions: everyAction })
})
afterEach(async () => {
  await idp.stop()
  await sp.close()
})

/** What a browser would come back to after a consent. */
const callbackUrl = async (answer: Record<string, string>): Promise<string> => {
  const asked = new URL(await org.connection.authorizationUrl())
  const back = new URL(asked.searchParams.get('redirect_uri') ?? '')
  back.search = new URLSearchParams({ state: asked.searchParams.get('state') ?? '', ...answer }).toString()
  return back.href
}
const visit = async (url: string) => {
  const answer = await fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual' })
  return { status: answer.status, body: await answer.text() }
}
const consent = async (code = 'code-1') => visit(await callbackUrl({ code }))
const state = async () => (await org.connection.get()).state
const journal = async (kind: string) => (await org.journal.read()).entries.filter((entry) => entry.kind === kind)
const told = async () => (await journal('scim-connection')).map(({ summary }) => summary)
const assign = async (name: string) => {
  const email = `${name}@example.test`
  const user = await org.users.create({ profile: { login: email, email, firstName: name, lastName: 'Test' } })
  await org.applications.assignUser(appId, user.id)
  return org.tasks.idle()
}
const read = () => org.connection.call({ method: 'GET', path: '/Users' })

/** The token endpoint answers when it is told to go on. */
const holdTokenEndpoint = () => {
  const asked = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  sp.at.before = () => {
    asked.resolve()
    return held.promise
  }
  return { asked: asked.promise, goOn: () => held.resolve() }
}

/** A call whose token has ended, while the token endpoint has not answered yet. */
const refreshUnderWay = async () => {
  const { asked, goOn } = holdTokenEndpoint()
  ahead += 3_600_000
  const early = read()
  await asked
  return { early, goOn }
}

describe('consent', () => {
  test('goes over the callback page, connects, and what waited goes on', async () => {
    expect(await assign('ada')).toMatchObject({ blocked: 1 })
    expect(sp.server.seen).toEqual([])
    const page = await consent()
    expect(page.status).toBe(200)
    expect(page.body).toContain('<h1>Connected</h1>')
    expect(Object.fromEntries(sp.at.forms[0] ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'code-1',
      redirect_uri: (await org.connection.get()).redirectUri,
    })
    expect(await org.tasks.idle()).toEqual({ busy: 0, waiting: 0, blocked: 0, failed: 0 })
    expect(sp.server.userNamed('ada@example.test')).toBeDefined()
    expect(await told()).toEqual(['The SCIM connection is connected'])
  })

  test('asks with what the configured address has, and our own', async () => {
    const url = new URL(await org.connection.authorizationUrl())
    expect(url.origin + url.pathname).toBe(`${sp.server.origin}/auth`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      scope: 'openid offline provision:scim',
      response_type: 'code',
      client_id: 'okta client',
      redirect_uri: expect.stringMatching(new RegExp(`^${idp.url}/default/admin/app/cpc/[a-z0-9_]+/oauth/callback$`)),
      state: expect.stringMatching(/^[\w-]{32}$/),
    })
  })

  test('comes back to a plain org at an address that no vendor has', async () => {
    await idp.client.orgs.create({ id: 'plain', name: 'Plain', shape: 'plain' })
    org = idp.org('plain')
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: sp.settings })
    expect((await org.connection.get()).redirectUri).toBe(`${idp.url}/plain/oauth/callback`)
    expect((await consent()).status).toBe(200)
    expect(await state()).toBe('connected')
  })

  test('uses the redirect URI that is configured', async () => {
    const redirectUri = 'https://system-admin.okta.test/admin/app/cpc/org/oauth/callback'
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: { ...sp.settings, redirectUri } })
    expect(new URL(await org.connection.authorizationUrl()).searchParams.get('redirect_uri')).toBe(redirectUri)
    expect((await org.connection.get()).redirectUri).toBe(redirectUri)
  })

  test('declined: a clear page, and the problem is shown until somebody accepts', async () => {
    const declined = { error: 'access_denied', error_description: 'not <b>me</b>' }
    const page = await visit(await callbackUrl(declined))
    expect(page.status).toBe(400)
    expect(page.body).toContain('did not give its consent: access_denied: not &lt;b&gt;me&lt;/b&gt;')
    expect(await org.connection.get()).toMatchObject({
      state: 'not-authorized',
      problem: 'access_denied: not <b>me</b>',
    })
    expect(sp.at.forms).toEqual([])
    await consent()
    expect(await org.connection.get()).not.toHaveProperty('problem')
    // Who only looks in takes nothing away.
    await visit(await callbackUrl(declined))
    expect(await org.connection.get()).toMatchObject({ state: 'connected' })
    expect(await org.connection.get()).not.toHaveProperty('problem')
  })

  test.each([
    ['a state that was never given', async () => (await callbackUrl({ code: 'code-1', state: 'guessed' })) as string],
    ['no state', async () => `${(await org.connection.get()).redirectUri}?code=code-1`],
    ['two states', async () => `${await callbackUrl({ code: 'code-1' })}&state=other`],
    [
      'another org',
      async () => {
        await idp.client.orgs.create({ id: 'second', name: 'Second' })
        return (await callbackUrl({ code: 'code-1' })).replace('/default/', '/second/')
      },
    ],
    [
      'a state of ten minutes ago',
      async () => {
        const url = await callbackUrl({ code: 'code-1' })
        ahead += 600_001
        return url
      },
    ],
    [
      'a client that was changed since',
      async () => {
        const url = await callbackUrl({ code: 'code-1' })
        await org.connection.set({ baseUrl: sp.server.baseUrl, auth: { ...sp.settings, clientId: 'other' } })
        return url
      },
    ],
    [
      'one that a thousand others came after',
      async () => {
        const url = await callbackUrl({ code: 'code-1' })
        for (let i = 0; i < 1_000; i += 50)
          await Promise.all(Array.from({ length: 50 }, () => org.connection.authorizationUrl()))
        return url
      },
    ],
  ])('is not taken with %s', async (_name, url) => {
    const page = await visit(await url())
    expect(page.status).toBe(400)
    expect(page.body).toContain('bad-consent')
    expect(sp.at.forms).toEqual([])
    expect(await state()).toBe('not-authorized')
  })

  test('a callback that is opened again does nothing', async () => {
    const url = await callbackUrl({ code: 'code-1' })
    expect((await visit(url)).status).toBe(200)
    const again = await visit(url)
    expect(again.status).toBe(400)
    expect(again.body).toContain('bad-consent')
    expect(sp.at.forms).toHaveLength(1)
    expect(await state()).toBe('connected')
  })

  test('a code that is not good, and a token endpoint that is none', async () => {
    const page = await consent('code-9')
    expect(page.status).toBe(400)
    expect(page.body).toContain('invalid_grant: the code is not good')
    expect(await org.connection.get()).toMatchObject({
      state: 'not-authorized',
      problem: expect.stringContaining('the code is not good'),
    })
    sp.at.instead = () => ({ status: 200, body: '<script>alert(1)</script>' })
    const html = await consent()
    expect(html.status).toBe(400)
    expect(html.body).toContain('&lt;script&gt;')
    expect(html.body).not.toContain('<script>')
  })

  test('anew while it is connected is told too: somebody may wait for it', async () => {
    await consent()
    await consent('code-2')
    expect((await told()).slice(-2)).toEqual(['The SCIM connection is connected', 'The SCIM connection is connected'])
    expect(await org.connection.tokens()).toMatchObject({ accessToken: 'a2', refreshToken: 'r2' })
  })

  test('a code that is exchanged while another client is set is worth nothing', async () => {
    const { asked, goOn } = holdTokenEndpoint()
    const page = consent()
    await asked
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: { ...sp.settings, clientId: 'other' } })
    goOn()
    expect((await page).body).toContain('bad-consent')
    expect(await state()).toBe('not-authorized')
  })

  test('neither answer nor code: said so', async () => {
    expect((await visit(await callbackUrl({}))).body).toContain('no code came back')
  })

  test('of a connection with a header there is none', async () => {
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: { type: 'header', value: 'Bearer x' } })
    await expect(org.connection.authorizationUrl()).rejects.toMatchObject({ code: 'not-oauth' })
  })
})

describe('the life of a connection', () => {
  test('revoked: tasks wait with the words of the SP, and go on when somebody else consents', async () => {
    await consent()
    await assign('ada')
    sp.endGrant()
    for (const name of ['bob', 'carl', 'dora']) await assign(name)
    expect(await org.connection.get()).toMatchObject({
      state: 'needs-reauthentication',
      problem: expect.stringContaining('invalid_grant: the grant was revoked'),
    })
    expect(await org.tasks.idle()).toMatchObject({ blocked: 3 })
    expect((await org.tasks.list())[0]).toMatchObject({
      state: 'blocked',
      problem: expect.stringContaining('the grant was revoked'),
      hint: expect.stringContaining('idpact connect'),
    })
    expect(sp.refreshes()).toBe(1)
    await consent('code-2')
    expect(await org.tasks.idle()).toEqual({ busy: 0, waiting: 0, blocked: 0, failed: 0 })
    expect(sp.server.users.size).toBe(4)
    expect((await told()).map((summary) => summary.split(':')[0])).toEqual([
      'The SCIM connection is connected',
      'The SCIM connection is needs-reauthentication',
      'The SCIM connection is connected',
    ])
    expect(sp.server.seen.at(-1)?.headers['authorization']).toBe('Bearer a2')
  })

  test('fifty calls at once with a token that has ended make one refresh, and it is not news', async () => {
    await consent()
    ahead += 3_600_000
    const answers = await Promise.all(Array.from({ length: 50 }, read))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200))
    expect(sp.refreshes()).toBe(1)
    expect(await told()).toHaveLength(1)
  })

  test('other settings keep the tokens and their one holder, and break nothing off; another client begins anew', async () => {
    await consent()
    const { early, goOn } = await refreshUnderWay()
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: sp.settings, timeoutMs: 5_000 })
    const late = read()
    // Time for the late one to ask for a token of its own, if it did.
    for (let i = 0; i < 10; i++) await state()
    goOn()
    expect([(await early).status, (await late).status]).toEqual([200, 200])
    expect(sp.refreshes()).toBe(1)
    expect(await state()).toBe('connected')
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: { ...sp.settings, clientSecret: 'another' } })
    expect(await state()).toBe('not-authorized')
    expect((await told()).at(-1)).toBe('The SCIM connection is not-authorized')
    await expect(read()).rejects.toThrow(/nobody has consented/)
  })

  test('a refresh that ends after another client was set is forgotten, and gets nothing of the new one', async () => {
    await consent()
    const { early, goOn } = await refreshUnderWay()
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: { ...sp.settings, clientId: 'other' } })
    await org.connection.setTokens({ accessToken: 'of-the-other' })
    goOn()
    await expect(early).rejects.toThrow(/not authorised/)
    expect(await org.connection.tokens()).toEqual({ accessToken: 'of-the-other' })
    expect(sp.server.seen.map(({ headers }) => headers['authorization'])).not.toContain('Bearer of-the-other')
  })

  test('a connection that is removed while a call is under way', async () => {
    await consent()
    const { early, goOn } = await refreshUnderWay()
    await org.connection.remove()
    goOn()
    await expect(early).rejects.toThrow(/not authorised/)
    await expect(org.connection.get()).rejects.toMatchObject({ code: 'not-found' })
    expect((await told()).at(-1)).toBe('The SCIM connection was removed')
  })

  test('tokens that were got elsewhere', async () => {
    await assign('ada')
    sp.at.refreshTokens.add('r0')
    expect(await org.connection.setTokens({ accessToken: 'a0', refreshToken: 'r0', expiresInSeconds: 60 })).toEqual({
      registrationId: expect.any(String),
      baseUrl: sp.server.baseUrl,
      authType: 'oauth2',
      state: 'connected',
      redirectUri: expect.any(String),
    })
    expect(await org.tasks.idle()).toMatchObject({ blocked: 0, failed: 0 })
    expect(sp.server.users.size).toBe(1)
    expect(await org.connection.tokens()).toEqual({
      accessToken: 'a1',
      refreshToken: 'r1',
      expiresInSeconds: 3_600,
    })
  })

  test('new tokens outlive the process that got them, before they were ever used', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'idpact-tokens-'))
    await idp.stop()
    await start({ memory: false, dataDir: folder })
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: sp.settings })
    await consent()
    ahead += 3_600_000
    // The refresh succeeds, and nothing more comes of the call: the SCIM server goes away.
    sp.at.scim = () => 'reset'
    await expect(read()).rejects.toThrow(/got no answer/)
    expect(await state()).toBe('connected')
    // What is on the disk now is what a killed process would leave.
    const db = new DatabaseSync(join(folder, 'idp.sqlite'), { readOnly: true })
    const kept = JSON.parse(String(db.prepare('select tokens from connections').get()?.['tokens']))
    db.close()
    expect(kept).toMatchObject({ accessToken: 'a2', refreshToken: 'r2' })
    await idp.stop()
    await start({ memory: false, dataDir: folder })
    sp.at.scim = undefined
    expect((await read()).status).toBe(200)
    expect(sp.refreshes()).toBe(1)
    rmSync(folder, { recursive: true, force: true })
  })
})

describe('the connector test', () => {
  test('makes its calls in their order, and connects', async () => {
    await consent()
    sp.server.taken()
    await org.connection.test()
    expect(sp.server.taken().map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /scim/v2/Users?startIndex=1&count=2',
      'GET /scim/v2/Groups?startIndex=1&count=100',
    ])
  })

  test('fails in the words of the SP; tasks wait until it succeeds', async () => {
    await consent()
    sp.at.scim = () => ({ status: 503, body: { detail: 'closed on Sundays' } })
    await expect(org.connection.test()).rejects.toMatchObject({
      code: 'connection-failed',
      message: expect.stringContaining('closed on Sundays'),
    })
    expect(await org.connection.get()).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('closed on Sundays'),
    })
    sp.at.scim = () => ({ status: 503, body: { detail: 'and on Mondays' } })
    await expect(org.connection.test()).rejects.toThrow(/Mondays/)
    expect((await org.connection.get()).problem).toContain('and on Mondays')
    expect(await assign('ada')).toMatchObject({ blocked: 1 })
    sp.at.scim = undefined
    await org.connection.test()
    expect(await org.tasks.idle()).toMatchObject({ blocked: 0, failed: 0 })
    expect(sp.server.users.size).toBe(1)
    expect(await state()).toBe('connected')
  })

  test('of a connection that nobody has consented to leaves it so', async () => {
    await expect(org.connection.test()).rejects.toThrow(/nobody has consented/)
    expect(await state()).toBe('not-authorized')
  })
})

describe('a header or basic credential', () => {
  test.each([
    [
      'basic',
      { type: 'basic', username: 'ü', password: secret },
      `Basic ${Buffer.from(`ü:${secret}`).toString('base64')}`,
    ],
    ['header', { type: 'header', value: 'Bearer typed' }, 'Bearer typed'],
  ] as const)('%s goes out as it is, and fails the connection when it is refused', async (_name, auth, value) => {
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth })
    expect(await state()).toBe('connected')
    expect(await assign('ada')).toMatchObject({ blocked: 1 })
    expect(sp.server.seen[0]?.headers['authorization']).toBe(value)
    expect(sp.server.seen).toHaveLength(1)
    expect(await org.connection.get()).toMatchObject({
      state: 'failed',
      problem: 'the service provider refused the credential (401)',
    })
    sp.at.scim = ({ method }) => (method === 'POST' ? { status: 201, body: { id: 'x' } } : undefined)
    sp.at.good.add('good')
    await org.connection.set({ baseUrl: sp.server.baseUrl, auth: { type: 'header', value: 'Bearer good' } })
    expect(await org.tasks.idle()).toMatchObject({ blocked: 0, failed: 0 })
  })
})

test('a late answer to a header that was changed since says nothing of the new one', async () => {
  const header = (value: string) => ({ baseUrl: sp.server.baseUrl, auth: { type: 'header' as const, value } })
  await org.connection.set(header('Bearer old'))
  const asked = Promise.withResolvers<void>()
  const held = Promise.withResolvers<{ status: number }>()
  sp.at.scim = () => {
    asked.resolve()
    return held.promise
  }
  const early = read()
  await asked.promise
  await org.connection.set(header('Bearer new'))
  held.resolve({ status: 401 })
  expect((await early).status).toBe(401)
  expect(await state()).toBe('connected')
})

describe('calls', () => {
  test('with the own credential, none, a wrong one, or one that is typed', async () => {
    await consent()
    sp.server.taken()
    expect((await read()).status).toBe(200)
    for (const credential of ['none', 'wrong'] as const)
      expect(await org.connection.call({ method: 'GET', path: '/Users', credential })).toMatchObject({
        status: 401,
        body: { detail: 'this token is not good' },
      })
    const headers = { authorization: 'Bearer typed' }
    expect((await org.connection.call({ method: 'GET', path: '/Users', headers })).status).toBe(401)
    expect(sp.server.taken().map((seen) => seen.headers['authorization'])).toEqual([
      'Bearer a1',
      undefined,
      'Bearer nobody-issued-this-token',
      'Bearer typed',
    ])
    // What was spoilt on purpose says nothing of the connection.
    expect(await state()).toBe('connected')
    expect(sp.refreshes()).toBe(0)
  })

  test('send JSON as SCIM, text as it is, and the type that is asked for', async () => {
    await consent()
    const seen: unknown[] = []
    sp.at.scim = ({ headers, body }) => {
      seen.push([headers['content-type'], body])
      return { status: 200, body: 'no JSON' }
    }
    const call = { method: 'POST', path: '/Users' } as const
    expect((await org.connection.call({ ...call, body: { a: 1 } })).body).toBe('no JSON')
    await org.connection.call({ ...call, body: '{"a":' })
    await org.connection.call({ ...call, body: [], headers: { 'content-type': 'text/plain' } })
    await org.connection.call(call)
    expect(seen).toEqual([
      ['application/scim+json', { a: 1 }],
      ['application/scim+json', '{"a":'],
      ['text/plain', []],
      [undefined, ''],
    ])
  })
})

test('what is told: each exchange with whom it is about, and no secret anywhere', async () => {
  await consent()
  await assign('ada')
  ahead += 3_600_000
  await read()
  await org.connection.call({ method: 'GET', path: '/Users', headers: { Authorization: 'Bearer hidden-one' } })
  await visit(await callbackUrl({ error: 'x' }))
  const [user] = (await org.users.list()).filter(({ profile }) => profile.login === 'ada@example.test')
  const exchanges = await journal('scim-request')
  expect(exchanges.find(({ summary }) => summary.startsWith('POST'))).toMatchObject({
    summary: 'POST /Users → 201',
    applicationId: appId,
    userId: user?.id,
    details: {
      method: 'POST',
      path: '/Users',
      status: 201,
      headers: { 'Content-Type': 'application/scim+json; charset=utf-8' },
      request: { userName: 'ada@example.test' },
      answer: { id: expect.any(String) },
      ms: expect.any(Number),
    },
  })
  const shown = JSON.stringify([(await org.journal.read()).entries, await org.connection.get(), await org.tasks.list()])
  for (const hidden of [secret, 'Bearer', 'hidden-one', '"a1"', '"r1"', '"a2"', '"r2"', 'code-1'])
    expect(shown).not.toContain(hidden)
})
