import type { TaskCounts } from '../admin/provisioning-shapes.ts'
import type { TaskRecord } from '../store/tasks.ts'

/** How a task ended. */
export type TaskEnd =
  | { kind: 'done' }
  | { kind: 'failed'; problem: string; hint?: string | undefined }
  /** Again after so many ms of the application's own clock. */
  | { kind: 'wait'; ms: number; problem: string }
  /** Not before the connection is authorised again. */
  | { kind: 'blocked'; problem: string; hint?: string | undefined }

export interface TaskQueueParts {
  /** Keeps a task between starts; a task that is done is taken out. */
  store: { update(task: TaskRecord): void; remove(seq: number): void }
  run(task: TaskRecord): Promise<TaskEnd>
  /** The time at an application: ms since the epoch. */
  now(applicationId: string): number
  /** Tasks of one application that run at the same time. */
  concurrency: number
  /** Told of each end that is not `done`. */
  onEnd?(task: TaskRecord, end: TaskEnd): void
}

export interface TaskQueue {
  /** Takes tasks that are in the store already, in their order. */
  add(tasks: readonly TaskRecord[]): void
  /** Whether such a task is queued and has not begun: a second one would do nothing. */
  has(task: Pick<TaskRecord, 'applicationId' | 'kind' | 'subject'>): boolean
  /** A failed, blocked or waiting task goes on. False where there is no such task. */
  retry(seq: number): boolean
  /** Blocked tasks of these applications go on. */
  unblock(applicationIds: readonly string[]): void
  /** Waiting tasks whose time has come go on. */
  wake(applicationId: string): void
  /** When the first waiting task of an application is due; ms on its clock. */
  nextDue(applicationId: string): number | undefined
  /** Those of one application, or of several. */
  counts(applicationIds: readonly string[]): TaskCounts
  /** Resolves when none of these applications has a task queued or running. */
  idle(applicationIds: readonly string[]): Promise<void>
  /** Forgets the tasks of an application that is gone. */
  forget(applicationId: string): void
  /** Begins nothing more; resolves when what runs has ended. */
  stop(): Promise<void>
}

/** Users come first, so that a group is pushed when its members are known to the SP (Okta: users are provisioned first). */
const isOfUser = ({ kind }: TaskRecord): boolean =>
  kind === 'provision' || kind === 'update' || kind === 'deactivate' || kind === 'password'

/** Tasks with the same key run one after the other. */
const keyOf = (task: TaskRecord): string =>
  isOfUser(task) ? `user ${task.subject}` : task.kind === 'import' ? 'import' : `group ${task.subject}`

interface Lane {
  key: string
  /** The first one is at the head: ready, or running. */
  tasks: TaskRecord[]
}

interface Application {
  lanes: Map<string, Lane>
  /** Lanes whose first task may begin: of users, and of everything else. */
  ready: { users: Fifo<Lane>; others: Fifo<Lane> }
  running: number
  openUsers: number
  open: number
  /** Waiting, blocked and failed tasks, by seq. */
  kept: Map<number, TaskRecord>
  whenIdle: (() => void)[]
}

/**
 * The order of work: tasks about the same user or group one after the other, different ones side by side, users before
 * groups. What is done leaves the store, what failed stays there with the reason.
 */
export const createTaskQueue = ({ store, run, now, concurrency, onEnd }: TaskQueueParts): TaskQueue => {
  const applications = new Map<string, Application>()
  let stopped = false
  const running = new Set<Promise<void>>()

  const applicationOf = (id: string): Application => {
    const found = applications.get(id) ?? {
      lanes: new Map<string, Lane>(),
      ready: { users: fifo<Lane>(), others: fifo<Lane>() },
      running: 0,
      openUsers: 0,
      open: 0,
      kept: new Map<number, TaskRecord>(),
      whenIdle: [],
    }
    applications.set(id, found)
    return found
  }

  const makeReady = (app: Application, lane: Lane, task: TaskRecord): void =>
    (isOfUser(task) ? app.ready.users : app.ready.others).push(lane)

  const enqueue = (task: TaskRecord): void => {
    const app = applicationOf(task.applicationId)
    app.open += 1
    if (isOfUser(task)) app.openUsers += 1
    const key = keyOf(task)
    const known = app.lanes.get(key)
    if (known) {
      known.tasks.push(task)
      return
    }
    const lane = { key, tasks: [task] }
    app.lanes.set(key, lane)
    makeReady(app, lane, task)
  }

  const keep = (task: TaskRecord): void => {
    applicationOf(task.applicationId).kept.set(task.seq, task)
  }

  const begin = (app: Application): void => {
    while (!stopped && app.running < concurrency) {
      const lane = app.ready.users.shift() ?? (app.openUsers === 0 ? app.ready.others.shift() : undefined)
      const task = lane?.tasks[0]
      if (lane === undefined || task === undefined) return
      app.running += 1
      const work = perform(app, lane, task).finally(() => running.delete(work))
      running.add(work)
    }
  }

  const perform = async (app: Application, lane: Lane, task: TaskRecord): Promise<void> => {
    task.state = 'running'
    task.attempts += 1
    const end = await run(task).catch(
      (error: unknown): TaskEnd => ({
        kind: 'failed',
        problem: error instanceof Error ? error.message : String(error),
        hint: 'This is a bug of idpact: please report it.',
      }),
    )
    app.running -= 1
    app.open -= 1
    if (isOfUser(task)) app.openUsers -= 1
    lane.tasks.shift()
    const [next] = lane.tasks
    if (next) makeReady(app, lane, next)
    else app.lanes.delete(lane.key)
    // After a stop the application may be gone from the store, or the store closed.
    if (applications.get(task.applicationId) === app) settle(task, end)
    begin(app)
    if (app.open === 0) for (const tell of app.whenIdle.splice(0)) tell()
  }

  const settle = (task: TaskRecord, end: TaskEnd): void => {
    if (end.kind === 'done') store.remove(task.seq)
    else {
      task.problem = end.problem
      task.hint = end.kind === 'wait' ? undefined : end.hint
      task.state = end.kind === 'wait' ? 'waiting' : end.kind
      task.waitMs = end.kind === 'wait' ? end.ms : undefined
      task.notBefore = end.kind === 'wait' ? now(task.applicationId) + end.ms : undefined
      store.update(task)
      keep(task)
    }
    onEnd?.(task, end)
  }

  const goOn = (app: Application, task: TaskRecord): void => {
    app.kept.delete(task.seq)
    task.state = 'queued'
    task.notBefore = undefined
    store.update(task)
    enqueue(task)
  }

  const goOnWhere = (applicationId: string, wanted: (task: TaskRecord) => boolean): void => {
    const app = applications.get(applicationId)
    if (!app) return
    for (const task of [...app.kept.values()].filter(wanted)) goOn(app, task)
    begin(app)
  }

  return {
    add: (tasks) => {
      for (const task of tasks) {
        const open = task.state === 'queued' || task.state === 'running'
        if (open) enqueue(task)
        else keep(task)
      }
      for (const id of new Set(tasks.map(({ applicationId }) => applicationId))) begin(applicationOf(id))
    },
    has: (task) =>
      applications
        .get(task.applicationId)
        ?.lanes.get(keyOf(task as TaskRecord))
        ?.tasks.some(({ kind, state }) => kind === task.kind && state === 'queued') ?? false,
    retry: (seq) => {
      for (const app of applications.values()) {
        const task = app.kept.get(seq)
        if (!task) continue
        task.attempts = 0
        task.waitMs = undefined
        goOn(app, task)
        begin(app)
        return true
      }
      return false
    },
    unblock: (applicationIds) => {
      for (const id of applicationIds) goOnWhere(id, ({ state }) => state === 'blocked')
    },
    wake: (applicationId) => {
      const time = now(applicationId)
      goOnWhere(applicationId, ({ state, notBefore }) => state === 'waiting' && (notBefore ?? 0) <= time)
    },
    nextDue: (applicationId) => {
      const due = [...(applications.get(applicationId)?.kept.values() ?? [])].flatMap(({ state, notBefore }) =>
        state === 'waiting' && notBefore !== undefined ? [notBefore] : [],
      )
      return due.length === 0 ? undefined : Math.min(...due)
    },
    counts: (applicationIds) => {
      const counts: TaskCounts = { busy: 0, waiting: 0, blocked: 0, failed: 0 }
      for (const id of applicationIds) {
        const app = applications.get(id)
        counts.busy += app?.open ?? 0
        for (const { state } of app?.kept.values() ?? [])
          if (state === 'waiting' || state === 'blocked' || state === 'failed') counts[state] += 1
      }
      return counts
    },
    idle: async (applicationIds) => {
      await Promise.all(
        applicationIds.map((id) => {
          const app = applications.get(id)
          if (!app || app.open === 0) return undefined
          return new Promise<void>((resolve) => app.whenIdle.push(resolve))
        }),
      )
    },
    forget: (applicationId) => {
      const app = applications.get(applicationId)
      applications.delete(applicationId)
      for (const tell of app?.whenIdle.splice(0) ?? []) tell()
    },
    stop: async () => {
      stopped = true
      await Promise.all(running)
    },
  }
}

interface Fifo<T> {
  push(value: T): void
  shift(): T | undefined
}

/** An array whose shift moves nothing: ten thousand tasks may be ready at once. */
const fifo = <T>(): Fifo<T> => {
  let values: T[] = []
  let first = 0
  return {
    push: (value) => {
      values.push(value)
    },
    shift: () => {
      if (first >= values.length) return undefined
      const value = values[first++]
      if (first > 1_000 && first * 2 > values.length) {
        values = values.slice(first)
        first = 0
      }
      return value
    },
  }
}
