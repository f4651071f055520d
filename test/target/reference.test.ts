import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningReferenceSp, startReferenceSp } from '../../src/reference-sp/index.ts'
import { referenceTargetConfig } from '../../src/target/drivers/reference.ts'
import { readForms } from '../../src/target/html/forms.ts'
import { type SmtpSink, startSmtpSink } from '../../src/target/outbox/smtp-sink.ts'
import type { Target, Verb } from '../../src/target/ports.ts'
import { verbs } from '../../src/target/ports.ts'
import { preflight } from '../../src/target/preflight.ts'
import { eventually } from '../../src/target/settle.ts'
import { openTarget } from '../../src/target/target.ts'
import { must } from './targets.ts'

/** The ports against an SP with a real database, real sessions and real mail. */
describe('the reference SP as a target', () => {
  let sink: SmtpSink
  let sp: RunningReferenceSp
  let target: Target
  beforeAll(async () => {
    sink = await startSmtpSink()
    sp = await startReferenceSp({ smtp: { host: sink.host, port: sink.port } })
    target = await openTarget(referenceTargetConfig(sp.info, { outboxPort: sink.port }), { outboxUrl: sink.url })
  })
  afterAll(async () => {
    await target.close()
    await sp.stop()
    await sink.stop()
  })

  it('has every verb, and passes the preflight', async () => {
    expect(target.loopback).toBe(true)
    // What Cloudinary has no place for, the others have.
    const missing = (Object.keys(verbs) as Verb[]).filter((verb) => !target.has(verb))
    expect(missing.filter((verb) => !/^(tenantB|ssoSetup|groupSync|acs\.metadata)/.test(verb))).toEqual([])
    const report = await preflight(target, { emailDomain: 'example.test' })
    expect(report.ports.filter(({ state }) => state !== 'ok' && state !== 'warning')).toEqual([])
    expect(report.ok).toBe(true)
  })

  it('mails an invitation, takes the password set by it, and says who is logged in', async () => {
    const accounts = must(target.accounts)
    const email = 'ada@example.test'
    const made = await accounts.create({
      email,
      name: 'Ada Lovelace',
      role: 'media_library_admin',
      environments: ['staging'],
    })
    expect(made).toMatchObject({ email, role: 'media_library_admin', environments: ['staging'], source: 'api' })
    expect(await accounts.find({ email: 'ADA@example.test' })).toEqual(made)
    expect((await accounts.list('ada@')).map((one) => one.id)).toEqual([made.id])

    const mail = await eventually(
      () => must(target.outbox).read(email),
      (all) => all.length > 0,
      target,
    )
    const link = must(/http\S+\/invitations\/[\w-]+/.exec(must(mail[0]).text)?.[0])
    const agent = target.newAgent()
    const page = await agent.get(link)
    const form = must(readForms(page.body, page.url).find(({ method }) => method === 'POST'))
    const fields = Object.fromEntries(
      Object.keys(form.fields).map((name) => [name, form.fields[name] || 'Correct horse 1!']),
    )
    await agent.postForm(form.action, fields)

    const login = async (password: string) => {
      const browser = target.newAgent()
      const answer = await must(target.passwordLogin).login(browser, { email, password })
      return { answer, who: await must(target.session).whoAmI(browser), browser }
    }
    expect(await login('Correct horse 1!')).toMatchObject({
      answer: 'submitted',
      who: { identity: email, role: 'media_library_admin' },
    })
    expect(await login('wrong')).toMatchObject({ answer: 'submitted', who: undefined })
    await must(target.admin?.setTwoFactor)(made.id, true)
    const second = await login('Correct horse 1!')
    expect(second).toMatchObject({ answer: 'second-factor', who: undefined })
    expect(JSON.stringify(second.browser.exchanges)).not.toContain('Correct')
    expect((await accounts.find({ id: made.id }))?.twoFactor).toBe(true)
    await accounts.delete(made.id)
    expect(await accounts.find({ email })).toBeUndefined()
  })

  it('reads groups and environments', async () => {
    const accounts = must(target.accounts)
    const made = await accounts.createGroup('run1-editors')
    expect(await accounts.findGroup('run1-editors')).toMatchObject({ id: made.id, members: [] })
    await accounts.deleteGroup(made.id)
    expect(await accounts.listGroups('run1-')).toEqual([])
    expect((await accounts.environments()).map(({ name }) => name).toSorted()).toEqual(
      [...sp.info.productEnvironments].toSorted(),
    )
  })

  it('changes settings, and puts them back word for word', async () => {
    const admin = must(target.admin)
    const before = await admin.read()
    await admin.apply({ provisioning: 'off' })
    await admin.apply({ provisioning: 'on', enforce: 'on' })
    expect(await admin.read()).toMatchObject({ provisioning: true, enforce: true })
    await admin.restore(JSON.parse(JSON.stringify(before)))
    expect(await admin.read()).toEqual(before)
  })
})
