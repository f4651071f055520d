import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ConfigError } from '../../src/core/errors.ts'
import { applicationStore } from './applications.ts'
import { connectionStore } from './connections.ts'
import { groupStore } from './groups.ts'
import { candidateStore } from './import-candidates.ts'
import { migrate } from './migrations.ts'
import { orgStore } from './orgs.ts'
import { provisioningStore } from './provisioning.ts'
import { pushedGroupStore } from './pushed-groups.ts'
import { taskStore } from './tasks.ts'
import { userStore } from './users.ts'

/**
 * Everything of the orgs that outlives the process: users, groups, registrations, applications, assignments, and what
 * provisioning has still to do.
 * node:sqlite is synchronous; each call is a few microseconds of one statement, so there is nothing to await.
 */
export interface Store {
  orgs: ReturnType<typeof orgStore>
  users: ReturnType<typeof userStore>
  groups: ReturnType<typeof groupStore>
  applications: ReturnType<typeof applicationStore>
  connections: ReturnType<typeof connectionStore>
  provisioning: ReturnType<typeof provisioningStore>
  pushedGroups: ReturnType<typeof pushedGroupStore>
  candidates: ReturnType<typeof candidateStore>
  tasks: ReturnType<typeof taskStore>
  /** All or nothing; may be nested. */
  transaction<T>(work: () => T): T
  /**
   * All or nothing, and on disk some 20 ms later, together with what else was written by then: for work that is begun again
   * after a crash and finds out what it had done already. A commit costs more than the rows of ten users.
   */
  soon<T>(work: () => T): T
  /** Brings everything to the disk that is on its way there: called before a change is acknowledged. */
  flush(): void
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
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      // SQLite gives its companion files the mode of the database.
      closeSync(openSync(file, 'a', 0o600))
    } catch (cause) {
      throw new ConfigError(`The database ${file} cannot be opened: ${(cause as Error).message}`, {
        code: 'bad-database',
        hint: 'Move what is there away, or use --memory.',
        cause,
      })
    }
  }
  const where = file ?? 'the database in memory'
  const db = open(file ?? ':memory:', where)
  const pending = groupCommit(db)
  return {
    orgs: orgStore(db),
    users: userStore(db),
    groups: groupStore(db),
    applications: applicationStore(db),
    connections: connectionStore(db),
    provisioning: provisioningStore(db),
    pushedGroups: pushedGroupStore(db),
    candidates: candidateStore(db),
    tasks: taskStore(db),
    transaction: (work) => transaction(db, work),
    soon: (work) => {
      pending.open()
      return transaction(db, work)
    },
    flush: pending.flush,
    close: () => {
      pending.flush()
      db.close()
    },
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

/** How long what was written `soon` may wait for more, in ms. */
const gatheringMs = 20

/** One transaction for everything that is written within some ms. */
const groupCommit = (db: DatabaseSync) => {
  let timer: NodeJS.Timeout | undefined
  const flush = (): void => {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    db.exec('commit')
  }
  return {
    open: (): void => {
      if (timer !== undefined || db.isTransaction) return
      db.exec('begin')
      timer = setTimeout(flush, gatheringMs)
    },
    flush,
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
