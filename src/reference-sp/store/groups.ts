import { randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Database, Row } from './database.ts'

export interface Group {
  id: string
  /** Compared exactly: `design` and `Design` are two groups. */
  name: string
  createdAt: number
  /** Made by SCIM. */
  byScim: boolean
}

export interface Groups {
  create(name: string, by?: 'scim'): Group
  find(id: string): Group | undefined
  findByName(name: string): Group | undefined
  list(): Group[]
  rename(id: string, name: string): void
  delete(id: string): void
  addMember(groupId: string, userId: string, role?: string): void
  removeMember(groupId: string, userId: string): void
  /** The members with their roles in the group. */
  memberships(groupId: string): { userId: string; role: string }[]
  /** Ids of the members, in the order in which the accounts were made. */
  members(groupId: string): string[]
  ofUser(userId: string): Group[]
}

const fromRow = (row: Row): Group => ({
  id: String(row['id']),
  name: String(row['name']),
  createdAt: Number(row['created_at']),
  byScim: row['by_scim'] === 1,
})

export const createGroups = (db: Database, clock: Clock): Groups => ({
  create: (name, by) => {
    const group = { id: randomBytes(16).toString('hex'), name, createdAt: clock.now(), byScim: by === 'scim' }
    const { id, createdAt, byScim } = group
    db.run(
      'INSERT INTO groups (id, name, created_at, by_scim) VALUES (?, ?, ?, ?)',
      id,
      name,
      createdAt,
      Number(byScim),
    )
    return group
  },
  find: (id) => {
    const row = db.get('SELECT * FROM groups WHERE id = ?', id)
    return row && fromRow(row)
  },
  findByName: (name) => {
    const row = db.get('SELECT * FROM groups WHERE name = ?', name)
    return row && fromRow(row)
  },
  list: () => db.all('SELECT * FROM groups ORDER BY created_at, rowid').map(fromRow),
  rename: (id, name) => {
    db.run('UPDATE groups SET name = ? WHERE id = ?', name, id)
  },
  delete: (id) => {
    db.run('DELETE FROM groups WHERE id = ?', id)
  },
  addMember: (groupId, userId, role = 'Member') => {
    db.run(
      `INSERT INTO group_members (group_id, user_id, role) VALUES (?, ?, ?)
       ON CONFLICT (group_id, user_id) DO UPDATE SET role = excluded.role WHERE role <> excluded.role`,
      groupId,
      userId,
      role,
    )
  },
  removeMember: (groupId, userId) => {
    db.run('DELETE FROM group_members WHERE group_id = ? AND user_id = ?', groupId, userId)
  },
  memberships: (groupId) =>
    db
      .all('SELECT user_id, role FROM group_members WHERE group_id = ? ORDER BY user_id', groupId)
      .map((row) => ({ userId: String(row['user_id']), role: String(row['role']) })),
  members: (groupId) =>
    db
      .all(
        `SELECT u.id FROM group_members m JOIN users u ON u.id = m.user_id
         WHERE m.group_id = ? ORDER BY u.created_at, u.rowid`,
        groupId,
      )
      .map((row) => String(row['id'])),
  ofUser: (userId) =>
    db
      .all(
        'SELECT g.* FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.user_id = ? ORDER BY g.name',
        userId,
      )
      .map(fromRow),
})
