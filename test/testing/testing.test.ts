/** The package's main entry, from the sources; `test/package.test.ts` runs the examples from the package. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { certifyApp, createMockIdp, type TestIdp } from '../../src/testing/index.ts'

const { createApp, entityId } = (await import('../../examples/in-process/app.js' as string)) as {
  entityId: string
  createApp(trust: unknown, url: string): Parameters<typeof createServer>[1] & object
}

let idp: TestIdp
let server: Server
let url: string
beforeAll(async () => {
  idp = await createMockIdp().start()
  server = createServer().listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.on('request', createApp(await idp.trust(), url) as never)
})
afterAll(async () => {
  server.close()
  await idp.stop()
})

const sp = () => ({ acs: `${url}/acs`, entityId })

describe('a login in one call', () => {
  it('is the answer of the service provider, with the browser that got it', async () => {
    const login = await idp.login({ as: 'ada.lovelace@example.test', sp: sp() })
    expect(login).toMatchObject({ status: 200, url: `${url}/` })
    expect(login.response.xml).toContain('Lovelace')
    expect(Object.keys(await login.cookies('/'))).toContain('session')
    expect(JSON.parse((await login.get('/me')).body)).toEqual({ email: 'ada.lovelace@example.test' })
    expect(login.exchanges.map(({ method }) => method)).toContain('POST')
  })

  it('begins at the service provider where a start is given', async () => {
    const login = await idp.login({ as: 'ada@example.test', sp: sp(), start: `${url}/login` })
    expect(login.response.xml).toContain('InResponseTo=')
    expect((await login.get('/me')).status).toBe(200)
  })

  it('knows people again, and changes them', async () => {
    await idp.login({ as: { email: 'grace@example.test', firstName: 'Grace' }, sp: sp() })
    const again = await idp.saml.respond({ as: { email: 'grace@example.test', firstName: 'Amazing' }, sp: sp() })
    expect(again.xml).toContain('Amazing')
    expect(again.acs).toBe(`${url}/acs`)
    expect((await idp.org().users.list('grace@')).length).toBe(1)
  })

  it('has a mistake once, and is good again', async () => {
    const bad = await idp.login({ as: 'eve@example.test', sp: sp(), faults: ['wrong-audience'] })
    expect((await bad.get('/me')).status).toBe(401)
    const good = await idp.login({ as: 'eve@example.test', sp: sp() })
    expect((await good.get('/me')).status).toBe(200)
  })

  it('says why there is no Response', async () => {
    await expect(idp.login({ as: 'a@example.test', sp: sp(), start: `${url}/me` })).rejects.toMatchObject({
      code: 'no-response',
    })
    await expect(idp.login({ as: 'a@example.test' })).rejects.toMatchObject({ code: 'no-service-provider' })
    await expect(idp.login({ as: 'a@example.test', sp: sp(), faults: ['nonsense'] })).rejects.toThrow(/nonsense/)
  })

  it('ends with its block', async () => {
    let address = ''
    {
      await using own = await createMockIdp({ sp: sp() }).start()
      address = own.url
      expect((await own.saml.respond({ as: 'a@example.test' })).acs).toBe(`${url}/acs`)
      expect(await own.signIn({ as: 'a@example.test' })).toMatchObject({ url: own.url })
    }
    await expect(fetch(address)).rejects.toThrow()
  })
})

describe('an app of this process, certified', () => {
  it('is told whom to trust, and closed at the end of the block', async () => {
    let address = ''
    {
      await using run = await certifyApp(
        { make: createApp as never },
        { acs: '/acs', entityId, session: '/me', start: '/login', requirements: ['SAML-COR-01'] },
      )
      address = run.url
      expect(run.failures).toEqual([])
      expect(run.report.requirements).toMatchObject([{ id: 'SAML-COR-01', outcome: 'passed' }])
    }
    await expect(fetch(address)).rejects.toThrow()
  }, 30_000)

  it('says what is broken', async () => {
    // Lets in whoever is named, signed or not.
    const open = {
      make: () => {
        const sessions = new Map<string, string>()
        return (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => {
          let body = ''
          request.on('data', (part) => {
            body += String(part)
          })
          request.on('end', () => {
            if (request.method === 'POST') {
              const xml = Buffer.from(new URLSearchParams(body).get('SAMLResponse') ?? '', 'base64').toString()
              const email = /<[^>]*NameID[^>]*>([^<]*)</.exec(xml)?.[1]
              if (email === undefined) return void response.writeHead(400).end()
              const id = String(sessions.size + 1)
              sessions.set(id, email)
              return void response.writeHead(302, { location: '/', 'set-cookie': `s=${id}` }).end()
            }
            const email = sessions.get(/s=(\d+)/.exec(request.headers.cookie ?? '')?.[1] ?? '')
            response.writeHead(email === undefined ? 401 : 200, { 'content-type': 'application/json' })
            response.end(JSON.stringify({ email }))
          })
        }
      },
    }
    await using run = await certifyApp(open, { acs: '/acs', entityId, session: '/me', requirements: ['SAML-COR-01'] })
    expect(run.report.verdict.word).toBe('not-certified')
    expect(run.failures[0]).toMatchObject({
      requirements: ['SAML-COR-01'],
      actual: expect.stringContaining('is logged in'),
    })
  }, 30_000)

  it('refuses what cannot be, before anything listens', async () => {
    await expect(
      certifyApp(() => {}, { acs: '/acs', entityId, session: '/me', contract: 'cloudnary@1' }),
    ).rejects.toMatchObject({ code: 'unknown-contract' })
  })
})
