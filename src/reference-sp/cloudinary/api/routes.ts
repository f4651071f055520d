import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { ApiError, fail, sendApiError } from '../../http/api-error.ts'
import { basicOf, sameSecret } from '../../http/credentials.ts'
import type { Sp } from '../../sp.ts'
import { environmentRoutes } from './environments.ts'
import { groupRoutes } from './groups.ts'
import { userRoutes } from './users.ts'

/**
 * The Provisioning API: `/v1_1/provisioning/accounts/{account_id}/…`, HTTP Basic with key and secret, JSON; the answer to
 * a success is always 200, also when something was made.
 */
export const provisioningRoutes = (sp: Sp): Router => {
  const account = Router({ mergeParams: true })
  account.use(authenticate(sp), express.json({ limit: '256kb' }))
  account.use('/users', userRoutes(sp))
  account.use('/user_groups', groupRoutes(sp))
  account.use('/sub_accounts', environmentRoutes(sp))
  account.use((_req, _res, next) => next(new ApiError(404, 'not found')))
  account.use(sendApiError)
  return Router().use('/v1_1/provisioning/accounts/:accountId', account)
}

const authenticate = (sp: Sp) => (req: Request, _res: Response, next: NextFunction) => {
  const sent = basicOf(req)
  if (sent === undefined || !sameSecret(`${sent.username}:${sent.password}`, `${sp.api.key}:${sp.api.secret}`))
    fail(401, 'Invalid credentials')
  if (req.params['accountId'] !== sp.accountId) fail(403, 'These credentials are not for this account')
  next()
}
