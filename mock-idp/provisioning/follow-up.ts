import type { Link } from '../store/provisioning.ts'
import type { TaskRecord } from '../store/tasks.ts'
import type { NewTask } from './change.ts'
import { personAt } from './person.ts'
import type { TaskParts } from './task-parts.ts'

/**
 * Notes what the SP now knows of a user, and what is to be done next, in one transaction: the groups that push the user,
 * and whatever has changed while the call was under way.
 */
export const told = (parts: TaskParts, link: Link): void => {
  const { ctx, applicationId } = parts
  const tasks: TaskRecord[] = []
  ctx.store.soon(() => {
    const before = ctx.store.provisioning.link(applicationId, link.userId)
    // Deleted while the call was under way, the person or the application: there is nothing more to be done for them.
    if (!ctx.store.provisioning.putLink(link)) return
    const changed = before?.active !== link.active || before.externalId !== link.externalId
    for (const task of [...(changed ? groupTasks(parts, link.userId) : []), ...missed(parts, link)])
      if (!ctx.provisioning.has(task)) tasks.push(ctx.store.tasks.add(task))
  })
  ctx.provisioning.add(tasks)
}

const groupTasks = ({ ctx, applicationId, settings }: TaskParts, userId: string): NewTask[] =>
  settings.actions.pushGroups
    ? ctx.store.pushedGroups
        .ofMember(userId)
        .filter((pushed) => pushed.applicationId === applicationId && pushed.status !== 'INACTIVE')
        .map(({ id }) => ({ applicationId, kind: 'push-group', subject: id, payload: undefined }))
    : []

/** `changing` compares with the last thing told, which a call under way is about to change. */
const missed = ({ ctx, org, applicationId, settings, changes }: TaskParts, link: Link): NewTask[] => {
  if (ctx.provisioning.changes === changes) return []
  const { actions } = settings
  const isAssigned = ctx.store.provisioning.assignedTo(link.userId).includes(applicationId)
  const task = (kind: NewTask['kind']): NewTask[] => [{ applicationId, kind, subject: link.userId, payload: undefined }]
  if (isAssigned && !link.active) return actions.createUsers ? task('provision') : []
  if (!isAssigned) return link.active && actions.deactivateUsers ? task('deactivate') : []
  const now = personAt(ctx, org, applicationId, link.userId)
  return actions.updateUsers && now !== undefined && now.fingerprint !== link.pushed ? task('update') : []
}
