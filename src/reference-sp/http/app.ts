import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { Service } from '../service.ts'
import { adminRoutes } from './admin-routes.ts'

export const createApp = (service: Service): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.use(securityHeaders)
  for (const router of service.profile.routes(service)) app.use(router)
  app.use(adminRoutes(service))
  app.use((_req: Request, res: Response) => {
    res.status(404).type('text').send('There is nothing here.')
  })
  app.use(unexpected(service))
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
  (service: Service) =>
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
    service.onProblem(
      `${req.method} ${req.path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
    res.status(500).type('text').send('Something went wrong inside the service provider.')
  }
