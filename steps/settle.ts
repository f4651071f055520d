import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from '../src/target/ports.ts'

type Patience = Pick<Target, 'settleMs' | 'asynchronous'>

/**
 * Reads until `done` says so, or until the target's time to settle has passed; gives what was read last.
 * The world is slow and eventual: an observation may come true late.
 */
export const eventually = async <T>(
  { settleMs }: Patience,
  read: () => Promise<T>,
  done: (value: T) => boolean,
): Promise<T> => {
  const deadline = performance.now() + settleMs
  for (let pause = 20; ; pause = Math.min(pause * 2, 250)) {
    const value = await read()
    if (done(value) || performance.now() >= deadline) return value
    await sleep(Math.min(pause, Math.max(deadline - performance.now(), 1)))
  }
}

/** Reads what must not have changed: at once, or after the whole time to settle where changes arrive later. */
export const afterSettling = async <T>({ settleMs, asynchronous }: Patience, read: () => Promise<T>): Promise<T> => {
  if (asynchronous) await sleep(settleMs)
  return read()
}
