import type { DatabaseSync } from 'node:sqlite'
import type { Connection, ConnectionSettings } from '../admin/provisioning-shapes.ts'
import { json, type Row, sharedJson, text } from './rows.ts'

/** What the token endpoint gave. Times are in ms since the epoch. */
export interface Tokens {
  accessToken: string
  refreshToken?: string | undefined
  obtainedAt?: number | undefined
  expiresAt?: number | undefined
}

/** The SCIM connection of a registration, with its secrets: it never leaves the mock IdP. */
export interface ConnectionRecord {
  registrationId: string
  settings: ConnectionSettings
  tokens: Tokens | undefined
  state: Connection['state']
  problem: string | undefined
}

const toConnection = (row: Row): ConnectionRecord => ({
  registrationId: text(row, 'registration'),
  settings: sharedJson<ConnectionSettings>(row, 'settings'),
  tokens: row['tokens'] === null ? undefined : json<Tokens>(row, 'tokens'),
  state: text(row, 'state') as Connection['state'],
  problem: row['problem'] === null ? undefined : text(row, 'problem'),
})

export const connectionStore = (db: DatabaseSync) => {
  const one = db.prepare('select * from connections where registration = ?')
  const all = db.prepare('select * from connections')
  const put = db.prepare('insert or replace into connections values (?, ?, ?, ?, ?)')
  const remove = db.prepare('delete from connections where registration = ?')
  return {
    get: (registrationId: string): ConnectionRecord | undefined => {
      const row = one.get(registrationId)
      return row && toConnection(row)
    },
    list: (): ConnectionRecord[] => all.all().map(toConnection),
    put: ({ registrationId, settings, tokens, state, problem }: ConnectionRecord): void => {
      put.run(
        registrationId,
        JSON.stringify(settings),
        tokens === undefined ? null : JSON.stringify(tokens),
        state,
        problem ?? null,
      )
    },
    remove: (registrationId: string): boolean => remove.run(registrationId).changes > 0,
  }
}
