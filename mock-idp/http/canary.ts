import type { RequestHandler } from 'express'
import { type IdpContext, orgOf } from './context.ts'

/** What the answer begins with: an SP that shows it has read what it must not. */
export const canaryText = (token: string): string => `idpact-canary-${token}`

/**
 * An address that nothing in a message may make anybody call: external entities, external DTDs, external references and
 * stylesheets point here. Whoever calls it is in the journal.
 */
export const canary =
  (ctx: IdpContext): RequestHandler =>
  (req, res) => {
    const org = orgOf(ctx, String(req.params['org']))
    const token = String(req.params['token']).slice(0, 100)
    ctx.journal(org.id).append({
      kind: 'canary-called',
      summary: `The canary ${token} was called by ${(req.get('user-agent') ?? 'a client without a name').slice(0, 100)}`,
      details: { canary: token },
    })
    res.type('text').send(canaryText(token))
  }
