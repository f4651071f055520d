// A service provider of a page: Express and @node-saml/node-saml. It is told whom to trust, as yours would be by its settings.
import { randomBytes } from 'node:crypto'
import { SAML } from '@node-saml/node-saml'
import express from 'express'

export const entityId = 'https://app.example.test'

/** @param trust what the identity provider is: its entity ID, its SSO URL, its certificate; `url`: where this app is */
export const createApp = ({ entityId: idpIssuer, ssoUrl, certificate }, url) => {
  const saml = new SAML({
    ...{ callbackUrl: `${url}/acs`, issuer: entityId, audience: entityId },
    ...{ entryPoint: ssoUrl, idpIssuer, idpCert: certificate },
  })
  const sessions = new Map()
  const whoIsIn = (req) => sessions.get(/(?:^|; )session=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1])

  const app = express()
  app.get('/login', async (_req, res) => res.redirect(await saml.getAuthorizeUrlAsync('', undefined, {})))
  app.post('/acs', express.urlencoded({ extended: false }), async (req, res) => {
    try {
      const { profile } = await saml.validatePostResponseAsync(req.body)
      const id = randomBytes(24).toString('base64url')
      sessions.set(id, profile.nameID)
      res.cookie('session', id, { httpOnly: true, sameSite: 'lax' }).redirect('/')
    } catch {
      res.status(403).send('You could not be logged in.')
    }
  })
  app.get('/me', (req, res) => {
    const email = whoIsIn(req)
    if (email === undefined) res.status(401).json({})
    else res.json({ email })
  })
  app.get('/', (req, res) => {
    const email = whoIsIn(req)
    if (email === undefined) res.redirect('/login')
    else res.type('html').send(`<h1>Welcome, ${email.replace(/[&<>]/g, '')}</h1>`)
  })
  return app
}
