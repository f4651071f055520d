import express, { Router } from 'express'
import { appLink } from './app-link.ts'
import type { IdpContext } from './context.ts'
import { lazily } from './lazily.ts'
import { register } from './register.ts'
import { continueLogin, home, signIn, signInPage, signOut } from './sign-in.ts'
import { receivePost, receiveRedirect } from './sso.ts'

/** A SAMLRequest in base64 is at most 100,000 characters; percent-encoded it can be three times that. */
const form = express.urlencoded({ extended: false, limit: 400_000, parameterLimit: 100 })

/** Everything that a browser opens on its way to a service provider. */
export const loginPages = (ctx: IdpContext): Router => {
  const org = Router({ mergeParams: true, caseSensitive: true })

  // As Okta has it.
  org.get('/app/:name/:key/sso/saml', receiveRedirect(ctx))
  org.post('/app/:name/:key/sso/saml', form, receivePost(ctx))
  const slo = [form, lazily(async () => (await import('./slo.ts')).sloPost(ctx))]
  const sloQuery = lazily(async () => (await import('./slo.ts')).sloRedirect(ctx))
  org.get('/app/:name/:key/slo/saml', sloQuery)
  org.post('/app/:name/:key/slo/saml', ...slo)
  org.get('/home/:name/:application', appLink(ctx))

  // As no vendor has it.
  for (const folder of ['/idp', '/idp/:name']) {
    org.get(`${folder}/sso`, receiveRedirect(ctx))
    org.post(`${folder}/sso`, form, receivePost(ctx))
    org.get(`${folder}/slo`, sloQuery)
    org.post(`${folder}/slo`, ...slo)
    org.get(`${folder}/:application/start`, appLink(ctx))
  }

  // People.
  org.get('/login', signInPage(ctx))
  org.post('/login', form, signIn(ctx))
  org.get('/login/continue', continueLogin(ctx))
  org.post('/register', form, register(ctx))
  org.get('/home', home(ctx))
  org.post('/logout', form, signOut(ctx))
  return org
}
