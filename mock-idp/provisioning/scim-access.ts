import type { z } from 'zod'
import { UsageError } from '../../src/core/errors.ts'
import type {
  Connection,
  ConnectionSettings,
  ScimAnswer,
  StoredTokens,
  scimCall,
} from '../admin/provisioning-shapes.ts'
import type { IdpContext } from '../http/context.ts'
import { orgOf, registrationOf } from '../http/context.ts'
import { scimPersonas } from '../personas/okta-scim.ts'
import { createScimClient } from '../scim/client.ts'
import { authorizationUrl, exchangeCode, type OAuthSettings } from '../scim/oauth-client.ts'
import { ScimFailure } from '../scim/scim-failure.ts'
import type { Transport } from '../scim/transport.ts'
import type { ConnectionRecord } from '../store/connections.ts'
import type { RegistrationRecord } from '../store/orgs.ts'
import { NotFoundError } from '../store/rows.ts'
import { connectionStates, sameAuth } from './connection-states.ts'
import { connectionTransports } from './connection-transports.ts'
import { createPendingConsents, noSuchConsent } from './pending-consents.ts'
import { callOf } from './scim-call.ts'

/** The connections of registrations: their state, their tokens, and requests with their credential. */
export interface ScimAccess {
  /** For a task. @throws ScimFailure `unauthorized` while the connection is not good */
  transportFor(applicationId: string, about?: { userId?: string }): Transport
  view(registration: RegistrationRecord): Connection
  set(registration: RegistrationRecord, settings: ConnectionSettings): Connection
  remove(registration: RegistrationRecord): Promise<void>
  /** @throws UsageError `connection-failed` with what the SP said */
  test(registration: RegistrationRecord): Promise<void>
  /** Begins a consent. @throws UsageError `not-oauth`, `bad-authorization-url` */
  authorizationUrl(registration: RegistrationRecord): string
  /** What the SP sent the browser back with. @throws UsageError `bad-consent`, `consent-declined`; ScimFailure */
  finishConsent(org: string, answer: ConsentAnswer): Promise<Connection>
  setTokens(registration: RegistrationRecord, tokens: StoredTokens): Connection
  tokens(registration: RegistrationRecord): StoredTokens
  call(registration: RegistrationRecord, call: z.output<typeof scimCall>): Promise<ScimAnswer>
  close(): Promise<void>
}

export interface ConsentAnswer {
  state: string | undefined
  code: string | undefined
  error: string | undefined
  description: string | undefined
}

/** @param unblock called with the applications of a connection that has become good */
export const createScimAccess = (ctx: IdpContext, unblock: (applicationIds: string[]) => void): ScimAccess => {
  const { store } = ctx
  const states = connectionStates(ctx, unblock)
  const transports = connectionTransports(ctx, states)
  const consents = createPendingConsents(ctx.clock)

  const redirectUriOf = (registration: RegistrationRecord, { settings: { auth } }: ConnectionRecord): string =>
    (auth.type === 'oauth2' ? auth.redirectUri : undefined) ??
    ctx.urls.oauthCallback(orgOf(ctx, registration.org), registration)

  const view = (registration: RegistrationRecord): Connection => {
    const record = states.get(registration)
    const { settings, state, problem } = record
    return {
      ...{ registrationId: registration.id, baseUrl: settings.baseUrl, authType: settings.auth.type, state },
      ...(problem !== undefined && { problem }),
      ...(settings.auth.type === 'oauth2' && { redirectUri: redirectUriOf(registration, record) }),
    }
  }

  const oauthOf = (registration: RegistrationRecord): OAuthSettings => {
    const { auth } = states.get(registration).settings
    if (auth.type === 'oauth2') return auth
    throw new UsageError(`The connection is one with ${auth.type} authentication: there is nothing to consent to`, {
      code: 'not-oauth',
      hint: 'Set a connection of type oauth2 first.',
    })
  }

  const personaOf = ({ id, org }: RegistrationRecord) => {
    const [first] = store.applications
      .list(org)
      .flatMap((app) => (app.registrationId === id ? (store.provisioning.get(app.id)?.settings.persona ?? []) : []))
    return scimPersonas[first ?? 'okta']
  }

  /** A consent that came to nothing. Tokens that are there stay good: somebody only looked in. */
  const noConsent = (registration: RegistrationRecord, problem: string): void => {
    if (states.find(registration)?.state !== 'connected') states.bad(registration, { problem })
  }

  return {
    view,
    transportFor: (applicationId, about = {}) => {
      const org = store.provisioning.get(applicationId)?.org ?? ''
      const application = store.applications.get(org, applicationId)
      const registration = application && store.orgs.registration(org, application.registrationId)
      const record = registration && states.find(registration)
      if (registration === undefined || record === undefined)
        throw new ScimFailure('The application has no SCIM connection', {
          kind: 'unauthorized',
          hint: 'Set one: `idpact okta connection`. The task then goes on.',
        })
      const { state, problem, settings } = record
      if (state !== 'connected')
        throw new ScimFailure(`The SCIM connection is ${state}${problem === undefined ? '' : `: ${problem}`}`, {
          kind: 'unauthorized',
          hint:
            settings.auth.type === 'oauth2' && state !== 'failed'
              ? 'Authenticate it: `idpact connect`. The task then goes on.'
              : 'Set it anew, or test it when the service provider answers again: `idpact okta connection test`. The task then goes on.',
        })
      const transport = transports.of(registration)
      return { ...transport, send: (request) => transport.send({ ...request, about: { applicationId, ...about } }) }
    },
    set: (registration, settings) => {
      const before = states.find(registration)
      if (before !== undefined && !sameAuth(before.settings, settings)) consents.forget(registration.id)
      states.set(registration, settings)
      return view(registration)
    },
    remove: async (registration) => {
      states.remove(registration)
      consents.forget(registration.id)
      await transports.forget(registration)
    },
    test: async (registration) => {
      const { settings } = states.get(registration)
      try {
        await createScimClient(personaOf(registration), transports.of(registration)).test()
      } catch (error) {
        if (!(error instanceof ScimFailure)) throw error
        // Who must consent, now or anew, must still do so.
        const { state } = states.get(registration)
        if (state === 'connected' || state === 'failed')
          states.bad(registration, { state: 'failed', problem: error.message })
        throw new UsageError(`The connection does not work: ${error.message}`, {
          code: 'connection-failed',
          hint: error.hint ?? 'Check the base URL and the credential of the connection.',
          cause: error,
        })
      }
      // What was tested may be another connection by now.
      if (JSON.stringify(states.get(registration).settings) === JSON.stringify(settings)) states.good(registration)
    },
    authorizationUrl: (registration) => {
      const auth = oauthOf(registration)
      const redirectUri = redirectUriOf(registration, states.get(registration))
      const state = consents.begin({ registrationId: registration.id, org: registration.org, redirectUri })
      return authorizationUrl(auth, { redirectUri, state })
    },
    finishConsent: async (org, { state, code, error, description }) => {
      const { registrationId, redirectUri } = consents.take(org, state)
      const registration = registrationOf(ctx, orgOf(ctx, org), registrationId)
      const auth = oauthOf(registration)
      if (error !== undefined || code === undefined) {
        const problem = [error ?? 'no code came back', description].filter(Boolean).join(': ').slice(0, 500)
        noConsent(registration, problem)
        throw new UsageError(`The service provider did not give its consent: ${problem}`, {
          code: 'consent-declined',
          hint: 'Begin again, and accept the access.',
        })
      }
      const { settings } = states.get(registration)
      const context = { now: ctx.clock.now(), timeoutMs: settings.timeoutMs }
      const tokens = await exchangeCode(auth, { code, redirectUri }, context).catch((problem: unknown) => {
        if (problem instanceof ScimFailure) noConsent(registration, problem.message)
        throw problem
      })
      if (!sameAuth(states.get(registration).settings, settings)) throw noSuchConsent()
      states.good(registration, tokens)
      return view(registration)
    },
    setTokens: (registration, { accessToken, refreshToken, expiresInSeconds }) => {
      oauthOf(registration)
      const obtainedAt = ctx.clock.now()
      const expiresAt = expiresInSeconds === undefined ? undefined : obtainedAt + expiresInSeconds * 1_000
      states.good(registration, { accessToken, refreshToken, obtainedAt, expiresAt })
      return view(registration)
    },
    tokens: (registration) => {
      oauthOf(registration)
      const { tokens } = states.get(registration)
      if (tokens === undefined)
        throw new NotFoundError('token: nobody has consented to the connection', 'Authenticate it: `idpact connect`.')
      const { accessToken, refreshToken, expiresAt } = tokens
      const left = expiresAt === undefined ? undefined : Math.round((expiresAt - ctx.clock.now()) / 1_000)
      return {
        accessToken,
        ...(refreshToken !== undefined && { refreshToken }),
        ...(left !== undefined && left > 0 && { expiresInSeconds: left }),
      }
    },
    call: (registration, call) => {
      const { auth } = states.get(registration).settings
      return callOf(transports.of(registration), auth, call)
    },
    close: transports.close,
  }
}
