import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Ground, prepareGround, type Result } from './harness.ts'
import { type Behaviour, startTinySp, type TinySp } from './tiny-sp.ts'

/** What the World makes of what an SP does: each on a real SP that does it. */

let sp: TinySp | undefined
let ground: Ground | undefined

afterEach(async () => {
  await ground?.stop()
  await sp?.stop()
})

const negative = 'The assertion is for another service provider'
const positive = 'A login that begins at the identity provider is answered there'
const tampered = "Somebody else's address is written into the NameID after signing"

/** Runs one scenario against an SP that behaves so. */
const runWith = async (behave: Behaviour, name = negative): Promise<Result> => {
  const tiny = await startTinySp(behave)
  sp = tiny
  ground = await prepareGround({ target: () => tiny.target })
  const [result] = await ground.run({ only: (scenario) => scenario.name === name })
  if (result === undefined) throw new Error(`The plan left "${name}" out.`)
  return result
}

const welcome: Behaviour = ({ email }) => ({ logIn: email })
const careful: Behaviour = ({ email, forUs }) => (forUs ? { logIn: email } : undefined)

describe('a message that must be refused', () => {
  it('is refused by an SP that lets the twin in before and after, whatever the status', async () => {
    const result = await runWith(careful)
    expect(result.status).toBe('passed')
    expect(result.logins.map(({ role, verdict }) => `${role}: ${verdict}`)).toEqual([
      'twin: accepted as the signed identity',
      'probe: rejected',
      'alive: accepted as the signed identity',
    ])
  })

  it('fails an SP that lets it in', async () => {
    const result = await runWith(welcome)
    expect(result).toMatchObject({ failure: { outcome: 'failed', code: 'login-accepted' } })
  })

  it('fails an SP that lets it in as somebody else', async () => {
    const result = await runWith(({ email, forUs }) => ({ logIn: forUs ? email : 'boss@example.test' }))
    expect(result).toMatchObject({ failure: { outcome: 'failed', code: 'forged-identity' } })
  })

  it('says nothing about an SP that lets nobody in: the twin is not accepted', async () => {
    const result = await runWith(() => undefined)
    expect(result).toMatchObject({ failure: { outcome: 'inconclusive', code: 'twin-not-accepted' } })
  })

  it('makes a good login once more that has met a crash, and not one that was refused', async () => {
    let times = 0
    const breaksOnce: Behaviour = (message, response) => {
      times += 1
      if (times > 1) return careful(message, response)
      response.writeHead(500).end('broken')
      return 'answered'
    }
    const result = await runWith(breaksOnce)
    expect(result.status).toBe('passed')
    expect(result.logins.map(({ role }) => role)).toEqual(['twin', 'twin', 'probe', 'alive'])
    await ground?.stop()
    await sp?.stop()
    let refused = 0
    const refuses = await runWith((message, response) => {
      refused += 1
      return refused > 1 ? careful(message, response) : undefined
    })
    expect(refuses.failure).toMatchObject({ outcome: 'inconclusive', code: 'twin-not-accepted' })
  })

  it('says nothing about an SP that lets nobody in afterwards', async () => {
    const result = await runWith(({ email, number }) => (number === 0 ? { logIn: email } : undefined))
    expect(result).toMatchObject({ failure: { outcome: 'inconclusive', code: 'not-alive-afterwards' } })
  })

  it.each([
    [
      'a 500',
      (response: Parameters<Behaviour>[1]) => {
        response.writeHead(500).end('oops')
      },
    ],
    [
      'a dropped connection',
      (response: Parameters<Behaviour>[1]) => {
        response.destroy()
      },
    ],
    ['no answer in time', () => undefined],
  ])('counts as refused by %s with the SP alive afterwards, with a finding', async (_, breakDown) => {
    const result = await runWith(({ email, forUs }, response) => {
      if (forUs) return { logIn: email }
      breakDown(response)
      return 'answered'
    })
    expect(result.status).toBe('passed')
    expect(result.findings).toMatchObject([{ code: 'crashed-on-it' }])
  })

  it.each([
    ['too many requests', 429, {}],
    ['a challenge', 403, { 'cf-mitigated': 'challenge' }],
  ])('is not refused by %s', async (_, status, headers) => {
    const result = await runWith(({ email, forUs }, response) => {
      if (forUs) return { logIn: email }
      response.writeHead(status, headers).end('later')
      return 'answered'
    })
    expect(result).toMatchObject({ failure: { outcome: 'inconclusive', code: 'answer-unclear' } })
  })

  it('fails an SP that takes the identity that was written in after signing', async () => {
    const result = await runWith(welcome, tampered)
    expect(result).toMatchObject({ failure: { outcome: 'failed', code: 'forged-identity' } })
    expect(result.failure?.actual).toContain('-colleague@')
  })
})

describe('an SP that tells everybody who was logged in last', () => {
  it('says nothing by that', async () => {
    const result = await runWith(({ email, forUs }) => (forUs ? { logIn: email, everybody: true } : undefined))
    expect(result).toMatchObject({ failure: { outcome: 'inconclusive', code: 'session-not-of-browser' } })
  })
})

describe('a message that must be accepted', () => {
  it('fails an SP that refuses it', async () => {
    const result = await runWith(() => undefined, 'The audience is the entity ID')
    expect(result).toMatchObject({ failure: { outcome: 'failed', code: 'login-refused' } })
    expect(result.failure?.actual).toContain('No, thank you.')
  })

  it('fails an SP that logs in somebody else', async () => {
    const result = await runWith(() => ({ logIn: 'a@example.test' }), positive)
    expect(result).toMatchObject({ failure: { outcome: 'failed', code: 'wrong-identity' } })
  })
})

describe('an absence', () => {
  const noAccount = 'User.Email is missing at the first login'
  const upperCase = 'The role reports in upper case gives nobody that role'

  /** One scenario at the reference SP, whose accounts are seen through this module. */
  const seenThrough = async (source: string, name: string): Promise<Result> => {
    const module = join(await mkdtemp(join(tmpdir(), 'idpact-accounts-')), 'accounts.mjs')
    await writeFile(module, source)
    ground = await prepareGround({
      target: (config) => ({ ...config, settleMs: 50, accounts: { driver: 'module', module } }),
    })
    const [result] = await ground.run({ only: (scenario) => scenario.name === name })
    if (result === undefined) throw new Error(`The plan left "${name}" out.`)
    return result
  }
  const blind = 'export const find = () => undefined; export const listGroups = () => []'
  const shortSighted = "export const find = ({ email }) => ({ id: '1', email: email ?? 'somebody@example.test' })"

  it.each([noAccount, upperCase])('says nothing where the port would show nobody: %s', async (name) => {
    const result = await seenThrough(blind, name)
    expect(result).toMatchObject({ failure: { outcome: 'inconclusive', code: 'presence-not-seen' } })
  })

  it('of changes is not observable where the port shows nothing that a login changes', async () => {
    const result = await seenThrough(shortSighted, 'The identity provider denies the login')
    expect(result).toMatchObject({ failure: { outcome: 'not-observable', code: 'not-visible' } })
  })

  it('of a role is not observable where the port shows no roles', async () => {
    const result = await seenThrough(shortSighted, upperCase)
    expect(result).toMatchObject({ failure: { outcome: 'not-observable', code: 'not-visible' } })
  })
})
