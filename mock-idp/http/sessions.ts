import { randomBytes } from 'node:crypto'
import { type Clock, toInstant } from '../../src/core/clock.ts'
import type { Session } from '../admin/schema.ts'
import { boundedMap } from './bounded-map.ts'

export interface SessionRecord {
  id: string
  org: string
  userId: string
  /** When the user picked their name, or the control API made the session; ms. */
  authnAt: number
}

export interface Sessions {
  create(org: string, userId: string): SessionRecord
  get(org: string, id: string | undefined): SessionRecord | undefined
  remove(id: string): void
}

/** As long as Okta's default: two hours without use would be closer, but a session that ends in mid-test helps nobody. */
const lifetimeMs = 12 * 3600_000

export const createSessions = (clock: Clock): Sessions => {
  const sessions = boundedMap<SessionRecord>({ maxEntries: 20_000 })
  return {
    create: (org, userId) => {
      const session = { id: randomBytes(24).toString('base64url'), org, userId, authnAt: clock.now() }
      sessions.set(session.id, session)
      return session
    },
    get: (org, id) => {
      const session = id === undefined ? undefined : sessions.get(id)
      return session?.org === org && clock.now() - session.authnAt < lifetimeMs ? session : undefined
    },
    remove: (id) => sessions.delete(id),
  }
}

/** One cookie an org, because cookies do not tell orgs on one host apart by anything but name and path. */
export const sessionCookie = (org: string): string => `idp_session_${org}`

export const toSession = (session: SessionRecord): Session => ({
  id: session.id.slice(0, 8),
  userId: session.userId,
  cookie: { name: sessionCookie(session.org), value: session.id },
  authnInstant: toInstant(session.authnAt),
})

/** Cookies of a `Cookie` header; the first of a name counts (RFC 6265 5.4: the longest path comes first). */
export const readCookies = (header: string | undefined): ReadonlyMap<string, string> => {
  const cookies = new Map<string, string>()
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim())
  }
  return cookies
}
