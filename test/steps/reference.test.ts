import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requirementsOf } from '../../src/certify/plan.ts'
import { cloudinary } from '../../src/contracts/cloudinary/contract.ts'
import { compareXml } from '../../src/report/page/xml-lines.ts'
import { openLedger } from '../../src/target/ledger.ts'
import { startSmtpSink } from '../../src/target/outbox/smtp-sink.ts'
import { type Ground, prepareGround, type Result } from './harness.ts'

/** The steps against the reference SP: good, broken, and seen through a keyhole. */

let ground: Ground

beforeAll(async () => {
  ground = await prepareGround()
})
afterAll(() => ground.stop())

const idsOf = (result: Result): string[] => requirementsOf(result.scenario, cloudinary)
const told = (results: readonly Result[]) =>
  results
    .filter(({ status }) => status !== 'passed')
    .map(({ scenario, failure }) => `${scenario.name}: ${failure?.code} ${failure?.actual}`)

describe('against the reference SP without defects', () => {
  let results: Result[]

  beforeAll(async () => {
    await ground.sp.reset()
    const seen = new Set<string>()
    results = await ground.run({
      only: (scenario) =>
        requirementsOf(scenario, cloudinary).some((id) => {
          const first = !seen.has(id)
          seen.add(id)
          return first
        }),
    })
  }, 60_000)

  it('a scenario of each requirement passes', () => {
    expect(told(results)).toEqual([])
    expect(new Set(results.flatMap(idsOf)).size).toBe(144)
  })

  it('in each phase that settings make', () => {
    expect(new Set(results.map(({ phase }) => phase))).toEqual(
      new Set(['defaults', 'provisioning=off', 'enforce=on', 'saml=off', 'metadata=url', 'idp=plain', 'scim=off']),
    )
  })

  it('each refused login has its twin before it and a good login after it', () => {
    const refused = results.filter(({ logins }) => logins.some((l) => l.role === 'probe' && l.verdict === 'rejected'))
    expect(refused.length).toBeGreaterThan(20)
    for (const { logins, scenario } of refused) {
      const roles = logins.map(({ role }) => role)
      // A good login of another kind, or of somebody else, stands in where no twin can.
      const stand = roles.includes('alive') && roles.indexOf('alive') < roles.indexOf('probe')
      expect(roles.includes('twin') || stand, scenario.name).toBe(true)
      expect(roles.lastIndexOf('alive'), scenario.name).toBeGreaterThan(roles.indexOf('probe'))
    }
  })

  it('beside its twin, a Response differs in what is wrong with it, and in who it is', () => {
    const twins = results.flatMap(({ logins, scenario }) => {
      const [probe, twin] = (['probe', 'twin'] as const).map((role) => logins.findLast((login) => login.role === role))
      const audience = probe?.faults.join() === 'wrong-audience'
      return audience && twin ? [{ scenario, probe, twin }] : []
    })
    expect(twins.length).toBeGreaterThan(0)
    const person = ({ user }: { user: string }): string => /\((.+)-user@/.exec(user)?.[1] ?? user
    for (const { probe, twin } of twins) {
      const lines = compareXml(probe.responseXml ?? '', twin.responseXml ?? '', {
        left: person(probe),
        right: person(twin),
      })
      const real = lines.filter(({ difference }) => difference === 'real')
      expect(real.map(({ left }) => left?.text)).toEqual([expect.stringMatching(/Audience>/)])
    }
  })

  it('leaves nothing behind, at the SP, at the mock IdP and in the ledger', async () => {
    const context = ground.context()
    expect(await ground.target.accounts?.list(context.run.prefix)).toEqual([])
    expect(await ground.target.accounts?.listGroups(context.run.prefix)).toEqual([])
    expect(await openLedger(context.ledgerFile, { run: 'x', target: ground.target }).left()).toEqual([])
    const org = ground.idp.client.org(context.idp.org)
    expect(await org.users.list(context.run.prefix)).toEqual([])
    expect(await org.applications.list()).toEqual([])
    expect(await org.groups.list()).toEqual([])
    const { org: okta, plainOrg } = context.idp
    expect((await ground.idp.client.orgs.list()).map(({ id }) => id)).toEqual(['default', okta, plainOrg])
  })
})

describe('against the reference SP with a defect', () => {
  it.each([
    ['CLD-SAML-20', 'login-accepted'],
    ['CLD-SAML-22', 'refusal-status'],
    ['CLD-SAML-24', 'group-count'],
    ['CLD-PROV-12', 'account-differs'],
    ['CLD-PROV-36', 'account-changed'],
    ['CLD-PROV-26', 'mail-sent'],
  ])('%s is caught, by %s', async (id, code) => {
    await ground.sp.reset({ defects: [id] })
    const results = await ground.run({ only: (scenario) => scenario.tags.includes(`@${id}`) })
    const failures = results.flatMap(({ failure }) => (failure?.outcome === 'failed' ? [failure.code] : []))
    expect(failures).toContain(code)
  })

  it('is blamed on the requirement that it breaks, not on those that only meet it', async () => {
    await ground.sp.reset({ defects: ['CLD-SAML-20'] })
    const results = await ground.run({ only: ({ uri }) => uri.endsWith('refusals.feature') })
    expect(results.some(({ failure }) => failure?.code === 'nothing-refused')).toBe(true)
    expect(results.filter(({ failure }) => failure?.outcome === 'failed')).toEqual([])
  })
})

describe('seen through a keyhole', () => {
  it('the absence of mail counts only where mail is seen', async () => {
    await ground.sp.reset()
    const deaf = await startSmtpSink({ port: 0 })
    try {
      const [result] = await ground.run({
        only: ({ name }) => name === 'Somebody whose account was made by a login gets no mail',
        change: { outboxUrl: deaf.url },
      })
      expect(result?.failure).toMatchObject({ outcome: 'inconclusive', code: 'no-mail-seen' })
    } finally {
      await deaf.stop()
    }
  })

  it('an account that belongs to the user of idpact is used, and stays', async () => {
    await ground.sp.reset()
    const { email, password = '' } = ground.sp.info.masterAdmin
    const { target } = ground.context()
    const results = await ground.run({
      only: ({ name }) => name === 'A master_admin logs in with the password',
      change: {
        target: { ...target, users: { ...target.users, fixtures: [{ role: 'master_admin', email, password }] } },
      },
    })
    expect(told(results)).toEqual([])
    expect(results[0]?.logins[0]?.user).toContain(email)
    expect(await ground.target.accounts?.find({ email })).toBeDefined()
  })

  it('where only SCIM reaches the accounts, what was made is removed by SCIM', async () => {
    await ground.sp.reset()
    const context = ground.context()
    const { accounts: _, ...target } = context.target
    const results = await ground.run({
      only: ({ name }) => ['A change after the assignment', 'Okta looks, and then makes the group'].includes(name),
      change: { target },
    })
    expect(results).toHaveLength(2)
    expect(told(results)).toEqual([])
    expect(await ground.target.accounts?.list(context.run.prefix)).toEqual([])
    expect(await ground.target.accounts?.listGroups(context.run.prefix)).toEqual([])
    expect(await openLedger(context.ledgerFile, { run: 'x', target: ground.target }).left()).toEqual([])
  })

  it('a target whose accounts do not say where they come from is not observable there, not broken', async () => {
    await ground.sp.reset()
    const { target } = ground.context()
    const { accounts } = target
    if (accounts?.driver !== 'cloudinary-provisioning-api') throw new Error('another driver than expected')
    const [result] = await ground.run({
      only: ({ name }) => name === 'The list has the account, its name and where it comes from',
      change: {
        target: {
          ...target,
          accounts: {
            driver: 'http',
            baseUrl: `${accounts.baseUrl}/accounts/${accounts.accountId}`,
            headers: {
              authorization: `Basic ${Buffer.from(`${accounts.key}:${accounts.secret}`).toString('base64')}`,
            },
            account: { id: '/id', email: '/email', name: '/name' },
            find: operation('/users?emails={email}', '/users'),
            list: operation('/users?prefix={prefix}', '/users'),
            group: { id: '/id', name: '/name', members: '/members/*/email' },
            environment: { id: '/id', name: '/name' },
          },
        },
      },
    })
    expect(result?.failure).toMatchObject({ outcome: 'not-observable', code: 'not-visible' })
  })
})

const operation = (url: string, at: string) => ({
  method: 'GET' as const,
  url,
  at,
  absent: [404],
  refused: [400],
})
