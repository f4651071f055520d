import type { RequestHandler } from 'express'
import type { z } from 'zod'
import { checkProfile } from '../directory/profile-check.ts'
import { type IdpContext, orgOf } from '../http/context.ts'
import { changing } from '../provisioning/change.ts'
import { newUserId } from '../store/ids.ts'
import { NotFoundError } from '../store/rows.ts'
import { applicationOf } from './application-of.ts'
import { bodyOf, checked, queryOf } from './handle.ts'
import { newUser, type User, user, userChange } from './schema.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string }>

/** @throws NotFoundError */
export const userOf = (ctx: IdpContext, org: string, id: string): User => {
  const found = ctx.store.users.get(orgOf(ctx, org).id, id)
  if (found) return found
  throw new NotFoundError(
    `user "${id}" in the org "${org}"`,
    'GET …/users lists them; users of one org do not exist in another.',
  )
}

export const list: Handler = (ctx) => (req, res) => {
  res.json(ctx.store.users.list(orgOf(ctx, req.params.org).id, queryOf(req, 'q')))
}

/** Enumerated and required hold on the Okta user too. @throws UsageError `bad-profile` */
const mustFit = ({ store }: IdpContext, org: string, { profile }: Pick<User, 'profile'>): void =>
  checkProfile(`the Okta user ${profile.login}`, store.orgs.attributes(org, 'user'), profile, { others: 'accept' })

/** @throws NotFoundError for an org or application that does not exist; then nothing is made. */
export const createUser = (
  ctx: IdpContext,
  orgId: string,
  { applicationIds, ...wanted }: z.output<typeof newUser>,
): User => {
  const org = orgOf(ctx, orgId)
  const created: User = { id: newUserId(), ...wanted }
  mustFit(ctx, org.id, created)
  const applications = applicationIds.map((id) => applicationOf(ctx, org.id, id))
  changing(
    ctx,
    org.id,
    {},
    () => {
      ctx.store.users.create(org.id, created)
      for (const { id } of applications) ctx.store.applications.assignUser(id, created.id)
    },
    () => ({ users: [created.id] }),
  )
  return created
}

export const create: Handler = (ctx) => (req, res) => {
  res.status(201).json(createUser(ctx, req.params.org, bodyOf(req, newUser)))
}

export const get: Handler = (ctx) => (req, res) => {
  res.json(userOf(ctx, req.params.org, req.params.id))
}

export const update: Handler = (ctx) => (req, res) => {
  const before = userOf(ctx, req.params.org, req.params.id)
  const change = bodyOf(req, userChange)
  const profile = Object.fromEntries(
    Object.entries({ ...before.profile, ...change.profile }).filter(([, value]) => value !== null),
  )
  const after = checked(
    { id: before.id, status: change.status ?? before.status, profile },
    user,
    'The user would not be valid after this change',
  )
  if (change.profile !== undefined) mustFit(ctx, req.params.org, after)
  changing(ctx, req.params.org, { users: [after.id] }, () => ctx.store.users.update(req.params.org, after))
  res.json(after)
}

export const remove: Handler = (ctx) => (req, res) => {
  const { id } = userOf(ctx, req.params.org, req.params.id)
  ctx.store.users.remove(req.params.org, id)
  ctx.faults.clear(req.params.org, id)
  res.status(204).end()
}
