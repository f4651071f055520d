import { describe, expect, it } from 'vitest'
import {
  acs,
  audience,
  cookieOf,
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

/** The cookies that an answer sets, as a browser would send them back. */
const cookiesOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

describe('the sign-in page', () => {
  it('lets a person be picked after a search, without script, and goes on to the service provider', async () => {
    const idp = await startIdp()
    await newApp(idp)
    await newPerson(idp)
    const ben = await newPerson(idp, 'ben')
    const first = await get(redirectUrl(idp, requestXml(), { RelayState: 'r' }))
    const { fields } = formOf(await first.text())
    const found = await get(`${idp.url}/default/login?flow=${fields['flow']}&q=BEN@`)
    const html = await found.text()
    expect(html).toContain('ben@example.test')
    expect(html).not.toContain('ada@example.test')
    const token = formOf(html).fields['token'] ?? ''
    const signedIn = await postForm(
      `${idp.url}/default/login`,
      { token, flow: fields['flow'] ?? '', user: ben.id },
      { cookie: cookiesOf(found), origin: idp.url },
    )
    const sent = await postedBy(signedIn)
    expect(sent).toMatchObject({ action: acs, relayState: 'r' })
    expect(sent.xml).toContain('ben@example.test')
    const session = signedIn.headers.getSetCookie().find((line) => line.startsWith('idp_session_default='))
    expect(session).toMatch(/HttpOnly/)
    expect(session).toMatch(/SameSite=Lax/)
    expect((await postedBy(await get(redirectUrl(idp, requestXml()), { cookie: cookiesOf(signedIn) }))).xml).toContain(
      'ben@',
    )
  })

  it('refuses a form of another site, one without its token, and one for somebody who is not there', async () => {
    const idp = await startIdp()
    const ada = await newPerson(idp)
    const page = await get(`${idp.url}/default/login`)
    const cookie = cookiesOf(page)
    const token = formOf(await page.text()).fields['token'] ?? ''
    const send = async (fields: Record<string, string>, headers: Record<string, string>) => {
      const answer = await postForm(`${idp.url}/default/login`, fields, { accept: 'application/json', ...headers })
      return answer.status === 303 ? '' : ((await answer.json()) as { error: { code: string } }).error.code
    }
    expect(await send({ token, user: ada.id }, { cookie, origin: 'https://evil.test' })).toBe('foreign-origin')
    expect(await send({ token, user: ada.id }, { cookie, 'sec-fetch-site': 'cross-site' })).toBe('foreign-origin')
    expect(await send({ user: ada.id }, { cookie })).toBe('form-token')
    expect(await send({ token, user: ada.id }, {})).toBe('form-token')
    expect(await send({ token, user: '00unobody' }, { cookie })).toBe('user-not-active')
    expect(await send({ token, flow: 'old', user: ada.id }, { cookie })).toBe('login-expired')
    expect(await send({ token, user: ada.id }, { cookie })).toBe('')
  })

  it('escapes what people are called, and what the service provider says', async () => {
    const idp = await startIdp()
    await newApp(idp, { spEntityIds: ['<script>alert(1)</script>'] })
    await idp
      .org()
      .users.create({ profile: { login: 'x@example.test', email: 'x@example.test', displayName: '<img src=x>' } })
    const html = await (await get(redirectUrl(idp, requestXml('', '', '&lt;script>alert(1)&lt;/script>')))).text()
    expect(html).toContain('&lt;img src=x&gt;')
    expect(html).not.toMatch(/<img|<script/)
  })

  it('shows the user’s applications, and signs out', async () => {
    const idp = await startIdp()
    const app = await newApp(idp, {}, { label: 'My tile' })
    await newApp(idp, {}, { label: 'Not mine', everyone: false })
    const cookie = await cookieOf(idp, await newPerson(idp))
    const home = await get(`${idp.url}/default/home`, { cookie })
    const html = await home.text()
    expect(html).toContain(app.appLink)
    expect(html).not.toContain('Not mine')
    const token = formOf(html).fields['token'] ?? ''
    const out = await postForm(`${idp.url}/default/logout`, { token }, { cookie: `${cookie}; ${cookiesOf(home)}` })
    expect(out.status).toBe(303)
    expect((await get(`${idp.url}/default/home`, { cookie })).headers.get('location')).toBe('/default/login')
  })
})

describe('a service provider that nobody registered', () => {
  const from = (issuer: string, acsUrl?: string) =>
    requestXml(acsUrl === undefined ? '' : `AssertionConsumerServiceURL="${acsUrl}"`, '', issuer)

  it('is offered for registration on loopback, and one button later the login goes on', async () => {
    const idp = await startIdp()
    const ada = await newPerson(idp)
    const cookie = await cookieOf(idp, ada)
    const page = await get(redirectUrl(idp, from('urn:new', acs), { RelayState: 'r' }), { cookie })
    expect(page.status).toBe(403)
    const html = await page.text()
    expect(html).toContain('Register this service provider and continue')
    expect(html).toContain('urn:new')
    const { fields } = formOf(html)
    const unguarded = await postForm(`${idp.url}/default/register`, { flow: fields['flow'] ?? '' }, { cookie })
    expect(unguarded.status).toBe(403)
    expect(await idp.org().applications.list()).toEqual([])
    const sent = await postedBy(
      await postForm(`${idp.url}/default/register`, fields, { cookie: `${cookie}; ${cookiesOf(page)}` }),
    )
    expect(sent).toMatchObject({ action: acs, relayState: 'r' })
    expect(sent.xml).toContain('>urn:new</saml2:Audience>')
    expect(await idp.org().applications.list()).toMatchObject([
      { everyone: true, saml: { ssoUrl: acs, audience: 'urn:new' } },
    ])
  })

  it('has a new ACS of a known service provider added to its application', async () => {
    const idp = await startIdp()
    await newApp(idp)
    const cookie = await cookieOf(idp, await newPerson(idp))
    const second = 'http://127.0.0.1:9/second'
    const page = await get(redirectUrl(idp, from(audience, second)), { cookie })
    const { fields } = formOf(await page.text())
    const sent = await postedBy(
      await postForm(`${idp.url}/default/register`, fields, { cookie: `${cookie}; ${cookiesOf(page)}` }),
    )
    expect(sent.action).toBe(second)
    expect(await idp.org().applications.list()).toMatchObject([
      { saml: { ssoUrl: acs, requestableSsoUrls: [{ url: second }] } },
    ])
  })

  it('is never registered at an address that no Response can be posted to', async () => {
    const auto = await startIdp({ registration: 'auto' })
    const cookie = await cookieOf(auto, await newPerson(auto))
    const before = (await auto.org().applications.list()).length
    const answer = await get(redirectUrl(auto, from('urn:script', 'javascript:alert(1)')), { cookie })
    expect(answer.status).toBe(403)
    expect((await auto.org().applications.list()).length).toBe(before)
  })

  it('is registered silently with auto, and refused with refuse', async () => {
    const auto = await startIdp({ registration: 'auto' })
    const cookie = await cookieOf(auto, await newPerson(auto))
    expect((await postedBy(await get(redirectUrl(auto, from('urn:new', acs)), { cookie }))).action).toBe(acs)
    expect((await get(redirectUrl(auto, from('urn:other')), { cookie })).status).toBe(403)
    const strict = await startIdp({ registration: 'refuse' })
    const refused = await get(redirectUrl(strict, from('urn:new', acs)))
    expect(refused.status).toBe(403)
    const html = await refused.text()
    expect(html).toContain('unknown-sp')
    expect(html).not.toContain('<button')
    expect(await strict.org().applications.list()).toEqual([])
  })

  it('is not offered to who comes through a public address', async () => {
    const idp = await startIdp({ publicUrl: 'https://idp.example.test' })
    const path = new URL(redirectUrl(idp, from('urn:new', acs)))
    const [{ port }] = [new URL(idp.client.url)]
    const answer = await get(`http://127.0.0.1:${port}${path.pathname}${path.search}`)
    expect(answer.status).toBe(403)
    expect(await answer.text()).not.toContain('Register this')
  })
})
