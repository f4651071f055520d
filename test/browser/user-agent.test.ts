/** `certify --browser`: a real Chromium as user agent, which must behave as our own does. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenBrowser, openBrowser } from '../../src/target/browser.ts'
import { writerFor } from '../../src/target/transport.ts'
import { run } from '../cli/run.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

const serve = async (handler: Handler): Promise<{ url: string; server: Server }> => {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    handler(request, response, body)
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

const page = (response: ServerResponse, text: string): void => {
  response.setHeader('content-type', 'text/html')
  response.end(text)
}

let browser: OpenBrowser
let sp: { url: string; server: Server }
let idp: { url: string; server: Server }
const posted: string[] = []
beforeAll(async () => {
  process.env['IDPACT_CHROMIUM'] = await chromium.executablePath()
  sp = await serve((request, response, body) => {
    if (request.method === 'POST') posted.push(body)
    switch (request.url) {
      case '/acs':
        return void response.writeHead(302, { location: '/home', 'set-cookie': 'session=1; HttpOnly' }).end()
      case '/start':
        return void response.writeHead(302, { location: `${idp.url}/sso` }).end()
      case '/by-script':
        return page(response, '<script>location.replace("/home")</script>')
      case '/me':
        return void response
          .writeHead(request.headers.cookie === undefined ? 401 : 200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ cookie: request.headers.cookie, preview: request.headers['x-preview'] }))
      case '/reset':
        return void request.socket.destroy()
      case '/never':
        return
      case '/loop':
        return void response.writeHead(302, { location: '/loop' }).end()
      default:
        return page(response, `<h1>Home of ${request.headers['x-preview'] ?? 'nobody'}</h1>`)
    }
  })
  idp = await serve((_request, response) =>
    page(
      response,
      `<form method="post" action="${sp.url}/acs"><input name="SAMLResponse" value="abc"><input name="password" value="s3cret"></form><script>document.forms[0].submit()</script>`,
    ),
  )
  const settings = {
    http: { headers: { 'x-preview': 'me' }, timeoutMs: 1500, maxBytes: 100_000 },
    origins: [sp.url],
    secrets: [],
  }
  browser = openBrowser({ mode: 'headless', ...settings, writer: writerFor(settings) })
}, 60_000)
afterAll(async () => {
  await browser.close()
  for (const { server } of [sp, idp]) server.closeAllConnections()
  for (const { server } of [sp, idp]) server.close()
})

describe('a real browser as user agent', () => {
  it('goes as far as the form with the Response, holds it back, and posts it when told to', async () => {
    const agent = browser.newAgent()
    const form = agent.autoForm(await agent.get(`${sp.url}/start`))
    expect(form).toMatchObject({ action: `${sp.url}/acs`, fields: { SAMLResponse: 'abc' } })
    expect(posted).toEqual([])
    const home = await agent.submit({ ...form, entries: [['SAMLResponse', 'x\ny']] } as never)
    expect(home).toMatchObject({ status: 200, url: `${sp.url}/home` })
    expect(posted).toEqual(['SAMLResponse=x%0D%0Ay'])
    expect(agent.page).toBe(home)
    expect(await agent.cookies(sp.url)).toEqual({ session: '1' })
    const me = await agent.get(`${sp.url}/me`, { follow: false, accept: 'application/json' })
    expect(JSON.parse(me.body)).toEqual({ cookie: 'session=1', preview: 'me' })
    expect(agent.exchanges.map(({ method, status }) => `${method} ${status}`)).toEqual([
      ...['GET 302', 'GET 200', 'POST 302', 'GET 200', 'GET 200'],
    ])
    expect(JSON.stringify(agent.exchanges)).not.toMatch(/session=1|"me"/)
  })

  it('sends extra headers to the target alone, runs scripts, and has cookies of its own', async () => {
    const [one, other] = [browser.newAgent(), browser.newAgent()]
    expect((await one.get(`${sp.url}/by-script`)).body).toContain('Home of me')
    await one.setCookie(sp.url, 'session', '1')
    expect((await one.get(`${sp.url}/me`, { follow: false })).status).toBe(200)
    expect((await other.get(`${sp.url}/me`, { follow: false })).status).toBe(401)
    expect((await one.json('POST', `${sp.url}/home`, { a: 1 })).status).toBe(200)
    expect(posted.at(-1)).toBe('{"a":1}')
  })

  it('does not follow where it must not', async () => {
    const answer = await browser.newAgent().get(`${sp.url}/start`, { follow: false })
    expect([answer.status, answer.headers['location']]).toEqual([302, `${idp.url}/sso`])
  })

  it.each<[string, string]>([
    ['/reset', 'reset'],
    ['/never', 'timeout'],
    ['/loop', 'redirect-loop'],
  ])('says of %s: %s', async (path, code) => {
    const agent = browser.newAgent()
    await expect(agent.get(sp.url + path)).rejects.toMatchObject({ name: 'TargetError', code })
    await expect(agent.postForm(sp.url + path, { a: 'b' })).rejects.toMatchObject({ code })
  })

  it('says that nothing listens', async () => {
    await expect(browser.newAgent().get('http://127.0.0.1:1/')).rejects.toMatchObject({ name: 'TargetError' })
  })
})

describe('certify --browser', () => {
  it('keeps and breaks requirements as with our own user agent', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
    const env = process.env as Record<string, string>
    const args = ['certify', '--contract', 'saml', '--browser', '--requirement', 'SAML-COR-01', 'SAML-SIG-01']
    expect(await run([...args, '--accept-partial'], { cwd, env })).toMatchObject({ code: 0, stdout: 'partial\n' })
    const broken = await run([...args, '--defect', 'SAML-COR-01'], { cwd, env })
    expect(broken).toMatchObject({ code: 1, stdout: 'not-certified\n' })
    expect(broken.stderr).toContain('--browser headless')
    await rm(cwd, { recursive: true })
  }, 120_000)

  it.skipIf(process.platform !== 'linux')('says that a window needs a display', async () => {
    const out = await run(['certify', '--browser', 'headed'], { cwd: tmpdir(), env: {} })
    expect(out).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no display here') })
  })
})
