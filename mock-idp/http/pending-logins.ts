import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { boundedMap } from './bounded-map.ts'
import type { Login } from './login.ts'

/** Logins that wait for a person: at the sign-in page, or at the question whether to register a service provider. */
export interface PendingLogins {
  /** Keeps a login and returns the key that the page carries. */
  keep(login: Login): string
  get(org: string, key: string | undefined): Login | undefined
  done(key: string): void
}

const lifetimeMs = 30 * 60_000

export const createPendingLogins = (clock: Clock): PendingLogins => {
  const pending = boundedMap<{ login: Login; at: number }>({
    maxEntries: 2_000,
    maxWeight: 8_000_000,
    weigh: ({ login }) => 500 + (login.request?.xml.length ?? 0) + (login.relayState?.length ?? 0),
  })
  return {
    keep: (login) => {
      const key = randomBytes(18).toString('base64url')
      pending.set(key, { login, at: clock.now() })
      return key
    },
    get: (org, key) => {
      const found = key === undefined ? undefined : pending.get(key)
      return found && found.login.org === org && clock.now() - found.at < lifetimeMs ? found.login : undefined
    },
    done: (key) => pending.delete(key),
  }
}
