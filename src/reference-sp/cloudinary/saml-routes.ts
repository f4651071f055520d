import { type Request, type Response, Router } from 'express'
import { localPath } from '../http/browser.ts'
import { consume, onOwnHost, refusals, samlForm, sendMetadata, sendToIdp } from '../http/saml-routes.ts'
import type { Sp } from '../sp.ts'

/** Both assertion consumer services take every Response; metadata is one entity for each audience. */
export const samlRoutes = (sp: Sp): Router => {
  const router = Router()
  router.get('/login/sso', onOwnHost(sp.url), start(sp))
  for (const acs of sp.acs) {
    router.post(
      new URL(acs.url).pathname,
      samlForm,
      consume(async () => ({ sp, acs })),
    )
    router.get(`${new URL(acs.audience).pathname}/metadata`, sendMetadata(sp, acs))
  }
  router.use(refusals(sp.rules))
  return router
}

/** `GET /login/sso?email=…[&acs=second][&next=…]`: everybody is sent to the IdP of the account. */
const start = (sp: Sp) => async (req: Request, res: Response) => {
  const { email, acs, next } = req.query
  const [first, second = first] = sp.acs
  await sendToIdp(sp, acs === 'second' ? second : first, { email, next: localPath(next) }, req, res)
}
