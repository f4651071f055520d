import { Router } from 'express'
import { html } from '../../core/html.ts'
import { localPath, signedIn } from '../http/browser.ts'
import { page, sendMessage, sendPage } from '../http/page.ts'
import { consume, onOwnHost, refusals, samlForm, sendMetadata, sendToIdp } from '../http/saml-routes.ts'
import type { Service } from '../service.ts'
import { logoutRoutes, sloUrl } from './logout.ts'

export const anySamlRoutes = (service: Service): Router[] => [
  ssoRoutes(service), //     /saml/login, /saml/acs, /saml/metadata
  logoutRoutes(service), //  /saml/slo, /saml/logout, /logout
  sessionRoutes(service), // /, /session
]

const ssoRoutes = (service: Service): Router => {
  const router = Router()
  const [sp] = service.organisations
  const [acs] = sp.acs
  router.get('/saml/login', onOwnHost(service.url), async (req, res) => {
    // Whom the login is for shows when they come back.
    await sendToIdp(sp, acs, { email: 'somebody', next: localPath(req.query['next']) }, req, res)
  })
  router.post(
    '/saml/acs',
    samlForm,
    consume(async () => ({ sp, acs })),
  )
  router.get('/saml/metadata', sendMetadata(sp, acs, sloUrl(service)))
  router.use(refusals(service.rules))
  return router
}

const sessionRoutes = (service: Service): Router => {
  const router = Router()
  const [sp] = service.organisations
  router.get('/', (req, res) => {
    const found = signedIn(sp, req)
    if (found === undefined)
      sendPage(
        res,
        200,
        page(
          { title: 'Log in', narrow: true },
          html`<div class="card"><h1>Log in</h1><p><a href="/saml/login">Continue to your identity provider</a></p></div>`,
        ),
      )
    else sendMessage(res, 200, 'Welcome', `${found.user.email} is logged in.`)
  })
  router.get('/session', (req, res) => {
    const found = signedIn(sp, req)
    if (found === undefined) res.status(401).json({ error: 'Nobody is logged in.' })
    else res.json({ nameID: found.user.email })
  })
  return router
}
