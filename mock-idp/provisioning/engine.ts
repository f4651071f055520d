import { UsageError } from '../../src/core/errors.ts'
import type { ImportRun } from '../admin/provisioning-shapes.ts'
import type { IdpContext } from '../http/context.ts'
import type { TaskRecord } from '../store/tasks.ts'
import { type ApplicationClock, createApplicationClock } from './application-clock.ts'
import { runTask } from './run-task.ts'
import { createScimAccess, type ScimAccess } from './scim-access.ts'
import { createTaskQueue, type TaskEnd, type TaskQueue } from './task-queue.ts'

/** What does the work that changes of the directory make. */
export interface Engine {
  queue: TaskQueue
  clock: ApplicationClock
  access: ScimAccess
  /** Takes up what is in the store. */
  start(): void
  /** Runs an import and waits for it. @throws UsageError with what the SP said when it fails */
  importNow(applicationId: string): Promise<ImportRun>
  stop(): Promise<void>
}

const journalOf = (ctx: IdpContext, task: TaskRecord, end: Exclude<TaskEnd, { kind: 'done' }>): void => {
  const record = ctx.store.provisioning.get(task.applicationId)
  if (record === undefined) return
  const { seq, kind, subject, attempts } = task
  ctx.journal(record.org).append({
    kind: 'task-ended',
    applicationId: task.applicationId,
    ...(subject?.startsWith('00u') && { userId: subject }),
    summary: `${kind} ${words[end.kind]}: ${end.problem}`,
    details: { task: String(seq), kind, subject, attempts, end: end.kind, ...(end.kind === 'wait' && { ms: end.ms }) },
  })
}

const words = { failed: 'failed', wait: 'waits', blocked: 'waits for the connection' } as const

/** Tasks of one application that run at the same time: as many as undici keeps busy without overrunning a small SP. */
export const concurrency = 8

export const createEngine = (ctx: IdpContext): Engine => {
  const { store } = ctx
  const imports = new Map<number, (run: ImportRun | Error) => void>()
  const access = createScimAccess(ctx, (applicationIds) => queue.unblock(applicationIds))
  const queue = createTaskQueue({
    store: { update: store.tasks.update, remove: (seq) => store.soon(() => store.tasks.remove(seq)) },
    run: (task) => runTask({ ctx, access, imported: (run) => imports.get(task.seq)?.(run) }, task),
    now: (applicationId) => clock.now(applicationId),
    concurrency,
    onEnd: (task, end) => {
      if (end.kind === 'done') return
      imports.get(task.seq)?.(
        new UsageError(`The import failed: ${end.problem}`, {
          code: 'import-failed',
          hint: 'hint' in end ? end.hint : undefined,
        }),
      )
      journalOf(ctx, task, end)
      clock.arm(task.applicationId)
    },
  })
  const clock = createApplicationClock({
    store,
    clock: ctx.clock,
    nextDue: queue.nextDue,
    wake: queue.wake,
    scheduledImport: (applicationId) => queue.add([importTask(applicationId)]),
  })
  const importTask = (applicationId: string) =>
    store.tasks.add({ applicationId, kind: 'import', subject: undefined, payload: undefined })
  return {
    queue,
    clock,
    access,
    start: () => {
      queue.add(store.tasks.list())
      for (const { applicationId } of store.provisioning.list()) clock.arm(applicationId)
    },
    importNow: (applicationId) =>
      new Promise((resolve, reject) => {
        const task = importTask(applicationId)
        imports.set(task.seq, (run) => {
          imports.delete(task.seq)
          if (run instanceof Error) reject(run)
          else resolve(run)
        })
        queue.add([task])
      }),
    stop: async () => {
      clock.stop()
      await queue.stop()
      await access.close()
    },
  }
}
