/** The world is slow and eventual: what is observed may come true late. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Target } from './ports.ts'

type Patience = Pick<Target, 'settleMs' | 'asynchronous'>

/**
 * Observes until `until` holds or the target's time to settle has passed, and gives what was observed last. It observes at
 * least twice before it gives up.
 *
 * @example const account = await eventually(() => accounts.find({ email }), (found) => found !== undefined, target)
 */
export const eventually = async <T>(
  observe: () => Promise<T>,
  until: (value: T) => boolean,
  { settleMs }: Patience,
): Promise<T> => {
  const deadline = performance.now() + settleMs
  for (let pause = 20; ; pause = Math.min(pause * 2, 250)) {
    const left = deadline - performance.now()
    const value = await observe()
    if (until(value) || left <= 0) return value
    await sleep(Math.min(pause, Math.max(left, 1)))
  }
}

/** Observes what must not have changed: at once, or after the whole time to settle where changes arrive later. */
export const stays = async <T>(observe: () => Promise<T>, { settleMs, asynchronous }: Patience): Promise<T> => {
  if (asynchronous) await sleep(settleMs)
  return observe()
}
