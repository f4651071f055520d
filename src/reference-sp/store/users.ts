import { randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Database, Row } from './database.ts'

/** How an account came into being. */
export type Source = 'saml' | 'console' | 'api' | 'scim'

export interface User {
  id: string
  /** `User.Username` of SAML provisioning: what the account is found by, for ever. */
  externalId: string | undefined
  /** `externalId` of SCIM: what the identity provider's client knows the account by. */
  scimExternalId: string | undefined
  /** As it was sent; compared without case. */
  email: string
  firstName: string
  lastName: string
  role: string
  enabled: boolean
  source: Source
  /** Every product environment, those made later too. */
  allEnvironments: boolean
  twoFactor: boolean
  totpSecret: string | undefined
  /** The last time step whose code was used, so that a code works once (RFC 6238 5.2). */
  totpStep: number | undefined
  passwordHash: string | undefined
  /** Whether the role was last set here, and not by the IdP. */
  roleSetLocally: boolean
  createdAt: number
  updatedAt: number
  lastLoginAt: number | undefined
  lastSamlLoginAt: number | undefined
}

export type NewUser = Pick<User, 'email' | 'firstName' | 'lastName' | 'role' | 'source'> & Partial<User>

/** What of a user may be changed; whatever is not named stays. */
export type UserChange = Partial<Omit<User, 'id' | 'source' | 'createdAt' | 'updatedAt'>>

export interface Users {
  create(user: NewUser): User
  find(id: string): User | undefined
  findAllByEmail(email: string): User[]
  findByEmail(email: string): User | undefined
  findAllByExternalId(externalId: string): User[]
  /** SCIM's userName: the external id, or the e-mail address of an account without one; case does not count. */
  findAllByUserName(userName: string): User[]
  findAllByScimExternalId(externalId: string): User[]
  list(): User[]
  /** In the order of `list`. */
  page(offset: number, limit: number): User[]
  count(): number
  /** Writes only what differs; `updatedAt` moves only when something that is seen from outside did. */
  update(id: string, change: UserChange): User
  delete(id: string): void
}

/** E-mail addresses are compared without case, and kept as they came. */
export const emailKey = (email: string): string => email.toLowerCase()

export const fullName = (user: Pick<User, 'firstName' | 'lastName'>): string =>
  user.lastName === '' ? user.firstName : `${user.firstName} ${user.lastName}`

/** Accounts that the API and the console make have one name; its first word is the first name. */
export const splitName = (name: string): Pick<User, 'firstName' | 'lastName'> => {
  const [firstName = '', ...rest] = name.trim().split(/\s+/)
  return { firstName, lastName: rest.join(' ') }
}

const columns = {
  externalId: 'external_id',
  scimExternalId: 'scim_external_id',
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
  role: 'role',
  enabled: 'enabled',
  allEnvironments: 'all_environments',
  twoFactor: 'two_factor',
  totpSecret: 'totp_secret',
  totpStep: 'totp_step',
  passwordHash: 'password_hash',
  roleSetLocally: 'role_set_locally',
  lastLoginAt: 'last_login_at',
  lastSamlLoginAt: 'last_saml_login_at',
} as const satisfies Record<keyof UserChange, string>

/** Bookkeeping: a login that changes only these has not updated the account. */
const silent = new Set<string>(['lastLoginAt', 'lastSamlLoginAt', 'totpStep', 'roleSetLocally'])

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

const fromRow = (row: Row): User => ({
  id: String(row['id']),
  externalId: text(row['external_id']),
  scimExternalId: text(row['scim_external_id']),
  email: String(row['email']),
  firstName: String(row['first_name']),
  lastName: String(row['last_name']),
  role: String(row['role']),
  enabled: row['enabled'] === 1,
  source: row['source'] as Source,
  allEnvironments: row['all_environments'] === 1,
  twoFactor: row['two_factor'] === 1,
  totpSecret: text(row['totp_secret']),
  totpStep: number(row['totp_step']),
  passwordHash: text(row['password_hash']),
  roleSetLocally: row['role_set_locally'] === 1,
  createdAt: Number(row['created_at']),
  updatedAt: Number(row['updated_at']),
  lastLoginAt: number(row['last_login_at']),
  lastSamlLoginAt: number(row['last_saml_login_at']),
})

const toSql = (value: string | number | boolean | undefined): string | number | null =>
  value === undefined ? null : typeof value === 'boolean' ? Number(value) : value

export const createUsers = (db: Database, clock: Clock, onDisabled: (user: User) => void): Users => {
  const find = (id: string): User | undefined => {
    const row = db.get('SELECT * FROM users WHERE id = ?', id)
    return row && fromRow(row)
  }
  const existing = (id: string): User => {
    const user = find(id)
    if (user === undefined) throw new Error(`there is no user ${id}`)
    return user
  }
  const findAllByEmail = (email: string): User[] =>
    db.all('SELECT * FROM users WHERE email_key = ? ORDER BY created_at, rowid', emailKey(email)).map(fromRow)
  return {
    create: (user) => {
      const id = user.id ?? randomBytes(16).toString('hex')
      const now = clock.now()
      db.run(
        `INSERT INTO users (id, external_id, scim_external_id, email, email_key, first_name, last_name, role, enabled, source,
           all_environments, two_factor, totp_secret, password_hash, role_set_locally, created_at, updated_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
        id,
        toSql(user.externalId),
        toSql(user.scimExternalId),
        user.email,
        emailKey(user.email),
        user.firstName,
        user.lastName,
        user.role,
        toSql(user.enabled ?? true),
        user.source,
        toSql(user.allEnvironments ?? true),
        toSql(user.twoFactor ?? false),
        toSql(user.totpSecret),
        toSql(user.passwordHash),
        now,
        now,
      )
      return existing(id)
    },
    find,
    findAllByEmail,
    findByEmail: (email) => findAllByEmail(email)[0],
    findAllByExternalId: (externalId) =>
      db.all('SELECT * FROM users WHERE external_id = ? ORDER BY created_at, rowid', externalId).map(fromRow),
    findAllByUserName: (userName) =>
      db
        .all(
          `SELECT * FROM users WHERE lower(external_id) = lower(?1)
           UNION ALL SELECT * FROM users WHERE email_key = ?2 AND external_id IS NULL`,
          userName,
          emailKey(userName),
        )
        .map(fromRow),
    findAllByScimExternalId: (externalId) =>
      db.all('SELECT * FROM users WHERE scim_external_id = ? ORDER BY created_at, rowid', externalId).map(fromRow),
    list: () => db.all('SELECT * FROM users ORDER BY created_at, rowid').map(fromRow),
    page: (offset, limit) =>
      db.all('SELECT * FROM users ORDER BY created_at, rowid LIMIT ? OFFSET ?', limit, offset).map(fromRow),
    count: () => Number(db.get('SELECT count(*) n FROM users')?.['n']),
    update: (id, change) => {
      const before = existing(id)
      const names = (Object.keys(change) as (keyof UserChange)[]).filter((name) => change[name] !== before[name])
      if (names.length === 0) return before
      const sets = names.map((name) => `${columns[name]} = ?`)
      const values = names.map((name) => toSql(change[name]))
      if (change.email !== undefined && names.includes('email')) {
        sets.push('email_key = ?')
        values.push(emailKey(change.email))
      }
      if (names.some((name) => !silent.has(name))) {
        sets.push('updated_at = ?')
        values.push(clock.now())
      }
      db.run(`UPDATE users SET ${sets.join(', ')} WHERE id = ?`, ...values, id)
      const after = existing(id)
      if (before.enabled && !after.enabled) onDisabled(after)
      return after
    },
    delete: (id) => {
      db.run('DELETE FROM users WHERE id = ?', id)
    },
  }
}
