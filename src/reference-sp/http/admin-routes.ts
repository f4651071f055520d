import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { changeSettings, readSettingsChange } from '../change-settings.ts'
import { oauthAdminRoutes } from '../oauth/admin-routes.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'
import { newTotpSecret, totpUrl } from '../totp.ts'
import { ApiError, fail, sendApiError } from './api-error.ts'
import { sameSecret } from './credentials.ts'
import { bodyFlag, bodyOf, bodyTexts } from './query.ts'

/**
 * What idpact sets at this SP. Not a part of any contract: there, an administrator does it in the console. Settings of the
 * organisation under test stand at the top, those of every one below `/organisations/{name}` too.
 */
export const adminRoutes = (service: Service): Router => {
  const api = Router()
  api.use(authenticate(service), express.json({ limit: '2mb' }))
  api.post('/reset', (req, res) => {
    service.reset(req.body === undefined ? undefined : bodyTexts(bodyOf(req), 'defects'))
    res.json({ defects: service.defects() })
  })
  api.get('/defects', (_req, res) => {
    res.json({ defects: service.defects() })
  })
  api.put('/defects', (req, res) => {
    service.arm(bodyTexts(bodyOf(req), 'defects') ?? fail(400, 'defects is required: a list of requirement ids'))
    res.json({ defects: service.defects() })
  })
  for (const sp of service.organisations) api.use(`/organisations/${sp.organisation}`, organisationRoutes(sp))
  api.use(organisationRoutes(service.organisations[0]))
  api.use((_req, _res, next) => next(new ApiError(404, 'not found')))
  api.use(sendApiError)
  return Router().use('/admin/api', api)
}

const organisationRoutes = (sp: Sp): Router => {
  const api = Router()
  api.get('/settings', (_req, res) => {
    res.json(sp.store.settings.read())
  })
  api.put('/settings', async (req, res) => {
    res.json(await changeSettings(sp, readSettingsChange(bodyOf(req))))
  })
  api.use(oauthAdminRoutes(sp))
  api.put('/users/:id/two_factor', setTwoFactor(sp))
  return api
}

const authenticate = (service: Service) => (req: Request, _res: Response, next: NextFunction) => {
  const [scheme = '', token = ''] = (req.headers.authorization ?? '').split(' ')
  if (scheme.toLowerCase() !== 'bearer' || !sameSecret(token, service.adminToken)) fail(401, 'Invalid credentials')
  next()
}

const setTwoFactor = (sp: Sp) => (req: Request, res: Response) => {
  const user = sp.store.users.find(String(req.params['id'])) ?? fail(404, 'not found')
  const enabled = bodyFlag(bodyOf(req), 'enabled') ?? fail(400, 'enabled is required')
  const secret = enabled ? (user.totpSecret ?? newTotpSecret()) : undefined
  sp.store.users.update(user.id, { twoFactor: enabled, totpSecret: secret })
  res.json({ two_factor: enabled, ...(secret === undefined ? {} : { secret, url: totpUrl(secret, user.email) }) })
}
