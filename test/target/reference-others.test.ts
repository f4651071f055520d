import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ContractId, contractIds, startReferenceSp } from '../../src/reference-sp/index.ts'
import { referenceTargetConfig } from '../../src/target/drivers/reference.ts'
import type { Target, Verb } from '../../src/target/ports.ts'
import { verbs } from '../../src/target/ports.ts'
import { preflight } from '../../src/target/preflight.ts'
import { openTarget } from '../../src/target/target.ts'
import { must } from './targets.ts'

interface Ground {
  target: Target
  stop(): Promise<void>
}

const start = async (contract: ContractId): Promise<Ground> => {
  const sp = await startReferenceSp({ contract })
  const target = await openTarget(referenceTargetConfig(sp.info), { outboxUrl: 'http://127.0.0.1:9' })
  return {
    target,
    stop: async () => {
      await target.close()
      await sp.stop()
    },
  }
}

describe('the reference SPs as targets', () => {
  it('have every verb together, and pass the preflight each', async () => {
    const missing = new Set(Object.keys(verbs) as Verb[])
    for (const contract of contractIds) {
      const { target, stop } = await start(contract)
      for (const verb of [...missing]) if (target.has(verb)) missing.delete(verb)
      const { ports } = await preflight(target, { emailDomain: 'example.test' })
      // Nobody listens where the mail would be read.
      const bad = ports.filter(({ state, port }) => state === 'failed' && port !== 'outbox')
      expect(bad, contract).toEqual([])
      await stop()
    }
    expect([...missing]).toEqual([])
  })
})

describe("Cloudsmith's API", () => {
  let ground: Ground
  beforeAll(async () => {
    ground = await start('cloudsmith')
  })
  afterAll(() => ground.stop())

  it('makes, lists and deletes teams; those of one organisation are not those of the other', async () => {
    const accounts = must(ground.target.accounts)
    const made = await accounts.createGroup('idpact-a Team')
    expect(made).toMatchObject({ id: 'idpact-a-team', name: 'idpact-a Team', members: [] })
    expect((await accounts.listGroups('idpact-')).map(({ name }) => name)).toEqual(['idpact-a Team'])
    expect(await must(ground.target.b?.accounts).listGroups('idpact-')).toEqual([])
    await accounts.deleteGroup(made.id)
    await accounts.deleteGroup(made.id)
    expect(await accounts.findGroup('idpact-a Team')).toBeUndefined()
  })

  it('finds members by their address, exactly, and cannot make one', async () => {
    const accounts = must(ground.target.accounts)
    expect(await accounts.find({ email: 'owner@sp.example.test' })).toMatchObject({ role: 'Owner', enabled: true })
    expect(await accounts.find({ email: 'wner@sp.example.test' })).toBeUndefined()
    expect((await accounts.list('OWNER@')).map(({ email }) => email)).toEqual(['owner@sp.example.test'])
    await expect(accounts.create({ email: 'ada@example.test', name: 'Ada' })).rejects.toMatchObject({
      code: 'not-supported',
    })
  })

  it('takes a mapping to a team that there is, refuses others, and turns Group Sync on where SAML is on', async () => {
    const { accounts, groupSync, admin } = ground.target
    const sync = must(groupSync)
    expect(await sync.map({ key: 'Groups', value: 'Dev', group: 'nobody' })).toMatchObject({
      refused: true,
      status: 422,
    })
    const team = await must(accounts).createGroup('Developers')
    const mapping = await sync.map({ key: 'Groups', value: 'Dev', group: 'Developers' })
    expect(mapping).toEqual({ id: expect.stringMatching(/^[0-9a-f]{12}$/) })
    expect(await sync.enable()).toMatchObject({ refused: true, status: 422 })
    await must(admin).apply({ saml: 'on' })
    expect(await sync.enable()).toBeUndefined()
    if ('id' in mapping) await sync.unmap(mapping.id)
    await must(accounts).deleteGroup(team.id)
  })

  it('refuses a wrong key with an error that says what to do', async () => {
    const sp = await startReferenceSp({ contract: 'cloudsmith' })
    const { target: declared } = sp.info
    const accounts = { ...(declared['accounts'] as object), key: 'wrong' }
    const target = await openTarget(referenceTargetConfig({ target: { ...declared, accounts } }))
    await expect(must(target.accounts).find({ email: 'a@example.test' })).rejects.toMatchObject({
      code: 'credentials',
      message: expect.stringContaining('Invalid API key'),
    })
    await target.close()
    await sp.stop()
  })

  it('as the admin port sets SAML, metadata and Group Sync, and puts them back', async () => {
    const sp = await startReferenceSp({ contract: 'cloudsmith' })
    const { target: declared } = sp.info
    const target = await openTarget(referenceTargetConfig({ target: { ...declared, admin: declared['accounts'] } }))
    const admin = must(target.admin)
    const before = await admin.read()
    expect(before).toMatchObject({ saml: { saml_auth_enabled: false, saml_metadata_inline: null }, groupSync: false })
    const metadata = await import('../reference-sp/support/idp.ts').then(({ makeIdp, metadataOf }) =>
      metadataOf(makeIdp()),
    )
    await admin.apply({ saml: 'on', groupSync: 'on', metadata: { inline: metadata } })
    expect(await admin.read()).toMatchObject({
      saml: { saml_auth_enabled: true, saml_metadata_inline: metadata },
      groupSync: true,
    })
    await admin.restore(before)
    expect(await admin.read()).toMatchObject({ saml: { saml_auth_enabled: false }, groupSync: false })
    await expect(admin.apply({ metadata: { inline: '<nonsense/>' } })).rejects.toThrow(/PATCH .*saml-authentication/)
    await target.close()
    await sp.stop()
  })
})
