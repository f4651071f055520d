import express, { type Express, type RequestHandler, Router } from 'express'
import { nothingHere, pageErrors } from './answers.ts'
import { appLink } from './app-link.ts'
import type { IdpContext } from './context.ts'
import { metadata } from './metadata.ts'
import { register } from './register.ts'
import { refuseForeignHosts, securityHeaders } from './security.ts'
import { continueLogin, home, signIn, signInPage, signOut } from './sign-in.ts'
import { receivePost, receiveRedirect } from './sso.ts'

/** The whole server, as a table of contents. */
export const createApp = (ctx: IdpContext): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.set('query parser', 'simple')
  app.use(securityHeaders, refuseForeignHosts(ctx.own))

  app.use(
    '/_idpact/v1',
    lazily(async () => (await import('../admin/control-api.ts')).controlApi(ctx)),
  )
  app.use(
    '/_idpact/ui',
    lazily(async () => (await import('../ui/assets.ts')).uiAssets()),
  )
  app.get(
    '/',
    lazily(async () => (await import('../ui/console-page.ts')).consolePage()),
  )
  app.use('/:org', orgPages(ctx))

  app.use(nothingHere)
  app.use(pageErrors((error) => ctx.logger.error({ err: error }, 'a page failed')))
  return app
}

/** A SAMLRequest in base64 is at most 100,000 characters; percent-encoded it can be three times that. */
const form = express.urlencoded({ extended: false, limit: 400_000, parameterLimit: 100 })

const orgPages = (ctx: IdpContext): Router => {
  const org = Router({ mergeParams: true, caseSensitive: true })

  // As Okta has it.
  org.get('/app/:name/:key/sso/saml', receiveRedirect(ctx))
  org.post('/app/:name/:key/sso/saml', form, receivePost(ctx))
  org.get('/app/:key/sso/saml/metadata', metadata(ctx))
  org.get('/home/:name/:application', appLink(ctx))

  // As no vendor has it.
  for (const folder of ['/idp', '/idp/:name']) {
    org.get(`${folder}/sso`, receiveRedirect(ctx))
    org.post(`${folder}/sso`, form, receivePost(ctx))
    org.get(`${folder}/metadata.xml`, metadata(ctx))
    org.get(`${folder}/:application/start`, appLink(ctx))
  }
  org.get('/idp/:name/:application/metadata.xml', metadata(ctx))

  // People.
  org.get('/login', signInPage(ctx))
  org.post('/login', form, signIn(ctx))
  org.get('/login/continue', continueLogin(ctx))
  org.post('/register', form, register(ctx))
  org.get('/home', home(ctx))
  org.post('/logout', form, signOut(ctx))
  return org
}

/** Loads a part of the server with the first request for it, so that the first login does not wait for the console. */
const lazily = (load: () => Promise<RequestHandler>): RequestHandler => {
  let loading: Promise<RequestHandler> | undefined
  return (req, res, next) => {
    loading ??= load()
    loading.then((handle) => handle(req, res, next)).catch(next)
  }
}
