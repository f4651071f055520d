/**
 * How long a run waits for the SP: the time in which at least one request to it is under way. Measured where every request
 * of ours leaves, at undici's diagnostics channels, so that nobody has to take part.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'

export interface SpTime {
  /** Milliseconds so far. */
  waitedMs(): number
  stop(): void
}

/** @param origins scheme, host and port of everything that is the SP's */
export const measureSpTime = (origins: readonly string[]): SpTime => {
  const wanted = new Set(origins)
  const open = new Set<unknown>()
  let since = 0
  let total = 0
  const start = (message: unknown): void => {
    const { request } = message as { request: { origin?: unknown } }
    if (!wanted.has(String(request.origin))) return
    if (open.size === 0) since = performance.now()
    open.add(request)
  }
  const end = (message: unknown): void => {
    if (!open.delete((message as { request: unknown }).request) || open.size > 0) return
    total += performance.now() - since
  }
  const channels: [string, (message: unknown) => void][] = [
    ['undici:request:create', start],
    ['undici:request:trailers', end],
    ['undici:request:error', end],
  ]
  for (const [name, listener] of channels) subscribe(name, listener)
  return {
    waitedMs: () => total + (open.size > 0 ? performance.now() - since : 0),
    stop: () => {
      for (const [name, listener] of channels) unsubscribe(name, listener)
    },
  }
}
