import { Router } from 'express'
import { html } from '../../core/html.ts'
import { localPath, signedIn } from '../http/browser.ts'
import { page, sendMessage, sendPage } from '../http/page.ts'
import { consume, onOwnHost, refusals, samlForm, sendMetadata, sendToIdp } from '../http/saml-routes.ts'
import type { Service } from '../service.ts'
import { logoutRoutes, sloUrl } from './logout.ts'
import { pathOf } from './paths.ts'

export const anySamlRoutes = (service: Service): Router[] => [
  ssoRoutes(service), //     /saml/login, /saml/acs, /saml/metadata; /other/saml/… of the other organisation
  logoutRoutes(service), //  /saml/slo, /saml/logout, /logout
  sessionRoutes(service), // /, /session
]

const ssoRoutes = (service: Service): Router => {
  const router = Router()
  for (const sp of service.organisations) {
    const [acs] = sp.acs
    const base = `${pathOf(sp.organisation)}/saml`
    router.get(`${base}/login`, onOwnHost(service.url), async (req, res) => {
      // Whom the login is for shows when they come back.
      await sendToIdp(sp, acs, { email: 'somebody', next: localPath(req.query['next']) }, req, res)
    })
    router.post(
      `${base}/acs`,
      samlForm,
      consume(async (_req, samlResponse) => {
        const { trust } = await service.rules().verifiesFor(sp, issuerIn(samlResponse), service.organisations)
        return { sp: trust === sp.trust ? sp : { ...sp, trust }, acs }
      }),
    )
    const isFirst = sp === service.organisations[0]
    router.get(`${base}/metadata`, sendMetadata(sp, acs, isFirst ? sloUrl(service) : undefined))
  }
  router.use(refusals(service.rules))
  return router
}

/** What a message says of who issued it; nothing of it has been verified. */
const issuerIn = (samlResponse: unknown): string | undefined =>
  typeof samlResponse === 'string'
    ? /<[^>]*\bIssuer\b[^>]*>([^<]*)</.exec(Buffer.from(samlResponse, 'base64').toString())?.[1]
    : undefined

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
  for (const one of service.organisations)
    router.get(`${pathOf(one.organisation)}/session`, (req, res) => {
      const found = signedIn(one, req)
      if (found === undefined) res.status(401).json({ error: 'Nobody is logged in.' })
      else res.json({ nameID: found.user.email })
    })
  return router
}
