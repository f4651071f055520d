/** The page around a SAML library: what the examples have in common, and nothing of SAML. */
import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import express, { type Request, type Response } from 'express'

/** What a library does for a service provider. */
export interface Library {
  /** The URL that a login begins with. */
  loginUrl(): Promise<string>
  /** The NameID of a Response; it throws where that is not good. */
  nameIdOf(form: Record<string, string>): Promise<string>
}

export interface Addresses {
  url: string
  acs: string
  entityId: string
}

/** A running example. */
export interface SamlApp extends Addresses {
  start: string
  session: string
  close(): Promise<void>
}

const cookieName = 'example_session'

const sessionOf = (req: Request): string | undefined =>
  new RegExp(`(?:^|; *)${cookieName}=([\\w-]+)`).exec(req.headers.cookie ?? '')?.[1]

/**
 * An Express app of a page: /login, /acs, /session. Sessions are in memory, and new at each login; a refusal is a 403 with
 * a sentence.
 */
export const startSamlApp = async (
  open: (addresses: Addresses) => Promise<Library> | Library,
  { port = 0 }: { port?: number } = {},
): Promise<SamlApp> => {
  const app = express()
  app.disable('x-powered-by')
  const server = app.listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const addresses = { url, acs: `${url}/acs`, entityId: `${url}/metadata` }
  const library = await open(addresses)
  const sessions = new Map<string, string>()

  const waiting = crashGuard()
  app.get('/login', async (_req, res) => res.redirect(await library.loginUrl()))
  app.post('/acs', express.urlencoded({ extended: false, limit: '20mb' }), async (req: Request, res: Response) => {
    waiting.add(res)
    res.once('close', () => waiting.delete(res))
    try {
      const nameId = await library.nameIdOf(req.body as Record<string, string>)
      const id = randomBytes(24).toString('base64url')
      sessions.set(id, nameId)
      res.cookie(cookieName, id, { httpOnly: true, sameSite: 'lax' }).redirect('/')
    } catch {
      res.status(403).type('text').send('You could not be logged in.')
    }
  })
  app.get('/session', (req, res) => {
    const nameID = sessions.get(sessionOf(req) ?? '')
    if (nameID === undefined) res.status(401).json({ error: 'Nobody is logged in.' })
    else res.json({ nameID })
  })
  app.get('/', (req, res) => {
    res.type('text').send(`${sessions.get(sessionOf(req) ?? '') ?? 'Nobody'} is logged in.`)
  })
  return {
    ...addresses,
    start: `${url}/login`,
    session: `${url}/session`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * A library that throws where nobody can catch it ends the process of its service provider. Here it ends the request with a
 * 500, so that one message does not end the whole run; the report says of it that the SP crashed.
 */
const crashGuard = (): Set<Response> => {
  const waiting = new Set<Response>()
  process.on('uncaughtException', (error) => {
    console.error(error)
    for (const res of waiting)
      if (!res.headersSent) res.status(500).type('text').send('The service provider has crashed.')
  })
  return waiting
}

/** What the examples take from the metadata of the identity provider. */
export interface Idp {
  metadata: string
  entityId: string
  ssoUrl: string
  certificatePem: string
}

export const idpOf = (metadata: string, certificatePem: string): Idp => ({
  metadata,
  certificatePem,
  entityId: /entityID="([^"]*)"/.exec(metadata)?.[1] ?? '',
  ssoUrl: /HTTP-Redirect" Location="([^"]*)"/.exec(metadata)?.[1] ?? '',
})
