import { type NextFunction, type Request, type Response, Router } from 'express'
import { basicOf } from '../http/credentials.ts'
import { scimApi } from '../scim/routes.ts'
import { refuse, sendScimError } from '../scim/scim-error.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'

/** One base URL for all organisations: which one is meant, the token says. HTTP Basic, or the token as a bearer. */
export const scimRoutes = (service: Service): Router => {
  const apis = new Map(service.organisations.map((sp) => [sp, scimApi(sp)]))
  const router = Router()
  router.use((req: Request, res: Response, next: NextFunction) => {
    const sp = organisationOf(service, req, res)
    if (!service.rules().scimIsOn(sp.store.settings.read())) refuse(403, 'SCIM is not allowed for this organisation.')
    apis.get(sp)?.(req, res, next)
  })
  router.use(sendScimError)
  return Router().use('/scim/v2', router)
}

const organisationOf = ({ organisations, rules }: Service, req: Request, res: Response): Sp => {
  const basic = basicOf(req)
  const [scheme = '', bearer = ''] = (req.headers.authorization ?? '').split(' ')
  const token = basic?.password ?? (scheme.toLowerCase() === 'bearer' ? bearer : '')
  if (token === '' && !rules().scimNeedsToken()) return organisations[0]
  const found = token === '' ? undefined : rules().csmScimOrganisation(token, organisations)
  if (found !== undefined && (basic === undefined || rules().csmScimUsername(basic.username))) return found
  res.set('www-authenticate', 'Basic realm="scim"')
  return refuse(401, 'The user name is "token", and the password the SCIM token of your organisation.')
}
