import type { RequestHandler } from 'express'
import { UsageError } from '../../src/core/errors.ts'
import type { IdpContext } from '../http/context.ts'
import { toSession } from '../http/sessions.ts'
import { bodyOf } from './handle.ts'
import { newSession } from './schema.ts'
import { userOf } from './users.ts'

/** A signed-in browser for scripts: whoever sends the cookie is the user. */
export const create =
  (ctx: IdpContext): RequestHandler<{ org: string }> =>
  (req, res) => {
    const user = userOf(ctx, req.params.org, bodyOf(req, newSession).userId)
    if (user.status !== 'ACTIVE')
      throw new UsageError(`${user.profile.login} is ${user.status} and cannot sign in`, {
        code: 'user-not-active',
        hint: 'Set the status of the user to ACTIVE first.',
      })
    res.status(201).json(toSession(ctx.sessions.create(req.params.org, user.id)))
  }
