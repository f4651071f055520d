import type { Clock } from '../../src/core/clock.ts'
import type { Store } from '../store/store.ts'

/** Each application's own time, which only goes forward, and what becomes due by it. */
export interface ApplicationClock {
  /** ms since the epoch. */
  now(applicationId: string): number
  /** Moves one application's time on; what becomes due begins. */
  advance(applicationId: string, ms: number): void
  /** Looks anew at when the next thing is due. */
  arm(applicationId: string): void
  stop(): void
}

export interface ClockParts {
  store: Pick<Store, 'provisioning'>
  clock: Clock
  /** When the first waiting task is due, on the application's clock. */
  nextDue(applicationId: string): number | undefined
  /** Waiting tasks that are due go on. */
  wake(applicationId: string): void
  scheduledImport(applicationId: string): void
}

/** The longest that setTimeout takes. */
const longest = 2_147_483_647

/**
 * There is no clock for all: a test that moves one application's schedule on leaves the others alone. Without being moved
 * the clocks go as the real one does, so that `idpact idp` retries and imports by itself.
 */
export const createApplicationClock = (parts: ClockParts): ApplicationClock => {
  const { store, clock, nextDue, wake, scheduledImport } = parts
  const timers = new Map<string, NodeJS.Timeout>()
  const now = (applicationId: string): number =>
    clock.now() + (store.provisioning.get(applicationId)?.clockOffsetMs ?? 0)

  const arm = (applicationId: string): void => {
    clearTimeout(timers.get(applicationId))
    timers.delete(applicationId)
    const due = [nextDue(applicationId), store.provisioning.get(applicationId)?.nextImport].filter(
      (at) => at !== undefined,
    )
    if (due.length === 0) return
    const wait = Math.min(longest, Math.max(0, Math.min(...due) - now(applicationId)))
    timers.set(applicationId, setTimeout(() => run(applicationId), wait).unref())
  }

  const run = (applicationId: string): void => {
    const record = store.provisioning.get(applicationId)
    if (record === undefined) return
    const time = now(applicationId)
    const { schedule } = record.settings.import
    let { nextImport } = record
    if (schedule !== 'never' && record.settings.actions.importUsers)
      for (; nextImport !== undefined && nextImport <= time; nextImport += schedule * 60_000)
        scheduledImport(applicationId)
    if (nextImport !== record.nextImport) store.provisioning.put({ ...record, nextImport })
    wake(applicationId)
    arm(applicationId)
  }

  return {
    now,
    arm,
    advance: (applicationId, ms) => {
      const record = store.provisioning.get(applicationId)
      if (record === undefined) return
      store.provisioning.put({ ...record, clockOffsetMs: record.clockOffsetMs + ms })
      run(applicationId)
    },
    stop: () => {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}
