import express, { type Request, type Response, Router } from 'express'
import { localPath, sameOriginOnly, signedIn, signOut } from '../http/browser.ts'
import { sendMessage } from '../http/page.ts'
import { consume, onOwnHost, refusals, samlForm, sendMetadata, sendToIdp } from '../http/saml-routes.ts'
import { refuse } from '../login-refused.ts'
import { openEnvelope } from '../saml/gate.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'
import { fullName } from '../store/users.ts'
import { apiRoutes } from './api/routes.ts'
import { scimRoutes } from './scim.ts'

export const cloudsmithRoutes = (service: Service): Router[] => [
  ssoRoutes(service), //      /orgs/{org}/saml/acs/, /orgs/{org}/saml/login/, /{org}/saml/login/
  sessionRoutes(service), //  /orgs/{org}/, /orgs/{org}/me, /orgs/{org}/logout
  apiRoutes(service), //      /api/orgs/{org}/members, teams, saml-group-sync, saml-authentication
  scimRoutes(service), //     /scim/v2/Users
]

const ssoRoutes = (service: Service): Router => {
  const router = Router({ strict: true })
  router.get(['/orgs/:org/saml/login/', '/:org/saml/login/'], onOwnHost(service.url), start(service))
  router.post(
    '/orgs/:org/saml/acs/',
    samlForm,
    consume(async (req, samlResponse) => arrival(service, req, samlResponse)),
  )
  for (const sp of service.organisations)
    router.get(`${new URL(sp.acs[0].audience).pathname}metadata`, sendMetadata(sp, sp.acs[0]))
  router.use(refusals(service.rules))
  return router
}

const organisationIn = (service: Service, req: Request): Sp =>
  service.rules().csmOrganisation(String(req.params['org']), service.organisations) ?? refuse('ORGANISATION_UNKNOWN')

/** A login at the organisation of the path, and with its identity provider. */
const arrival = async (service: Service, req: Request, samlResponse: unknown) => {
  const sp = organisationIn(service, req)
  const issuer = typeof samlResponse === 'string' && samlResponse !== '' ? openEnvelope(samlResponse).issuer : undefined
  const { trust } = await service.rules().csmVerifiesFor(sp, issuer, service.organisations)
  return { sp: trust === sp.trust ? sp : { ...sp, trust, rules: sp.rules }, acs: sp.acs[0] }
}

/** The landing page of an organisation: straight to its identity provider. */
const start = (service: Service) => async (req: Request, res: Response) => {
  const sp = organisationIn(service, req)
  if (!service.rules().csmStarts()) {
    sendMessage(
      res,
      200,
      `Log in to ${sp.organisation}`,
      'Open the application in the portal of your identity provider.',
    )
    return
  }
  // Whom the login is for shows when they come back.
  await sendToIdp(sp, sp.acs[0], { email: 'somebody', next: localPath(req.query['next']) }, req, res)
}

/** Each organisation has sessions of its own; a browser is logged in to one of them. */
const sessionRoutes = (service: Service): Router => {
  const router = Router()
  const form = [express.urlencoded({ extended: false, limit: '16kb' }), sameOriginOnly]
  router.get('/', (req, res) => {
    const found = service.organisations.find((sp) => signedIn(sp, req) !== undefined)
    if (found === undefined) sendMessage(res, 200, 'Cloudsmith', 'Log in at /orgs/{organisation}/saml/login/.')
    else res.redirect(303, `/orgs/${found.organisation}/`)
  })
  for (const sp of service.organisations) {
    router.get(`/orgs/${sp.organisation}/`, (req, res) => {
      const found = signedIn(sp, req)
      if (found === undefined) res.redirect(303, `/orgs/${sp.organisation}/saml/login/`)
      else
        sendMessage(
          res,
          200,
          'Welcome',
          `${fullName(found.user)} (${found.user.email}) is logged in to ${sp.organisation}.`,
        )
    })
    router.get(`/orgs/${sp.organisation}/me`, (req, res) => {
      const found = signedIn(sp, req)
      if (found === undefined) res.status(401).json({ detail: 'Nobody is logged in.' })
      else res.json({ email: found.user.email, name: fullName(found.user), organization: sp.organisation })
    })
    router.post(`/orgs/${sp.organisation}/logout`, form, (req: Request, res: Response) => {
      signOut(sp, req, res)
      res.redirect(303, '/')
    })
  }
  return router
}
