import { randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Database, Row } from './database.ts'

/** A product environment; the Provisioning API still says sub-account. */
export interface Environment {
  id: string
  name: string
  /** What assertions name it by; compared exactly. */
  cloudName: string
  description: string
  enabled: boolean
  customAttributes: Record<string, unknown>
  createdAt: number
}

export type NewEnvironment = Pick<Environment, 'name' | 'cloudName'> &
  Partial<Pick<Environment, 'description' | 'enabled' | 'customAttributes'>>

export interface Environments {
  create(environment: NewEnvironment): Environment
  find(id: string): Environment | undefined
  list(): Environment[]
  update(id: string, change: Partial<NewEnvironment>): Environment | undefined
  delete(id: string): void
  /** Ids of those that a user is limited to, in the order in which they were made. */
  ofUser(userId: string): string[]
  setOfUser(userId: string, environmentIds: readonly string[]): void
}

const fromRow = (row: Row): Environment => ({
  id: String(row['id']),
  name: String(row['name']),
  cloudName: String(row['cloud_name']),
  description: String(row['description']),
  enabled: row['enabled'] === 1,
  customAttributes: JSON.parse(String(row['custom_attributes'])) as Record<string, unknown>,
  createdAt: Number(row['created_at']),
})

export const createEnvironments = (db: Database, clock: Clock): Environments => {
  const find = (id: string): Environment | undefined => {
    const row = db.get('SELECT * FROM environments WHERE id = ?', id)
    return row && fromRow(row)
  }
  const write = (e: Environment): void => {
    db.run(
      `INSERT INTO environments (id, name, cloud_name, description, enabled, custom_attributes, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, cloud_name = excluded.cloud_name,
         description = excluded.description, enabled = excluded.enabled, custom_attributes = excluded.custom_attributes`,
      e.id,
      e.name,
      e.cloudName,
      e.description,
      Number(e.enabled),
      JSON.stringify(e.customAttributes),
      e.createdAt,
    )
  }
  return {
    create: (environment) => {
      const made = {
        description: '',
        enabled: true,
        customAttributes: {},
        ...environment,
        id: randomBytes(16).toString('hex'),
        createdAt: clock.now(),
      }
      write(made)
      return made
    },
    find,
    list: () => db.all('SELECT * FROM environments ORDER BY created_at, rowid').map(fromRow),
    update: (id, change) => {
      const before = find(id)
      if (before === undefined) return undefined
      write({ ...before, ...change })
      return find(id)
    },
    delete: (id) => {
      db.run('DELETE FROM environments WHERE id = ?', id)
    },
    ofUser: (userId) =>
      db
        .all(
          `SELECT e.id FROM environment_access a JOIN environments e ON e.id = a.environment_id
           WHERE a.user_id = ? ORDER BY e.created_at, e.rowid`,
          userId,
        )
        .map((row) => String(row['id'])),
    setOfUser: (userId, environmentIds) => {
      db.run('DELETE FROM environment_access WHERE user_id = ?', userId)
      for (const id of new Set(environmentIds))
        db.run('INSERT INTO environment_access (user_id, environment_id) VALUES (?, ?)', userId, id)
    },
  }
}
