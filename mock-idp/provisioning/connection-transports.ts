import type { ConnectionSettings } from '../admin/provisioning-shapes.ts'
import type { IdpContext } from '../http/context.ts'
import { basicValue, type Credential, fixedCredential } from '../scim/credential.ts'
import { refresh } from '../scim/oauth-client.ts'
import { createTokenKeeper } from '../scim/token-keeper.ts'
import { createTransport, type Transport } from '../scim/transport.ts'
import type { RegistrationRecord } from '../store/orgs.ts'
import { type ConnectionStates, sameAuth } from './connection-states.ts'
import { exchangeEntry } from './scim-journal.ts'

/** The transport of each registration: made once, and made anew when the settings change. */
export interface ConnectionTransports {
  /** @throws NotFoundError where there is no connection */
  of(registration: RegistrationRecord): Transport
  /** Closes what there is. */
  forget(registration: RegistrationRecord): Promise<void>
  close(): Promise<void>
}

interface Open {
  settings: ConnectionSettings
  credential: Credential
  transport: Transport
  /** Closes it when what is under way has ended. */
  retire(): void
}

export const connectionTransports = (ctx: IdpContext, states: ConnectionStates): ConnectionTransports => {
  const open = new Map<string, Open>()

  const make = (registration: RegistrationRecord, settings: ConnectionSettings, known: Open | undefined): Open => {
    // One holder of the tokens, for as long as they are the same tokens: two would refresh at the same time.
    const credential =
      known !== undefined && sameAuth(known.settings, settings)
        ? known.credential
        : credentialOf(ctx, states, registration, settings)
    const transport = createTransport({
      baseUrl: settings.baseUrl,
      timeoutMs: settings.timeoutMs,
      credential,
      record: (exchange) => ctx.journal(registration.org).append(exchangeEntry(exchange)),
    })
    return { settings, credential, ...retiring(transport) }
  }

  return {
    of: (registration) => {
      const { settings } = states.get(registration)
      const known = open.get(registration.id)
      if (known !== undefined && JSON.stringify(known.settings) === JSON.stringify(settings)) return known.transport
      known?.retire()
      const made = make(registration, settings, known)
      open.set(registration.id, made)
      return made.transport
    },
    forget: async ({ id }) => {
      const known = open.get(id)
      open.delete(id)
      await known?.transport.close()
    },
    close: async () => {
      await Promise.all([...open.values()].map(({ transport }) => transport.close()))
    },
  }
}

/** An administrator who changes a setting breaks off nothing that is under way. */
const retiring = (transport: Transport): Pick<Open, 'transport' | 'retire'> => {
  let underWay = 0
  let isOver = false
  const closeWhenIdle = (): void => {
    if (isOver && underWay === 0) void transport.close()
  }
  return {
    transport: {
      ...transport,
      send: async (request) => {
        underWay += 1
        try {
          return await transport.send(request)
        } finally {
          underWay -= 1
          closeWhenIdle()
        }
      },
    },
    retire: () => {
      isOver = true
      closeWhenIdle()
    },
  }
}

const credentialOf = (
  ctx: IdpContext,
  states: ConnectionStates,
  registration: RegistrationRecord,
  settings: ConnectionSettings,
): Credential => {
  const { auth } = settings
  /** The connection, while its credential is this one: what comes of an earlier one late is not about it. */
  const current = () => {
    const record = states.find(registration)
    return record !== undefined && sameAuth(record.settings, settings) ? record : undefined
  }
  if (auth.type !== 'oauth2') {
    const [name, value] =
      auth.type === 'basic' ? ['Authorization', basicValue(auth.username, auth.password)] : [auth.name, auth.value]
    return fixedCredential(name, value, () => {
      const problem = 'the service provider refused the credential (401)'
      if (current() !== undefined) states.bad(registration, { state: 'failed', problem })
    })
  }
  return createTokenKeeper({
    load: () => current()?.tokens,
    save: (tokens) => states.renewed(registration, tokens),
    expired: (problem) => {
      if (current() !== undefined)
        states.bad(registration, { state: 'needs-reauthentication', tokens: undefined, problem })
    },
    problem: () => current()?.problem,
    refresh: (token) => {
      const { timeoutMs } = (current() ?? { settings }).settings
      return refresh(auth, token, { now: ctx.clock.now(), timeoutMs })
    },
    now: () => ctx.clock.now(),
  })
}
