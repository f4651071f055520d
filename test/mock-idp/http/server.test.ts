import { X509Certificate } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createMockIdp, createMockIdpClient, loadOrCreateTls } from '../../../mock-idp/index.ts'
import { cookieOf, get, newApp, newPerson, postedBy, redirectUrl, requestXml, startIdp } from './helpers.ts'

/** fetch does not let a program choose these headers. */
const raw = (
  url: string,
  headers: Record<string, string>,
  method = 'GET',
  body = '',
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(url, { headers, method }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: text }))
    })
    sent.on('error', reject).end(body)
  })

describe('who may talk to the mock IdP', () => {
  it('answers to its own names only (DNS rebinding)', async () => {
    const idp = await startIdp()
    for (const path of ['/', '/_idpact/v1/orgs', '/default/login', new URL(idp.info.metadataUrl).pathname])
      for (const host of ['evil.example', 'localhost.evil.example', '10.1.2.3']) {
        const answer = await raw(idp.url + path, { host, accept: 'application/json' })
        expect([path, host, answer.status]).toEqual([path, host, 421])
      }
    const refused = await raw(`${idp.url}/_idpact/v1/orgs`, { host: 'evil.example' })
    expect(JSON.parse(refused.body)).toMatchObject({ error: { code: 'foreign-host' } })
    for (const host of ['localhost:1', '127.0.0.1', 'idp.localhost'])
      expect((await raw(`${idp.url}/_idpact/v1/health`, { host })).status).toBe(200)
  })

  it('answers to the host of its public URL, and writes that URL everywhere', async () => {
    const idp = await startIdp({ publicUrl: 'https://idp.example.test' })
    expect(idp.info.ssoUrl).toMatch(/^https:\/\/idp\.example\.test\/default\//)
    const local = idp.client.url
    const path = new URL(idp.info.metadataUrl).pathname
    const { status, body } = await raw(local + path, { host: 'idp.example.test' })
    expect(status).toBe(200)
    expect(body).toContain(`Location="${idp.info.ssoUrl}"`)
    const origin = { host: 'idp.example.test', 'content-type': 'application/json' }
    const create = (from: string) =>
      raw(`${local}/_idpact/v1/orgs/default/groups`, { ...origin, origin: from }, 'POST', '{"profile":{"name":"g"}}')
    expect((await create('https://evil.test')).status).toBe(403)
    expect((await create('https://idp.example.test')).status).toBe(201)
  })

  it('lets no page of another origin drive the control API (CSRF)', async () => {
    const idp = await startIdp()
    const at = `${idp.url}/_idpact/v1/orgs/default/groups`
    const body = JSON.stringify({ profile: { name: 'g' } })
    for (const headers of [
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const answer = await raw(at, { ...headers, 'content-type': 'text/plain' } as Record<string, string>, 'POST', body)
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'foreign-origin' } })
    }
    expect(await idp.org().groups.list()).toEqual([])
    expect((await raw(at, { origin: idp.url, 'content-type': 'application/json' }, 'POST', body)).status).toBe(201)
  })

  it('sends a strict policy with every page, and no inline script or style', async () => {
    const idp = await startIdp()
    for (const path of ['/', '/default/login', '/nothing-here']) {
      const answer = await get(idp.url + path)
      expect(answer.headers.get('content-security-policy')).toContain(
        "default-src 'none'; script-src 'self'; style-src 'self'",
      )
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(await answer.text()).not.toMatch(/<script(?![^>]*src=)|<style|style="|onclick/)
    }
    expect((await get(`${idp.url}/_idpact/ui/console.js`)).headers.get('content-type')).toContain('javascript')
    expect((await get(`${idp.url}/_idpact/ui/style.css`)).headers.get('content-type')).toContain('css')
  })
})

describe('orgs', () => {
  it('each has an identity and a key of its own', async () => {
    const idp = await startIdp()
    const other = await idp.client.orgs.create({ id: 'other', name: 'Other' })
    const own = await idp.client.orgs.get('default')
    expect(other.registrations[0]?.entityId).toMatch(/^http:\/\/www\.okta\.com\/exk[0-9A-Za-z]{17}$/)
    expect(other.registrations[0]?.entityId).not.toBe(own.registrations[0]?.entityId)
    expect(other.registrations[0]?.certificatePem).not.toBe(own.registrations[0]?.certificatePem)
    expect(new X509Certificate(other.registrations[0]?.certificatePem ?? '').subject).toContain('CN=other')
  })

  it('a plain one has nothing of a vendor in its addresses, metadata and messages', async () => {
    const idp = await startIdp()
    const org = await idp.client.orgs.create({ id: 'plain-1', shape: 'plain' })
    const [registration] = org.registrations
    const metadata = await idp.org('plain-1').metadata()
    const app = await newApp(idp, {}, { org: 'plain-1' })
    const cookie = await cookieOf(idp, await newPerson(idp, 'ada', 'plain-1'), 'plain-1')
    const sent = await postedBy(await get(app.appLink, { cookie }))
    const own = [
      registration?.entityId,
      registration?.ssoUrl,
      registration?.metadataUrl,
      metadata,
      app.appLink,
      sent.xml,
    ]
      .join('\n')
      // Signatures and certificates: any three letters turn up in Base64 sooner or later.
      .replace(/[A-Za-z0-9+/=\s]{40,}/g, '')
    expect(own).not.toMatch(/okta|exk|\/app\//i)
    expect(registration?.ssoUrl).toBe(`${idp.url}/plain-1/idp/sso`)
    expect(registration?.metadataUrl).toBe(`${idp.url}/plain-1/idp/metadata.xml`)
    const query = new URL(redirectUrl(idp, requestXml())).search
    expect((await postedBy(await get(`${registration?.ssoUrl}${query}`, { cookie }))).xml).toContain(
      'InResponseTo="_req1"',
    )
    expect((await get(`${idp.url}/plain-1/app/${registration?.id}/sso/saml/metadata`)).status).toBe(404)
    expect((await get(`${idp.url}/default/idp/sso`)).status).toBe(404)
  })

  it('several registrations of an org, Okta-shaped or plain, answer at addresses of their own', async () => {
    const idp = await startIdp()
    await idp.client.orgs.create({ id: 'p', shape: 'plain' })
    for (const org of ['default', 'p']) {
      const second = await idp.org(org).registrations.create({ name: 'second' })
      expect(await idp.org(org).metadata(second.id)).toContain(`Location="${second.ssoUrl}"`)
      const app = await idp.org(org).applications.create({
        label: 'on the second',
        registrationId: second.id,
        everyone: true,
        saml: { ssoUrl: 'http://127.0.0.1:9/acs', audience: 'urn:second' },
      })
      const cookie = await cookieOf(idp, await newPerson(idp, 'ada', org), org)
      expect((await postedBy(await get(app.appLink, { cookie }))).xml).toContain(`>${second.entityId}<`)
      const query = new URL(redirectUrl(idp, requestXml('', '', 'urn:second'))).search
      expect((await postedBy(await get(second.ssoUrl + query, { cookie }))).action).toBe('http://127.0.0.1:9/acs')
    }
  })

  it('serves the metadata of an application with its Name ID format', async () => {
    const idp = await startIdp()
    const app = await newApp(idp, { nameIdFormat: 'persistent' })
    const of = async (id: string) => (await get(`${idp.url}/default/app/${id}/sso/saml/metadata`)).text()
    expect(await of(app.id)).toContain('nameid-format:persistent')
    expect(await of(app.registrationId)).toContain('nameid-format:unspecified')
  })

  it('signs with ECDSA where the application wants it, with the key that its metadata has', async () => {
    const idp = await startIdp()
    const app = await newApp(idp, { signatureAlgorithm: 'ecdsa-sha256' })
    const cookie = await cookieOf(idp, await newPerson(idp))
    const { xml } = await postedBy(await get(app.appLink, { cookie }))
    expect(xml).toContain('xmldsig-more#ecdsa-sha256')
    const certificate = /X509Certificate>([^<]+)</.exec(xml)?.[1]
    expect(await (await get(`${idp.url}/default/app/${app.id}/sso/saml/metadata`)).text()).toContain(certificate)
  })
})

describe('the server itself', () => {
  it('stops at once while a live feed and an idle keep-alive connection are open', async () => {
    const idp = await startIdp()
    const feed = await fetch(`${idp.url}/_idpact/v1/orgs/default/journal/stream`)
    const idle = connect(Number(new URL(idp.url).port), '127.0.0.1')
    await new Promise((resolve) => idle.once('connect', resolve))
    const ended = feed.text()
    const { url } = idp
    await idp.stop()
    expect(await ended).toContain(': connected')
    await expect(fetch(url)).rejects.toThrow()
    idle.destroy()
    await idp.start()
    expect((await fetch(`${idp.url}/_idpact/v1/health`)).status).toBe(200)
  })

  it('says which port is taken and what to do', async () => {
    const idp = await startIdp()
    const { port } = new URL(idp.url)
    await expect(createMockIdp({ port: Number(port) }).start()).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(port),
      hint: expect.stringContaining('--port'),
    })
  })

  it('serves HTTPS with a certificate that its client verifies', async () => {
    const tls = await loadOrCreateTls(undefined, { hosts: ['localhost', '127.0.0.1'], now: Date.now() })
    const idp = await startIdp({ tls })
    expect(idp.url).toMatch(/^https:/)
    expect(await idp.client.orgs.list()).toHaveLength(1)
    await expect(createMockIdpClient({ url: idp.url }).orgs.list()).rejects.toMatchObject({
      code: 'mock-idp-unreachable',
    })
  })

  it('refuses options that cannot be', () => {
    expect(() => createMockIdp({ port: 70_000 })).toThrow(/0 to 65535/)
    expect(() => createMockIdp({ publicUrl: 'https://idp.example.test/base' })).toThrow(/origin/)
    expect(() => createMockIdp().url).toThrow(/not running/)
  })
})
