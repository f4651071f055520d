import type { DatabaseSync } from 'node:sqlite'
import type { ImportCandidate } from '../admin/provisioning-shapes.ts'
import { json, type Row, text } from './rows.ts'

export interface CandidateRecord extends ImportCandidate {
  applicationId: string
}

const toCandidate = (row: Row): CandidateRecord => ({
  id: text(row, 'id'),
  applicationId: text(row, 'application'),
  externalId: text(row, 'external_id'),
  userName: text(row, 'user_name'),
  profile: json<Record<string, unknown>>(row, 'profile'),
  match: text(row, 'match') as ImportCandidate['match'],
  state: text(row, 'state') as ImportCandidate['state'],
  ...(row['user_id'] === null ? {} : { userId: text(row, 'user_id') }),
})

export const candidateStore = (db: DatabaseSync) => {
  const one = db.prepare('select * from import_candidates where application = ? and id = ?')
  const byExternalId = db.prepare('select * from import_candidates where application = ? and external_id = ?')
  const all = db.prepare('select * from import_candidates where application = ? order by rowid')
  const put = db.prepare(
    `insert into import_candidates values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update
     set user_name = excluded.user_name, profile = excluded.profile, match = excluded.match,
         user_id = excluded.user_id, state = excluded.state`,
  )
  const remove = db.prepare('delete from import_candidates where id = ?')
  return {
    get: (applicationId: string, id: string): CandidateRecord | undefined => {
      const row = one.get(applicationId, id)
      return row && toCandidate(row)
    },
    byExternalId: (applicationId: string, externalId: string): CandidateRecord | undefined => {
      const row = byExternalId.get(applicationId, externalId)
      return row && toCandidate(row)
    },
    list: (applicationId: string): CandidateRecord[] => all.all(applicationId).map(toCandidate),
    put: (candidate: CandidateRecord): void => {
      const { id, applicationId, externalId, userName, profile, match, userId, state } = candidate
      put.run(id, applicationId, externalId, userName, JSON.stringify(profile), match, userId ?? null, state)
    },
    remove: (id: string): void => {
      remove.run(id)
    },
  }
}
