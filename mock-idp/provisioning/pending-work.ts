import type { TaskRecord } from '../store/tasks.ts'
import type { Engine } from './engine.ts'

/** What routes know of the engine: it loads with the first task, so that whoever only logs in does not pay for it. */
export interface PendingWork {
  /** Hands over tasks that are in the store. */
  add(tasks: readonly TaskRecord[]): void
  /** Whether such a task is queued already and has not begun. */
  has(task: Pick<TaskRecord, 'applicationId' | 'kind' | 'subject'>): boolean
  /** Grows with every change of the directory: a task that sees it grow looks again at what it has done. */
  changes: number
  /** An application is gone: so is its work. */
  forget(applicationId: string): void
  engine(): Promise<Engine>
  stop(): Promise<void>
}

/** @param load gives an engine that takes up what is in the store when it starts */
export const createPendingWork = (load: () => Promise<Engine>, onProblem: (error: unknown) => void): PendingWork => {
  let loading: Promise<Engine> | undefined
  let loaded: Engine | undefined
  let stopped = false
  const engine = (): Promise<Engine> => {
    loading ??= load().then((engine) => {
      // In one turn: a task that is added between the two would be lost until the next start.
      loaded = engine
      if (!stopped) engine.start()
      return engine
    })
    return loading
  }
  return {
    changes: 0,
    add: (tasks) => {
      if (tasks.length === 0 || stopped) return
      // An engine that is still loading finds them in the store.
      if (loaded) loaded.queue.add(tasks)
      else engine().catch(onProblem)
    },
    has: (task) => loaded?.queue.has(task) ?? false,
    forget: (applicationId) => loaded?.queue.forget(applicationId),
    engine,
    stop: async () => {
      stopped = true
      await loading?.then((engine) => engine.stop(), onProblem)
    },
  }
}
