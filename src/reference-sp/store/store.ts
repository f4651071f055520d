import type { Clock } from '../../core/clock.ts'
import { type Database, openDatabase } from './database.ts'
import { createEnvironments, type Environments } from './environments.ts'
import { createGroupMappings, type GroupMappings } from './group-mappings.ts'
import { createGroups, type Groups } from './groups.ts'
import { createLogins, type Logins } from './logins.ts'
import { createOauth, type Oauth } from './oauth.ts'
import { createSettings, type SettingsStore } from './settings.ts'
import { createUsers, type User, type Users } from './users.ts'

export interface Store {
  users: Users
  groups: Groups
  groupMappings: GroupMappings
  environments: Environments
  logins: Logins
  oauth: Oauth
  settings: SettingsStore
  /** A value that is made on first use and kept over resets and restarts: the account's id, its keys. */
  once(key: string, make: () => string): string
  transaction: Database['transaction']
  empty(): void
  close(): void
}

/** @param onDisabled told of every user who is disabled, whoever does it, in the transaction that does it */
export const openStore = (file: string, clock: Clock, onDisabled: (user: User) => void = () => undefined): Store => {
  const db = openDatabase(file)
  return {
    users: createUsers(db, clock, onDisabled),
    groups: createGroups(db, clock),
    groupMappings: createGroupMappings(db),
    environments: createEnvironments(db, clock),
    logins: createLogins(db, clock),
    oauth: createOauth(db, clock),
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
