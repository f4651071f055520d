import supertest from 'supertest'
import { describe, expect, it } from 'vitest'
import { allFaults as faults } from '../../../mock-idp/faults/scim/catalogue.ts'
import {
  acs,
  audience,
  cookieOf,
  get,
  newApp,
  newPerson,
  postedBy,
  redirectUrl,
  requestXml,
  startIdp,
} from '../http/helpers.ts'

const xmlns = 'xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"'
const acsOf = (url: string, index: number, more = '') =>
  `<md:AssertionConsumerService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${url}" index="${index}" ${more}/>`
const spMetadata = `<md:EntityDescriptor ${xmlns} entityID="urn:from-metadata"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>${acsOf('http://127.0.0.1:9/a', 0)}${acsOf('http://127.0.0.1:9/b', 1, 'isDefault="true"')}</md:SPSSODescriptor></md:EntityDescriptor>`

describe('the control API', () => {
  it('keeps users: create, read, search, change, delete', async () => {
    const idp = await startIdp()
    const { users } = idp.org()
    const ada = await users.create({
      profile: { login: 'ada@x.test', email: 'ada@x.test', firstName: 'Ada', lastName: 'L_o', tags: ['a', 'b'] },
    })
    const ben = await users.create({ profile: { login: 'ben@x.test', email: 'ben@x.test' }, status: 'STAGED' })
    expect(ada.id).toMatch(/^00u[0-9A-Za-z]{17}$/)
    expect(await users.get(ada.id)).toEqual(ada)
    expect(await users.list()).toEqual([ada, ben])
    expect(await users.list('ada L')).toEqual([ada])
    expect(await users.list('BEN@')).toEqual([ben])
    expect(await users.list('l_o')).toEqual([ada])
    expect(await users.list('l%o')).toEqual([])
    const changed = await users.update(ada.id, { profile: { firstName: null, department: 'Ops' }, status: 'SUSPENDED' })
    expect(changed).toEqual({
      id: ada.id,
      status: 'SUSPENDED',
      profile: { login: 'ada@x.test', email: 'ada@x.test', lastName: 'L_o', tags: ['a', 'b'], department: 'Ops' },
    })
    expect(await users.get(ada.id)).toEqual(changed)
    await expect(users.update(ada.id, { profile: { email: null } })).rejects.toMatchObject({
      code: 'bad-request',
      status: 400,
    })
    await expect(users.create({ profile: { login: 'BEN@x.test', email: 'b@x.test' } })).rejects.toMatchObject({
      code: 'already-exists',
      status: 409,
    })
    await users.remove(ada.id)
    await expect(users.get(ada.id)).rejects.toMatchObject({ code: 'not-found', status: 404 })
  })

  it('keeps groups and members; what is deleted leaves every group and application', async () => {
    const idp = await startIdp()
    const org = idp.org()
    const ada = await newPerson(idp)
    const app = await newApp(idp, {}, { everyone: false })
    const group = await org.groups.create({ profile: { name: 'Dev' } })
    await org.groups.addMember(group.id, ada.id)
    await org.groups.addMember(group.id, ada.id)
    expect(await org.groups.members(group.id)).toEqual([ada])
    await org.applications.assignGroup(app.id, group.id)
    const cookie = await cookieOf(idp, ada)
    const status = async () => (await get(app.appLink, { cookie })).status
    expect(await status()).toBe(200)
    await org.groups.removeMember(group.id, ada.id)
    expect(await status()).toBe(403)
    await org.groups.addMember(group.id, ada.id)
    expect(await status()).toBe(200)
    await org.applications.unassignGroup(app.id, group.id)
    expect(await status()).toBe(403)
    await org.applications.assignGroup(app.id, group.id)
    await org.groups.remove(group.id)
    expect(await status()).toBe(403)
    expect(await org.groups.list()).toEqual([])
    await org.users.remove(ada.id)
    await expect(org.applications.assignUser(app.id, ada.id)).rejects.toMatchObject({ status: 404 })
  })

  it('takes a new user with the applications that it is assigned to, or not at all', async () => {
    const idp = await startIdp()
    const { users } = idp.org()
    const app = await newApp(idp, {}, { everyone: false })
    const profile = { login: 'ada@example.test', email: 'ada@example.test' }
    await expect(users.create({ profile, applicationIds: [app.id, '0oa-none'] })).rejects.toMatchObject({ status: 404 })
    expect(await users.list()).toEqual([])
    const ada = await users.create({ profile, applicationIds: [app.id] })
    expect(ada).toEqual({ id: ada.id, status: 'ACTIVE', profile })
    expect((await get(app.appLink, { cookie: await cookieOf(idp, ada) })).status).toBe(200)
  })

  it('sends the groups that match', async () => {
    const idp = await startIdp()
    const ada = await newPerson(idp)
    for (const name of ['Dev A', 'Dev B', 'Ops']) {
      const group = await idp.org().groups.create({ profile: { name } })
      await idp.org().groups.addMember(group.id, ada.id)
    }
    const app = await newApp(idp, {
      groupAttributeStatements: [{ name: 'groups', filter: { type: 'STARTS_WITH', value: 'Dev' } }],
    })
    const { xml } = await postedBy(await get(app.appLink, { cookie: await cookieOf(idp, ada) }))
    expect([...xml.matchAll(/<saml2:AttributeValue[^>]*>([^<]*)</g)].map(([, value]) => value)).toEqual([
      'Dev A',
      'Dev B',
    ])
  })

  it('makes an application from metadata, as XML or by URL', async () => {
    const idp = await startIdp()
    const app = await idp.org().applications.createFromMetadata('M', spMetadata)
    expect(app.saml).toMatchObject({
      ssoUrl: 'http://127.0.0.1:9/b',
      audience: 'urn:from-metadata',
      nameIdFormat: 'emailAddress',
      applicationUsername: 'user.email',
      requestableSsoUrls: [
        { url: 'http://127.0.0.1:9/a', index: 0 },
        { url: 'http://127.0.0.1:9/b', index: 1 },
      ],
    })
    const at = supertest(idp.url).post('/_idpact/v1/orgs/default/applications/from-metadata')
    const down = await at.send({ label: 'U', metadataUrl: 'http://127.0.0.1:9/metadata' })
    expect(down.body).toMatchObject({
      error: { code: 'metadata-unreachable', message: expect.stringContaining('127.0.0.1:9') },
    })
    await expect(idp.org().applications.createFromMetadata('M', await idp.org().metadata())).rejects.toMatchObject({
      code: 'metadata-no-sp',
    })
    await expect(idp.org().applications.createFromMetadata('M', 'nonsense')).rejects.toMatchObject({ status: 400 })
  })

  it('refuses settings that could not be evaluated at a login', async () => {
    const idp = await startIdp()
    await expect(newApp(idp, { applicationUsername: 'String.len(user.login)' })).rejects.toMatchObject({
      code: 'bad-expression',
    })
    await expect(
      newApp(idp, { groupAttributeStatements: [{ name: 'g', filter: { type: 'REGEX', value: '(a+)+' } }] }),
    ).rejects.toMatchObject({ code: 'costly-regex' })
    const app = await newApp(idp)
    await expect(
      idp.org().applications.update(app.id, { saml: { ...app.saml, applicationUsername: 'x' } }),
    ).rejects.toMatchObject({ code: 'bad-expression' })
    expect(await idp.org().applications.get(app.id)).toEqual(app)
  })

  it('removes an org with everything in it', async () => {
    const idp = await startIdp()
    await idp.client.orgs.create({ id: 'gone' })
    await newPerson(idp, 'ada', 'gone')
    await expect(idp.client.orgs.create({ id: 'gone' })).rejects.toMatchObject({ code: 'already-exists' })
    await idp.client.orgs.remove('gone')
    await expect(idp.org('gone').users.list()).rejects.toMatchObject({
      status: 404,
      hint: expect.stringContaining('default'),
    })
    await idp.client.orgs.create({ id: 'gone' })
    expect(await idp.org('gone').users.list()).toEqual([])
  })

  it.each([
    ['no JSON', 'POST', '/orgs', '{', 400, 'bad-json'],
    ['no body', 'POST', '/orgs', undefined, 400, 'bad-request'],
    ['a field that is not known', 'POST', '/orgs', '{"id":"a","nmae":"b"}', 400, 'bad-request'],
    ['an id that is reserved', 'POST', '/orgs', '{"id":"_idpact"}', 400, 'bad-request'],
    ['a number that is none', 'GET', '/orgs/default/journal?since=x', undefined, 400, 'bad-request'],
    ['a parameter twice', 'GET', '/orgs/default/users?q=a&q=b', undefined, 400, 'bad-request'],
    ['an address that is not there', 'GET', '/nothing', undefined, 404, 'not-found'],
    ['an org that is not there', 'GET', '/orgs/none/users', undefined, 404, 'not-found'],
    ['a body that is too large', 'POST', '/orgs', `"${'x'.repeat(3_000_000)}"`, 413, 'too-large'],
  ])('answers %s with what is wrong', async (_what, method, path, body, status, code) => {
    const idp = await startIdp()
    const answer = await fetch(`${idp.url}/_idpact/v1${path}`, { method, ...(body !== undefined && { body }) })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({
      error: { code, message: expect.stringMatching(/.{10}/), hint: expect.stringMatching(/.{5}/) },
    })
  })
})

describe('faults', () => {
  it('lists what can go wrong, with parameters and clauses', async () => {
    const idp = await startIdp()
    const catalogue = await idp.client.faultCatalogue()
    expect(catalogue.map(({ id }) => id)).toEqual(faults.map(({ id }) => id))
    expect(catalogue.find(({ id }) => id === 'missing-attribute')?.parameters).toHaveProperty('attribute')
  })

  it('are armed for one user and counted down', async () => {
    const idp = await startIdp()
    const app = await newApp(idp)
    const [ada, ben] = [await newPerson(idp), await newPerson(idp, 'ben')]
    await idp.org().faults.arm({ userId: ada.id, fault: 'wrong-audience', times: 2 })
    const adaCookie = await cookieOf(idp, ada)
    const audienceFor = async (cookie: string) =>
      /Audience>([^<]*)</.exec((await postedBy(await get(app.appLink, { cookie }))).xml)?.[1]
    expect(await audienceFor(await cookieOf(idp, ben))).toBe(audience)
    expect(await audienceFor(adaCookie)).not.toBe(audience)
    expect(await idp.org().faults.list()).toMatchObject([{ userId: ada.id, fault: 'wrong-audience', remaining: 1 }])
    expect(await audienceFor(adaCookie)).not.toBe(audience)
    expect(await idp.org().faults.list()).toEqual([])
    expect(await audienceFor(adaCookie)).toBe(audience)
    const sent = (await idp.org().journal.read({ userId: ada.id })).entries
    expect(sent.map((entry) => entry.faults)).toEqual([['wrong-audience'], ['wrong-audience'], undefined])
  })

  it('stay until cleared when they are not counted; several act at once', async () => {
    const idp = await startIdp()
    const app = await newApp(idp)
    const ada = await newPerson(idp)
    const cookie = await cookieOf(idp, ada)
    await idp.org().faults.arm({ userId: ada.id, fault: 'wrong-audience', times: null })
    await idp.org().faults.arm({ userId: ada.id, fault: 'unsigned', times: null })
    for (let i = 0; i < 3; i++) {
      const { xml } = await postedBy(await get(app.appLink, { cookie }))
      expect(xml).not.toContain('SignatureValue')
      expect(xml).not.toContain(`>${audience}<`)
    }
    await idp.org().faults.clear(ada.id)
    const { xml } = await postedBy(await get(app.appLink, { cookie }))
    expect(xml).toContain('SignatureValue')
    expect(xml).toContain(`>${audience}<`)
  })

  it('replays the user’s previous Response at this application byte for byte, and says so when there is none', async () => {
    const idp = await startIdp()
    const [one, two] = [await newApp(idp), await newApp(idp, { audience: 'urn:two' }, { label: 'two' })]
    const ada = await newPerson(idp)
    const cookie = await cookieOf(idp, ada)
    await idp.org().faults.arm({ userId: ada.id, fault: 'replayed-response' })
    const none = await get(one.appLink, { cookie, accept: 'application/json' })
    expect(none.status).toBe(400)
    expect((await idp.org().journal.read()).entries.at(-1)).toMatchObject({
      kind: 'error',
      userId: ada.id,
      applicationId: one.id,
    })
    const first = await postedBy(await get(one.appLink, { cookie }))
    await postedBy(await get(two.appLink, { cookie }))
    await idp.org().faults.arm({ userId: ada.id, fault: 'replayed-response' })
    expect((await postedBy(await get(one.appLink, { cookie }))).xml).toBe(first.xml)
    expect((await postedBy(await get(one.appLink, { cookie }))).xml).not.toBe(first.xml)
  })

  it('signs with a key that nobody trusts, also where ECDSA is asked for', async () => {
    const idp = await startIdp()
    const ada = await newPerson(idp)
    const cookie = await cookieOf(idp, ada)
    for (const signatureAlgorithm of ['rsa-sha256', 'ecdsa-sha256'] as const) {
      const app = await newApp(idp, { signatureAlgorithm })
      const good = /X509Certificate>([^<]*)</.exec((await postedBy(await get(app.appLink, { cookie }))).xml)?.[1]
      await idp.org().faults.arm({ userId: ada.id, fault: 'wrong-key' })
      const spoilt = await postedBy(await get(app.appLink, { cookie }))
      expect(spoilt.xml).toContain('SignatureValue')
      expect(spoilt.xml).not.toContain(good ?? '?')
    }
  })

  it('are refused when armed, not at the login: unknown, without a parameter, for nobody', async () => {
    const idp = await startIdp()
    const { id: userId } = await newPerson(idp)
    const { faults: armed } = idp.org()
    await expect(armed.arm({ userId, fault: 'wrong-audiense' })).rejects.toMatchObject({
      code: 'unknown-fault',
      hint: expect.stringContaining('wrong-audience'),
    })
    await expect(armed.arm({ userId, fault: 'missing-attribute' })).rejects.toMatchObject({
      code: 'missing-fault-parameter',
    })
    await expect(armed.arm({ userId: '00unobody', fault: 'unsigned' })).rejects.toMatchObject({ status: 404 })
    for (let i = 0; i < 50; i++) await armed.arm({ userId, fault: 'unsigned' })
    await expect(armed.arm({ userId, fault: 'unsigned' })).rejects.toMatchObject({ code: 'too-many-faults' })
    await armed.clear()
    expect(await armed.list()).toEqual([])
  })

  it('act on SP-initiated logins too, and not on a passive refusal', async () => {
    const idp = await startIdp()
    await newApp(idp)
    const ada = await newPerson(idp)
    await idp.org().faults.arm({ userId: ada.id, fault: 'wrong-destination' })
    await postedBy(await get(redirectUrl(idp, requestXml('IsPassive="true"'))))
    expect(await idp.org().faults.list()).toHaveLength(1)
    const { xml, action } = await postedBy(
      await get(redirectUrl(idp, requestXml()), { cookie: await cookieOf(idp, ada) }),
    )
    expect(action).toBe(acs)
    expect(xml).not.toContain(`Destination="${acs}"`)
  })
})
