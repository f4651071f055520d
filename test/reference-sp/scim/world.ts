import { randomUUID } from 'node:crypto'
import { startReferenceSp } from '../../../src/reference-sp/index.ts'
import type { ReferenceSpOptions } from '../../../src/reference-sp/options.ts'

export interface ScimAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers with, looked at by each test
  json: any
}

/** A reference SP, and SCIM calls with a good token. */
export const startScim = async (options: ReferenceSpOptions = {}) => {
  const sp = await startReferenceSp(options)
  const { info } = sp
  const admin = async (method: string, path: string, body?: unknown): Promise<ScimAnswer> =>
    call(`${info.admin.baseUrl}${path}`, method, body, { authorization: `Bearer ${info.admin.token}` })
  const api = (method: string, path: string, body?: unknown): Promise<ScimAnswer> =>
    call(`${info.provisioningApi.baseUrl}/accounts/${info.provisioningApi.accountId}${path}`, method, body, {
      authorization: `Basic ${Buffer.from(`${info.provisioningApi.key}:${info.provisioningApi.secret}`).toString('base64')}`,
    })
  const [masterAdmin] = (await api('GET', `/users?emails=${info.masterAdmin.email}`)).json.users
  const tokenFor = async (scope: string, lifetimeMs = 3_600_000): Promise<string> =>
    (await admin('POST', `/users/${masterAdmin.id}/tokens`, { scopes: scope.split(' '), lifetimeMs })).json.token
  const token = await tokenFor('provision:scim')
  return {
    sp,
    info,
    admin,
    api,
    tokenFor,
    token,
    masterAdminId: String(masterAdmin.id),
    scim: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      call(`${info.scim.baseUrl}${path}`, method, body, {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/scim+json; charset=utf-8' }),
        ...headers,
      }),
    accountOf: async (email: string) => (await api('GET', `/users?emails=${encodeURIComponent(email)}`)).json.users[0],
    stop: () => sp.stop(),
  }
}

export type ScimWorld = Awaited<ReturnType<typeof startScim>>

const call = async (
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<ScimAnswer> => {
  const answer = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text) }
}

/** A create, as Okta sends it. */
export const oktaUser = (name: string, more: Record<string, unknown> = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `${name}@example.test`,
  name: { givenName: name, familyName: 'Test' },
  emails: [{ primary: true, value: `${name}@example.test`, type: 'work' }],
  displayName: `${name} Test`,
  locale: 'en-US',
  externalId: `00u${randomUUID().slice(0, 17)}`,
  groups: [],
  password: 'abcdEF12',
  active: true,
  ...more,
})

export const patch = (...Operations: unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations,
})
