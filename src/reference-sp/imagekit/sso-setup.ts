import express, { type Request, type Response, Router } from 'express'
import { ConfigError } from '../../core/errors.ts'
import { html } from '../../core/html.ts'
import { changeSettings } from '../change-settings.ts'
import { sameOriginOnly } from '../http/browser.ts'
import { page, sendMessage, sendPage } from '../http/page.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'
import { sessionIn } from './routes.ts'

/** `/settings/sso`: the metadata of the identity provider, pasted by an administrator; without it, single sign-on is off. */
export const ssoSetupRoutes = (service: Service): Router => {
  const router = Router()
  const form = [express.urlencoded({ extended: false, limit: '2mb' }), sameOriginOnly]
  router.get('/settings/sso', (req, res) => {
    const sp = administered(service, req, res)
    if (sp !== undefined) sendSetupPage(res, 200, sp)
  })
  router.post('/settings/sso', form, async (req: Request, res: Response) => {
    const sp = administered(service, req, res)
    if (sp === undefined) return
    const { metadata } = (req.body ?? {}) as Record<string, unknown>
    try {
      await changeSettings(sp, {
        saml:
          typeof metadata === 'string' && metadata.trim() !== ''
            ? { enabled: true, metadata: { mode: 'inline', xml: metadata } }
            : { enabled: false, metadata: null },
      })
      res.redirect(303, '/settings/sso')
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      sendSetupPage(res, 400, sp, error.message)
    }
  })
  return router
}

/** The organisation of the session, where its user may set it up. */
const administered = (service: Service, req: Request, res: Response): Sp | undefined => {
  const found = sessionIn(service, req)
  if (found === undefined) res.redirect(303, '/single-sign-on')
  else if (service.rules().ikMaySetUp(found.user)) return found.sp
  else sendMessage(res, 403, 'Administrators only', 'Only an account administrator sets up single sign-on.')
  return undefined
}

const sendSetupPage = (res: Response, status: number, sp: Sp, problem?: string): void => {
  const { metadata } = sp.store.settings.read().saml
  sendPage(
    res,
    status,
    page(
      { title: 'Single sign-on' },
      html`<div class="card"><h1>Single sign-on of ${sp.organisation}</h1>${problem !== undefined && html`<p class="bad" role="alert">${problem}</p>`}
<form method="post"><label for="metadata">Metadata of your identity provider; empty turns single sign-on off</label>
<textarea id="metadata" name="metadata" spellcheck="false">${metadata?.mode === 'inline' && metadata.xml}</textarea><button>Save</button></form></div>
<div class="card"><h2>For your identity provider</h2><table>
<tr><th>Single sign on URL</th><td><code>${sp.acs[0].url}</code></td></tr>
<tr><th>Audience URI</th><td><code>${sp.acs[0].audience}</code></td></tr>
<tr><th>imagekit_id</th><td><code>${sp.accountId}</code></td></tr></table></div>`,
    ),
  )
}
