import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { TargetError } from '../../src/core/errors.ts'
import { classifyAnswer } from '../../src/target/classify-answer.ts'
import { sameSiteContext } from '../../src/target/site.ts'
import { spacing } from '../../src/target/transport.ts'
import { agentFor, bodyOf, hostile, httpConfig, nowhere, sendJson, serve } from './servers.ts'

const trouble = async (attempt: Promise<unknown>): Promise<TargetError> => {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(TargetError)
  return error as TargetError
}

describe('what goes wrong on the way is told apart', () => {
  it.each([
    ['down', 'unreachable'],
    ['hangs', 'timeout'],
    ['hangs in the middle', 'timeout'],
    ['closes the connection', 'reset'],
    ['closes it in the middle', 'reset'],
    ['speaks something else', 'not-http'],
    ['redirects for ever', 'redirect-loop'],
    ['sends 50 MB', 'too-large'],
  ])('%s: %s', async (name, code) => {
    const url = await hostile[name]?.()
    const slow = name.startsWith('hangs')
    const agent = agentFor({ http: httpConfig(slow ? { timeoutMs: 60 } : {}) })
    const error = await trouble(agent.get(`${url}/login`))
    expect(error.code).toBe(code)
    expect(error.message).toContain(`${url}/login`)
    expect(error.hint).toMatch(/\w/)
    expect(agent.exchanges.length).toBe(code === 'redirect-loop' ? 11 : 1)
  })

  it('a host that nobody knows', async () => {
    expect((await trouble(agentFor().get('http://no-such-host.invalid/'))).code).toBe('dns')
  })

  it('a certificate that nobody vouches for, unless its authority is named', async () => {
    const { key, cert, file } = await selfSigned()
    const server = createServer({ key, cert }, (_, response) => response.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
    expect((await trouble(agentFor().get(url))).code).toBe('tls')
    expect((await agentFor({ http: httpConfig({ ca: file }) }).get(url)).body).toBe('hello')
    server.closeAllConnections()
  })

  it('a packed answer that grows beyond the limit', async () => {
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(20_000_000))),
    )
    expect((await trouble(agentFor().get(url))).code).toBe('too-large')
  })

  it('500, 429 and what is not HTML are answers', async () => {
    for (const [name, kind] of [
      ['answers 500', 'server-error'],
      ['answers 429', 'rate-limited'],
      ['is not HTML', 'page'],
    ] as const) {
      const agent = agentFor()
      const page = await agent.get((await hostile[name]?.()) ?? '')
      expect(classifyAnswer(page)).toBe(kind)
      expect(agent.autoForm(page)).toBeUndefined()
    }
  })

  it('a challenge is no refusal', () => {
    const answer = (status: number, headers: Record<string, string>, body = '') =>
      classifyAnswer({ status, headers, body })
    expect(answer(403, { 'cf-mitigated': 'challenge' })).toBe('challenge')
    expect(answer(202, { 'x-amzn-waf-action': 'challenge' })).toBe('challenge')
    expect(answer(503, {}, '<script src="/cdn-cgi/challenge-platform/x.js">')).toBe('challenge')
    expect(answer(403, {}, 'You may not')).toBe('refusal')
    expect(answer(200, {}, 'see https://www.google.com/recaptcha/api.js')).toBe('page')
  })
})

describe('redirects', () => {
  const echo = () =>
    serve(async (request, response) => {
      const url = new URL(request.url ?? '', 'http://x')
      const status = Number(url.searchParams.get('status'))
      if (url.pathname === '/from') response.writeHead(status, { location: '../to#frag' }).end()
      else
        sendJson(response, 200, {
          method: request.method,
          body: await bodyOf(request),
          type: request.headers['content-type'],
        })
    })

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'a=1'],
    [308, 'POST', 'a=1'],
  ])('%i after a post: %s', async (status, method, body) => {
    const url = await echo()
    const page = await agentFor().postForm(`${url}/from?status=${status}`, { a: '1' })
    expect(page.url).toBe(`${url}/to`)
    expect(JSON.parse(page.body)).toMatchObject({ method, body })
    expect(JSON.parse(page.body).type).toBe(method === 'POST' ? 'application/x-www-form-urlencoded' : undefined)
  })

  it('are not followed where that is asked for, nor to what is no web page', async () => {
    const url = await serve((request, response) =>
      response.writeHead(302, { location: request.url === '/app' ? 'myapp://x' : '/x' }).end(),
    )
    expect((await agentFor().get(url, { follow: false })).status).toBe(302)
    expect((await agentFor().get(`${url}/app`)).status).toBe(302)
  })
})

describe('cookies', () => {
  it('come back, also those that are set on the way', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/login')
        response
          .writeHead(302, { location: '/', 'set-cookie': ['a=1; HttpOnly', 'b=2; Secure; SameSite=Strict'] })
          .end()
      else response.end(request.headers.cookie ?? 'none')
    })
    const agent = agentFor()
    expect((await agent.get(`${url}/login`)).body).toBe('a=1; b=2')
    expect(await agent.cookies(url)).toEqual({ a: '1', b: '2' })
    await agent.setCookie(url, 'c', '3')
    expect((await agent.get(url)).body).toBe('a=1; b=2; c=3')
    expect((await agentFor().get(url)).body).toBe('none')
  })

  it('SameSite is kept: an IdP on another site posts without the Lax and Strict ones', async () => {
    const sp = await serve((request, response) => {
      if (request.url === '/set')
        response.setHeader('set-cookie', ['none=1', 'lax=1; SameSite=Lax', 'strict=1; SameSite=Strict'])
      response.end(request.headers.cookie ?? '')
    })
    const idp = await serve((_, response) => response.end('idp'))
    const elsewhere = idp.replace('127.0.0.1', 'localhost')
    const agent = agentFor()
    await agent.get(`${sp}/set`)
    await agent.get(idp)
    expect((await agent.postForm(`${sp}/acs`, {})).body).toBe('none=1; lax=1; strict=1')
    await agent.get(elsewhere)
    expect((await agent.postForm(`${sp}/acs`, {})).body).toBe('none=1')
    expect((await agent.get(sp)).body).toBe('none=1; lax=1; strict=1')
  })

  it('knows what a site is', () => {
    expect(sameSiteContext('https://idp.example.com/', 'https://sp.example.com/', 'POST')).toBe('strict')
    expect(sameSiteContext('https://a.co.uk/', 'https://b.co.uk/', 'POST')).toBe('none')
    expect(sameSiteContext('https://a.co.uk/', 'https://b.co.uk/', 'GET')).toBe('lax')
    expect(sameSiteContext('http://sp.test/', 'https://sp.test/', 'POST')).toBe('none')
    expect(sameSiteContext('http://127.0.0.1:1/', 'http://127.0.0.1:2/', 'POST')).toBe('strict')
  })
})

describe('evidence', () => {
  it('shows the exchange without its secrets', async () => {
    const url = await serve(async (request, response) => {
      const body = await bodyOf(request)
      response.writeHead(200, {
        'content-type': 'application/json',
        'set-cookie': 'sid=marker-cookie',
        location: '/next?code=marker-code',
      })
      response.end(JSON.stringify({ access_token: 'marker-token', echo: body, mine: request.headers['x-preview'] }))
    })
    const agent = agentFor({
      http: httpConfig({ headers: { 'X-Preview': 'marker-header' } }),
      origins: [url],
      secrets: ['marker "own" & secret', 'marker-header'],
    })
    await agent.setCookie(url, 'sid', 'marker-cookie')
    await agent.postForm(`${url}/login?token=marker-query`, {
      email: 'a@example.test',
      password: 'marker-password',
      parole: 'marker "own" & secret',
      SAMLResponse: 'PHg+',
    })
    const [exchange] = agent.exchanges
    expect(JSON.stringify(exchange)).not.toMatch(/marker|own.{0,9}secret/)
    expect(exchange?.requestBody).toContain('email=a%40example.test')
    expect(exchange?.requestBody).toContain('SAMLResponse=PHg%2B')
    expect(exchange?.requestHeaders['x-preview']).toBe('[redacted]')
    expect(exchange?.responseBody).toContain('[redacted]')
  })

  it('errors show no secret either', async () => {
    const agent = agentFor({ secrets: ['marker-path'], http: httpConfig({ headers: { a: 'marker-header' } }) })
    const error = await trouble(agent.get(`${await nowhere()}/marker-path?token=marker-query`))
    expect(`${error.message}${error.hint}${error.stack}${JSON.stringify(error)}${String(error.cause)}`).not.toContain(
      'marker',
    )
    expect(JSON.stringify(agent.exchanges)).not.toContain('marker')
  })

  it('cuts signatures for a target that is not on this machine', async () => {
    const xml = `<r><ds:SignatureValue>${'QUJD'.repeat(80)}</ds:SignatureValue><n>ada</n></r>`
    const SAMLResponse = Buffer.from(xml).toString('base64')
    const url = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(`<input name=SAMLResponse value="${SAMLResponse}">`),
    )
    for (const cut of [true, false]) {
      const agent = agentFor({ cutSignatures: cut })
      await agent.postForm(url, { SAMLResponse })
      const [exchange] = agent.exchanges
      const sent = new URLSearchParams(exchange?.requestBody).get('SAMLResponse') ?? ''
      const shown = /value="([^"]*)"/.exec(exchange?.responseBody ?? '')?.[1] ?? ''
      for (const value of [sent, shown]) {
        const text = Buffer.from(value, 'base64').toString()
        expect(text).toContain('<n>ada</n>')
        expect(text.includes('QUJDQUJD')).toBe(!cut)
      }
    }
  })

  it('keeps long bodies short, and bytes out', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/long') response.end('x'.repeat(100_000))
      else response.writeHead(200, { 'content-type': 'image/png' }).end('\u0089PNG')
    })
    const agent = agentFor()
    expect((await agent.get(`${url}/long`)).body.length).toBe(100_000)
    await agent.get(url)
    expect(agent.exchanges[0]?.responseBody?.length).toBeLessThan(65_000)
    expect(agent.exchanges[1]?.responseBody).toMatch(/bytes of image\/png/)
  })
})

describe('the edges of a target', () => {
  it('extra headers go to its own hosts only', async () => {
    const seen: (string | undefined)[] = []
    const listen = () =>
      serve((request, response) => {
        seen.push(request.headers['x-preview']?.toString())
        response.end()
      })
    const [own, other] = [await listen(), await listen()]
    const agent = agentFor({ origins: [`${own}/acs`], http: httpConfig({ headers: { 'x-preview': 'yes!' } }) })
    await agent.get(own)
    await agent.get(other)
    expect(seen).toEqual(['yes!', undefined])
  })

  it('a proxy is used for what is not on this machine', async () => {
    const asked: string[] = []
    const proxy = await serve((request, response) => {
      asked.push(request.url ?? '')
      response.end('through the proxy')
    })
    const direct = await serve((_, response) => response.end('direct'))
    const agent = agentFor({ http: httpConfig({ proxy }) })
    expect((await agent.get(direct)).body).toBe('direct')
    const answer = await agent.get('http://sp.example.test/').catch((error: TargetError) => error.code)
    expect(typeof answer === 'string' ? answer : answer.body).toMatch(/^(through the proxy|proxy)$/)
  })

  it('says by how much the clocks differ', async () => {
    const url = await serve((_, response) => {
      response.sendDate = false
      response.writeHead(200, { date: new Date(1_000_000_000_000 + 60_000).toUTCString() }).end()
    })
    const page = await agentFor({ clock: { now: () => 1_000_000_000_000 } }).get(url)
    expect(page.clockOffsetMs).toBe(60_000)
  })

  it('sends and reads JSON with the session', async () => {
    const url = await serve(async (request, response) =>
      sendJson(response, 200, { method: request.method, body: await bodyOf(request), cookie: request.headers.cookie }),
    )
    const agent = agentFor()
    await agent.setCookie(url, 'a', '1')
    const page = await agent.json('PUT', url, { x: 1 })
    expect(JSON.parse(page.body)).toEqual({ method: 'PUT', body: '{"x":1}', cookie: 'a=1' })
  })

  it('spaces requests out', () => {
    const wait = spacing(20)
    expect([wait(1000), wait(1000), wait(1010), wait(5000)]).toEqual([0, 50, 90, 0])
    expect(spacing(undefined)(0)).toBe(0)
  })
})

/** A certificate for 127.0.0.1 that signs itself, and its file. */
const selfSigned = async (): Promise<{ key: string; cert: string; file: string }> => {
  const { execFileSync } = await import('node:child_process')
  const { mkdtempSync, readFileSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const folder = mkdtempSync(join(tmpdir(), 'idpact-tls-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const args = `req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout ${key} -out ${cert}`
  execFileSync('openssl', args.split(' '), { stdio: 'ignore' })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8'), file: cert }
}

describe('a form of a page is sent as a browser sends it', () => {
  const sent = async (form: { method: 'GET' | 'POST'; enctype?: 'text/plain' | 'multipart/form-data' }) => {
    let seen = { method: '', url: '', type: '', body: '' }
    const url = await serve(async (request, response) => {
      seen = {
        ...{ method: request.method ?? '', url: request.url ?? '', type: request.headers['content-type'] ?? '' },
        body: await bodyOf(request),
      }
      response.end('ok')
    })
    const entries = [
      ['SAMLResponse', 'a+b='],
      ['SAMLResponse', 'second'],
    ] as const
    await agentFor().submit({ action: `${url}/acs?old=1`, ...form, fields: { SAMLResponse: 'second' }, entries })
    return seen
  }

  it('in the query for GET, in place of the one that is there', async () => {
    expect(await sent({ method: 'GET' })).toMatchObject({
      ...{ method: 'GET', url: '/acs?SAMLResponse=a%2Bb%3D&SAMLResponse=second', body: '' },
    })
  })

  it('percent-encoded, as text, or in parts, each field in order', async () => {
    const plain = await sent({ method: 'POST' })
    expect([plain.type, plain.body]).toEqual([
      'application/x-www-form-urlencoded',
      'SAMLResponse=a%2Bb%3D&SAMLResponse=second',
    ])
    const text = await sent({ method: 'POST', enctype: 'text/plain' })
    expect([text.type, text.body]).toEqual(['text/plain', 'SAMLResponse=a+b=\r\nSAMLResponse=second\r\n'])
    const parts = await sent({ method: 'POST', enctype: 'multipart/form-data' })
    const boundary = /boundary=(.*)$/.exec(parts.type)?.[1] ?? 'none'
    expect(parts.body.split(`--${boundary}`)).toHaveLength(4)
    expect(parts.body).toContain('name="SAMLResponse"\r\n\r\na+b=\r\n')
  })
})
