import type { RequestHandler } from 'express'
import { z } from 'zod'
import { UsageError } from '../../../src/core/errors.ts'
import { groupFilter } from '../../directory/group-filter.ts'
import type { IdpContext } from '../../http/context.ts'
import { addRule, endRule, pushGroup, setPushStatus, unlinkGroup } from '../../provisioning/group-pushes.ts'
import type { PushedGroupRecord } from '../../store/pushed-groups.ts'
import { NotFoundError } from '../../store/rows.ts'
import { applicationOf } from '../application-of.ts'
import { groupOf } from '../groups.ts'
import { bodyOf, queryOf } from '../handle.ts'
import { newPushedGroup, newPushRule, type PushedGroup } from '../provisioning-shapes.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string; pushedId: string; ruleId: string }>

const view = (ctx: IdpContext, org: string, pushed: PushedGroupRecord): PushedGroup => {
  const { id, groupId, externalId, status, ruleId, problem } = pushed
  return {
    ...{ id, groupId, status, name: ctx.store.groups.get(org, groupId)?.profile.name ?? '' },
    ...(externalId !== undefined && { externalId }),
    ...(ruleId !== undefined && { ruleId }),
    ...(problem !== undefined && { problem }),
  }
}

const pushedOf = (ctx: IdpContext, applicationId: string, id: string): PushedGroupRecord => {
  const found = ctx.store.pushedGroups.get(applicationId, id)
  if (found) return found
  throw new NotFoundError(`pushed group "${id}" of this application`, 'GET …/pushed-groups lists them.')
}

export const list: Handler = (ctx) => (req, res) => {
  const { org, id } = req.params
  const pushed = ctx.store.pushedGroups.list(applicationOf(ctx, org, id).id)
  res.json(pushed.map((one) => view(ctx, org, one)))
}

export const push: Handler = (ctx) => (req, res) => {
  const { org, id } = req.params
  const { groupId, linkTo } = bodyOf(req, newPushedGroup)
  const pushed = pushGroup(ctx, applicationOf(ctx, org, id), groupOf(ctx, org, groupId), linkTo)
  res.status(201).json(view(ctx, org, pushed))
}

export const pushNow: Handler = (ctx) => (req, res) => {
  const { org, id, pushedId } = req.params
  const pushed = pushedOf(ctx, applicationOf(ctx, org, id).id, pushedId)
  if (pushed.status === 'INACTIVE')
    throw new UsageError('The push of this group is not active', {
      code: 'push-inactive',
      hint: 'Activate it first: PATCH …/pushed-groups/{id} {"status":"ACTIVE"}.',
    })
  setPushStatus(ctx, pushed, 'ACTIVE', { now: true })
  res.status(204).end()
}

const statusChange = z.strictObject({ status: z.enum(['ACTIVE', 'INACTIVE']) })

export const setStatus: Handler = (ctx) => (req, res) => {
  const { org, id, pushedId } = req.params
  const pushed = pushedOf(ctx, applicationOf(ctx, org, id).id, pushedId)
  res.json(view(ctx, org, setPushStatus(ctx, pushed, bodyOf(req, statusChange).status)))
}

const flagOf = (value: string | undefined): boolean => value === 'true'

export const unlink: Handler = (ctx) => (req, res) => {
  const { org, id, pushedId } = req.params
  const pushed = pushedOf(ctx, applicationOf(ctx, org, id).id, pushedId)
  unlinkGroup(ctx, pushed, { deleteAtSp: flagOf(queryOf(req, 'deleteAtSp')) })
  res.status(204).end()
}

export const listRules: Handler = (ctx) => (req, res) => {
  const rules = ctx.store.pushedGroups.rules(applicationOf(ctx, req.params.org, req.params.id).id)
  res.json(rules.map(({ applicationId: _, ...rule }) => rule))
}

export const createRule: Handler = (ctx) => (req, res) => {
  const { org, id } = req.params
  const application = applicationOf(ctx, org, id)
  const wanted = bodyOf(req, newPushRule)
  groupFilter(wanted.filter)
  const { applicationId: _, ...rule } = addRule(ctx, org, application, wanted)
  res.status(201).json(rule)
}

const ruleOf = (ctx: IdpContext, applicationId: string, id: string) => {
  const found = ctx.store.pushedGroups.rule(applicationId, id)
  if (found) return found
  throw new NotFoundError(`push rule "${id}" of this application`, 'GET …/push-rules lists them.')
}

export const setRuleStatus: Handler = (ctx) => (req, res) => {
  const { org, id, ruleId } = req.params
  const { applicationId: _, ...rule } = ruleOf(ctx, applicationOf(ctx, org, id).id, ruleId)
  const { status } = bodyOf(req, statusChange)
  ctx.store.pushedGroups.setRuleStatus(rule.id, status)
  res.json({ ...rule, status })
}

export const removeRule: Handler = (ctx) => (req, res) => {
  const { org, id, ruleId } = req.params
  const rule = ruleOf(ctx, applicationOf(ctx, org, id).id, ruleId)
  endRule(ctx, rule, { unlinkGroups: flagOf(queryOf(req, 'unlinkGroups')) })
  res.status(204).end()
}
