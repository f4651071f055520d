import type { IdpContext } from '../http/context.ts'
import type { ProvisioningRecord } from '../store/provisioning.ts'
import type { Store } from '../store/store.ts'
import type { TaskRecord } from '../store/tasks.ts'
import { personAt } from './person.ts'
import { groupsThatRulesPush } from './push-rules.ts'

/** A piece of work that a change of the directory makes. */
export type NewTask = Pick<TaskRecord, 'applicationId' | 'kind' | 'subject' | 'payload'>

/** Whom a change may concern: ids. Members of a group that changes are among the users. */
export interface Affected {
  users?: readonly string[] | undefined
  groups?: readonly string[] | undefined
}

type Context = Pick<IdpContext, 'store' | 'provisioning'>

/**
 * Makes a change of the directory, and the tasks that follow from it, in one transaction: a crash loses neither or both.
 *
 * What follows is found by looking at the people before and after, not by the kind of change, so that no way of changing
 * something can be forgotten: who has come to be assigned is provisioned, who no longer is is deactivated, and who is
 * linked and has another profile than the SP was told is updated. Suspending a person changes nothing here, and one who
 * is deleted is gone without a word, as at Okta.
 *
 * @param made whom else it concerns, known only afterwards
 * @example changing(ctx, org.id, { users: [user.id] }, () => store.applications.assignUser(app.id, user.id))
 */
export const changing = <T>(
  ctx: Context,
  org: string,
  affected: Affected,
  work: () => T,
  made: (result: T) => Affected = () => ({}),
): T => {
  const { store } = ctx
  if (!store.provisioning.any(org)) return store.transaction(work)
  ctx.provisioning.changes += 1
  const tasks: TaskRecord[] = []
  const result = store.transaction(() => {
    const before = new Map((affected.users ?? []).map((id) => [id, store.provisioning.assignedTo(id)]))
    const result = work()
    const also = made(result)
    for (const id of also.users ?? []) if (!before.has(id)) before.set(id, [])
    const groups = new Set([...(affected.groups ?? []), ...(also.groups ?? [])])
    const note = (task: NewTask): void => {
      if (!ctx.provisioning.has(task)) tasks.push(store.tasks.add(task))
    }
    const actionsOf = remembered((id) => actionsOfActive(store, org, id))
    for (const [id, assigned] of before) tasksOfUser(ctx, org, id, assigned, actionsOf).forEach(note)
    for (const id of groups) tasksOfGroup(ctx, org, id).forEach(note)
    return result
  })
  ctx.provisioning.add(tasks)
  return result
}

type Actions = ProvisioningRecord['settings']['actions']

const actionsOfActive = (store: Store, org: string, applicationId: string): Actions | undefined =>
  store.applications.get(org, applicationId)?.status === 'ACTIVE'
    ? store.provisioning.get(applicationId)?.settings.actions
    : undefined

/** Ten thousand people of one group have their applications in common. */
const remembered = <T>(find: (id: string) => T): ((id: string) => T) => {
  const known = new Map<string, T>()
  return (id) => {
    const value = known.has(id) ? (known.get(id) as T) : find(id)
    known.set(id, value)
    return value
  }
}

const tasksOfUser = (
  ctx: Context,
  org: string,
  userId: string,
  before: readonly string[],
  actionsOf: (applicationId: string) => Actions | undefined,
): NewTask[] => {
  const { store } = ctx
  if (!store.users.has(org, userId)) return []
  const after = store.provisioning.assignedTo(userId)
  return [...new Set([...before, ...after])].flatMap((applicationId): NewTask[] => {
    const actions = actionsOf(applicationId)
    if (actions === undefined) return []
    const task = (kind: NewTask['kind']): NewTask[] => [{ applicationId, kind, subject: userId, payload: undefined }]
    const link = store.provisioning.link(applicationId, userId)
    const told = (): boolean => personAt(ctx, org, applicationId, userId)?.fingerprint === link?.pushed
    // Who was imported is linked with the assignment, and there is nothing to tell.
    if (!before.includes(applicationId))
      return !actions.createUsers || (link?.active && told()) ? [] : task('provision')
    if (!after.includes(applicationId))
      return actions.deactivateUsers && link?.active === true ? task('deactivate') : []
    if (!actions.updateUsers || link === undefined || !link.active) return []
    return told() ? [] : task('update')
  })
}

/** Every push of the group, and those that rules begin because of its name. Whether anything is to be told, the task finds out. */
const tasksOfGroup = ({ store }: Context, org: string, groupId: string): NewTask[] => {
  groupsThatRulesPush(store, org, groupId)
  return store.pushedGroups
    .ofGroup(groupId)
    .filter(
      ({ applicationId, status }) =>
        status !== 'INACTIVE' && store.provisioning.get(applicationId)?.settings.actions.pushGroups === true,
    )
    .map(({ applicationId, id }) => ({ applicationId, kind: 'push-group', subject: id, payload: undefined }))
}
