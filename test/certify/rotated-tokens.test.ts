import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMockIdp, type MockIdp } from '../../mock-idp/index.ts'
import { keepRotatedTokens } from '../../src/certify/rotated-tokens.ts'

let idp: MockIdp
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'idpact-test-'))
  idp = await createMockIdp({ memory: true }).start()
})
afterEach(async () => {
  await idp.stop()
  rmSync(folder, { recursive: true, force: true })
})

const brought = { accessToken: 'first', refreshToken: 'first refresh' }
const connected = async (tokens: { accessToken: string; refreshToken?: string }) => {
  const { connection } = idp.org()
  await connection.set({
    baseUrl: 'http://127.0.0.1:9/scim/v2',
    auth: {
      type: 'oauth2',
      authorizationUrl: 'http://127.0.0.1:9/auth',
      tokenUrl: 'http://127.0.0.1:9/token',
      clientId: 'idpact',
      clientSecret: 'secret',
    },
  })
  await connection.setTokens(tokens)
}
const keep = (consent: object) =>
  // Only these are looked at.
  keepRotatedTokens({ idp, org: 'default', config: { target: { scim: { consent } } } } as never)

test('good as they were, or with no connection: nothing is said', async () => {
  const consent = { driver: 'tokens', ...brought }
  expect(await keep(consent)).toBeUndefined()
  await connected(brought)
  expect(await keep(consent)).toBeUndefined()
})

test('rotated: a note that they are gone, or a file that only its owner can read', async () => {
  await connected({ accessToken: 'second', refreshToken: 'second refresh' })
  expect(await keep({ driver: 'tokens', ...brought })).toMatch(/good no longer.*writeTo/)
  const writeTo = join(folder, 'tokens.json')
  expect(await keep({ driver: 'tokens', ...brought, writeTo })).toContain(writeTo)
  expect(JSON.parse(readFileSync(writeTo, 'utf8'))).toMatchObject({
    accessToken: 'second',
    refreshToken: 'second refresh',
  })
  expect(statSync(writeTo).mode & 0o777).toBe(0o600)
})

test('another way of consent has tokens of its own', async () => {
  await connected({ accessToken: 'second' })
  expect(await keep({ driver: 'pages' })).toBeUndefined()
})
