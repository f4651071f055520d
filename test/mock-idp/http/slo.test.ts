import { createSign, generateKeyPairSync, verify, X509Certificate } from 'node:crypto'
import { inflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { SignedXml } from 'xml-crypto'
import type { MockIdp } from '../../../mock-idp/index.ts'
import { selfSignedCertificate } from '../../../src/core/certificate.ts'
import {
  acs,
  audience,
  cookieOf,
  encodeRedirect,
  formOf,
  get,
  newApp,
  newPerson,
  postForm,
  startIdp,
} from './helpers.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const spCertificate = selfSignedCertificate({
  ...{ privateKey, publicKey, commonName: 'sp', subject: 'plain', now: Date.now(), years: 1 },
}).toString('base64')
const spSlo = 'http://127.0.0.1:9/saml/slo'

const logoutXml = (name: 'LogoutRequest' | 'LogoutResponse', attributes: string, content: string): string =>
  `<p:${name} xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_out" Version="2.0" IssueInstant="2026-01-02T03:04:05Z"${attributes}><a:Issuer>${audience}</a:Issuer>${content}</p:${name}>`
const request = logoutXml('LogoutRequest', '', '<a:NameID>ada@example.test</a:NameID>')

/** A query as the SP would sign it. */
const signedQuery = (xml: string, key = privateKey): string => {
  const query = `SAMLRequest=${encodeURIComponent(encodeRedirect(xml))}&RelayState=r&SigAlg=${encodeURIComponent('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')}`
  return `${query}&Signature=${encodeURIComponent(createSign('sha256').update(query).sign(key, 'base64'))}`
}

const sloOf = (idp: MockIdp): string => idp.info.ssoUrl.replace('/sso/', '/slo/')

/** Ada, who is signed in and has logged in at one application. */
const begun = async (idp: MockIdp, binding: 'HTTP-POST' | 'HTTP-Redirect') => {
  const ada = await newPerson(idp)
  const app = await newApp(idp, { singleLogout: { url: spSlo, binding }, spCertificate })
  const cookie = await cookieOf(idp, ada)
  await get(app.appLink, { cookie })
  const signedIn = async (): Promise<boolean> =>
    (await get(app.appLink, { cookie })).status === 200 &&
    (await (await get(app.appLink, { cookie })).text()).includes('SAMLResponse')
  return { ada, app, cookie, signedIn }
}

const issuedBy = (idp: MockIdp) =>
  idp
    .org()
    .registrations.list()
    .then(([one]) => one?.certificatePem ?? '')

const verifies = (xml: string, publicCert: string): boolean => {
  const signed = new SignedXml({ publicCert, getCertFromKeyInfo: () => null })
  signed.loadSignature(/<ds:Signature[\s\S]*<\/ds:Signature>/.exec(xml)?.[0] ?? '')
  return signed.checkSignature(xml)
}

it('a logout that the service provider begins ends the session, and is answered by HTTP-POST, signed', async () => {
  const idp = await startIdp()
  const { cookie, signedIn } = await begun(idp, 'HTTP-POST')
  expect(await signedIn()).toBe(true)
  const answer = await get(`${sloOf(idp)}?${signedQuery(request)}`, { cookie })
  const { action, fields } = formOf(await answer.text())
  expect([action, fields['RelayState']]).toEqual([spSlo, 'r'])
  const xml = Buffer.from(fields['SAMLResponse'] ?? '', 'base64').toString()
  expect(xml).toContain('InResponseTo="_out"')
  expect(xml).toContain('status:Success')
  expect(verifies(xml, await issuedBy(idp))).toBe(true)
  expect(await signedIn()).toBe(false)
})

it('answers by HTTP-Redirect where the application says so, with a signature over the parameters', async () => {
  const idp = await startIdp()
  const { cookie } = await begun(idp, 'HTTP-Redirect')
  const answer = await get(`${sloOf(idp)}?${signedQuery(request)}`, { cookie })
  const url = new URL(answer.headers.get('location') ?? '')
  expect(url.origin + url.pathname).toBe(spSlo)
  const [signed = '', value = ''] = url.search.slice(1).split('&Signature=')
  const key = new X509Certificate(await issuedBy(idp)).publicKey
  expect(verify('sha256', Buffer.from(signed), key, Buffer.from(decodeURIComponent(value), 'base64'))).toBe(true)
  const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLResponse') ?? '', 'base64')).toString()
  expect(xml).toContain('LogoutResponse')
})

it('refuses a LogoutRequest that is not signed, or by another key, as Okta does: AuthnFailed, and the session goes on', async () => {
  const idp = await startIdp()
  const { cookie, signedIn } = await begun(idp, 'HTTP-POST')
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const queries = [
    signedQuery(request, other),
    signedQuery(request).replace('RelayState=r', 'RelayState=s'),
    `SAMLRequest=${encodeURIComponent(encodeRedirect(request))}`,
  ]
  const posted = await postForm(sloOf(idp), { SAMLRequest: Buffer.from(request).toString('base64') }, { cookie })
  const answers = [posted, ...(await Promise.all(queries.map((query) => get(`${sloOf(idp)}?${query}`, { cookie }))))]
  for (const answer of answers) {
    const { fields } = formOf(await answer.text())
    expect(Buffer.from(fields['SAMLResponse'] ?? '', 'base64').toString()).toContain('status:AuthnFailed')
  }
  expect(await signedIn()).toBe(true)
})

it('ends no session for another NameID than it has asserted, nor for a request that has expired', async () => {
  const idp = await startIdp()
  const { cookie, signedIn } = await begun(idp, 'HTTP-POST')
  const wrong: [string, string][] = [
    [request.replace('ada@', 'ben@'), 'UnknownPrincipal'],
    [request.replace(' ID=', ' NotOnOrAfter="2026-01-02T03:05:00Z" ID='), 'RequestDenied'],
  ]
  for (const [xml, expected] of wrong) {
    const { fields } = formOf(await (await get(`${sloOf(idp)}?${signedQuery(xml)}`, { cookie })).text())
    expect(Buffer.from(fields['SAMLResponse'] ?? '', 'base64').toString()).toContain(`status:${expected}`)
  }
  expect(await signedIn()).toBe(true)
  const { entries } = await idp.org().journal.read()
  const refused = entries.filter(({ kind }) => kind === 'logout-request-refused')
  expect(refused.map(({ details }) => details['reason'])).toEqual(['wrong-name-id', 'request-expired'])
})

it('says what is wrong with a message that is none, and with a service provider without single logout', async () => {
  const idp = await startIdp()
  await newApp(idp)
  const bad = await get(`${sloOf(idp)}?SAMLRequest=${encodeURIComponent(encodeRedirect('<x/>'))}`)
  expect(await bad.text()).toContain('LogoutRequest')
  expect((await idp.org().journal.read()).entries.map(({ kind }) => kind)).toContain('logout-request-refused')
  const unknown = await get(`${sloOf(idp)}?${signedQuery(request)}`)
  expect(unknown.status).toBe(404)
})

it('who signs out at the mock IdP is signed out of each service provider, one after the other', async () => {
  const idp = await startIdp()
  const { ada, cookie, signedIn } = await begun(idp, 'HTTP-POST')
  const second = await newApp(
    idp,
    { singleLogout: { url: `${spSlo}/2`, binding: 'HTTP-Redirect' }, spCertificate, ssoUrl: `${acs}/2` },
    { label: 'Second' },
  )
  await get(second.appLink, { cookie })
  const home = await get(`${idp.url}/default/home`, { cookie })
  const forms = home.headers.getSetCookie().map((line) => line.split(';')[0])
  const token = formOf(await home.text()).fields['token'] ?? ''
  let page = await postForm(
    `${idp.url}/default/logout`,
    { token },
    { cookie: [cookie, ...forms].join('; '), origin: idp.url },
  )
  const asked: string[] = []
  for (let at = 0; at < 2; at += 1) {
    const location = page.headers.get('location')
    const { action, fields } = location === null ? formOf(await page.text()) : { action: '', fields: {} }
    const url = location === null ? undefined : new URL(location)
    const xml =
      url === undefined
        ? Buffer.from((fields as Record<string, string>)['SAMLRequest'] ?? '', 'base64').toString()
        : inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString()
    asked.push(url === undefined ? action : url.origin + url.pathname)
    expect(xml).toContain(`>${ada.profile.login}</`)
    expect(xml).toMatch(/SessionIndex>[^<]+</)
    const id = / ID="([^"]*)"/.exec(xml)?.[1] ?? ''
    const answer = logoutXml(
      'LogoutResponse',
      ` InResponseTo="${id}"`,
      '<p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></p:Status>',
    )
    page = await postForm(sloOf(idp), { SAMLResponse: Buffer.from(answer).toString('base64') })
  }
  expect(asked.toSorted()).toEqual([spSlo, `${spSlo}/2`])
  expect(await page.text()).toContain('You are signed out')
  expect(await signedIn()).toBe(false)
})

it('the metadata have single logout where an application has it, or where that is asked for', async () => {
  const idp = await startIdp()
  expect(await idp.org().metadata()).not.toContain('SingleLogoutService')
  expect(await idp.org().metadata(undefined, { singleLogout: true })).toContain(`Location="${sloOf(idp)}"`)
  await begun(idp, 'HTTP-POST')
  const xml = await idp.org().metadata()
  // The schema has it between the keys and the formats (SAML Metadata 2.4.2).
  expect(xml).toMatch(/<\/md:KeyDescriptor><md:SingleLogoutService .*<md:NameIDFormat>.*<md:SingleSignOnService/)
})

it('makes LogoutRequests for a test, and says what is wrong where it cannot', async () => {
  const idp = await startIdp()
  const { ada, app } = await begun(idp, 'HTTP-POST')
  const make = (wanted: object, id = app.id) => idp.org().applications.logoutRequest(id, { userId: ada.id, ...wanted })
  const good = await make({})
  expect(verifies(good.xml, await issuedBy(idp))).toBe(true)
  expect((await make({ fault: 'logout-unsigned' })).xml).not.toContain('Signature')
  expect(verifies((await make({ fault: 'logout-altered' })).xml, await issuedBy(idp))).toBe(false)
  const wrapped = (await make({ fault: 'logout-wraps-request' })).xml
  expect(verifies(wrapped, await issuedBy(idp))).toBe(true)
  expect(wrapped).toContain('nobody@another.example.test')
  await expect(make({ fault: 'logout-unsinged' })).rejects.toThrow(/logout-unsinged/)
  await expect(make({ fault: 'logout-wraps-request', binding: 'HTTP-Redirect' })).rejects.toThrow(/HTTP-POST/)
  const plain = await newApp(idp, { ssoUrl: `${acs}/3` }, { label: 'Plain' })
  await expect(make({}, plain.id)).rejects.toThrow(/no single logout/)
})
