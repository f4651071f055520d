import type { RequestHandler } from 'express'
import { checkProfile } from '../directory/profile-check.ts'
import { type IdpContext, orgOf } from '../http/context.ts'
import { changing } from '../provisioning/change.ts'
import { newGroupId } from '../store/ids.ts'
import { NotFoundError } from '../store/rows.ts'
import { bodyOf, checked } from './handle.ts'
import { type Group, group, groupChange, newGroup } from './schema.ts'
import { userOf } from './users.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string; userId: string }>

const memberIds = ({ store }: IdpContext, groupId: string): string[] =>
  store.groups.members(groupId).map(({ id }) => id)

/** @throws UsageError `bad-profile` */
const mustFit = ({ store }: IdpContext, org: string, { profile }: Pick<Group, 'profile'>): void =>
  checkProfile(`the Okta group ${profile.name}`, store.orgs.attributes(org, 'group'), profile, { others: 'accept' })

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
  mustFit(ctx, org.id, created)
  changing(
    ctx,
    org.id,
    {},
    () => ctx.store.groups.create(org.id, created),
    () => ({ groups: [created.id] }),
  )
  res.status(201).json(created)
}

/** A changed attribute reaches every member of a group that assigns an application. */
export const update: Handler = (ctx) => (req, res) => {
  const { org } = req.params
  const before = groupOf(ctx, org, req.params.id)
  const change = bodyOf(req, groupChange)
  const profile = Object.fromEntries(
    Object.entries({ ...before.profile, ...change.profile }).filter(([, value]) => value !== null),
  )
  const after = checked({ id: before.id, profile }, group, 'The group would not be valid after this change')
  mustFit(ctx, org, after)
  changing(ctx, org, { users: memberIds(ctx, after.id), groups: [after.id] }, () => ctx.store.groups.update(org, after))
  res.json(after)
}

export const remove: Handler = (ctx) => (req, res) => {
  const { org } = req.params
  const { id } = groupOf(ctx, org, req.params.id)
  changing(ctx, org, { users: memberIds(ctx, id) }, () => ctx.store.groups.remove(org, id))
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
    const [groupId, memberId] = [groupOf(ctx, org, id).id, userOf(ctx, org, userId).id]
    changing(ctx, org, { users: [memberId], groups: [groupId] }, () => ctx.store.groups[change](groupId, memberId))
    res.status(204).end()
  }

export const addMember = membership('addMember')
export const removeMember = membership('removeMember')
