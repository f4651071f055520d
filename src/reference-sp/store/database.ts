import { chmodSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { ConfigError } from '../../core/errors.ts'

const schema = `
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY, external_id TEXT, email TEXT NOT NULL, email_key TEXT NOT NULL,
  first_name TEXT NOT NULL, last_name TEXT NOT NULL, role TEXT NOT NULL, enabled INTEGER NOT NULL, source TEXT NOT NULL,
  all_environments INTEGER NOT NULL, two_factor INTEGER NOT NULL, totp_secret TEXT, totp_step INTEGER,
  password_hash TEXT, role_set_locally INTEGER NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, last_login_at INTEGER, last_saml_login_at INTEGER) STRICT;
CREATE INDEX IF NOT EXISTS users_by_email ON users (email_key);
CREATE INDEX IF NOT EXISTS users_by_external_id ON users (external_id);
CREATE INDEX IF NOT EXISTS users_by_user_name ON users (lower(external_id));
CREATE TABLE IF NOT EXISTS groups (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS group_members (
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE, PRIMARY KEY (group_id, user_id)) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS group_members_by_user ON group_members (user_id);
CREATE TABLE IF NOT EXISTS group_mappings (
  id TEXT PRIMARY KEY, key TEXT NOT NULL, value TEXT NOT NULL,
  group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE, role TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS environments (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, cloud_name TEXT NOT NULL UNIQUE, description TEXT NOT NULL,
  enabled INTEGER NOT NULL, custom_attributes TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS environment_access (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  environment_id TEXT NOT NULL REFERENCES environments (id) ON DELETE CASCADE,
  PRIMARY KEY (user_id, environment_id)) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
  id_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  via TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS sessions_by_expiry ON sessions (expires_at);
CREATE TABLE IF NOT EXISTS second_factors (
  id_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  attempts INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS authn_requests (
  id TEXT PRIMARY KEY, browser_hash TEXT NOT NULL, email TEXT NOT NULL,
  acs TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS authn_requests_by_expiry ON authn_requests (expires_at);
CREATE TABLE IF NOT EXISTS used_assertions (key TEXT PRIMARY KEY, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS used_assertions_by_expiry ON used_assertions (expires_at);
CREATE TABLE IF NOT EXISTS invitations (
  token_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS oauth_requests (
  id_hash TEXT PRIMARY KEY, payload TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS oauth_requests_by_expiry ON oauth_requests (expires_at);
CREATE TABLE IF NOT EXISTS oauth_grants (
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  payload TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS oauth_grants_by_user ON oauth_grants (user_id);
CREATE INDEX IF NOT EXISTS oauth_grants_by_expiry ON oauth_grants (expires_at);
CREATE TABLE IF NOT EXISTS oauth_tokens (
  id_hash TEXT PRIMARY KEY, kind TEXT NOT NULL, grant_id TEXT NOT NULL REFERENCES oauth_grants (id) ON DELETE CASCADE,
  payload TEXT NOT NULL, consumed_at INTEGER, expires_at INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS oauth_tokens_by_grant ON oauth_tokens (grant_id);
CREATE INDEX IF NOT EXISTS oauth_tokens_by_expiry ON oauth_tokens (expires_at);
`

/** Everything that a reset empties; `meta` (who this account is, and its keys) stays. */
const contents = [
  'oauth_tokens',
  'oauth_grants',
  'oauth_requests',
  'invitations',
  'used_assertions',
  'authn_requests',
  'second_factors',
  'sessions',
  'environment_access',
  'environments',
  'group_mappings',
  'group_members',
  'groups',
  'users',
  'settings',
] as const

export type Row = Record<string, unknown>

export interface Database {
  run(sql: string, ...values: SQLInputValue[]): number
  get(sql: string, ...values: SQLInputValue[]): Row | undefined
  all(sql: string, ...values: SQLInputValue[]): Row[]
  /** All or nothing. Must not be nested. */
  transaction<T>(work: () => T): T
  empty(): void
  close(): void
}

/**
 * @param file a path, or `:memory:`.
 * @throws ConfigError when the file cannot be used as a database.
 */
export const openDatabase = (file: string): Database => {
  const sqlite = open(file)
  const prepared = new Map<string, StatementSync>()
  const statement = (sql: string): StatementSync => {
    let found = prepared.get(sql)
    if (found === undefined) {
      found = sqlite.prepare(sql)
      prepared.set(sql, found)
    }
    return found
  }
  const transaction = <T>(work: () => T): T => {
    sqlite.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      sqlite.exec('COMMIT')
      return result
    } catch (error) {
      sqlite.exec('ROLLBACK')
      throw error
    }
  }
  return {
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
    get: (sql, ...values) => statement(sql).get(...values),
    all: (sql, ...values) => statement(sql).all(...values),
    transaction,
    empty: () =>
      transaction(() => {
        for (const table of contents) sqlite.exec(`DELETE FROM ${table}`)
      }),
    close: () => sqlite.close(),
  }
}

/** Columns that a database of an earlier version lacks: `CREATE TABLE IF NOT EXISTS` does not look inside. */
const newColumns = [
  { table: 'users', column: 'scim_external_id', type: 'TEXT' },
  { table: 'group_members', column: 'role', type: "TEXT NOT NULL DEFAULT 'Member'" },
  { table: 'sessions', column: 'session_index', type: 'TEXT' },
  { table: 'sessions', column: 'name_format', type: 'TEXT' },
  { table: 'groups', column: 'by_scim', type: 'INTEGER NOT NULL DEFAULT 0' },
] as const

const addNewColumns = (sqlite: DatabaseSync): void => {
  for (const { table, column, type } of newColumns) {
    const known = sqlite.prepare(`SELECT 1 FROM pragma_table_info(?) WHERE name = ?`).get(table, column)
    if (known === undefined) sqlite.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`)
  }
  sqlite.exec('CREATE INDEX IF NOT EXISTS users_by_scim_external_id ON users (scim_external_id)')
}

const open = (file: string): DatabaseSync => {
  try {
    const sqlite = new DatabaseSync(file)
    sqlite.exec(
      'PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000',
    )
    sqlite.exec(schema)
    addNewColumns(sqlite)
    // The API key and the admin token are in it.
    if (file !== ':memory:') chmodSync(file, 0o600)
    return sqlite
  } catch (cause) {
    throw new ConfigError(
      `The database file ${file} cannot be used: ${cause instanceof Error ? cause.message : cause}`,
      {
        code: 'database-unusable',
        hint: 'Give a path in a folder that exists, to a file that an earlier run made or that does not exist yet.',
        cause,
      },
    )
  }
}
