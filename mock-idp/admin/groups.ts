import type { RequestHandler } from 'express'
import { type IdpContext, orgOf } from '../http/context.ts'
import { newGroupId } from '../store/ids.ts'
import { NotFoundError } from '../store/rows.ts'
import { bodyOf } from './handle.ts'
import { type Group, newGroup } from './schema.ts'
import { userOf } from './users.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string; userId: string }>

/** @throws NotFoundError */
export const groupOf = (ctx: IdpContext, org: string, id: string): Group => {
  const found = ctx.store.groups.get(orgOf(ctx, org).id, id)
  if (found) return found
  throw new NotFoundError(`group "${id}" in the org "${org}"`, 'GET …/groups lists them.')
}

export const list: Handler = (ctx) => (req, res) => {
  res.json(ctx.store.groups.list(orgOf(ctx, req.params.org).id))
}

export const create: Handler = (ctx) => (req, res) => {
  const org = orgOf(ctx, req.params.org)
  const created: Group = { id: newGroupId(), ...bodyOf(req, newGroup) }
  ctx.store.groups.create(org.id, created)
  res.status(201).json(created)
}

export const remove: Handler = (ctx) => (req, res) => {
  const { id } = groupOf(ctx, req.params.org, req.params.id)
  ctx.store.groups.remove(req.params.org, id)
  res.status(204).end()
}

export const members: Handler = (ctx) => (req, res) => {
  res.json(ctx.store.groups.members(groupOf(ctx, req.params.org, req.params.id).id))
}

const membership =
  (change: 'addMember' | 'removeMember'): Handler =>
  (ctx) =>
  (req, res) => {
    const { org, id, userId } = req.params
    ctx.store.groups[change](groupOf(ctx, org, id).id, userOf(ctx, org, userId).id)
    res.status(204).end()
  }

export const addMember = membership('addMember')
export const removeMember = membership('removeMember')
