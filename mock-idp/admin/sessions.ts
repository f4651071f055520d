import type { RequestHandler } from 'express'
import { UsageError } from '../../src/core/errors.ts'
import type { IdpContext } from '../http/context.ts'
import { toSession } from '../http/sessions.ts'
import { bodyOf } from './handle.ts'
import { newSession, type User } from './schema.ts'
import { createUser, userOf } from './users.ts'

const mustBeActive = ({ status, profile }: Pick<User, 'status' | 'profile'>): void => {
  if (status === 'ACTIVE') return
  throw new UsageError(`${profile.login} is ${status} and cannot sign in`, {
    code: 'user-not-active',
    hint: 'Set the status of the user to ACTIVE first.',
  })
}

/** A signed-in browser for scripts: whoever sends the cookie is the user. */
export const create =
  (ctx: IdpContext): RequestHandler<{ org: string }> =>
  (req, res) => {
    const wanted = bodyOf(req, newSession)
    if ('user' in wanted) mustBeActive(wanted.user)
    const user =
      'user' in wanted ? createUser(ctx, req.params.org, wanted.user) : userOf(ctx, req.params.org, wanted.userId)
    mustBeActive(user)
    res.status(201).json(toSession(ctx.sessions.create(req.params.org, user.id)))
  }
