import { describe, expect, it } from 'vitest'
import { TargetError } from '../../src/core/errors.ts'
import type { Target } from '../../src/target/ports.ts'
import { bodyOf, hostile, sendJson, serve } from './servers.ts'
import { must, open } from './targets.ts'

const refusal = async (attempt: Promise<unknown>): Promise<TargetError> => {
  const error = await attempt.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TargetError)
  return error as TargetError
}
const whoAmI = (target: Target) => must(target.session).whoAmI(target.newAgent())

const answering = async (
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
  session: { identity?: string; role?: string; loggedOutStatus?: number[] } = {},
) => {
  const url = await serve((_, response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, headers).end(text)
  })
  return open({ session: { url: `${url}/me`, identity: '/user/email', ...session } })
}

describe('who is logged in', () => {
  it('as JSON says it', async () => {
    const target = await answering(200, { user: { email: 'a@x.test', role: 'admin' } }, {}, { role: '/user/role' })
    expect(await whoAmI(target)).toEqual({ identity: 'a@x.test', role: 'admin', name: undefined })
  })

  it('as a page says it', async () => {
    const page = '<header><span id="who" class=x> a@x.test </span><i data-role>Admin</i></header>'
    const target = await answering(200, page, {}, { identity: '#who', role: 'header [data-role]' })
    expect(await whoAmI(target)).toEqual({ identity: 'a@x.test', role: 'Admin', name: undefined })
  })

  it.each([
    ['401', 401, { error: 'x' }, {}],
    ['403', 403, '', {}],
    ['a redirect to a login page', 302, '', { location: '/login' }],
    ['a redirect to another host', 302, '', { location: 'http://idp.example.test/me' }],
    ['no e-mail', 200, { user: null }, {}],
    ['an empty e-mail', 200, { user: { email: '' } }, {}],
    ['null', 200, 'null', {}],
    ['nothing', 204, '', {}],
  ])('nobody: %s', async (_name, status, body, headers) => {
    expect(await whoAmI(await answering(status, body, headers))).toBeUndefined()
  })

  it('nobody: a page that does not have the element, and a status of one’s own', async () => {
    expect(await whoAmI(await answering(200, '<p>Please log in</p>', {}, { identity: '#who' }))).toBeUndefined()
    expect(await whoAmI(await answering(404, '{}', {}, { loggedOutStatus: [404] }))).toBeUndefined()
  })

  it.each([
    ['500', 500, '', {}, 'server-error'],
    ['429', 429, '', {}, 'rate-limited'],
    ['a challenge', 403, '', { 'cf-mitigated': 'challenge' }, 'challenge'],
    ['404', 404, '', {}, 'unexpected-answer'],
    ['a page in place of JSON', 200, '<html>', {}, 'unexpected-answer'],
  ])('cannot be said: %s', async (_name, status, body, headers, code) => {
    expect((await refusal(whoAmI(await answering(status, body, headers)))).code).toBe(code)
  })

  it('follows a redirect that only adds a slash, and does not move the browser', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/me') response.writeHead(301, { location: '/me/' }).end()
      else sendJson(response, 200, { email: 'a@x.test' })
    })
    const target = await open({ session: { url: `${url}/me`, identity: '/email' } })
    expect((await whoAmI(target))?.identity).toBe('a@x.test')
  })

  it('cannot be asked: nobody there', async () => {
    const target = await open({ session: { url: `${await hostile['down']?.()}/me`, identity: '/email' } })
    expect((await refusal(whoAmI(target))).code).toBe('unreachable')
  })
})

describe('logging in with a password', () => {
  const sp = () =>
    serve(async (request, response) => {
      if (request.method === 'GET' && request.url === '/login') {
        response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'csrf=c1' })
        response.end(
          '<form action=/search></form><form method=post action=/login><input type=hidden name=token value=c1><input name=user><input name=pass type=password></form>',
        )
        return
      }
      const body = await bodyOf(request)
      const form = new URLSearchParams(body)
      if (request.url === '/json') return sendJson(response, 200, { got: JSON.parse(body) })
      if (form.get('token') !== 'c1' || !request.headers.cookie?.includes('csrf=c1'))
        response.writeHead(403).end('forged')
      else if (form.get('pass') === 'second') response.end('<form action="/otp"><input name=code></form>')
      else if (form.get('pass') === 'slow') response.writeHead(429).end()
      else response.end('welcome')
    })

  it('sends the hidden fields of the form along, and sees a second factor', async () => {
    const url = await sp()
    const target = await open({
      passwordLogin: {
        driver: 'http',
        url: `${url}/login`,
        page: `${url}/login`,
        fields: { user: '{email}', pass: '{password}' },
        secondFactor: 'form[action="/otp"]',
      },
    })
    const login = async (password: string) => {
      const agent = target.newAgent()
      const answer = await must(target.passwordLogin).login(agent, { email: 'a@x.test', password })
      return [answer, agent.exchanges.at(-1)?.status]
    }
    expect(await login('right')).toEqual(['submitted', 200])
    expect(await login('second')).toEqual(['second-factor', 200])
    expect((await refusal(login('slow'))).code).toBe('rate-limited')
  })

  it('says when there is no form', async () => {
    const url = await serve((_, response) => response.end('<p>moved</p>'))
    const target = await open({ passwordLogin: { driver: 'http', url: `${url}/login`, page: url } })
    const error = await refusal(must(target.passwordLogin).login(target.newAgent(), { email: 'a', password: 'b' }))
    expect(error.message).toMatch(/There is no form on/)
  })

  it('posts JSON where that is asked for', async () => {
    const url = await sp()
    const target = await open({ passwordLogin: { driver: 'http', url: `${url}/json`, as: 'json' } })
    const agent = target.newAgent()
    await must(target.passwordLogin).login(agent, { email: 'a@x.test', password: 'marker-password' })
    expect(agent.exchanges[0]?.requestBody).toBe('{"email":"a@x.test","password":"[redacted]"}')
  })
})

describe('an SP that keeps no session says who is logged in in its answer to the Response', () => {
  const logIn = async (status: number, text: string) => {
    const url = await serve((_, response) => response.writeHead(status).end(text))
    const target = await open({
      saml: { acs: `${url}/acs`, audience: url },
      session: { url: 'acs', identity: '/nameID' },
    })
    const browser = target.newAgent()
    expect(must(target.session).isKept).toBe(false)
    expect(await must(target.session).whoAmI(browser)).toBeUndefined()
    await browser.postForm(`${url}/acs`, { SAMLResponse: 'x' })
    return must(target.session).whoAmI(browser)
  }

  it('as JSON', async () => {
    expect(await logIn(200, '{"nameID":"a@x.test"}')).toMatchObject({ identity: 'a@x.test' })
  })

  it.each([
    [403, '{"nameID":"a@x.test"}'],
    [500, '{"nameID":"a@x.test"}'],
    [200, 'Login failed'],
    [200, '{"error":"no"}'],
  ])('and nobody where it answers %i %s', async (status, text) => {
    expect(await logIn(status, text)).toBeUndefined()
  })
})
