import type { DatabaseSync } from 'node:sqlite'
import type { Application, SamlSettings } from '../admin/schema.ts'
import { type Row, sharedJson, text } from './rows.ts'

/** An application without its link, which depends on the server's URL. */
export type ApplicationRecord = Omit<Application, 'appLink'>

const toApplication = (row: Row): ApplicationRecord => ({
  id: text(row, 'id'),
  label: text(row, 'label'),
  registrationId: text(row, 'registration'),
  status: text(row, 'status') === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
  everyone: row['everyone'] === 1,
  saml: sharedJson<SamlSettings>(row, 'saml'),
})

/** The Issuers of AuthnRequests that mean this application. */
const spEntityIds = (saml: SamlSettings): string[] => [...new Set([...(saml.spEntityIds ?? []), saml.audience])]

export const applicationStore = (db: DatabaseSync) => {
  const insert = db.prepare(
    'insert into applications (id, org, registration, label, status, everyone, saml) values (?, ?, ?, ?, ?, ?, ?)',
  )
  const update = db.prepare(
    'update applications set label = ?, status = ?, everyone = ?, saml = ? where org = ? and id = ?',
  )
  const one = db.prepare('select * from applications where org = ? and id = ?')
  const all = db.prepare('select * from applications where org = ? order by rowid')
  const byLabel = db.prepare('select * from applications where org = ? and label = ? order by rowid limit 1')
  const remove = db.prepare('delete from applications where org = ? and id = ?')
  const insertSp = db.prepare('insert into application_sps (registration, entity_id, application) values (?, ?, ?)')
  const deleteSps = db.prepare('delete from application_sps where application = ?')
  const forSp = db.prepare(
    `select a.* from applications a join application_sps s on s.application = a.id
     where s.registration = ? and s.entity_id = ? order by a.rowid`,
  )
  // From the user's side, because a user has a few applications and a shared registration has thousands.
  const assigned = `select application from application_users where user_id = ?1
     union select g.application from application_groups g join group_members m on m.group_id = g.group_id where m.user_id = ?1
     union select e.id from users u join applications e indexed by applications_for_everyone on e.org = u.org
       where u.id = ?1 and e.everyone = 1`
  const forUser = db.prepare(`select a.* from applications a where a.id in (${assigned}) order by a.rowid`)
  const isAssigned = db.prepare(`select 1 from (${assigned}) where application = ?2`)
  const userIds = db.prepare('select user_id from application_users where application = ?')
  const groupIds = db.prepare('select group_id from application_groups where application = ?')
  const assignUser = db.prepare('insert or ignore into application_users (application, user_id) values (?, ?)')
  const unassignUser = db.prepare('delete from application_users where application = ? and user_id = ?')
  const assignGroup = db.prepare('insert or ignore into application_groups (application, group_id) values (?, ?)')
  const unassignGroup = db.prepare('delete from application_groups where application = ? and group_id = ?')

  const indexSps = ({ id, registrationId, saml }: ApplicationRecord): void => {
    for (const entityId of spEntityIds(saml)) insertSp.run(registrationId, entityId, id)
  }
  return {
    create: (org: string, app: ApplicationRecord): void => {
      insert.run(app.id, org, app.registrationId, app.label, app.status, Number(app.everyone), JSON.stringify(app.saml))
      indexSps(app)
    },
    update: (org: string, app: ApplicationRecord): void => {
      update.run(app.label, app.status, Number(app.everyone), JSON.stringify(app.saml), org, app.id)
      deleteSps.run(app.id)
      indexSps(app)
    },
    get: (org: string, id: string): ApplicationRecord | undefined => {
      const row = one.get(org, id)
      return row && toApplication(row)
    },
    byLabel: (org: string, label: string): ApplicationRecord | undefined => {
      const row = byLabel.get(org, label)
      return row && toApplication(row)
    },
    list: (org: string): ApplicationRecord[] => all.all(org).map(toApplication),
    remove: (org: string, id: string): boolean => remove.run(org, id).changes > 0,
    /** The applications of a registration that an AuthnRequest with this Issuer may mean. */
    forSp: (registrationId: string, issuer: string): ApplicationRecord[] =>
      forSp.all(registrationId, issuer).map(toApplication),
    /** The applications that a user is assigned to, directly, by a group, or as everyone. */
    forUser: (userId: string): ApplicationRecord[] => forUser.all(userId).map(toApplication),
    isAssigned: (applicationId: string, userId: string): boolean => isAssigned.get(userId, applicationId) !== undefined,
    userIds: (id: string): string[] => userIds.all(id).map((row) => text(row, 'user_id')),
    groupIds: (id: string): string[] => groupIds.all(id).map((row) => text(row, 'group_id')),
    assignUser: (id: string, userId: string): void => {
      assignUser.run(id, userId)
    },
    unassignUser: (id: string, userId: string): void => {
      unassignUser.run(id, userId)
    },
    assignGroup: (id: string, groupId: string): void => {
      assignGroup.run(id, groupId)
    },
    unassignGroup: (id: string, groupId: string): void => {
      unassignGroup.run(id, groupId)
    },
  }
}
