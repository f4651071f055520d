import { describe, expect, it } from 'vitest'
import type { ScimConfig } from '../../src/config/schema.ts'
import type { ConsentOf } from '../../src/target/ports.ts'
import { agentFor, bodyOf, sendJson, serve } from './servers.ts'
import { must, open } from './targets.ts'

const redirectUri = 'http://127.0.0.1:9/callback'

const oauth = (url: string, change: object = {}) =>
  ({
    type: 'oauth2',
    authorizationUrl: `${url}/auth?scope=openid offline provision:scim`,
    tokenUrl: `${url}/token`,
    clientId: 'the client:1',
    clientSecret: 'marker secret',
    ...change,
  }) as Extract<ScimConfig['auth'], { type: 'oauth2' }>

const scimAt = async (url: string, scim: Partial<ScimConfig> = {}) => {
  const target = await open({
    passwordLogin: { driver: 'http', url: `${url}/password` },
    scim: { baseUrl: `${url}/scim/v2`, auth: oauth(url), ...scim },
  })
  return { target, port: must(target.scim) }
}

const nobody: Pick<ConsentOf, 'authorizationUrl' | 'newAgent' | 'setTokens'> = {
  authorizationUrl: () => Promise.reject(new Error('nobody should consent')),
  newAgent: () => {
    throw new Error('no browser should be opened')
  },
  setTokens: () => Promise.reject(new Error('no tokens should be set')),
}

describe('what a target with SCIM can show', () => {
  it('can be called whatever opens it; the consent is seen only where pages are declared', async () => {
    const verbs = async (scim: Partial<ScimConfig>) => {
      const { target } = await scimAt('http://127.0.0.1:9', scim)
      return (['scim.call', 'scim.consent'] as const).filter((verb) => target.has(verb))
    }
    expect(await verbs({ auth: { type: 'basic', username: 'u', password: 'p' } })).toEqual(['scim.call'])
    expect(await verbs({})).toEqual(['scim.call'])
    expect(await verbs({ consent: { driver: 'tokens', accessToken: 't' } })).toEqual(['scim.call'])
    const pages = { driver: 'pages', email: 'e', password: 'p', accept: 'accept', decline: 'decline' } as const
    expect(await verbs({ consent: pages })).toEqual(['scim.call', 'scim.consent'])
  })

  it('hands on how long the mock IdP shall wait', async () => {
    const { port } = await scimAt('http://127.0.0.1:9', { timeoutMs: 1234 })
    expect(port.timeoutMs).toBe(1234)
  })

  it('an OAuth server elsewhere makes a target that is not on this machine', async () => {
    const { target } = await scimAt('http://127.0.0.1:9', { auth: oauth('https://oauth.sp.example.test') })
    expect(target.loopback).toBe(false)
  })
})

describe('the token endpoint', () => {
  it.each([
    ['basic', 'Basic dGhlK2NsaWVudCUzQTE6bWFya2VyK3NlY3JldA==', 'grant_type=x&code=c'],
    ['body', undefined, 'grant_type=x&code=c&client_id=the+client%3A1&client_secret=marker+secret'],
  ] as const)('is asked as a client of %s asks (RFC 6749 2.3.1)', async (clientAuth, authorization, body) => {
    const asked: unknown[] = []
    const url = await serve(async (request, response) => {
      asked.push(request.method, request.headers.authorization, await bodyOf(request))
      sendJson(response, 200, { access_token: 't' })
    })
    const { port } = await scimAt(url, { auth: oauth(url, { clientAuth }) })
    expect(await must(port.tokens).ask({ grant_type: 'x', code: 'c' })).toEqual({
      status: 200,
      body: { access_token: 't' },
    })
    expect(asked).toEqual(['POST', authorization, body])
  })

  it('gives what is no JSON as nothing, with its status', async () => {
    const url = await serve((_, response) => response.writeHead(502).end('<h1>Bad gateway</h1>'))
    const { port } = await scimAt(url)
    expect(await must(port.tokens).ask({})).toEqual({ status: 502, body: {} })
  })

  it('keeps the limits of the target', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(5000)))
    const target = await open({ http: { maxBytes: 1024 }, scim: { baseUrl: `${url}/scim`, auth: oauth(url) } })
    await expect(must(target.scim?.tokens).ask({})).rejects.toMatchObject({ code: 'too-large' })
  })
})

describe('consent', () => {
  it('of tokens from elsewhere: they are set, and nobody is asked', async () => {
    const { port } = await scimAt('http://127.0.0.1:9', {
      consent: { driver: 'tokens', accessToken: 'marker-a', refreshToken: 'marker-r' },
    })
    const set: unknown[] = []
    const setTokens = async (tokens: unknown) => void set.push(tokens)
    await port.authorise?.({ ...nobody, redirectUri, setTokens })
    expect(set).toEqual([{ accessToken: 'marker-a', refreshToken: 'marker-r' }])
  })

  const pages = { driver: 'pages', email: 'a@example.test', password: 'marker-pw', decline: 'no' } as const
  const spWithConsent = (accepted: string[]) => {
    let loggedIn = false
    return serve(async (request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://x')
      const html = (body: string) => response.writeHead(200, { 'content-type': 'text/html' }).end(body)
      if (pathname === '/password') {
        loggedIn = (await bodyOf(request)) === 'email=a%40example.test&password=marker-pw'
        response.writeHead(loggedIn ? 200 : 401).end()
      } else if (pathname === '/auth' && !loggedIn)
        html(
          '<form method="post" action="/password"><input name="password" type="PASSWORD"><button>Log in</button></form>',
        )
      else if (pathname === '/auth')
        html(`<form method="post" action="/no"><input type="submit" value="No"></form>
          <form method="post" action="/yes"><input type="hidden" name="token" value="7"><button>ACCEPT ACCESS</button></form>`)
      else if (pathname === '/yes' || pathname === '/no') {
        accepted.push(`${pathname} ${await bodyOf(request)}`)
        const query = pathname === '/yes' ? 'code=c1' : 'error=access_denied'
        response.writeHead(303, { location: `/callback?${query}` }).end()
      } else html('back at the identity provider')
    })
  }

  it.each([
    ['accept', '/yes token=7', 'code=c1'],
    ['decline', '/no ', 'error=access_denied'],
  ] as const)('on the pages: logs in, and presses the button for %s', async (answer, pressed, query) => {
    const seen: string[] = []
    const url = await spWithConsent(seen)
    const { port } = await scimAt(url, { consent: { ...pages, accept: 'Accept' } })
    const outcome = await must(port.consent).decide(agentFor(), `${url}/auth`, {
      answer,
      redirectUri: `${url}/callback`,
    })
    expect(outcome).toMatchObject({
      askedToLogIn: true,
      askedToConsent: true,
      callback: `${url}/callback?${query}`,
    })
    expect(seen).toEqual([pressed])
  })

  it('that ends nowhere is an error that says where, and what to register', async () => {
    const url = await spWithConsent([])
    const { port } = await scimAt(url, { consent: { ...pages, accept: 'no such button' } })
    const authorise = port.authorise?.({
      ...nobody,
      redirectUri,
      authorizationUrl: async () => `${url}/auth`,
      newAgent: () => agentFor(),
    })
    await expect(authorise).rejects.toMatchObject({
      code: 'no-consent',
      message: expect.stringContaining(`${url}/auth`),
      hint: expect.stringContaining(redirectUri),
    })
  })

  it('where the password is needed and nothing says how to log in', async () => {
    const url = await spWithConsent([])
    const target = await open({
      scim: { baseUrl: `${url}/scim`, auth: oauth(url), consent: { ...pages, accept: 'accept' } },
    })
    const decided = must(target.scim?.consent).decide(agentFor(), `${url}/auth`, { answer: 'accept', redirectUri })
    await expect(decided).rejects.toMatchObject({ code: 'not-declared', hint: expect.stringMatching(/passwordLogin/) })
  })
})
