import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { ConfigError } from '../../../core/errors.ts'
import { sameSecret } from '../../http/credentials.ts'
import type { Service } from '../../service.ts'
import type { Sp } from '../../sp.ts'
import { DetailError, fail } from './detail-error.ts'
import { groupSyncRoutes } from './group-sync.ts'
import { memberRoutes } from './members.ts'
import { samlRoutes } from './saml.ts'
import { teamRoutes } from './teams.ts'

/**
 * Cloudsmith's API, as far as it is about members, teams, Group Sync and SAML: `/api/orgs/{org}/…`, the key in `X-Api-Key`,
 * errors as `{ detail, fields? }` (cloudsmith-docs: api-schema-v1, api/error-handling).
 */
export const apiRoutes = (service: Service): Router => {
  const router = Router()
  for (const sp of service.organisations) {
    const api = Router()
    api.use(authenticate(sp), express.json({ limit: '256kb' }))
    api.use('/members', memberRoutes(sp))
    api.use('/teams', teamRoutes(sp))
    api.use('/saml-group-sync', groupSyncRoutes(sp))
    api.use('/saml-authentication', samlRoutes(sp))
    api.use(() => fail(404, 'Not found.'))
    router.use(`/api/orgs/${sp.organisation}`, api)
  }
  router.use('/api', (_req, _res, next) => next(new DetailError(404, 'Not found.')))
  router.use('/api', sendDetail)
  return router
}

const authenticate = (sp: Sp) => (req: Request, _res: Response, next: NextFunction) => {
  const { 'x-api-key': key = '' } = req.headers
  if (!sameSecret(String(key), sp.api.secret)) fail(401, 'Invalid API key.')
  next()
}

const sendDetail = (error: unknown, _req: Request, res: Response, next: NextFunction): void => {
  if (error instanceof DetailError)
    res.status(error.status).json({ detail: error.message, ...(error.fields && { fields: error.fields }) })
  else if (error instanceof ConfigError) res.status(422).json({ detail: error.message })
  else if (isOfExpress(error)) res.status(error.statusCode).json({ detail: 'The request cannot be read.' })
  else next(error)
}

const isOfExpress = (error: unknown): error is { statusCode: number } =>
  typeof error === 'object' &&
  error !== null &&
  'statusCode' in error &&
  Number(error.statusCode) >= 400 &&
  Number(error.statusCode) < 500
