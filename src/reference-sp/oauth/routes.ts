import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { sameOriginOnly } from '../http/browser.ts'
import { sendPage } from '../http/page.ts'
import type { Sp } from '../sp.ts'
import { oauthErrorPage } from './pages.ts'
import type { Provider } from './provider.ts'

/** Characters of an authorization request: room for a `state` of some kilobytes. */
const longestRequest = 8_000

/**
 * OAuth 2 for the identity provider's SCIM client: authorization code with consent, refresh tokens, one confidential
 * client (RFC 6749). Discovery and keys are there for whoever verifies the ID Token.
 */
export const oauthRoutes = (sp: Sp): Router => {
  const router = Router()
  const form = [express.urlencoded({ extended: false, limit: '4kb', parameterLimit: 10 }), sameOriginOnly]
  const load = providerOf(sp)
  const answer = async (req: Request, res: Response): Promise<void> => {
    const { provider } = await load()
    await provider.callback()(req, res)
  }
  router.get('/oauth2/auth', ownHost(sp), notTooLong, ownScripts, answer)
  router.get('/oauth2/auth/:uid', ownScripts, answer)
  router.get('/oauth2/consent/:uid', async (req, res) => {
    const { provider, consent } = await load()
    await consent.showConsent(sp, provider, req, res)
  })
  router.post('/oauth2/consent/:uid', form, async (req: Request, res: Response) => {
    const { provider, consent } = await load()
    await consent.takeConsent(sp, provider, req, res)
  })
  router.post('/oauth2/token', asJson, answer)
  router.get('/oauth2/jwks', answer)
  router.get('/.well-known/openid-configuration', ownHost(sp), answer)
  return router
}

interface Loaded {
  provider: Provider
  consent: typeof import('./consent.ts')
}

/** oidc-provider takes a fifth of a second to load, and most runs of the SP never need it. */
const providerOf = (sp: Sp): (() => Promise<Loaded>) => {
  let loaded: Promise<Loaded> | undefined
  const load = async (): Promise<Loaded> => {
    const [{ createProvider }, consent] = await Promise.all([import('./provider.ts'), import('./consent.ts')])
    return { provider: createProvider(sp), consent }
  }
  return () => {
    loaded ??= load()
    return loaded
  }
}

/** Cookies of one host are not those of another: localhost is not 127.0.0.1, and SAML logins come back to our URL. */
const ownHost = (sp: Sp) => (req: Request, res: Response, next: NextFunction) => {
  const { origin, host } = new URL(sp.url)
  if (req.headers.host === host) next()
  else res.redirect(302, origin + req.originalUrl)
}

const notTooLong = (req: Request, res: Response, next: NextFunction): void => {
  if (req.originalUrl.length <= longestRequest) next()
  else sendPage(res, 414, oauthErrorPage('invalid_request', `The request has more than ${longestRequest} characters.`))
}

/** The page of `response_mode=form_post` posts itself: oidc-provider adds the hash of its script to such a directive. */
const ownScripts = (_req: Request, res: Response, next: NextFunction): void => {
  res.set('content-security-policy', `${res.get('content-security-policy') ?? ''}; script-src 'none'`)
  next()
}

/** Errors of the token endpoint are JSON (RFC 6749 5.2), also for a client whose HTTP library prefers text/html. */
const asJson = (req: Request, _res: Response, next: NextFunction): void => {
  req.headers.accept = 'application/json'
  next()
}
