import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Database } from './database.ts'

/** Milliseconds that each of these lives. */
export const lifetimes = {
  session: 12 * 60 * 60_000,
  secondFactor: 5 * 60_000,
  authnRequest: 10 * 60_000,
  invitation: 7 * 24 * 60 * 60_000,
} as const

/** Wrong codes that one second-factor page takes before the password is asked for again. */
export const secondFactorAttempts = 5

/** An AuthnRequest that we sent and that has not been answered by a login yet. */
export interface PendingRequest {
  id: string
  email: string
  acs: string
}

export interface Session {
  userId: string
  via: 'saml' | 'password'
  /** When the login was, ms since the epoch. */
  startedAt: number
  /** What the IdP calls it. */
  index: string | undefined
  /** Format of the NameID that it began with. */
  nameFormat: string | undefined
}

/** What a session has of the Assertion that it began with. */
export interface SessionOfIdp {
  /** When the IdP wants it to end, ms since the epoch. */
  notAfter?: number | undefined
  index?: string | undefined
  nameFormat?: string | undefined
}

/**
 * What lives between two requests of a browser. Secrets that a browser holds are kept as hashes, so that who reads the
 * database cannot take over a session.
 */
export interface Logins {
  /** @param id of a session that goes on; a new one when left out */
  startSession(userId: string, via: Session['via'], ofIdp?: SessionOfIdp, id?: string): string
  session(id: string): Session | undefined
  endSession(id: string): void
  /** @param indexes only those that the IdP calls so; all when left out or empty */
  endSessionsOf(userId: string, indexes?: readonly string[]): void
  startSecondFactor(userId: string): string
  /** Who is to show a second factor; each call is an attempt, and the last one that is allowed ends it. */
  trySecondFactor(id: string): string | undefined
  endSecondFactor(id: string): void
  rememberRequest(request: PendingRequest, browser: string): void
  /** The request of this ID that was sent by way of this browser and is unanswered. */
  pendingRequest(id: string, browser: string | undefined): PendingRequest | undefined
  closeRequest(id: string): void
  /** False when this assertion has been used before. */
  useAssertion(key: string, expiresAt: number): boolean
  invite(userId: string): string
  invited(token: string): string | undefined
  endInvitationsOf(userId: string): void
  isInvited(userId: string): boolean
}

const secret = (): string => randomBytes(32).toString('base64url')
const hash = (value: string): string => createHash('sha256').update(value).digest('base64url')

const textOrNone = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

export const createLogins = (db: Database, clock: Clock): Logins => ({
  startSession: (userId, via, { notAfter, index, nameFormat } = {}, id = secret()) => {
    const now = clock.now()
    db.run('DELETE FROM sessions WHERE expires_at <= ?', now)
    db.run(
      `INSERT INTO sessions (id_hash, user_id, via, created_at, expires_at, session_index, name_format)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      hash(id),
      userId,
      via,
      now,
      Math.min(now + lifetimes.session, notAfter ?? Number.POSITIVE_INFINITY),
      index ?? null,
      nameFormat ?? null,
    )
    return id
  },
  session: (id) => {
    const row = db.get(
      'SELECT user_id, via, created_at, session_index, name_format FROM sessions WHERE id_hash = ? AND expires_at > ?',
      hash(id),
      clock.now(),
    )
    return (
      row && {
        userId: String(row['user_id']),
        via: row['via'] as Session['via'],
        startedAt: Number(row['created_at']),
        index: textOrNone(row['session_index']),
        nameFormat: textOrNone(row['name_format']),
      }
    )
  },
  endSession: (id) => {
    db.run('DELETE FROM sessions WHERE id_hash = ?', hash(id))
  },
  endSessionsOf: (userId, indexes = []) => {
    if (indexes.length === 0) db.run('DELETE FROM sessions WHERE user_id = ?', userId)
    for (const index of indexes) db.run('DELETE FROM sessions WHERE user_id = ? AND session_index = ?', userId, index)
  },
  startSecondFactor: (userId) => {
    const id = secret()
    const now = clock.now()
    db.run('DELETE FROM second_factors WHERE expires_at <= ?', now)
    db.run(
      'INSERT INTO second_factors (id_hash, user_id, attempts, expires_at) VALUES (?, ?, 0, ?)',
      hash(id),
      userId,
      now + lifetimes.secondFactor,
    )
    return id
  },
  trySecondFactor: (id) => {
    const row = db.get(
      `UPDATE second_factors SET attempts = attempts + 1
       WHERE id_hash = ? AND expires_at > ? AND attempts < ? RETURNING user_id`,
      hash(id),
      clock.now(),
      secondFactorAttempts,
    )
    return row && String(row['user_id'])
  },
  endSecondFactor: (id) => {
    db.run('DELETE FROM second_factors WHERE id_hash = ?', hash(id))
  },
  rememberRequest: (request, browser) => {
    const now = clock.now()
    db.run('DELETE FROM authn_requests WHERE expires_at <= ?', now)
    db.run(
      'INSERT INTO authn_requests (id, browser_hash, email, acs, expires_at) VALUES (?, ?, ?, ?, ?)',
      request.id,
      hash(browser),
      request.email,
      request.acs,
      now + lifetimes.authnRequest,
    )
  },
  pendingRequest: (id, browser) => {
    if (browser === undefined) return undefined
    const row = db.get(
      'SELECT email, acs FROM authn_requests WHERE id = ? AND browser_hash = ? AND expires_at > ?',
      id,
      hash(browser),
      clock.now(),
    )
    return row && { id, email: String(row['email']), acs: String(row['acs']) }
  },
  closeRequest: (id) => {
    db.run('DELETE FROM authn_requests WHERE id = ?', id)
  },
  useAssertion: (key, expiresAt) => {
    db.run('DELETE FROM used_assertions WHERE expires_at <= ?', clock.now())
    return db.run('INSERT OR IGNORE INTO used_assertions (key, expires_at) VALUES (?, ?)', key, expiresAt) === 1
  },
  invite: (userId) => {
    const token = secret()
    db.run('DELETE FROM invitations WHERE user_id = ?', userId)
    db.run(
      'INSERT INTO invitations (token_hash, user_id, expires_at) VALUES (?, ?, ?)',
      hash(token),
      userId,
      clock.now() + lifetimes.invitation,
    )
    return token
  },
  invited: (token) => {
    const row = db.get(
      'SELECT user_id FROM invitations WHERE token_hash = ? AND expires_at > ?',
      hash(token),
      clock.now(),
    )
    return row && String(row['user_id'])
  },
  endInvitationsOf: (userId) => {
    db.run('DELETE FROM invitations WHERE user_id = ?', userId)
  },
  isInvited: (userId) =>
    db.get('SELECT 1 FROM invitations WHERE user_id = ? AND expires_at > ?', userId, clock.now()) !== undefined,
})
