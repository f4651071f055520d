import type { DatabaseSync } from 'node:sqlite'
import type { Group, User } from '../admin/schema.ts'
import { json, type Row, text, unique } from './rows.ts'

const toGroup = (row: Row): Group => ({ id: text(row, 'id'), profile: json<Group['profile']>(row, 'profile') })

export const groupStore = (db: DatabaseSync) => {
  const insert = db.prepare('insert into groups (id, org, name, profile) values (?, ?, ?, ?)')
  const update = db.prepare('update groups set name = ?, profile = ? where org = ? and id = ?')
  const one = db.prepare('select * from groups where org = ? and id = ?')
  const byName = db.prepare('select * from groups where org = ? and name = ?')
  const all = db.prepare('select * from groups where org = ? order by name')
  const remove = db.prepare('delete from groups where org = ? and id = ?')
  const members = db.prepare(
    'select u.id, u.status, u.profile from users u join group_members m on m.user_id = u.id where m.group_id = ? order by u.login',
  )
  const memberIds = db.prepare('select user_id from group_members where group_id = ?')
  const ofUser = db.prepare(
    'select g.id, g.profile from groups g join group_members m on m.group_id = g.id where m.user_id = ? order by g.name',
  )
  const addMember = db.prepare('insert or ignore into group_members (group_id, user_id) values (?, ?)')
  const removeMember = db.prepare('delete from group_members where group_id = ? and user_id = ?')
  const named = (group: Group) => `A group named "${group.profile.name}"`
  const hint = 'Group names are unique in an org.'
  return {
    create: (org: string, group: Group): void =>
      unique(named(group), hint, () => {
        insert.run(group.id, org, group.profile.name, JSON.stringify(group.profile))
      }),
    update: (org: string, group: Group): void =>
      unique(named(group), hint, () => {
        update.run(group.profile.name, JSON.stringify(group.profile), org, group.id)
      }),
    get: (org: string, id: string): Group | undefined => {
      const row = one.get(org, id)
      return row && toGroup(row)
    },
    byName: (org: string, name: string): Group | undefined => {
      const row = byName.get(org, name)
      return row && toGroup(row)
    },
    list: (org: string): Group[] => all.all(org).map(toGroup),
    remove: (org: string, id: string): boolean => remove.run(org, id).changes > 0,
    members: (id: string): User[] =>
      members.all(id).map((row) => ({
        id: text(row, 'id'),
        status: text(row, 'status') as User['status'],
        profile: json<User['profile']>(row, 'profile'),
      })),
    memberIds: (id: string): string[] => memberIds.all(id).map((row) => text(row, 'user_id')),
    /** The groups that a user is in, by name. */
    ofUser: (userId: string): Group[] => ofUser.all(userId).map(toGroup),
    addMember: (groupId: string, userId: string): void => {
      addMember.run(groupId, userId)
    },
    removeMember: (groupId: string, userId: string): void => {
      removeMember.run(groupId, userId)
    },
  }
}
