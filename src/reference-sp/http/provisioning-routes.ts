import { timingSafeEqual } from 'node:crypto'
import express, { type NextFunction, type Request, type Response, Router } from 'express'
import type { Sp } from '../sp.ts'
import { ApiError, fail, sendApiError } from './api-error.ts'
import { environmentRoutes } from './provisioning-environments.ts'
import { groupRoutes } from './provisioning-groups.ts'
import { userRoutes } from './provisioning-users.ts'

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

export const sameSecret = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

const authenticate = (sp: Sp) => (req: Request, _res: Response, next: NextFunction) => {
  const [scheme = '', credentials = ''] = (req.headers.authorization ?? '').split(' ')
  const sent = Buffer.from(credentials, 'base64').toString('utf8')
  if (scheme.toLowerCase() !== 'basic' || !sameSecret(sent, `${sp.api.key}:${sp.api.secret}`))
    fail(401, 'Invalid credentials')
  if (req.params['accountId'] !== sp.accountId) fail(403, 'These credentials are not for this account')
  next()
}
