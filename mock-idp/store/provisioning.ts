import type { DatabaseSync } from 'node:sqlite'
import type { Profile } from '../admin/profile-shapes.ts'
import type { Provisioning } from '../admin/provisioning-shapes.ts'
import { json, type Row, sharedJson, text } from './rows.ts'

/** An application's provisioning, and its own clock. */
export interface ProvisioningRecord {
  applicationId: string
  org: string
  settings: Provisioning
  /** The application's clock minus the real one, in ms. It only ever goes forward. */
  clockOffsetMs: number
  /** When the next scheduled import is due, on the application's clock; ms since the epoch. */
  nextImport: number | undefined
}

/** That a user of Okta and a user of the SP are the same. */
export interface Link {
  applicationId: string
  userId: string
  /** The SP's `id`. */
  externalId: string
  /** Whether the SP was last told that the user is active. */
  active: boolean
  /** What the SP was last told, in a form that can be compared. */
  pushed: string
}

export interface AssignedGroupRow {
  groupId: string
  name: string
  groupProfile: Profile
  priority: number
  /** Values typed at the group's assignment. */
  profile: Profile
}

const toProvisioning = (row: Row): ProvisioningRecord => ({
  applicationId: text(row, 'application'),
  org: text(row, 'org'),
  settings: sharedJson<Provisioning>(row, 'settings'),
  clockOffsetMs: Number(row['clock_offset']),
  nextImport: row['next_import'] === null ? undefined : Number(row['next_import']),
})

const toLink = (row: Row): Link => ({
  applicationId: text(row, 'application'),
  userId: text(row, 'user_id'),
  externalId: text(row, 'external_id'),
  active: row['active'] === 1,
  pushed: text(row, 'pushed'),
})

const toAssignedGroup = (row: Row): AssignedGroupRow => ({
  groupId: text(row, 'id'),
  name: text(row, 'name'),
  groupProfile: sharedJson<Profile>(row, 'group_profile'),
  priority: Number(row['priority']),
  profile: sharedJson<Profile>(row, 'profile'),
})

/** One for all: a large change looks at everybody before and after. */
const none: readonly string[] = []

export const provisioningStore = (db: DatabaseSync) => {
  const one = db.prepare(
    'select p.*, a.org from provisioning p join applications a on a.id = p.application where p.application = ?',
  )
  const any = db.prepare(
    'select 1 from provisioning p join applications a on a.id = p.application where a.org = ? limit 1',
  )
  const all = db.prepare('select p.*, a.org from provisioning p join applications a on a.id = p.application')
  const put = db.prepare(
    `insert into provisioning values (?, ?, ?, ?) on conflict (application) do update
     set settings = excluded.settings, clock_offset = excluded.clock_offset, next_import = excluded.next_import`,
  )
  const assignedTo = db.prepare(
    `select application from (
     select p.application from provisioning p join application_users u on u.application = p.application
       where u.user_id = ?1
     union select p.application from provisioning p join application_groups g on g.application = p.application
       join group_members m on m.group_id = g.group_id where m.user_id = ?1
     union select p.application from users u join applications e indexed by applications_for_everyone on e.org = u.org
       join provisioning p on p.application = e.id where u.id = ?1 and e.everyone = 1
     ) where exists (select 1 from users where id = ?1 and status in ('ACTIVE', 'SUSPENDED'))`,
  )
  const people = db.prepare(
    `select user_id from application_users where application = ?1
     union select m.user_id from application_groups g join group_members m on m.group_id = g.group_id
       where g.application = ?1
     union select u.id from users u join applications a on a.org = u.org where a.id = ?1 and a.everyone = 1`,
  )
  const groupsOf = db.prepare(
    `select g.id, g.name, g.profile group_profile, a.priority, a.profile from application_groups a
     join groups g on g.id = a.group_id where a.application = ? order by a.priority, g.name`,
  )
  const groupsOfUser = db.prepare(
    `select g.id, g.name, g.profile group_profile, a.priority, a.profile from application_groups a
     join groups g on g.id = a.group_id join group_members m on m.group_id = g.id and m.user_id = ?2
     where a.application = ?1 order by a.priority, g.name`,
  )
  const typed = db.prepare('select profile from application_users where application = ? and user_id = ?')
  const setTyped = db.prepare('update application_users set profile = ? where application = ? and user_id = ?')
  const setGroup = db.prepare(
    'update application_groups set profile = ?, priority = ? where application = ? and group_id = ?',
  )
  const link = db.prepare('select * from links where application = ? and user_id = ?')
  const linkByExternalId = db.prepare('select * from links where application = ? and external_id = ?')
  const links = db.prepare('select * from links where application = ?')
  const linkedMembers = db.prepare(
    `select l.* from group_members m join links l on l.user_id = m.user_id and l.application = ?1
     where m.group_id = ?2 and l.active = 1`,
  )
  const putLink = db.prepare(
    `insert or replace into links select ?1, ?2, ?3, ?4, ?5
     where exists (select 1 from users where id = ?2) and exists (select 1 from applications where id = ?1)`,
  )
  const removeLink = db.prepare('delete from links where application = ? and user_id = ?')
  return {
    get: (applicationId: string): ProvisioningRecord | undefined => {
      const row = one.get(applicationId)
      return row && toProvisioning(row)
    },
    /** Whether the org has any: if not, changes of the directory need no second look. */
    any: (org: string): boolean => any.get(org) !== undefined,
    list: (): ProvisioningRecord[] => all.all().map(toProvisioning),
    put: ({ applicationId, settings, clockOffsetMs, nextImport }: Omit<ProvisioningRecord, 'org'>): void => {
      put.run(applicationId, JSON.stringify(settings), clockOffsetMs, nextImport ?? null)
    },
    /**
     * Applications with provisioning that a user is assigned to, by whatever way. Nobody is, who is not active yet or no
     * more.
     */
    assignedTo: (userId: string): readonly string[] => {
      const rows = assignedTo.all(userId)
      return rows.length === 0 ? none : rows.map((row) => text(row, 'application'))
    },
    /** Everyone who is assigned to an application, by whatever way. */
    people: (applicationId: string): string[] => people.all(applicationId).map((row) => text(row, 'user_id')),
    /** Groups that assign an application, the highest priority first. */
    groupsOf: (applicationId: string): AssignedGroupRow[] => groupsOf.all(applicationId).map(toAssignedGroup),
    /** Those of them that a user is in. */
    groupsOfUser: (applicationId: string, userId: string): AssignedGroupRow[] =>
      groupsOfUser.all(applicationId, userId).map(toAssignedGroup),
    /** Values typed when the person was assigned; undefined: not assigned as a person. */
    typed: (applicationId: string, userId: string): Profile | undefined => {
      const row = typed.get(applicationId, userId)
      return row && json<Profile>(row, 'profile')
    },
    setTyped: (applicationId: string, userId: string, profile: Profile): void => {
      setTyped.run(JSON.stringify(profile), applicationId, userId)
    },
    setGroup: (applicationId: string, groupId: string, profile: Profile, priority: number): void => {
      setGroup.run(JSON.stringify(profile), priority, applicationId, groupId)
    },
    link: (applicationId: string, userId: string): Link | undefined => {
      const row = link.get(applicationId, userId)
      return row && toLink(row)
    },
    linkByExternalId: (applicationId: string, externalId: string): Link | undefined => {
      const row = linkByExternalId.get(applicationId, externalId)
      return row && toLink(row)
    },
    links: (applicationId: string): Link[] => links.all(applicationId).map(toLink),
    /** Of the members of a group, those whom the SP knows and has active. */
    linkedMembers: (applicationId: string, groupId: string): Link[] =>
      linkedMembers.all(applicationId, groupId).map(toLink),
    /** @returns whether the user and the application are still there */
    putLink: ({ applicationId, userId, externalId, active, pushed }: Link): boolean =>
      putLink.run(applicationId, userId, externalId, Number(active), pushed).changes > 0,
    removeLink: (applicationId: string, userId: string): void => {
      removeLink.run(applicationId, userId)
    },
  }
}
