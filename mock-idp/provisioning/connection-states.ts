import type { ConnectionSettings } from '../admin/provisioning-shapes.ts'
import type { IdpContext } from '../http/context.ts'
import type { ConnectionRecord } from '../store/connections.ts'
import type { RegistrationRecord } from '../store/orgs.ts'
import { NotFoundError } from '../store/rows.ts'

/** What is known of connections, and what becomes of them: every change of a state goes through here and is told once. */
export interface ConnectionStates {
  /** @throws NotFoundError */
  get(registration: RegistrationRecord): ConnectionRecord
  find(registration: RegistrationRecord): ConnectionRecord | undefined
  /** Other settings: tokens stay while the client is the same one. What waited for a good connection is tried again. */
  set(registration: RegistrationRecord, settings: ConnectionSettings): void
  remove(registration: RegistrationRecord): void
  /** It works: tasks go on. With tokens, somebody has authorised it. */
  good(registration: RegistrationRecord, tokens?: ConnectionRecord['tokens']): void
  /** New tokens, and nothing else is new. On the disk when this returns. */
  renewed(registration: RegistrationRecord, tokens: ConnectionRecord['tokens']): void
  /** It does not work; nothing where the connection is gone. */
  bad(
    registration: RegistrationRecord,
    change: Partial<Pick<ConnectionRecord, 'state' | 'tokens'>> & { problem: string },
  ): void
}

/** Whether two settings have the same credential: the same client, user or header. */
export const sameAuth = (a: ConnectionSettings, b: ConnectionSettings): boolean =>
  JSON.stringify(a.auth) === JSON.stringify(b.auth)

/** @param unblock called with the applications of a connection that has become good */
export const connectionStates = (
  ctx: Pick<IdpContext, 'store' | 'journal'>,
  unblock: (applicationIds: string[]) => void,
): ConnectionStates => {
  const { store } = ctx
  const find = ({ id }: RegistrationRecord) => store.connections.get(id)

  const get = (registration: RegistrationRecord): ConnectionRecord => {
    const found = find(registration)
    if (found) return found
    throw new NotFoundError(
      `connection of the registration "${registration.id}"`,
      'Set one first: `idpact okta connection`, or PUT …/connection.',
    )
  }

  const tell = (registration: RegistrationRecord, what: string, details: Record<string, unknown>): void => {
    ctx.journal(registration.org).append({
      kind: 'scim-connection',
      summary: `The SCIM connection ${what}`,
      details: { registration: registration.id, ...details },
    })
  }

  /** @param news whether it is to be told of although the state is what it was */
  const put = (registration: RegistrationRecord, after: ConnectionRecord, news = false): void => {
    const before = find(registration)
    store.connections.put(after)
    const { state, problem } = after
    // A new connection has not changed its state.
    if (!news && (before === undefined || (state === before.state && problem === before.problem))) return
    const why = problem === undefined ? {} : { problem }
    tell(registration, `is ${state}${problem === undefined ? '' : `: ${problem}`}`, { state, ...why })
  }

  const release = ({ id, org }: RegistrationRecord): void =>
    unblock(store.applications.list(org).flatMap((app) => (app.registrationId === id ? [app.id] : [])))

  return {
    get,
    find,
    set: (registration, settings) => {
      const before = find(registration)
      const kept = before !== undefined && sameAuth(before.settings, settings) ? before : undefined
      const isOpen = settings.auth.type !== 'oauth2' || kept?.tokens !== undefined
      const { state, problem } = isOpen
        ? { state: 'connected' as const, problem: undefined }
        : { state: kept?.state ?? ('not-authorized' as const), problem: kept?.problem }
      put(registration, { registrationId: registration.id, settings, tokens: kept?.tokens, state, problem })
      if (isOpen) release(registration)
    },
    remove: (registration) => {
      get(registration)
      store.connections.remove(registration.id)
      tell(registration, 'was removed', {})
    },
    good: (registration, tokens) => {
      const before = get(registration)
      const after: ConnectionRecord = { ...before, state: 'connected', problem: undefined }
      put(registration, { ...after, tokens: tokens ?? before.tokens }, tokens !== undefined)
      store.flush()
      release(registration)
    },
    renewed: (registration, tokens) => {
      store.connections.put({ ...get(registration), tokens })
      // It is the only good one now: not lost with the process.
      store.flush()
    },
    bad: (registration, change) => {
      const before = find(registration)
      if (before !== undefined) put(registration, { ...before, ...change })
    },
  }
}
