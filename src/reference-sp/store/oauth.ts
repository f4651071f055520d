import { createHash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Database } from './database.ts'

/** What a grant is exchanged for. The names are those that oidc-provider stores them under. */
export type TokenKind = 'AuthorizationCode' | 'AccessToken' | 'RefreshToken'
export const tokenKinds: readonly string[] = ['AuthorizationCode', 'AccessToken', 'RefreshToken'] satisfies TokenKind[]

/** What is kept with each; JSON. */
export type Payload = Record<string, unknown>

/** Who an access token was given for, and what it is good for. */
export interface AccessToken {
  userId: string
  scopes: readonly string[]
}

/** Authorisations that nobody has answered yet. More than these at once, and the oldest are forgotten. */
export const mostRequests = 1_000

/** A grant that nothing was given for yet; from then on it lives as long as the last of its tokens. */
const unusedGrant = 10 * 60_000

/**
 * What the OAuth 2 server remembers. Tokens and codes are kept as hashes, so that who reads the database cannot use them;
 * they hang on the grant that they come from, and it on the user who gave it, so that they end with either.
 */
export interface Oauth {
  saveRequest(id: string, payload: Payload, lifetime: number): void
  request(id: string): Payload | undefined
  endRequest(id: string): void
  saveGrant(id: string, userId: string, payload: Payload): void
  grant(id: string): Payload | undefined
  endGrant(id: string): void
  /** Every grant of a user, with all that was given for it. Returns how many there were. */
  endGrantsOf(userId: string): number
  /** Nothing is saved where the grant has ended in the meantime. Lifetimes are milliseconds. */
  saveToken(kind: TokenKind, id: string, grantId: string, payload: Payload, lifetime: number): void
  /** With `consumed`, seconds since the epoch, once it has been used. */
  token(kind: TokenKind, id: string): Payload | undefined
  /** False when somebody else has used it: each is for one use. */
  consumeToken(kind: TokenKind, id: string): boolean
  endToken(kind: TokenKind, id: string): void
  endTokensOfGrant(kind: TokenKind, grantId: string): void
  /** An access token that is good now. */
  accessToken(token: string): AccessToken | undefined
  /** As if their time were over; refresh tokens stay. Returns how many there were. */
  expireAccessTokensOf(userId: string): number
}

const hash = (value: string): string => createHash('sha256').update(value).digest('base64url')
const read = (value: unknown): Payload => JSON.parse(String(value)) as Payload

export const createOauth = (db: Database, clock: Clock): Oauth => {
  const removeExpired = (now: number): void => {
    for (const table of ['oauth_requests', 'oauth_tokens', 'oauth_grants'])
      db.run(`DELETE FROM ${table} WHERE expires_at <= ?`, now)
  }
  return {
    saveRequest: (id, payload, lifetime) => {
      const now = clock.now()
      removeExpired(now)
      db.run(
        `INSERT INTO oauth_requests (id_hash, payload, expires_at) VALUES (?, ?, ?)
         ON CONFLICT (id_hash) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`,
        hash(id),
        JSON.stringify(payload),
        now + lifetime,
      )
      db.run('DELETE FROM oauth_requests WHERE rowid <= (SELECT MAX(rowid) FROM oauth_requests) - ?', mostRequests)
    },
    request: (id) => {
      const row = db.get(
        'SELECT payload FROM oauth_requests WHERE id_hash = ? AND expires_at > ?',
        hash(id),
        clock.now(),
      )
      return row && read(row['payload'])
    },
    endRequest: (id) => {
      db.run('DELETE FROM oauth_requests WHERE id_hash = ?', hash(id))
    },
    saveGrant: (id, userId, payload) => {
      const now = clock.now()
      removeExpired(now)
      db.run(
        `INSERT INTO oauth_grants (id, user_id, payload, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET payload = excluded.payload`,
        id,
        userId,
        JSON.stringify(payload),
        now + unusedGrant,
      )
    },
    grant: (id) => {
      const row = db.get('SELECT payload FROM oauth_grants WHERE id = ? AND expires_at > ?', id, clock.now())
      return row && read(row['payload'])
    },
    endGrant: (id) => {
      db.run('DELETE FROM oauth_grants WHERE id = ?', id)
    },
    endGrantsOf: (userId) => db.run('DELETE FROM oauth_grants WHERE user_id = ?', userId),
    saveToken: (kind, id, grantId, payload, lifetime) => {
      const now = clock.now()
      removeExpired(now)
      db.run(
        `INSERT INTO oauth_tokens (id_hash, kind, grant_id, payload, expires_at)
         SELECT ?, ?, id, ?, ? FROM oauth_grants WHERE id = ?
         ON CONFLICT (id_hash) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`,
        hash(id),
        kind,
        JSON.stringify(payload),
        now + lifetime,
        grantId,
      )
      db.run('UPDATE oauth_grants SET expires_at = MAX(expires_at, ?) WHERE id = ?', now + lifetime, grantId)
    },
    token: (kind, id) => {
      const row = db.get(
        'SELECT payload, consumed_at FROM oauth_tokens WHERE id_hash = ? AND kind = ? AND expires_at > ?',
        hash(id),
        kind,
        clock.now(),
      )
      if (row === undefined) return undefined
      const consumedAt = row['consumed_at']
      return {
        ...read(row['payload']),
        ...(typeof consumedAt === 'number' ? { consumed: Math.floor(consumedAt / 1000) } : {}),
      }
    },
    consumeToken: (kind, id) =>
      db.run(
        'UPDATE oauth_tokens SET consumed_at = ? WHERE id_hash = ? AND kind = ? AND consumed_at IS NULL',
        clock.now(),
        hash(id),
        kind,
      ) === 1,
    endToken: (kind, id) => {
      db.run('DELETE FROM oauth_tokens WHERE id_hash = ? AND kind = ?', hash(id), kind)
    },
    endTokensOfGrant: (kind, grantId) => {
      db.run('DELETE FROM oauth_tokens WHERE grant_id = ? AND kind = ?', grantId, kind)
    },
    accessToken: (token) => {
      const row = db.get(
        `SELECT g.user_id, t.payload FROM oauth_tokens t JOIN oauth_grants g ON g.id = t.grant_id
         WHERE t.id_hash = ? AND t.kind = 'AccessToken' AND t.expires_at > ?`,
        hash(token),
        clock.now(),
      )
      if (row === undefined) return undefined
      const { scope } = read(row['payload'])
      return {
        userId: String(row['user_id']),
        scopes: typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '') : [],
      }
    },
    expireAccessTokensOf: (userId) =>
      db.run(
        `UPDATE oauth_tokens SET expires_at = ? WHERE kind = 'AccessToken' AND expires_at > ?
         AND grant_id IN (SELECT id FROM oauth_grants WHERE user_id = ?)`,
        clock.now(),
        clock.now(),
        userId,
      ),
  }
}
