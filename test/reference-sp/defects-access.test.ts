import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeBrowser } from './support/browser.ts'
import { metadataOf } from './support/idp.ts'
import { type Sink, startSink } from './support/sink.ts'
import { makeWorld, sharedIdp, type World } from './support/world.ts'

/** Defects that show at passwords, mail and metadata. */
let world: World
let sink: Sink
const email = 'ada@example.test'
const password = 'correct horse battery'

/** An IdP's web server: serves metadata at two URLs, and keeps what was asked for. */
const asked: string[] = []
let idpUrl = ''
const idpServer = createServer((req, res) => {
  asked.push(req.url ?? '')
  const known = ['/metadata', '/o/app/exk1/sso/saml/metadata'].includes(req.url ?? '')
  res.writeHead(known ? 200 : 404).end(known ? metadata() : '')
})
const metadata = (): string => metadataOf({ ...sharedIdp, ssoUrl: `${idpUrl}/o/app/some_app/exk1/sso/saml` })

beforeAll(async () => {
  sink = await startSink()
  world = await makeWorld({ smtp: { host: sink.host, port: sink.port } })
  await new Promise<void>((resolve) => {
    idpServer.listen(0, '127.0.0.1', resolve)
  })
  const address = idpServer.address()
  idpUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
})
afterEach(() => {
  sink.mails.length = 0
  asked.length = 0
})
afterAll(async () => {
  await world.sp.stop()
  await sink.stop()
  idpServer.close()
})

const passwordStatus = async (address = email): Promise<number> =>
  (await makeBrowser().post(world.sp.info.passwordLoginUrl, { email: address, password })).status
const invite = async (role: string, choose = true): Promise<string> => {
  const { json } = await world.api('POST', '/users', { name: 'Ada', email, role })
  const link = sink.linkTo(email)
  if (choose && link !== '') await makeBrowser().post(link, { password })
  return String(json['id'])
}
const twoFactor = async (role = 'reports'): Promise<void> => {
  await world.admin('PUT', `/users/${await invite(role)}/two_factor`, { enabled: true })
}

const probes: [string, () => Promise<unknown>, unknown, unknown][] = [
  [
    'CLD-SAML-04',
    async () => {
      await world.settings({ saml: { metadata: { mode: 'url', url: `${idpUrl}/metadata` } } })
      await invite('reports', false)
      return [(await world.login({ nameId: email })).who, asked]
    },
    [email, ['/metadata']],
    [undefined, []],
  ],
  [
    'CLD-SAML-05',
    async () => {
      await world.settings({ saml: { metadata: { mode: 'inline', xml: metadata() } } })
      await invite('reports', false)
      return [(await world.login({ nameId: email })).who, asked]
    },
    [email, []],
    [email, ['/o/app/exk1/sso/saml/metadata']],
  ],
  [
    'CLD-SAML-07',
    async () => {
      await invite('reports')
      return passwordStatus()
    },
    302,
    403,
  ],
  [
    'CLD-SAML-08',
    async () => {
      await invite('admin')
      await world.settings({ enforce: true })
      return passwordStatus()
    },
    403,
    302,
  ],
  [
    'CLD-SAML-09',
    async () => {
      await invite('master_admin')
      await world.settings({ enforce: true })
      return passwordStatus()
    },
    302,
    403,
  ],
  [
    'CLD-SAML-10',
    async () => {
      await invite('master_admin')
      return sink.linkTo(email) !== ''
    },
    true,
    false,
  ],
  [
    'CLD-SAML-11',
    async () => {
      await twoFactor()
      return (await world.login({ nameId: email })).who
    },
    email,
    undefined,
  ],
  [
    'CLD-SAML-12',
    async () => {
      await twoFactor()
      await world.login({ nameId: email })
      return passwordStatus()
    },
    200,
    302,
  ],
  [
    'CLD-SAML-33',
    async () => {
      await invite('master_admin', false)
      return (await makeBrowser().get(sink.linkTo(email))).status
    },
    200,
    404,
  ],
  [
    'CLD-PROV-26',
    async () => {
      await world.settings({ provisioning: true })
      await world.provision({})
      return sink.mails.length
    },
    0,
    1,
  ],
  [
    'CLD-PROV-42',
    async () => {
      await invite('reports')
      await world.settings({ enforce: true })
      const before = await passwordStatus()
      await world.login({ nameId: email })
      return [before, await passwordStatus()]
    },
    [403, 403],
    [403, 302],
  ],
]

it.each(probes)('%s changes what can be seen', async (id, probe, good, bad) => {
  await world.sp.reset({ defects: [] })
  expect(await probe()).toEqual(good)
  await world.sp.reset({ defects: [id] })
  sink.mails.length = 0
  asked.length = 0
  expect(await probe()).toEqual(bad)
})

describe('metadata by URL', () => {
  it('is fetched when it is set, and not at each login', async () => {
    await world.sp.reset({ defects: [] })
    await world.settings({ saml: { metadata: { mode: 'url', url: `${idpUrl}/metadata` } } })
    await invite('reports', false)
    for (let i = 0; i < 3; i += 1) expect((await world.login({ nameId: email })).who).toBe(email)
    expect(asked).toEqual(['/metadata'])
  })

  it('that cannot be used is refused, with the reason, and changes nothing', async () => {
    await world.sp.reset({ defects: [] })
    const before = (await world.admin('GET', '/settings')).json
    const attempts: [unknown, string][] = [
      [{ mode: 'url', url: `${idpUrl}/nothing` }, 'status 404'],
      [{ mode: 'url', url: 'http://127.0.0.1:1/' }, 'could not be fetched'],
      [{ mode: 'url', url: 'file:///etc/passwd' }, 'http or https'],
      [{ mode: 'inline', xml: '<html/>' }, 'IDPSSODescriptor'],
      [{ mode: 'inline', xml: 'no xml' }, 'cannot be read as XML'],
      [
        { mode: 'inline', xml: metadata().replace(/<md:KeyDescriptor.*<\/md:KeyDescriptor>/, '') },
        'no signing certificate',
      ],
      [{ mode: 'inline', xml: metadata().replace(/<ds:X509Certificate>[^<]*</, '<ds:X509Certificate>AAAA<') }, 'X.509'],
      [
        { mode: 'inline', xml: metadata().replace(' entityID=', ' validUntil="2020-01-01T00:00:00Z" entityID=') },
        'valid until',
      ],
      [{ mode: 'post' }, '"inline" or "url"'],
    ]
    for (const [source, why] of attempts) {
      const reply = await world.admin('PUT', '/settings', { enforce: true, saml: { metadata: source } })
      expect(reply).toEqual({ status: 400, json: { error: { message: expect.stringContaining(why) } } })
    }
    expect((await world.admin('PUT', '/settings', { colour: 1 })).json).toEqual({
      error: { message: expect.stringContaining('"colour"') },
    })
    expect((await world.admin('GET', '/settings')).json).toEqual(before)
  })

  it('is fetched again when the IdP has a new key, but not for every bad signature', async () => {
    let now = Date.now()
    const clocked = await makeWorld({ clock: { now: () => now } })
    try {
      const { makeIdentity } = await import('./support/certificate.ts')
      const fresh = makeIdentity('fresh')
      let served = sharedIdp.certificate
      let fetches = 0
      const server = createServer((_req, res) => {
        fetches += 1
        res.end(metadataOf(sharedIdp, [served]))
      })
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve)
      })
      const address = server.address()
      const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`
      await clocked.settings({ saml: { metadata: { mode: 'url', url } }, provisioning: true })
      served = fresh.certificate
      const login = () => clocked.login({ nameId: email, attributes: clocked.attributes(), key: fresh })
      expect((await login()).code).toBe('SIGNATURE_INVALID')
      expect(fetches).toBe(1)
      now += 11_000
      expect((await login()).who).toBe(email)
      expect(fetches).toBe(2)
      server.close()
    } finally {
      await clocked.sp.stop()
    }
  })
})
