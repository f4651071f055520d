// Vitest: a mock IdP and the app in one process, with no Gherkin.
import { createServer } from 'node:http'
import { createMockIdp } from 'idpact'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp, entityId } from '../app.js'

let idp
let server
let url

beforeAll(async () => {
  idp = await createMockIdp().start()
  server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  url = `http://127.0.0.1:${server.address().port}`
  server.on('request', createApp(await idp.trust(), url))
})

afterAll(async () => {
  server.close()
  await idp.stop()
})

const login = (options) => idp.login({ sp: { acs: `${url}/acs`, entityId }, ...options })

describe('logging in', () => {
  it('lets somebody in whom the identity provider has signed for', async () => {
    const ada = await login({ as: 'ada@example.test' })
    expect(JSON.parse((await ada.get('/me')).body)).toEqual({ email: 'ada@example.test' })
  })

  it('begins at the app, too', async () => {
    const ada = await login({ as: 'ada@example.test', start: `${url}/login` })
    expect(ada.body).toContain('Welcome, ada@example.test')
  })

  it.each(['wrong-audience', 'wrong-key', 'expired'])(
    'lets nobody in by a Response with the mistake %s',
    async (fault) => {
      const mallory = await login({ as: 'mallory@example.test', faults: [fault] })
      expect((await mallory.get('/me')).status).toBe(401)
    },
  )

  it('lets nobody in as somebody else, by an Assertion that is wrapped around the signed one', async () => {
    const forged = { id: 'xsw-3/new-id/assertion-signed', params: { identity: 'ada@example.test' } }
    const mallory = await login({ as: 'mallory@example.test', faults: [forged] })
    expect((await mallory.get('/me')).status).toBe(401)
  })
})

describe('reading a Response', () => {
  it('is tested with one that nobody has posted yet', async () => {
    const { xml, acs, fields } = await idp.saml.respond({
      as: { email: 'grace@example.test', firstName: 'Grace' },
      sp: { acs: `${url}/acs`, entityId, attributes: { givenName: 'user.firstName' } },
    })
    expect(acs).toBe(`${url}/acs`)
    expect(xml).toContain('Grace')
    expect(fields.SAMLResponse.length).toBeGreaterThan(1000)
  })
})
