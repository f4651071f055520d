import type { Clock } from '../../core/clock.ts'
import { type Database, openDatabase } from './database.ts'
import { createEnvironments, type Environments } from './environments.ts'
import { createGroups, type Groups } from './groups.ts'
import { createLogins, type Logins } from './logins.ts'
import { createSettings, type SettingsStore } from './settings.ts'
import { createUsers, type Users } from './users.ts'

export interface Store {
  users: Users
  groups: Groups
  environments: Environments
  logins: Logins
  settings: SettingsStore
  /** A value that is made on first use and kept over resets and restarts: the account's id, its keys. */
  once(key: string, make: () => string): string
  transaction: Database['transaction']
  empty(): void
  close(): void
}

export const openStore = (file: string, clock: Clock): Store => {
  const db = openDatabase(file)
  return {
    users: createUsers(db, clock),
    groups: createGroups(db, clock),
    environments: createEnvironments(db, clock),
    logins: createLogins(db, clock),
    settings: createSettings(db),
    once: (key, make) => {
      const row = db.get('SELECT value FROM meta WHERE key = ?', key)
      if (row !== undefined) return String(row['value'])
      const value = make()
      db.run('INSERT INTO meta (key, value) VALUES (?, ?)', key, value)
      return value
    },
    transaction: db.transaction,
    empty: db.empty,
    close: db.close,
  }
}
