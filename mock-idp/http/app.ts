import express, { type Express, Router } from 'express'
import { jsonErrors, nothingHere, pageErrors } from './answers.ts'
import type { IdpContext } from './context.ts'
import { lazily } from './lazily.ts'
import { metadata } from './metadata.ts'
import { refuseForeignHosts, securityHeaders } from './security.ts'

/** The whole server, as a table of contents. */
export const createApp = (ctx: IdpContext): Express => {
  const app = express()
  const failed = (error: unknown) => ctx.logger.error({ err: error }, 'a page failed')
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('case sensitive routing')
  app.set('query parser', 'simple')
  app.use(securityHeaders)
  const mustBeForUs = refuseForeignHosts(ctx.own)
  // The control API says it in JSON, as everything else that it refuses.
  app.use('/_idpact/v1', mustBeForUs, jsonErrors(failed))
  app.use(mustBeForUs)

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
  app.use(pageErrors(failed))
  return app
}

const orgPages = (ctx: IdpContext): Router => {
  const org = Router({ mergeParams: true, caseSensitive: true })

  // Metadata as Okta has it, and as no vendor has it.
  org.get('/app/:key/sso/saml/metadata', metadata(ctx))
  org.get(['/idp/metadata.xml', '/idp/:name/metadata.xml', '/idp/:name/:application/metadata.xml'], metadata(ctx))

  // What nobody may call.
  org.get(
    '/canary/:token',
    lazily(async () => (await import('./canary.ts')).canary(ctx)),
  )

  // The way back from a consent to the SCIM connection.
  org.get(
    ['/admin/app/cpc/:name/oauth/callback', '/oauth/callback'],
    lazily(async () => (await import('./oauth-callback.ts')).oauthCallback(ctx)),
  )

  org.use(lazily(async () => (await import('./login-pages.ts')).loginPages(ctx)))
  return org
}
