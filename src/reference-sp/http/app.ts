import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { oauthRoutes } from '../oauth/routes.ts'
import { scimRoutes } from '../scim/routes.ts'
import type { Sp } from '../sp.ts'
import { adminRoutes } from './admin-routes.ts'
import { consoleRoutes } from './console-routes.ts'
import { loginRoutes } from './login-routes.ts'
import { provisioningRoutes } from './provisioning-routes.ts'
import { samlRoutes } from './saml-routes.ts'

export const createApp = (sp: Sp): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(securityHeaders)
  app.use(samlRoutes(sp)) //          /login/sso, the two assertion consumer services, our metadata
  app.use(loginRoutes(sp)) //         /login, /login/password, /login/otp, /invitations, /api/me, /logout
  app.use(oauthRoutes(sp)) //         /oauth2/auth, /oauth2/consent, /oauth2/token, their keys and discovery
  app.use(consoleRoutes(sp)) //       /, /console/…
  app.use(provisioningRoutes(sp)) //  /v1_1/provisioning/accounts/…
  app.use(scimRoutes(sp)) //          /scim/v2/Users, Groups and what describes them
  app.use(adminRoutes(sp)) //         /admin/api/…
  app.use((_req: Request, res: Response) => {
    res.status(404).type('text').send('There is nothing here.')
  })
  app.use(unexpected(sp))
  return app
}

const securityHeaders = (_req: Request, res: Response, next: NextFunction): void => {
  res.set({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    // Not no-referrer: browsers then say "Origin: null" in the POST of our own forms too.
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
  })
  next()
}

/** A bug of ours, or a request that the parsers of express refuse. The cause stays inside. */
const unexpected =
  (sp: Sp) =>
  (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    if (res.headersSent) {
      next(error)
      return
    }
    const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
    if (status >= 400 && status < 500) {
      res.status(status).type('text').send('This request cannot be read.')
      return
    }
    sp.onProblem(
      `${req.method} ${req.path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
    res.status(500).type('text').send('Something went wrong inside the service provider.')
  }
