import { deflateRawSync } from 'node:zlib'
import { afterEach } from 'vitest'
import type { Application, NewSamlSettings, User } from '../../../mock-idp/admin/schema.ts'
import { createMockIdp, type MockIdp, type MockIdpOptions } from '../../../mock-idp/index.ts'
import { generateSigningKey } from '../../../mock-idp/saml/keys.ts'
import { newExternalKey } from '../../../mock-idp/store/ids.ts'

const running: MockIdp[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((idp) => idp.stop()))
})

/** One key for the file: making one costs as much as hundreds of signatures. */
const key = generateSigningKey({ commonName: 'default', now: Date.now() })

/** A mock IdP in memory that is stopped after the test. */
export const startIdp = async (options: MockIdpOptions = {}): Promise<MockIdp> => {
  const externalKey = newExternalKey()
  const identity = { externalKey, entityId: `http://www.okta.com/${externalKey}`, key, address: {} }
  const idp = createMockIdp({ ...(options.dataDir === undefined && { identity }), ...options })
  running.push(idp)
  return idp.start()
}

export const acs = 'http://127.0.0.1:9/saml/acs'
export const audience = 'https://sp.example.test/saml'

export const newPerson = (idp: MockIdp, name = 'ada', org = 'default'): Promise<User> =>
  idp.org(org).users.create({
    profile: { login: `${name}@example.test`, email: `${name}@example.test`, firstName: name, lastName: 'Test' },
  })

export const newApp = (
  idp: MockIdp,
  saml: Partial<NewSamlSettings> = {},
  more: { everyone?: boolean; label?: string; org?: string } = {},
): Promise<Application> =>
  idp.org(more.org).applications.create({
    label: more.label ?? 'App',
    everyone: more.everyone ?? true,
    saml: { ssoUrl: acs, audience, ...saml },
  })

export const requestXml = (attributes = '', children = '', issuer = audience): string =>
  `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_req1" Version="2.0" IssueInstant="2026-01-02T03:04:05Z" ${attributes}><saml:Issuer>${issuer}</saml:Issuer>${children}</samlp:AuthnRequest>`

export const encodeRedirect = (xml: string): string => deflateRawSync(xml).toString('base64')

export const redirectUrl = (idp: MockIdp, xml: string, more: Record<string, string> = {}): string =>
  `${idp.info.ssoUrl}?${new URLSearchParams({ SAMLRequest: encodeRedirect(xml), ...more })}`

export const cookieOf = async (idp: MockIdp, user: User, org = 'default'): Promise<string> => {
  const { cookie } = await idp.org(org).sessions.create(user.id)
  return `${cookie.name}=${cookie.value}`
}

export const get = (url: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' })

export const postForm = (
  url: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { accept: 'text/html', ...headers },
    redirect: 'manual',
  })

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }
const decodeEntities = (text: string): string =>
  text
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (e) => entities[e] ?? e)
    .replace(/&#(\d+);/g, (_, n) => String.fromCharCode(Number(n)))

/** The hidden fields of a page's forms, and where the first posts to. */
export const formOf = (html: string): { action: string; fields: Record<string, string> } => ({
  action: decodeEntities(
    /<form[^>]*action="([^"]*)"[^>]*method="POST"|<form[^>]*method="post"[^>]*action="([^"]*)"/
      .exec(html)
      ?.slice(1)
      .find(Boolean) ?? '',
  ),
  fields: Object.fromEntries(
    [...html.matchAll(/<input([^>]*)>/g)].flatMap(([, text = '']) => {
      const name = /name="([^"]*)"/.exec(text)?.[1]
      return name === undefined ? [] : [[name, decodeEntities(/value="([^"]*)"/.exec(text)?.[1] ?? '')]]
    }),
  ),
})

/** What a page would post to the service provider. */
export const postedBy = async (
  answer: Response,
): Promise<{ action: string; relayState: string | undefined; xml: string }> => {
  const { action, fields } = formOf(await answer.text())
  const { SAMLResponse, RelayState } = fields
  if (SAMLResponse === undefined) throw new Error(`no Response: status ${answer.status}`)
  return { action, relayState: RelayState, xml: Buffer.from(SAMLResponse, 'base64').toString('utf8') }
}
