import type { RequestHandler } from 'express'
import { html } from '../../src/core/html.ts'
import type { IdpContext } from './context.ts'
import { page } from './pages.ts'

const queryText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Where the service provider sends the browser back to (RFC 6749 4.1.2): the code is exchanged, and tasks go on. */
export const oauthCallback =
  (ctx: IdpContext): RequestHandler =>
  async (req, res) => {
    const [org = ''] = [req.params['org']].flat()
    const { access } = await ctx.provisioning.engine()
    const connection = await access.finishConsent(org, {
      state: queryText(req.query['state']),
      code: queryText(req.query['code']),
      error: queryText(req.query['error']),
      description: queryText(req.query['error_description']),
    })
    res.send(
      page(
        'Connected',
        html`<h1>Connected</h1>
          <p class="what">The mock IdP may now provision people at <b>${connection.baseUrl}</b>.</p>
          <p class="hint">You can close this page. Work that waited for the connection goes on.</p>`,
      ),
    )
  }
