import type { DatabaseSync } from 'node:sqlite'
import type { PushedGroup, PushRule } from '../admin/provisioning-shapes.ts'
import { json, type Row, text, unique } from './rows.ts'

export interface PushedGroupRecord extends Omit<PushedGroup, 'name'> {
  applicationId: string
  /** The SP's id of an existing group to link to, as it was chosen. */
  linkTo?: string | undefined
  /**
   * What the SP was last told: its name, and the SP's ids of its members. `ownName`: the group was there before, and
   * keeps the name that it had.
   */
  pushed?: { name: string; members: string[]; ownName?: boolean | undefined } | undefined
}

export interface PushRuleRecord extends PushRule {
  applicationId: string
}

const optional = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : text(row, column)

const toPushed = (row: Row): PushedGroupRecord => {
  const [externalId, ruleId, problem, linkTo] = ['external_id', 'rule', 'problem', 'link_to'].map((column) =>
    optional(row, column),
  )
  return {
    id: text(row, 'id'),
    applicationId: text(row, 'application'),
    groupId: text(row, 'group_id'),
    status: text(row, 'status') as PushedGroup['status'],
    ...(externalId !== undefined && { externalId }),
    ...(ruleId !== undefined && { ruleId }),
    ...(problem !== undefined && { problem }),
    ...(linkTo !== undefined && { linkTo }),
    ...(row['pushed'] !== null && { pushed: json<PushedGroupRecord['pushed']>(row, 'pushed') }),
  }
}

const toRule = (row: Row): PushRuleRecord => ({
  id: text(row, 'id'),
  applicationId: text(row, 'application'),
  name: text(row, 'name'),
  filter: json<PushRule['filter']>(row, 'filter'),
  status: text(row, 'status') === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
})

export const pushedGroupStore = (db: DatabaseSync) => {
  const one = db.prepare('select * from pushed_groups where application = ? and id = ?')
  const byGroup = db.prepare('select * from pushed_groups where application = ? and group_id = ?')
  const ofApplication = db.prepare('select * from pushed_groups where application = ? order by rowid')
  const ofGroup = db.prepare('select * from pushed_groups where group_id = ?')
  const ofMember = db.prepare(
    'select p.* from pushed_groups p join group_members m on m.group_id = p.group_id where m.user_id = ?',
  )
  const insert = db.prepare(
    'insert into pushed_groups (id, application, group_id, rule, link_to, status) values (?, ?, ?, ?, ?, ?)',
  )
  const update = db.prepare(
    'update pushed_groups set rule = ?, link_to = ?, external_id = ?, status = ?, problem = ?, pushed = ? where id = ?',
  )
  const remove = db.prepare('delete from pushed_groups where id = ?')
  const rule = db.prepare('select * from push_rules where application = ? and id = ?')
  const rules = db.prepare('select * from push_rules where application = ? order by rowid')
  // Beginning at the rules, of which there are few, and not at the applications.
  const rulesOfOrg = db.prepare(
    'select r.* from push_rules r cross join applications a on a.id = r.application where a.org = ? order by r.rowid',
  )
  const insertRule = db.prepare('insert into push_rules values (?, ?, ?, ?, ?)')
  const ruleStatus = db.prepare('update push_rules set status = ? where id = ?')
  const removeRule = db.prepare('delete from push_rules where id = ?')
  return {
    get: (applicationId: string, id: string): PushedGroupRecord | undefined => {
      const row = one.get(applicationId, id)
      return row && toPushed(row)
    },
    byGroup: (applicationId: string, groupId: string): PushedGroupRecord | undefined => {
      const row = byGroup.get(applicationId, groupId)
      return row && toPushed(row)
    },
    list: (applicationId: string): PushedGroupRecord[] => ofApplication.all(applicationId).map(toPushed),
    /** At every application that pushes this group. */
    ofGroup: (groupId: string): PushedGroupRecord[] => ofGroup.all(groupId).map(toPushed),
    /** Of the groups that a user is in. */
    ofMember: (userId: string): PushedGroupRecord[] => ofMember.all(userId).map(toPushed),
    create: (group: PushedGroupRecord): void =>
      unique('The push of this group', 'A group is pushed once by an application.', () => {
        const { id, applicationId, groupId, ruleId, linkTo, status } = group
        insert.run(id, applicationId, groupId, ruleId ?? null, linkTo ?? null, status)
      }),
    update: ({ id, ruleId, linkTo, externalId, status, problem, pushed }: PushedGroupRecord): void => {
      const values = [ruleId, linkTo, externalId].map((value) => value ?? null)
      update.run(...values, status, problem ?? null, pushed === undefined ? null : JSON.stringify(pushed), id)
    },
    remove: (id: string): void => {
      remove.run(id)
    },
    rule: (applicationId: string, id: string): PushRuleRecord | undefined => {
      const row = rule.get(applicationId, id)
      return row && toRule(row)
    },
    rules: (applicationId: string): PushRuleRecord[] => rules.all(applicationId).map(toRule),
    rulesOfOrg: (org: string): PushRuleRecord[] => rulesOfOrg.all(org).map(toRule),
    createRule: ({ id, applicationId, name, filter, status }: PushRuleRecord): void => {
      insertRule.run(id, applicationId, name, JSON.stringify(filter), status)
    },
    setRuleStatus: (id: string, status: PushRule['status']): void => {
      ruleStatus.run(status, id)
    },
    removeRule: (id: string): void => {
      removeRule.run(id)
    },
  }
}
