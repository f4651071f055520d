/**
 * A service provider of forty lines that checks nothing and does what a test tells it: refuse everything, accept everything,
 * break, ask to slow down. Real HTTP, no knowledge of SAML beyond what it needs to greet somebody.
 */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TargetConfig } from '../../src/config/schema.ts'
import { targetSchema } from '../../src/config/schema.ts'

export interface Message {
  xml: string
  /** Whether the assertion is for this SP. */
  forUs: boolean
  email: string
  /** How many messages came before this one. */
  number: number
}

/** Logs somebody in (`everybody`: in all browsers), or answers in its own way; `undefined` = refuse with a page. */
export type Behaviour = (
  message: Message,
  response: ServerResponse,
) => { logIn: string; everybody?: true } | 'answered' | undefined

export interface TinySp {
  target: TargetConfig
  stop(): Promise<void>
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  return body
}

export const startTinySp = async (behave: Behaviour): Promise<TinySp> => {
  const sessions = new Map<string, string>()
  let number = 0
  const server = createServer(async (request, response) => {
    const cookie = /sid=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]
    if (request.url === '/me') {
      const email = sessions.get(cookie ?? '') ?? sessions.get('everybody')
      response.writeHead(email === undefined ? 401 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ email }))
      return
    }
    if (request.url !== '/acs') {
      response.end('<p>Hello</p>')
      return
    }
    const form = new URLSearchParams(await bodyOf(request))
    const xml = Buffer.from(form.get('SAMLResponse') ?? '', 'base64').toString('utf8')
    const email = /<(?:\w+:)?NameID\b[^>]*>([^<]*)</.exec(xml)?.[1] ?? ''
    const message = { xml, email, number, forUs: xml.includes('Audience>urn:tiny<') }
    number += 1
    const decision = behave(message, response)
    if (decision === 'answered') return
    if (decision === undefined) {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<p>No, thank you.</p>')
      return
    }
    const sid = randomUUID()
    sessions.set(decision.everybody ? 'everybody' : sid, decision.logIn)
    response.writeHead(302, { location: '/', 'set-cookie': `sid=${sid}; Path=/; HttpOnly` }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const target = targetSchema.parse({
    name: 'tiny SP',
    http: { timeoutMs: 1000 },
    saml: { acs: `${url}/acs`, audience: 'urn:tiny' },
    session: { url: `${url}/me`, identity: '/email' },
    settleMs: 0,
  })
  return {
    target: { ...target, secrets: [] },
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
