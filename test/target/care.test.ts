import { appendFileSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../src/core/errors.ts'
import { mayDo, requireConsent } from '../../src/target/consents.ts'
import { cleanup, openLedger } from '../../src/target/ledger.ts'
import { isLoopback } from '../../src/target/loopback.ts'
import type { Target } from '../../src/target/ports.ts'
import { guardSettings, restoreLeftovers } from '../../src/target/settings-guard.ts'
import { eventually, stays } from '../../src/target/settle.ts'
import { fakeProvisioningApi, key, secret } from './fake-provisioning-api.ts'
import { bodyOf, sendJson, serve } from './servers.ts'
import { must, open } from './targets.ts'

const fileIn = (name: string): string => join(mkdtempSync(join(tmpdir(), 'idpact-care-')), '.idpact', name)

const withAccounts = async () => {
  const api = await fakeProvisioningApi()
  const accounts = {
    driver: 'cloudinary-provisioning-api',
    baseUrl: api.baseUrl,
    accountId: 'acc/1',
    key,
    secret,
  } as const
  return { api, target: await open({ accounts }) }
}

describe('the ledger', () => {
  it('knows what is left, over runs, of this target only', async () => {
    const file = fileIn('ledger.ndjson')
    const here = await open({})
    const there = await open({ saml: { acs: 'http://127.0.0.1:8/acs', audience: 'x' } })
    const first = openLedger(file, { run: 'r1', target: here, clock: { now: () => 0 } })
    await first.record({ kind: 'account', name: 'a@x.test' })
    await first.record({ kind: 'account', name: 'a@x.test' })
    await first.record({ kind: 'group', name: 'g' })
    await openLedger(file, { run: 'r1', target: there }).record({ kind: 'account', name: 'b@x.test' })
    const second = openLedger(file, { run: 'r2', target: here })
    await second.settled({ kind: 'group', name: 'g' })
    expect(await second.left()).toEqual([
      {
        kind: 'account',
        name: 'a@x.test',
        run: 'r1',
        target: 'http://127.0.0.1:9/acs',
        at: '1970-01-01T00:00:00.000Z',
      },
    ])
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(4)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await second.record({ kind: 'group', name: 'g' })
    expect(await second.left()).toHaveLength(2)
  })

  it('lives with a torn last line, and goes on after it', async () => {
    const file = fileIn('ledger.ndjson')
    const target = await open({})
    const ledger = openLedger(file, { run: 'r1', target })
    await ledger.record({ kind: 'account', name: 'a@x.test' })
    appendFileSync(file, '{"op":"made","kind":"acc')
    expect(await ledger.left()).toHaveLength(1)
    await ledger.record({ kind: 'account', name: 'b@x.test' })
    expect((await ledger.left()).map(({ name }) => name)).toEqual(['a@x.test', 'b@x.test'])
  })

  it('takes many at once', async () => {
    const file = fileIn('ledger.ndjson')
    const target = await open({})
    const ledgers = [1, 2, 3].map((run) => openLedger(file, { run: `r${run}`, target }))
    await Promise.all(
      ledgers.flatMap((ledger, i) =>
        Array.from({ length: 20 }, (_, j) => ledger.record({ kind: 'group', name: `${i}-${j}` })),
      ),
    )
    expect(await must(ledgers[0]).left()).toHaveLength(60)
  })

  it('cleanup removes what is there, and forgets what is not', async () => {
    const { api, target } = await withAccounts()
    const file = fileIn('ledger.ndjson')
    const ledger = openLedger(file, { run: 'r1', target })
    const accounts = must(target.accounts)
    for (const name of ['a@x.test', 'never@x.test', 'fixture@x.test']) await ledger.record({ kind: 'account', name })
    await ledger.record({ kind: 'group', name: 'g' })
    await accounts.create({ email: 'a@x.test', name: 'A' })
    await accounts.create({ email: 'fixture@x.test', name: 'F' })
    await accounts.create({ email: 'stranger@x.test', name: 'S' })
    await accounts.createGroup('g')
    const result = await cleanup(target, ledger, { keep: ['Fixture@x.test'] })
    expect(result.removed.map(({ name }) => name)).toEqual(['a@x.test', 'g'])
    expect(result.gone.map(({ name }) => name)).toEqual(['never@x.test'])
    expect(result.left.map(({ entry, why }) => [entry.name, why])).toEqual([
      ['fixture@x.test', 'it is a fixture of idpact.yaml'],
    ])
    expect([...api.users.values()].map(({ email }) => email)).toEqual(['fixture@x.test', 'stranger@x.test'])
    expect(api.groups.size).toBe(0)
    expect(await ledger.left()).toHaveLength(1)
  })

  it('what cannot be removed is listed with why, and stays in the ledger', async () => {
    const { api, target } = await withAccounts()
    const ledger = openLedger(fileIn('ledger.ndjson'), { run: 'r1', target })
    await ledger.record({ kind: 'account', name: 'a@x.test' })
    await ledger.record({ kind: 'account', name: 'b@x.test' })
    api.broken = { status: 500, body: '' }
    const broken = await cleanup(target, ledger)
    expect(broken.left.map(({ why }) => why)).toEqual([
      expect.stringMatching(/answered 500/),
      expect.stringMatching(/answered 500/),
    ])
    api.broken = { status: 401, body: '' }
    const before = api.asked.length
    expect((await cleanup(target, ledger)).left).toHaveLength(2)
    expect(api.asked.length - before).toBe(1)
    const mute = openLedger(ledger.file, { run: 'r2', target })
    const none = await cleanup(await open({}), mute)
    expect(none.left[0]?.why).toMatch(/Give target\.accounts/)
    expect(await ledger.left()).toHaveLength(2)
  })

  it('an account that survives its deletion is not called removed', async () => {
    const url = await serve((request, response) =>
      sendJson(response, 200, request.method === 'GET' ? [{ id: '1', email: 'a@x.test' }] : {}),
    )
    const remove = { method: 'DELETE', url: '/{id}' } as const
    const target = await open({ accounts: { driver: 'http', baseUrl: url, find: { url: '/' }, delete: remove } })
    const ledger = openLedger(fileIn('ledger.ndjson'), { run: 'r1', target })
    await ledger.record({ kind: 'account', name: 'a@x.test' })
    expect((await cleanup(target, ledger)).left[0]?.why).toMatch(/still there/)
  })
})

/** An SP with two switches, and a target that can set them. */
const withSettings = async () => {
  const sp = {
    settings: { saml: { enabled: false, metadata: null }, provisioning: false, enforce: false } as Record<
      string,
      unknown
    >,
    broken: false,
  }
  const url = await serve(async (request, response) => {
    if (sp.broken) return sendJson(response, 500, {})
    if (request.headers.authorization !== 'Bearer t0ken') return sendJson(response, 401, {})
    if (request.method === 'PUT') {
      const { saml, ...rest } = JSON.parse(await bodyOf(request)) as Record<string, object>
      sp.settings = { ...sp.settings, ...rest, saml: { ...(sp.settings['saml'] as object), ...saml } }
    }
    sendJson(response, 200, sp.settings)
  })
  const admin = { driver: 'reference', baseUrl: `${url}/admin/api`, token: 't0ken' } as const
  return { sp, target: await open({ admin }), before: structuredClone(sp.settings) }
}

describe('the settings guard', () => {
  it('writes the old settings down before the first change, and puts them back', async () => {
    const { sp, target, before } = await withSettings()
    const file = fileIn('settings-before.json')
    const guard = guardSettings(target, { file, allow: [] })
    expect(await guard.restore()).toBe(false)
    await guard.apply({ saml: 'on', metadata: { inline: '<md/>' } })
    await guard.apply({ enforce: 'on' })
    expect(sp.settings).toEqual({
      saml: { enabled: true, metadata: { mode: 'inline', xml: '<md/>' } },
      provisioning: false,
      enforce: true,
    })
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ target: 'http://127.0.0.1:9/acs', snapshot: before })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await guard.restore()).toBe(true)
    expect(await guard.restore()).toBe(false)
    expect(sp.settings).toEqual(before)
    expect(existsSync(file)).toBe(false)
  })

  it('a run that crashed is made good at the next start', async () => {
    const { sp, target, before } = await withSettings()
    const file = fileIn('settings-before.json')
    await guardSettings(target, { file, allow: [] }).apply({ enforce: 'on' })
    // Here the process dies. The next one:
    await expect(guardSettings(target, { file, allow: [] }).apply({ saml: 'on' })).rejects.toMatchObject({
      code: 'settings-left',
    })
    expect(await restoreLeftovers(target, file)).toMatchObject({ kind: 'restored' })
    expect(sp.settings).toEqual(before)
    expect(await restoreLeftovers(target, file)).toEqual({ kind: 'none' })
  })

  it('leaves alone what is another target’s, and keeps the file while the SP is away', async () => {
    const { sp, target } = await withSettings()
    const file = fileIn('settings-before.json')
    await guardSettings(target, { file, allow: [] }).apply({ enforce: 'on' })
    const other = await open({ saml: { acs: 'http://127.0.0.1:8/acs', audience: 'x' } })
    expect(await restoreLeftovers(other, file)).toEqual({ kind: 'other-target', target: 'http://127.0.0.1:9/acs' })
    sp.broken = true
    await expect(restoreLeftovers(target, file)).rejects.toMatchObject({
      code: 'settings-not-restored',
      hint: expect.stringContaining(file),
    })
    expect(existsSync(file)).toBe(true)
    sp.broken = false
    expect(await restoreLeftovers(target, file)).toMatchObject({ kind: 'restored' })
  })

  it('a restore that failed can be tried again; nothing changes when the old settings cannot be read', async () => {
    const { sp, target, before } = await withSettings()
    const file = fileIn('settings-before.json')
    const guard = guardSettings(target, { file, allow: [] })
    sp.broken = true
    await expect(guard.apply({ enforce: 'on' })).rejects.toMatchObject({ code: 'server-error' })
    expect(existsSync(file)).toBe(false)
    sp.broken = false
    await guard.apply({ enforce: 'on' })
    sp.broken = true
    await expect(guard.restore()).rejects.toMatchObject({ code: 'server-error' })
    sp.broken = false
    expect(await guard.restore()).toBe(true)
    expect(sp.settings).toEqual(before)
  })

  it('Ctrl-C in the middle of a change ends with the old settings', async () => {
    const { sp, target, before } = await withSettings()
    const guard = guardSettings(target, { file: fileIn('settings-before.json'), allow: [] })
    const changing = guard.apply({ enforce: 'on' })
    const restoring = guard.restore()
    await changing
    expect(await restoring).toBe(true)
    expect(sp.settings).toEqual(before)
  })

  it('a broken file is not guessed at', async () => {
    const { target } = await withSettings()
    const file = join(mkdtempSync(join(tmpdir(), 'idpact-care-')), 'settings-before.json')
    writeFileSync(file, '{"target":')
    await expect(restoreLeftovers(target, file)).rejects.toMatchObject({ code: 'settings-unreadable' })
  })

  it('a target elsewhere needs the consent; one without admin cannot be changed', async () => {
    const { target } = await withSettings()
    const far: Target = { ...target, loopback: false }
    const file = fileIn('settings-before.json')
    await expect(
      guardSettings(far, { file, allow: ['admin-accounts'] }).apply({ enforce: 'on' }),
    ).rejects.toMatchObject({ code: 'consent-missing' })
    await guardSettings(far, { file, allow: ['settings'] }).apply({ enforce: 'on' })
    await expect(
      guardSettings(await open({}), { file: fileIn('x.json'), allow: [] }).apply({ saml: 'on' }),
    ).rejects.toMatchObject({ code: 'no-admin' })
  })
})

describe('consents', () => {
  it('are asked for where the target is not on this machine', () => {
    expect(mayDo({ loopback: true }, [], 'settings')).toBe(true)
    expect(mayDo({ loopback: false }, [], 'settings')).toBe(false)
    expect(mayDo({ loopback: false }, ['settings'], 'settings')).toBe(true)
    expect(mayDo({ loopback: false }, ['settings'], 'admin-accounts')).toBe(false)
    expect(() => requireConsent({ loopback: false, name: 'our SP' }, [], 'admin-accounts')).toThrow(ConfigError)
    expect(() => requireConsent({ loopback: false, name: 'our SP' }, [], 'admin-accounts')).toThrow(
      /our SP is not on this machine/,
    )
  })

  it.each([
    ['http://127.0.0.1:1/', true],
    ['http://127.9.9.9/', true],
    ['http://localhost/', true],
    ['http://sp.localhost./', true],
    ['http://[::1]:80/', true],
    ['http://2130706433/', true],
    ['http://localhost.example.test/', false],
    ['http://127.0.0.1.example.test/', false],
    ['http://10.0.0.1/', false],
    ['http://0.0.0.0/', false],
    ['not a url', false],
  ])('%s: %s', (url, expected) => {
    expect(isLoopback(url)).toBe(expected)
  })
})

describe('waiting for what is slow', () => {
  const counting = () => {
    let n = 0
    return () => Promise.resolve(++n)
  }
  it('ends when it has come true, or gives what was seen last', async () => {
    expect(await eventually(counting(), (n) => n === 3, { settleMs: 5000, asynchronous: false })).toBe(3)
    expect(await eventually(counting(), () => false, { settleMs: 30, asynchronous: false })).toBeGreaterThanOrEqual(2)
    expect(await stays(counting(), { settleMs: 60_000, asynchronous: false })).toBe(1)
    expect(await stays(counting(), { settleMs: 5, asynchronous: true })).toBe(1)
  })
})
