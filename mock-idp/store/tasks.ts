import type { DatabaseSync } from 'node:sqlite'
import type { Task } from '../admin/provisioning-shapes.ts'
import { json, type Row, text } from './rows.ts'

/** A piece of work for the SCIM server that is not done yet. Done ones are gone: the journal has what was sent. */
export interface TaskRecord {
  /** Grows: the order in which tasks were made. */
  seq: number
  applicationId: string
  kind: Task['kind']
  /** Id of the user or the pushed group. */
  subject: string | undefined
  /** What the directory cannot tell when the task runs: a password, the SP's id of a group that is no longer linked. */
  payload: Record<string, string> | undefined
  state: Task['state']
  attempts: number
  /** How long the last wait was, in ms: the next one is twice as long. */
  waitMs: number | undefined
  /** When it may run again, on the application's clock; ms since the epoch. */
  notBefore: number | undefined
  problem: string | undefined
  hint: string | undefined
}

const optional = (row: Row, column: string): string | undefined =>
  row[column] === null ? undefined : text(row, column)
const number = (row: Row, column: string): number | undefined =>
  row[column] === null ? undefined : Number(row[column])

const toTask = (row: Row): TaskRecord => ({
  seq: Number(row['seq']),
  applicationId: text(row, 'application'),
  kind: text(row, 'kind') as Task['kind'],
  subject: optional(row, 'subject'),
  payload: row['payload'] === null ? undefined : json<Record<string, string>>(row, 'payload'),
  state: text(row, 'state') as Task['state'],
  attempts: Number(row['attempts']),
  waitMs: number(row, 'wait_ms'),
  notBefore: number(row, 'not_before'),
  problem: optional(row, 'problem'),
  hint: optional(row, 'hint'),
})

export const taskStore = (db: DatabaseSync) => {
  const insert = db.prepare(
    "insert into tasks (application, kind, subject, payload, state, attempts) values (?, ?, ?, ?, 'queued', 0)",
  )
  const update = db.prepare(
    'update tasks set state = ?, attempts = ?, wait_ms = ?, not_before = ?, problem = ?, hint = ? where seq = ?',
  )
  const one = db.prepare('select * from tasks where seq = ?')
  const all = db.prepare('select * from tasks order by seq')
  const ofOrg = db.prepare(
    'select t.* from tasks t join applications a on a.id = t.application where a.org = ? order by t.seq',
  )
  const remove = db.prepare('delete from tasks where seq = ?')
  return {
    add: (task: Pick<TaskRecord, 'applicationId' | 'kind' | 'subject' | 'payload'>): TaskRecord => {
      const { applicationId, kind, subject, payload } = task
      const { lastInsertRowid } = insert.run(
        applicationId,
        kind,
        subject ?? null,
        payload === undefined ? null : JSON.stringify(payload),
      )
      const nothing = { waitMs: undefined, notBefore: undefined, problem: undefined, hint: undefined }
      return { ...nothing, seq: Number(lastInsertRowid), ...task, state: 'queued', attempts: 0 }
    },
    update: ({ seq, state, attempts, waitMs, notBefore, problem, hint }: TaskRecord): void => {
      update.run(state, attempts, waitMs ?? null, notBefore ?? null, problem ?? null, hint ?? null, seq)
    },
    get: (seq: number): TaskRecord | undefined => {
      const row = one.get(seq)
      return row && toTask(row)
    },
    list: (): TaskRecord[] => all.all().map(toTask),
    ofOrg: (org: string): TaskRecord[] => ofOrg.all(org).map(toTask),
    remove: (seq: number): void => {
      remove.run(seq)
    },
  }
}
