import type { DatabaseSync } from 'node:sqlite'
import type { OktaAttribute } from '../admin/profile-shapes.ts'
import { json, type Row, text, unique } from './rows.ts'

export type OrgShape = 'okta' | 'plain'

export interface OrgRecord {
  id: string
  name: string
  shape: OrgShape
}

/** What an SP trusts, without the key: keys are files, not rows. */
export interface RegistrationRecord {
  /** Okta's external key (`exk…`), part of the SSO URL and, unless overridden, of the entityID. */
  id: string
  org: string
  name: string
  entityId: string
}

const toOrg = (row: Row): OrgRecord => ({
  id: text(row, 'id'),
  name: text(row, 'name'),
  shape: text(row, 'shape') === 'plain' ? 'plain' : 'okta',
})

const toRegistration = (row: Row): RegistrationRecord => ({
  id: text(row, 'id'),
  org: text(row, 'org'),
  name: text(row, 'name'),
  entityId: text(row, 'entity_id'),
})

export const orgStore = (db: DatabaseSync) => {
  const insertOrg = db.prepare('insert into orgs (id, name, shape, created_at) values (?, ?, ?, ?)')
  const oneOrg = db.prepare('select * from orgs where id = ?')
  const allOrgs = db.prepare('select * from orgs order by created_at, rowid')
  const deleteOrg = db.prepare('delete from orgs where id = ?')
  const insertRegistration = db.prepare(
    `insert into registrations (id, org, name, entity_id, position)
     values (?, ?, ?, ?, (select count(*) from registrations where org = ?2))`,
  )
  const renameRegistration = db.prepare('update registrations set entity_id = ? where id = ?')
  const rekeys = [
    'update registrations set id = ? where id = ?',
    'update applications set registration = ? where registration = ?',
    'update application_sps set registration = ? where registration = ?',
    'update connections set registration = ? where registration = ?',
  ].map((sql) => db.prepare(sql))
  const oneRegistration = db.prepare('select * from registrations where org = ? and id = ?')
  const registrationsOf = db.prepare('select * from registrations where org = ? order by position')
  const userAttributes = db.prepare('select user_attributes attributes from orgs where id = ?')
  const groupAttributes = db.prepare('select group_attributes attributes from orgs where id = ?')
  const setUserAttributes = db.prepare('update orgs set user_attributes = ? where id = ?')
  const setGroupAttributes = db.prepare('update orgs set group_attributes = ? where id = ?')
  const counts = db.prepare(
    `select (select count(*) from users where org = ?1) users, (select count(*) from groups where org = ?1) groups,
            (select count(*) from applications where org = ?1) applications`,
  )
  return {
    create: (org: OrgRecord, now: number): void =>
      unique(`The org "${org.id}"`, 'Choose another id, or delete that org first.', () => {
        insertOrg.run(org.id, org.name, org.shape, now)
      }),
    get: (id: string): OrgRecord | undefined => {
      const row = oneOrg.get(id)
      return row && toOrg(row)
    },
    list: (): OrgRecord[] => allOrgs.all().map(toOrg),
    remove: (id: string): boolean => deleteOrg.run(id).changes > 0,
    addRegistration: (r: RegistrationRecord): void =>
      unique(`A registration named "${r.name}" of the org "${r.org}"`, 'Choose another name.', () => {
        insertRegistration.run(r.id, r.org, r.name, r.entityId)
      }),
    setEntityId: (registrationId: string, entityId: string): void => {
      renameRegistration.run(entityId, registrationId)
    },
    /** Gives a registration another external key: the folder has got another identity. In a transaction only. */
    rekey: (from: string, to: string): void => {
      db.exec('pragma defer_foreign_keys = on')
      for (const statement of rekeys) statement.run(to, from)
    },
    registration: (org: string, id: string): RegistrationRecord | undefined => {
      const row = oneRegistration.get(org, id)
      return row && toRegistration(row)
    },
    /** In the order in which they were made: the first is the org's default. */
    registrations: (org: string): RegistrationRecord[] => registrationsOf.all(org).map(toRegistration),
    /** Custom attributes of the org's users or groups. */
    attributes: (org: string, of: 'user' | 'group'): OktaAttribute[] => {
      const row = (of === 'user' ? userAttributes : groupAttributes).get(org)
      return row ? json<OktaAttribute[]>(row, 'attributes') : []
    },
    setAttributes: (org: string, of: 'user' | 'group', attributes: readonly OktaAttribute[]): void => {
      const set = of === 'user' ? setUserAttributes : setGroupAttributes
      set.run(JSON.stringify(attributes), org)
    },
    counts: (org: string): { users: number; groups: number; applications: number } => {
      const row = counts.get(org) ?? {}
      return { users: Number(row['users']), groups: Number(row['groups']), applications: Number(row['applications']) }
    },
  }
}
