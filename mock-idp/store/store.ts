import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../../src/core/errors.ts'
import { applicationStore } from './applications.ts'
import { groupStore } from './groups.ts'
import { migrate } from './migrations.ts'
import { orgStore } from './orgs.ts'
import { userStore } from './users.ts'

/**
 * Everything of the orgs that outlives the process: users, groups, registrations, applications, assignments.
 * node:sqlite is synchronous; each call is a few microseconds of one statement, so there is nothing to await.
 */
export interface Store {
  orgs: ReturnType<typeof orgStore>
  users: ReturnType<typeof userStore>
  groups: ReturnType<typeof groupStore>
  applications: ReturnType<typeof applicationStore>
  /** All or nothing; may be nested. */
  transaction<T>(work: () => T): T
  close(): void
}

/**
 * Opens the store.
 *
 * @param file a path, made with its folder if there is none; `undefined`: in memory, gone with the process
 * @throws ConfigError if the file is no database, or one of a newer idpact
 */
export const openStore = (file?: string): Store => {
  if (file !== undefined) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // SQLite gives its companion files the mode of the database.
    closeSync(openSync(file, 'a', 0o600))
  }
  const where = file ?? 'the database in memory'
  const db = open(file ?? ':memory:', where)
  return {
    orgs: orgStore(db),
    users: userStore(db),
    groups: groupStore(db),
    applications: applicationStore(db),
    transaction: (work) => transaction(db, work),
    close: () => db.close(),
  }
}

const open = (file: string, where: string): DatabaseSync => {
  try {
    const db = new DatabaseSync(file)
    // WAL and a timeout, so that `idpact okta export` can read while the mock IdP runs.
    db.exec(
      'pragma busy_timeout = 3000; pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on;',
    )
    migrate(db, where)
    return db
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause
    throw new ConfigError(
      `${where} cannot be opened as a database: ${cause instanceof Error ? cause.message : cause}`,
      {
        code: 'bad-database',
        hint: 'Move the file away to begin with an empty directory, or start with --memory.',
        cause,
      },
    )
  }
}

let savepoints = 0

const transaction = <T>(db: DatabaseSync, work: () => T): T => {
  const name = `s${++savepoints}`
  db.exec(`savepoint ${name}`)
  try {
    const result = work()
    db.exec(`release ${name}`)
    return result
  } catch (error) {
    db.exec(`rollback to ${name}; release ${name}`)
    throw error
  }
}
