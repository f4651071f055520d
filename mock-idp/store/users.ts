import type { DatabaseSync } from 'node:sqlite'
import type { User } from '../admin/schema.ts'
import { json, type Row, text, unique } from './rows.ts'

const toUser = (row: Row): User => ({
  id: text(row, 'id'),
  status: text(row, 'status') as User['status'],
  profile: json<User['profile']>(row, 'profile'),
})

const searchText = ({ login, email, firstName, lastName, displayName }: User['profile']): string =>
  [login, email, [firstName, lastName].filter(Boolean).join(' '), displayName].filter(Boolean).join('\n').toLowerCase()

const escapeLike = (q: string): string => q.toLowerCase().replace(/[\\%_]/g, (c) => `\\${c}`)

export const userStore = (db: DatabaseSync) => {
  const insert = db.prepare('insert into users (id, org, login, status, profile, search) values (?, ?, ?, ?, ?, ?)')
  const update = db.prepare('update users set login = ?, status = ?, profile = ?, search = ? where org = ? and id = ?')
  const one = db.prepare('select * from users where org = ? and id = ?')
  const has = db.prepare('select 1 from users where org = ? and id = ?')
  const byLogin = db.prepare('select * from users where org = ? and login = ?')
  const all = db.prepare(`select * from users where org = ? and search like ? escape '\\' order by login limit ?`)
  const remove = db.prepare('delete from users where org = ? and id = ?')
  const named = (user: User) => `A user with the login "${user.profile.login}"`
  const hint = 'Logins are unique in an org. Choose another login, or change the user who has it.'
  return {
    create: (org: string, user: User): void =>
      unique(named(user), hint, () => {
        const { id, status, profile } = user
        insert.run(id, org, profile.login, status, JSON.stringify(profile), searchText(profile))
      }),
    update: (org: string, user: User): void =>
      unique(named(user), hint, () => {
        const { id, status, profile } = user
        update.run(profile.login, status, JSON.stringify(profile), searchText(profile), org, id)
      }),
    get: (org: string, id: string): User | undefined => {
      const row = one.get(org, id)
      return row && toUser(row)
    },
    has: (org: string, id: string): boolean => has.get(org, id) !== undefined,
    byLogin: (org: string, login: string): User | undefined => {
      const row = byLogin.get(org, login)
      return row && toUser(row)
    },
    /** Those whose login, e-mail or name contains `q` (any case), by login. */
    list: (org: string, q = '', limit = -1): User[] => all.all(org, `%${escapeLike(q)}%`, limit).map(toUser),
    remove: (org: string, id: string): boolean => remove.run(org, id).changes > 0,
  }
}
