import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { makeWorld as makeOauthWorld, type World as OauthWorld } from '../oauth/support.ts'

/** A JSON answer whose fields a test looks at. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers of many shapes
export type Json = any

export interface Answer {
  status: number
  headers: Headers
  text: string
  json: Json
}

export interface Sending {
  token?: string | undefined
  headers?: Record<string, string>
  /** As it goes over the wire, instead of JSON of the body. */
  raw?: string
}

export interface World extends OauthWorld {
  scim(method: string, path: string, body?: unknown, sending?: Sending): Promise<Answer>
  accounts(method: string, path: string, body?: unknown): Promise<{ status: number; json: Json }>
  newToken(scopes?: readonly string[]): Promise<string>
  /** After a reset: the token of before is good no longer. */
  forgetToken(): void
}

export const patchOp = (...operations: unknown[]) => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
  Operations: operations,
})

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

/** What Okta sends to make a user, with the two attributes of Cloudinary's. */
export const oktaUser = (change: Record<string, unknown> = {}) => ({
  schemas: [userUrn],
  userName: 'ada@example.test',
  name: { givenName: 'Ada', familyName: 'Byron' },
  emails: [{ primary: true, value: 'ada@example.test', type: 'work' }],
  displayName: 'Ada Byron',
  locale: 'en-US',
  externalId: '00u1234567890abcdefg',
  groups: [],
  password: 'k3J9xQ2m',
  active: true,
  role: 'admin',
  product_environments: ['prod', 'dev'],
  ...change,
})

export const person = (name: string, change: Record<string, unknown> = {}) =>
  oktaUser({
    userName: `${name}@example.test`,
    emails: [{ primary: true, value: `${name}@example.test`, type: 'work' }],
    externalId: `00u-${name}`,
    ...change,
  })

/** One SP for all tests of a file; as new for each. */
export const useWorld = (): { readonly world: World } => {
  let world: World | undefined
  let token = ''
  beforeAll(async () => {
    const base = await makeOauthWorld()
    const { provisioningApi, masterAdmin, scim } = base.info
    const master = () => base.sp.store.users.findByEmail(masterAdmin.email)?.id ?? ''
    const newToken = (scopes: readonly string[] = ['provision:scim']) =>
      base.sp.tokens.issue({ userId: master(), scopes, lifetimeMs: 60_000 })
    world = Object.assign(Object.create(base), {
      newToken,
      forgetToken: () => {
        token = ''
      },
      scim: async (method: string, path: string, body?: unknown, sending: Sending = {}): Promise<Answer> => {
        if (token === '') token = await newToken()
        const bearer = 'token' in sending ? sending.token : token
        const sent = sending.raw ?? (body === undefined ? undefined : JSON.stringify(body))
        const answer = await fetch(`${scim.baseUrl}${path}`, {
          method,
          headers: {
            accept: 'application/scim+json',
            ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
            ...(sent === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
            ...sending.headers,
          },
          ...(sent === undefined ? {} : { body: sent }),
        })
        const text = await answer.text()
        const { status, headers } = answer
        return { status, headers, text, json: text.startsWith('{') ? JSON.parse(text) : undefined }
      },
      accounts: async (method: string, path: string, body?: unknown) => {
        const { baseUrl, accountId, key, secret } = provisioningApi
        const answer = await fetch(`${baseUrl}/accounts/${accountId}${path}`, {
          method,
          headers: {
            authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
            'content-type': 'application/json',
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        })
        return { status: answer.status, json: await answer.json() }
      },
    }) as World
  })
  afterEach(() => {
    expect(world?.problems).toEqual([])
    world?.break(() => ({}))
    world?.service.reset()
    token = ''
  })
  afterAll(() => world?.stop())
  return {
    get world() {
      if (world === undefined) throw new Error('the SP has not started')
      return world
    },
  }
}
