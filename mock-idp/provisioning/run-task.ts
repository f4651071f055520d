import { IdpactError } from '../../src/core/errors.ts'
import type { ImportRun } from '../admin/provisioning-shapes.ts'
import type { IdpContext } from '../http/context.ts'
import { scimPersonas } from '../personas/okta-scim.ts'
import { createScimClient } from '../scim/client.ts'
import type { TaskRecord } from '../store/tasks.ts'
import { endOf } from './end-of-task.ts'
import { pushGroup, removeGroup } from './group-tasks.ts'
import { runImport } from './run-import.ts'
import type { ScimAccess } from './scim-access.ts'
import type { TaskParts } from './task-parts.ts'
import type { TaskEnd } from './task-queue.ts'
import { deactivate, password, provision, update } from './user-tasks.ts'

export interface RunParts {
  ctx: IdpContext
  access: ScimAccess
  /** Told of what an import found. */
  imported(run: ImportRun): void
}

/** Does one task, and says how it ended; what is expected to go wrong is never thrown. */
export const runTask = async ({ ctx, access, imported }: RunParts, task: TaskRecord): Promise<TaskEnd> => {
  const record = ctx.store.provisioning.get(task.applicationId)
  if (record === undefined) return { kind: 'done' }
  const { org, applicationId, settings } = record
  const persona = scimPersonas[settings.persona]
  const subject = task.subject ?? ''
  try {
    const about = task.kind === 'push-group' || task.kind === 'delete-group' || task.kind === 'import'
    const plain = access.transportFor(applicationId, about ? {} : { userId: subject })
    const transport = ctx.scimFaults.spoiling(applicationId, plain)
    const client = createScimClient(persona, transport)
    const { changes } = ctx.provisioning
    const parts: TaskParts = { ctx, org, applicationId, settings, client, changes }
    switch (task.kind) {
      case 'provision':
        await provision(parts, subject)
        break
      case 'update':
        await update(parts, subject)
        break
      case 'deactivate':
        await deactivate(parts, subject)
        break
      case 'password':
        await password(parts, subject, task.payload?.['password'] ?? '')
        break
      case 'push-group':
        await pushGroup(parts, subject, task.payload?.['how'] === 'now' ? 'now' : undefined)
        break
      case 'delete-group':
        await removeGroup(parts, task.payload?.['externalId'] ?? '')
        break
      case 'import':
        imported({ taskId: String(task.seq), ...(await runImport(parts)) })
        break
    }
    return { kind: 'done' }
  } catch (error) {
    if (!(error instanceof IdpactError)) throw error
    const end = endOf(error, task, persona)
    if (task.kind === 'push-group') noteProblem(ctx, applicationId, subject, end)
    return end
  }
}

const noteProblem = (ctx: IdpContext, applicationId: string, pushedId: string, end: TaskEnd): void => {
  const pushed = ctx.store.pushedGroups.get(applicationId, pushedId)
  if (pushed === undefined || pushed.status === 'INACTIVE' || end.kind === 'done') return
  ctx.store.pushedGroups.update({ ...pushed, status: 'ERROR', problem: end.problem })
}
