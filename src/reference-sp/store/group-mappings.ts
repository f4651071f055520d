import { randomBytes } from 'node:crypto'
import type { Database, Row } from './database.ts'

export type TeamRole = 'Member' | 'Manager'

/** Who has this value in this attribute of an assertion is in this group. */
export interface GroupMapping {
  id: string
  key: string
  value: string
  groupId: string
  role: TeamRole
}

export interface GroupMappings {
  create(mapping: Omit<GroupMapping, 'id'>): GroupMapping
  list(): GroupMapping[]
  delete(id: string): boolean
}

const fromRow = (row: Row): GroupMapping => ({
  id: String(row['id']),
  key: String(row['key']),
  value: String(row['value']),
  groupId: String(row['group_id']),
  role: row['role'] as TeamRole,
})

export const createGroupMappings = (db: Database): GroupMappings => ({
  create: (mapping) => {
    const id = randomBytes(6).toString('hex')
    const { key, value, groupId, role } = mapping
    db.run(
      'INSERT INTO group_mappings (id, key, value, group_id, role) VALUES (?, ?, ?, ?, ?)',
      id,
      key,
      value,
      groupId,
      role,
    )
    return { id, ...mapping }
  },
  list: () => db.all('SELECT * FROM group_mappings ORDER BY rowid').map(fromRow),
  delete: (id) => db.run('DELETE FROM group_mappings WHERE id = ?', id) === 1,
})
