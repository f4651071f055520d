import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { totpCode } from '../../src/reference-sp/totp.ts'
import { type Answer, type Browser, makeBrowser } from './support/browser.ts'
import { type Sink, startSink } from './support/sink.ts'
import { makeWorld, type World } from './support/world.ts'

let world: World
let now = Date.parse('2026-01-01T00:00:00Z')
let sink: Sink

beforeAll(async () => {
  sink = await startSink()
  world = await makeWorld({ smtp: { host: sink.host, port: sink.port } })
})
afterEach(async () => {
  sink.mails.length = 0
  await world.sp.reset()
})
afterAll(async () => {
  await world.sp.stop()
  await sink.stop()
})

const password = 'correct horse battery'
const login = (email: string, secret: string, browser: Browser = makeBrowser()): Promise<Answer> =>
  browser.post(world.sp.info.passwordLoginUrl, { email, password: secret })

/** An account with a password, the way that people get one. */
const invite = async (email: string, role: string): Promise<string> => {
  const { json } = await world.api('POST', '/users', { name: 'Someone', email, role })
  const answer = await makeBrowser().post(sink.linkTo(email), { password })
  expect(answer.status).toBe(200)
  return String(json['id'])
}

const others = ['admin', 'technical_admin', 'billing', 'reports', 'media_library_admin', 'media_library_user']

describe('passwords', () => {
  it('let the first master_admin in', async () => {
    const { email, password: first = '' } = world.sp.info.masterAdmin
    const browser = makeBrowser()
    const answer = await login(email.toUpperCase(), first, browser)
    expect([answer.status, answer.location]).toEqual([302, '/'])
    expect(await world.whoAmI(browser)).toMatchObject({
      email,
      role: 'master_admin',
      source: 'console',
      via: 'password',
    })
    expect((await browser.get(`${world.sp.url}/logout`)).location).toBe('/login')
    expect(await world.whoAmI(browser)).toBeUndefined()
  })

  it('that are wrong, or of nobody, are refused alike', async () => {
    const { email } = world.sp.info.masterAdmin
    const [wrong, nobody] = [await login(email, 'wrong'), await login('nobody@example.test', 'wrong')]
    expect([wrong.status, nobody.status]).toEqual([401, 401])
    expect(nobody.body).toBe(wrong.body)
  })

  it('work beside SAML while Enforce is off', async () => {
    await invite('both@example.test', 'reports')
    const browser = makeBrowser()
    await login('both@example.test', password, browser)
    expect(await world.whoAmI(browser)).toMatchObject({ via: 'password' })
    expect((await world.login({ nameId: 'both@example.test' })).who).toBe('both@example.test')
  })

  it('are for the role master_admin only under Enforce', async () => {
    for (const role of others) await invite(`${role}@example.test`, role)
    await invite('second.master@example.test', 'master_admin')
    await world.settings({ enforce: true })
    for (const role of others) {
      const browser = makeBrowser()
      expect([role, (await login(`${role}@example.test`, password, browser)).status]).toEqual([role, 403])
      expect(await world.whoAmI(browser)).toBeUndefined()
    }
    expect((await login('second.master@example.test', password)).status).toBe(302)
    await world.settings({ saml: { enabled: false } })
    expect((await login('reports@example.test', password)).status).toBe(302)
  })

  it('of a disabled account are refused, and its sessions end', async () => {
    const id = await invite('gone@example.test', 'reports')
    const browser = makeBrowser()
    await login('gone@example.test', password, browser)
    await world.api('PUT', `/users/${id}`, { enabled: false })
    expect(await world.whoAmI(browser)).toBeUndefined()
    expect((await login('gone@example.test', password)).status).toBe(401)
  })
})

describe('the second factor', () => {
  it('is asked for after the password, takes each code once, and not for ever', async () => {
    const clocked = await makeWorld({ clock: { now: () => now } })
    try {
      const { email, password: first = '' } = clocked.sp.info.masterAdmin
      const id = (await clocked.user(email))?.['id']
      const { json } = await clocked.admin('PUT', `/users/${id}/two_factor`, { enabled: true })
      const secret = String(json['secret'])
      const begin = async (): Promise<Browser> => {
        const browser = makeBrowser()
        const answer = await browser.post(clocked.sp.info.passwordLoginUrl, { email, password: first })
        expect(answer.status).toBe(200)
        expect(answer.body).toContain('action="/login/otp"')
        expect(await clocked.whoAmI(browser)).toBeUndefined()
        return browser
      }
      const enter = (browser: Browser, code: string) => browser.post(`${clocked.sp.url}/login/otp`, { code })

      const browser = await begin()
      expect((await enter(browser, '000000')).status).toBe(401)
      const code = totpCode(secret, now)
      expect((await enter(browser, code)).status).toBe(302)
      expect(await clocked.whoAmI(browser)).toMatchObject({ email, two_factor: true })
      expect((await enter(await begin(), code)).status).toBe(401)

      const guesser = await begin()
      for (let i = 0; i < 5; i += 1) expect((await enter(guesser, '111111')).status).toBe(401)
      now += 60_000
      expect((await enter(guesser, totpCode(secret, now))).body).toContain('Start again')

      const slow = await begin()
      now += 6 * 60_000
      expect((await enter(slow, totpCode(secret, now))).body).toContain('Start again')
    } finally {
      await clocked.sp.stop()
    }
  })

  it('is not asked for after a SAML login, which leaves it on', async () => {
    const id = await invite('two@example.test', 'reports')
    await world.admin('PUT', `/users/${id}/two_factor`, { enabled: true })
    const { who, browser } = await world.login({ nameId: 'two@example.test' })
    expect(who).toBe('two@example.test')
    expect(await world.whoAmI(browser)).toMatchObject({ two_factor: true })
    expect((await login('two@example.test', password)).body).toContain('action="/login/otp"')
    await world.admin('PUT', `/users/${id}/two_factor`, { enabled: false })
    expect((await login('two@example.test', password)).status).toBe(302)
  })

  // RFC 6238 appendix B, the last six of its eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [20_000_000_000, '353130'],
  ])('at second %i has the code of the standard', (seconds, code) => {
    expect(totpCode('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', seconds * 1000)).toBe(code)
  })
})

describe('invitations', () => {
  it('lead once to a password, which must not be short', async () => {
    await world.api('POST', '/users', { name: 'New', email: 'new@example.test', role: 'master_admin' })
    const link = sink.linkTo('new@example.test')
    const browser = makeBrowser()
    expect((await browser.get(link)).body).toContain('type="password"')
    expect((await browser.post(link, { password: 'short' })).status).toBe(400)
    expect((await browser.post(link, { password })).status).toBe(200)
    expect((await browser.get(link)).status).toBe(404)
    await world.settings({ enforce: true })
    expect((await login('new@example.test', password)).status).toBe(302)
  })

  it('are sent to whom the API makes, and not to whom SAML makes, but for a master_admin', async () => {
    await world.settings({ provisioning: true, enforce: true })
    await world.provision({})
    expect(sink.mails).toEqual([])
    await world.api('POST', '/users', { name: 'New', email: 'new@example.test' })
    await world.provision({
      'User.Username': 'm',
      'User.Email': 'm@example.test',
      'User.CloudinaryRole': 'master_admin',
    })
    expect(sink.mails.flatMap((mail) => mail.to)).toEqual(['new@example.test', 'm@example.test'])
  })

  it('that the mail server does not take are reported, and the account is made', async () => {
    const problems: string[] = []
    const lonely = await makeWorld({
      smtp: { host: '127.0.0.1', port: 1 },
      onProblem: (message) => problems.push(message),
    })
    try {
      expect((await lonely.api('POST', '/users', { name: 'New', email: 'new@example.test' })).status).toBe(200)
      expect(problems).toEqual([expect.stringContaining('new@example.test was not sent')])
    } finally {
      await lonely.sp.stop()
    }
  })
})
