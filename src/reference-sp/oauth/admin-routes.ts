import { type Request, type Response, Router } from 'express'
import { fail } from '../http/api-error.ts'
import { bodyOf, bodyTexts } from '../http/query.ts'
import type { Sp } from '../sp.ts'
import type { OauthSettings } from '../store/settings.ts'
import { isScope, scopes } from './scopes.ts'
import { readOauthChange, readRedirectUris } from './settings.ts'

/** A token issued over the settings API can do what one from the consent page can. */
const allScopes = Object.keys(scopes)

/** What idpact sets of the OAuth 2 server, and does to tokens; below the settings API. */
export const oauthAdminRoutes = (sp: Sp): Router => {
  const api = Router()
  api.get('/settings/oauth', (_req, res) => {
    res.json(sp.store.settings.oauth())
  })
  api.put('/settings/oauth', (req, res) => {
    res.json(change(sp, readOauthChange(bodyOf(req))))
  })
  api.post('/settings/oauth/redirect_uris', (req, res) => {
    const { redirectUris } = sp.store.settings.oauth()
    res.json(change(sp, { redirectUris: readRedirectUris([...redirectUris, bodyOf(req)['uri']]) }))
  })
  api.post('/users/:id/tokens', issue(sp))
  api.post('/users/:id/tokens/expire', (req, res) => {
    res.json({ expired: sp.store.oauth.expireAccessTokensOf(userId(sp, req)) })
  })
  api.delete('/users/:id/tokens', (req, res) => {
    res.json({ revoked: sp.store.oauth.endGrantsOf(userId(sp, req)) })
  })
  return api
}

const change = (sp: Sp, settings: Partial<OauthSettings>): OauthSettings => {
  sp.store.settings.writeOauth({ ...sp.store.settings.oauth(), ...settings })
  return sp.store.settings.oauth()
}

const userId = (sp: Sp, req: Request): string =>
  (sp.store.users.find(String(req.params['id'])) ?? fail(404, 'not found')).id

/** Without a consent: for tests of what a token opens. */
const issue = (sp: Sp) => async (req: Request, res: Response) => {
  const id = userId(sp, req)
  const body = bodyOf(req)
  const unknown = Object.keys(body).find((name) => name !== 'scopes' && name !== 'lifetimeMs')
  if (unknown !== undefined) fail(400, `there is no ${unknown}; allowed: scopes, lifetimeMs`)
  const asked = bodyTexts(body, 'scopes') ?? allScopes
  if (!asked.every(isScope)) fail(400, `scopes are of ${allScopes.join(', ')}`)
  const { lifetimeMs = sp.store.settings.oauth().accessTokenSeconds * 1000 } = body
  if (typeof lifetimeMs !== 'number' || !Number.isSafeInteger(lifetimeMs))
    return fail(400, 'lifetimeMs must be a whole number of milliseconds')
  res.json({ token: await sp.tokens.issue({ userId: id, scopes: asked, lifetimeMs }) })
}
