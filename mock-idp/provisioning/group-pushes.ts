import type { NewPushRule } from '../admin/provisioning-shapes.ts'
import type { Group } from '../admin/schema.ts'
import type { IdpContext } from '../http/context.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import { newPushedGroupId, newPushRuleId } from '../store/ids.ts'
import type { PushedGroupRecord, PushRuleRecord } from '../store/pushed-groups.ts'
import type { TaskRecord } from '../store/tasks.ts'
import { groupsThatRulesPush } from './push-rules.ts'

/** What an administrator does on the Push Groups tab. Each returns at once; the tasks do the rest. */

type Context = Pick<IdpContext, 'store' | 'provisioning'>

const pushTask = ({ applicationId, id }: PushedGroupRecord, now = false) => ({
  applicationId,
  kind: 'push-group' as const,
  subject: id,
  payload: now ? { how: 'now' } : undefined,
})

const withTasks = <T>(
  ctx: Context,
  work: (add: (task: Parameters<Context['store']['tasks']['add']>[0]) => void) => T,
): T => {
  const tasks: TaskRecord[] = []
  const result = ctx.store.transaction(() => work((task) => void tasks.push(ctx.store.tasks.add(task))))
  ctx.provisioning.add(tasks)
  return result
}

const pushesGroups = ({ store }: Context, applicationId: string): boolean =>
  store.provisioning.get(applicationId)?.settings.actions.pushGroups === true

/** "Find groups by name". @throws UsageError `already-exists` */
export const pushGroup = (
  ctx: Context,
  application: Pick<ApplicationRecord, 'id'>,
  group: Group,
  linkTo: string | undefined,
): PushedGroupRecord =>
  withTasks(ctx, (add) => {
    const pushed: PushedGroupRecord = {
      id: newPushedGroupId(),
      applicationId: application.id,
      groupId: group.id,
      status: 'ACTIVE',
      linkTo,
    }
    ctx.store.pushedGroups.create(pushed)
    if (pushesGroups(ctx, application.id)) add(pushTask(pushed))
    return pushed
  })

/**
 * Activates or deactivates a push. A deactivated one is silent: nothing is told to the SP, and nobody there loses
 * anything. Activated again, the SP is told the whole membership.
 */
export const setPushStatus = (
  ctx: Context,
  pushed: PushedGroupRecord,
  status: 'ACTIVE' | 'INACTIVE',
  { now = pushed.status === 'INACTIVE' } = {},
): PushedGroupRecord =>
  withTasks(ctx, (add) => {
    const after: PushedGroupRecord = { ...pushed, status, problem: undefined }
    ctx.store.pushedGroups.update(after)
    if (status === 'ACTIVE' && pushesGroups(ctx, pushed.applicationId)) add(pushTask(after, now))
    return after
  })

/** Ends the link. The group at the SP stays, or is deleted there. */
export const unlinkGroup = (ctx: Context, pushed: PushedGroupRecord, { deleteAtSp }: { deleteAtSp: boolean }): void =>
  withTasks(ctx, (add) => {
    ctx.store.pushedGroups.remove(pushed.id)
    if (deleteAtSp && pushed.externalId !== undefined)
      add({
        applicationId: pushed.applicationId,
        kind: 'delete-group',
        subject: pushed.id,
        payload: { externalId: pushed.externalId },
      })
  })

/** "Find groups by rule": pushes what fits now, and later whatever comes to fit. */
export const addRule = (
  ctx: Context,
  org: string,
  application: Pick<ApplicationRecord, 'id'>,
  { name, filter }: NewPushRule,
): PushRuleRecord =>
  withTasks(ctx, (add) => {
    const rule: PushRuleRecord = { id: newPushRuleId(), applicationId: application.id, name, filter, status: 'ACTIVE' }
    ctx.store.pushedGroups.createRule(rule)
    for (const group of ctx.store.groups.list(org)) groupsThatRulesPush(ctx.store, org, group.id)
    if (pushesGroups(ctx, application.id))
      for (const pushed of ctx.store.pushedGroups.list(application.id))
        if (pushed.ruleId === rule.id) add(pushTask(pushed))
    return rule
  })

/** Deletes a rule. Its groups go on being pushed by name, or are unlinked and stay at the SP. */
export const endRule = (ctx: Context, rule: PushRuleRecord, { unlinkGroups }: { unlinkGroups: boolean }): void =>
  withTasks(ctx, () => {
    if (unlinkGroups)
      for (const pushed of ctx.store.pushedGroups.list(rule.applicationId))
        if (pushed.ruleId === rule.id) ctx.store.pushedGroups.remove(pushed.id)
    ctx.store.pushedGroups.removeRule(rule.id)
  })
