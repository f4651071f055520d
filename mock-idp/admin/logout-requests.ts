import type { RequestHandler } from 'express'
import { type IdpContext, orgOf } from '../http/context.ts'
import { logoutRequest } from '../http/logout-messages.ts'
import { applicationOf } from './application-of.ts'
import { bodyOf } from './handle.ts'
import { newLogoutRequest } from './schema.ts'
import { userOf } from './users.ts'

/** A LogoutRequest for a test to carry to the service provider itself. */
export const create =
  (ctx: IdpContext): RequestHandler =>
  async (req, res) => {
    const { org: orgId, id } = req.params as Record<'org' | 'id', string>
    const org = orgOf(ctx, orgId)
    const application = applicationOf(ctx, org.id, id)
    const wanted = bodyOf(req, newLogoutRequest)
    userOf(ctx, org.id, wanted.userId)
    res.status(201).json(await logoutRequest(ctx, org.id, application, wanted))
  }
