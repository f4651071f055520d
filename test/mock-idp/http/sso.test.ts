import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { generateSigningKey } from '../../../mock-idp/saml/keys.ts'
import {
  acs,
  audience,
  cookieOf,
  encodeRedirect,
  formOf,
  get,
  newApp,
  newPerson,
  postedBy,
  postForm,
  redirectUrl,
  requestXml,
  startIdp,
} from './helpers.ts'

describe('SP-initiated single sign-on', () => {
  it('answers the Redirect binding with a Response for the session’s user, and RelayState as it came', async () => {
    const idp = await startIdp()
    await newApp(idp)
    const relayState = ' a+b%20&c="ü"<é>\n'
    const answer = await get(redirectUrl(idp, requestXml(), { RelayState: relayState }), {
      cookie: await cookieOf(idp, await newPerson(idp)),
    })
    expect(answer.status).toBe(200)
    const sent = await postedBy(answer)
    expect(sent).toMatchObject({ action: acs, relayState })
    expect(sent.xml).toContain('>ada@example.test</saml2:NameID>')
    expect(sent.xml).toContain('InResponseTo="_req1"')
    expect(sent.xml).toContain(`>${audience}</saml2:Audience>`)
    expect(sent.xml).toContain(`>${idp.info.entityId}</saml2:Issuer>`)
  })

  it('sends no RelayState when none came, and an empty one when an empty one came', async () => {
    const idp = await startIdp()
    await newApp(idp)
    const cookie = await cookieOf(idp, await newPerson(idp))
    expect((await postedBy(await get(redirectUrl(idp, requestXml()), { cookie }))).relayState).toBeUndefined()
    expect((await postedBy(await get(redirectUrl(idp, requestXml(), { RelayState: '' }), { cookie }))).relayState).toBe(
      '',
    )
  })

  it('answers the POST binding', async () => {
    const idp = await startIdp()
    await newApp(idp)
    const cookie = await cookieOf(idp, await newPerson(idp))
    const SAMLRequest = Buffer.from(requestXml()).toString('base64')
    const answer = await postForm(idp.info.ssoUrl, { SAMLRequest, RelayState: 'x y' }, { cookie })
    expect((await postedBy(answer)).relayState).toBe('x y')
  })

  it('lets a browser come back with its cookie when another site has posted the request', async () => {
    const idp = await startIdp()
    await newApp(idp)
    const cookie = await cookieOf(idp, await newPerson(idp))
    const SAMLRequest = Buffer.from(requestXml()).toString('base64')
    const first = await postForm(
      idp.info.ssoUrl,
      { SAMLRequest, RelayState: 'r' },
      { origin: 'https://sp.example.test' },
    )
    expect(first.status).toBe(303)
    const next = await get(new URL(first.headers.get('location') ?? '', idp.url).href, { cookie })
    expect((await postedBy(next)).relayState).toBe('r')
  })

  it('goes to another ACS only if it is listed, by URL or by index', async () => {
    const idp = await startIdp({ registration: 'refuse' })
    const second = 'http://127.0.0.1:9/second'
    await newApp(idp, { requestableSsoUrls: [{ url: second, index: 7 }], recipient: 'http://127.0.0.1:9/recipient' })
    const cookie = await cookieOf(idp, await newPerson(idp))
    const at = (attributes: string) => get(redirectUrl(idp, requestXml(attributes)), { cookie })
    const bySecond = await postedBy(await at(`AssertionConsumerServiceURL="${second}"`))
    expect(bySecond.action).toBe(second)
    expect(bySecond.xml).toContain(`Destination="${second}"`)
    expect(bySecond.xml).toContain(`Recipient="${second}"`)
    expect((await postedBy(await at('AssertionConsumerServiceIndex="7"'))).action).toBe(second)
    const byFirst = await postedBy(await at(`AssertionConsumerServiceURL="${acs}"`))
    expect(byFirst.action).toBe(acs)
    expect(byFirst.xml).toContain('Recipient="http://127.0.0.1:9/recipient"')
    for (const attribute of [
      'AssertionConsumerServiceURL="http://127.0.0.1:9/third"',
      'AssertionConsumerServiceIndex="8"',
    ]) {
      const refused = await at(attribute)
      expect(refused.status).toBe(403)
      expect(await refused.text()).toContain('acs-not-registered')
    }
  })

  it('chooses among applications of one service provider the one that the user is assigned to', async () => {
    const idp = await startIdp()
    const [ada, ben] = [await newPerson(idp), await newPerson(idp, 'ben')]
    const one = await newApp(idp, { attributeStatements: [{ name: 'which', values: ['"one"'] }] }, { everyone: false })
    const two = await newApp(idp, { attributeStatements: [{ name: 'which', values: ['"two"'] }] }, { everyone: false })
    await idp.org().applications.assignUser(one.id, ada.id)
    const group = await idp.org().groups.create({ profile: { name: 'G' } })
    await idp.org().groups.addMember(group.id, ben.id)
    await idp.org().applications.assignGroup(two.id, group.id)
    const which = async (user: typeof ada) =>
      (await postedBy(await get(redirectUrl(idp, requestXml()), { cookie: await cookieOf(idp, user) }))).xml
    expect(await which(ada)).toContain('>one<')
    expect(await which(ben)).toContain('>two<')
  })

  it('refuses a user who is not assigned, with a page and no Response', async () => {
    const idp = await startIdp()
    const app = await newApp(idp, {}, { everyone: false })
    const ada = await newPerson(idp)
    const cookie = await cookieOf(idp, ada)
    for (const url of [redirectUrl(idp, requestXml()), app.appLink]) {
      const answer = await get(url, { cookie })
      const text = await answer.text()
      expect(answer.status).toBe(403)
      expect(text).toContain('App Not Assigned')
      expect(text).not.toContain('SAMLResponse')
    }
    const { entries } = await idp.org().journal.read({ userId: ada.id })
    expect(entries.map(({ kind, requestId }) => [kind, requestId])).toEqual([
      ['user-not-assigned', '_req1'],
      ['user-not-assigned', undefined],
    ])
    await idp.org().applications.assignUser(app.id, ada.id)
    expect((await postedBy(await get(app.appLink, { cookie }))).action).toBe(acs)
  })

  it('does not answer for an application that is not active', async () => {
    const idp = await startIdp()
    const app = await newApp(idp)
    const cookie = await cookieOf(idp, await newPerson(idp))
    await idp.org().applications.update(app.id, { status: 'INACTIVE' })
    for (const url of [redirectUrl(idp, requestXml()), app.appLink]) {
      const answer = await get(url, { cookie, accept: 'application/json' })
      expect(answer.status).toBe(400)
      expect(await answer.json()).toMatchObject({ error: { code: 'application-inactive' } })
    }
  })

  it('does not take the session of another org, nor of a suspended user', async () => {
    const idp = await startIdp()
    await newApp(idp)
    await idp.client.orgs.create({ id: 'other' })
    const ada = await newPerson(idp)
    const eve = await newPerson(idp, 'eve', 'other')
    const { cookie } = await idp.org('other').sessions.create(eve.id)
    const foreign = await get(redirectUrl(idp, requestXml()), { cookie: `idp_session_default=${cookie.value}` })
    expect(await foreign.text()).toContain('Who do you want to be?')
    const own = await cookieOf(idp, ada)
    await idp.org().users.update(ada.id, { status: 'SUSPENDED' })
    expect(await (await get(redirectUrl(idp, requestXml()), { cookie: own })).text()).toContain(
      'Who do you want to be?',
    )
    await expect(idp.org().sessions.create(ada.id)).rejects.toThrow(/SUSPENDED/)
  })
})

describe('ForceAuthn and IsPassive', () => {
  it('asks a signed-in user again when ForceAuthn is set, unless the application ignores it', async () => {
    const idp = await startIdp()
    const app = await newApp(idp)
    const cookie = await cookieOf(idp, await newPerson(idp))
    const url = redirectUrl(idp, requestXml('ForceAuthn="true"'))
    expect(await (await get(url, { cookie })).text()).toContain('ForceAuthn')
    await idp.org().applications.update(app.id, { saml: { ...app.saml, honorForceAuthn: false } })
    expect((await postedBy(await get(url, { cookie }))).action).toBe(acs)
  })

  it('writes the time of the new sign-in after ForceAuthn', async () => {
    let now = Date.parse('2026-05-01T10:00:00Z')
    const idp = await startIdp({ clock: { now: () => now } })
    await newApp(idp)
    const ada = await newPerson(idp)
    const cookie = await cookieOf(idp, ada)
    now += 60_000
    expect((await postedBy(await get(redirectUrl(idp, requestXml()), { cookie }))).xml).toContain(
      'AuthnInstant="2026-05-01T10:00:00.000Z"',
    )
    const page = await get(redirectUrl(idp, requestXml('ForceAuthn="1"')), { cookie })
    const formCookie = page.headers.get('set-cookie')?.split(';')[0] ?? ''
    const { fields } = formOf(await page.text())
    const signedIn = await postForm(
      `${idp.url}/default/login`,
      { token: fields['token'] ?? '', flow: fields['flow'] ?? '', user: ada.id },
      { cookie: `${cookie}; ${formCookie}` },
    )
    expect((await postedBy(signedIn)).xml).toContain('AuthnInstant="2026-05-01T10:01:00.000Z"')
  })

  it('tells the ACS NoPassive when nobody is signed in, or must sign in again', async () => {
    const idp = await startIdp()
    await newApp(idp)
    const passive = redirectUrl(idp, requestXml('IsPassive="true"'), { RelayState: 'r' })
    const sent = await postedBy(await get(passive))
    expect(sent).toMatchObject({ action: acs, relayState: 'r' })
    expect(sent.xml).toContain('urn:oasis:names:tc:SAML:2.0:status:NoPassive')
    expect(sent.xml).toContain('InResponseTo="_req1"')
    expect(sent.xml).not.toContain('Assertion ')
    const cookie = await cookieOf(idp, await newPerson(idp))
    expect((await postedBy(await get(passive, { cookie }))).xml).toContain('status:Success')
    const both = redirectUrl(idp, requestXml('IsPassive="true" ForceAuthn="true"'))
    expect((await postedBy(await get(both, { cookie }))).xml).toContain('status:NoPassive')
  })
})

describe('IdP-initiated single sign-on', () => {
  it('starts at the application link, with the default RelayState or the one of the link', async () => {
    const idp = await startIdp()
    const app = await newApp(idp, { defaultRelayState: 'https://sp.example.test/start' })
    const cookie = await cookieOf(idp, await newPerson(idp))
    const plain = await postedBy(await get(app.appLink, { cookie }))
    expect(plain.relayState).toBe('https://sp.example.test/start')
    expect(plain.xml).not.toContain('InResponseTo')
    expect((await postedBy(await get(`${app.appLink}?RelayState=%2Fa%20b`, { cookie }))).relayState).toBe('/a b')
  })
})

describe('a bad AuthnRequest', () => {
  const bomb = encodeRedirect(requestXml('', `<!--${'a'.repeat(3_000_000)}-->`))
  const cases: Record<string, { query: string; code: string }> = {
    'nothing at all': { query: '', code: 'missing-saml-request' },
    'not base64': { query: 'SAMLRequest=%24%24%24', code: 'not-base64' },
    'not deflate': {
      query: `SAMLRequest=${encodeURIComponent(Buffer.from(requestXml()).toString('base64'))}`,
      code: 'not-deflate',
    },
    'an inflate bomb': { query: `SAMLRequest=${encodeURIComponent(bomb)}`, code: 'inflate-bomb' },
    'too large': { query: `SAMLRequest=${'A'.repeat(120_000)}`, code: 'too-large' },
    'a DOCTYPE': { query: q('<!DOCTYPE a [<!ENTITY x "y">]><a/>'), code: 'doctype' },
    'not XML': { query: q('<samlp:AuthnRequest'), code: 'not-xml' },
    'too deep': { query: q(requestXml('', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`)), code: 'too-deep' },
    'another message': { query: q('<a xmlns="urn:x"/>'), code: 'not-authn-request' },
    'a wrong Destination': {
      query: q(requestXml('Destination="https://elsewhere.test/sso"')),
      code: 'wrong-destination',
    },
    'a repeated parameter': { query: `${q(requestXml())}&${q(requestXml())}`, code: 'repeated-parameter' },
  }
  function q(xml: string): string {
    return `SAMLRequest=${encodeURIComponent(encodeRedirect(xml))}`
  }

  it.each(Object.entries(cases))(
    '%s: a page, JSON by Accept, and an entry in the journal',
    async (_name, { query, code }) => {
      const idp = await startIdp()
      await newApp(idp)
      const url = `${idp.info.ssoUrl}?${query}`
      const page = await get(url)
      expect(page.status).toBe(400 + (code === 'too-large' ? 13 : 0))
      expect(page.headers.get('content-type')).toContain('text/html')
      const text = await page.text()
      expect(text).toContain(`<code>${code}</code>`)
      expect(text).toContain('Expected')
      expect(text).toContain('What to do.')
      const json = await get(url, { accept: 'application/json' })
      expect(await json.json()).toMatchObject({
        error: { code, hint: expect.stringMatching(/./), expected: expect.any(String) },
      })
      const { entries } = await idp.org().journal.read()
      expect(entries.map(({ kind, details }) => [kind, details['reason']])).toEqual([
        ['authn-request-refused', code],
        ['authn-request-refused', code],
      ])
    },
  )

  it('a body that is too large is refused before it is read', async () => {
    const idp = await startIdp()
    const answer = await postForm(idp.info.ssoUrl, { SAMLRequest: 'A'.repeat(500_000) }, { accept: 'application/json' })
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({ error: { code: 'too-large' } })
  })

  it('refuses a broken signature, one by another key, and none where one is required', async () => {
    const idp = await startIdp({ registration: 'refuse' })
    const spKey = await generateSigningKey({ commonName: 'sp', now: Date.now() })
    await newApp(idp, { spCertificate: spKey.certificatePem, requireSignedRequests: true })
    const cookie = await cookieOf(idp, await newPerson(idp))
    const algorithm = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
    const signedText = new URLSearchParams({
      SAMLRequest: encodeRedirect(requestXml()),
      RelayState: 'r',
      SigAlg: algorithm,
    })
    const signed = (key: Parameters<typeof sign>[2]) => {
      const value = sign('sha256', Buffer.from(signedText.toString()), key).toString('base64')
      return `${idp.info.ssoUrl}?${signedText}&Signature=${encodeURIComponent(value)}`
    }
    const good = signed(spKey.privateKey)
    expect((await postedBy(await get(good, { cookie }))).relayState).toBe('r')
    const codeOf = async (url: string) =>
      ((await (await get(url, { cookie, accept: 'application/json' })).json()) as { error: { code: string } }).error
        .code
    expect(await codeOf(good.replace('RelayState=r', 'RelayState=s'))).toBe('bad-signature')
    expect(await codeOf(signed(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey))).toBe('bad-signature')
    expect(await codeOf(redirectUrl(idp, requestXml()))).toBe('missing-signature')
  })
})
