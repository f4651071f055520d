import { randomBytes } from 'node:crypto'
import type { Clock } from '../../src/core/clock.ts'
import { UsageError } from '../../src/core/errors.ts'

/** A consent that was begun: for which registration, and where the browser comes back to. */
export interface PendingConsent {
  org: string
  registrationId: string
  redirectUri: string
}

/** Consents that somebody is asked for, by their `state` (RFC 6749 10.12). In memory: they last for ten minutes. */
export interface PendingConsents {
  /** @returns the `state`: good once */
  begin(consent: PendingConsent): string
  /** @throws UsageError `bad-consent` where there is none of this org, or no longer */
  take(org: string, state: string | undefined): PendingConsent
  /** The client of a registration is another one now: what was begun with the old one leads nowhere. */
  forget(registrationId: string): void
}

const lifetimeMs = 600_000
const mostPending = 1_000

export const noSuchConsent = (): UsageError =>
  new UsageError('This answer belongs to no consent that was begun here within ten minutes', {
    code: 'bad-consent',
    hint: 'Begin again: `idpact connect`, or the authorization URL of the connection.',
  })

export const createPendingConsents = (clock: Clock): PendingConsents => {
  const pending = new Map<string, PendingConsent & { begun: number }>()
  return {
    begin: (consent) => {
      // The oldest one is forgotten: nobody comes back from it after so many others.
      const [oldest] = pending.keys()
      if (pending.size >= mostPending && oldest !== undefined) pending.delete(oldest)
      const state = randomBytes(24).toString('base64url')
      pending.set(state, { ...consent, begun: clock.now() })
      return state
    },
    take: (org, state = '') => {
      const found = pending.get(state)
      pending.delete(state)
      if (found !== undefined && found.org === org && clock.now() - found.begun <= lifetimeMs) return found
      throw noSuchConsent()
    },
    forget: (registrationId) => {
      for (const [state, consent] of pending) if (consent.registrationId === registrationId) pending.delete(state)
    },
  }
}
