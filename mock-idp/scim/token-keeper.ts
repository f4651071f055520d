import type { Tokens } from '../store/connections.ts'
import type { Credential } from './credential.ts'
import { ScimFailure } from './scim-failure.ts'

export interface TokenKeeperParts {
  /** The tokens as they are stored now; undefined: nobody has consented, or must anew. */
  load(): Tokens | undefined
  /** Stores new tokens; returns when they are kept. */
  save(tokens: Tokens): void
  /** Notes that somebody must consent again, and why. */
  expired(problem: string): void
  /** Why there are no tokens, where something is known of it. */
  problem?(): string | undefined
  /** Asks the token endpoint. @throws ScimFailure `unauthorized` where the refresh token is good no more */
  refresh(refreshToken: string): Promise<Tokens>
  /** ms since the epoch. */
  now(): number
}

/** A token that runs out while a request is on its way is refused. ms. */
const aheadMs = 10_000

/**
 * The only holder of a connection's tokens. There is one refresh at a time, whoever asks: a server that rotates takes two
 * uses of one refresh token for a theft, and revokes both (RFC 9700 4.14.2). New tokens are stored before they are used: a
 * crash between the two must not lose the only good refresh token.
 */
export const createTokenKeeper = (parts: TokenKeeperParts): Credential => {
  let refreshing: Promise<Tokens> | undefined

  const tokens = (): Tokens => {
    const found = parts.load()
    if (found) return found
    const problem = parts.problem?.()
    throw new ScimFailure(
      problem === undefined
        ? 'The connection is not authorised: nobody has consented to it'
        : `The connection is not authorised: ${problem}`,
      {
        kind: 'unauthorized',
        hint: 'Authenticate it: `idpact connect`, or the authorization URL of the connection in a browser.',
      },
    )
  }

  const refreshed = (): Promise<Tokens> => {
    refreshing ??= anew().finally(() => {
      refreshing = undefined
    })
    return refreshing
  }

  const anew = async (): Promise<Tokens> => {
    const old = tokens()
    if (old.refreshToken === undefined) throw gone('the access token has ended, and there is no refresh token')
    const isStillOurs = (): boolean => {
      const now = parts.load()
      return now?.accessToken === old.accessToken && now.refreshToken === old.refreshToken
    }
    let fresh: Tokens
    try {
      fresh = await parts.refresh(old.refreshToken)
    } catch (error) {
      // Somebody has consented anew while this was under way: what becomes of the old token matters no more.
      if (!isStillOurs()) return tokens()
      if (error instanceof ScimFailure && error.kind === 'unauthorized') throw gone(error.message)
      throw error
    }
    if (!isStillOurs()) return tokens()
    parts.save(fresh)
    return fresh
  }

  const gone = (problem: string): ScimFailure => {
    parts.expired(problem)
    return new ScimFailure(`The connection must be authenticated again: ${problem}`, {
      kind: 'unauthorized',
      hint: 'As the same or another user of the service provider: `idpact connect`. The tasks then go on.',
    })
  }

  return {
    header: async () => {
      const found = refreshing ? await refreshing : tokens()
      const isToRenew = found.refreshToken !== undefined && parts.now() >= endOf(found)
      return { name: 'Authorization', value: bearer(isToRenew ? await refreshed() : found) }
    },
    renew: async (refusedValue) => {
      const now = refreshing ? await refreshing : parts.load()
      // Else somebody has got a new one since this was sent.
      if (now === undefined || bearer(now) === refusedValue) await refreshed()
      return true
    },
    refused: (value) => {
      const now = parts.load()
      if (now !== undefined && bearer(now) === value)
        parts.expired('the service provider refused the access token (401), and a new one too')
    },
  }
}

const bearer = ({ accessToken }: Tokens): string => `Bearer ${accessToken}`

/** When a token is taken for ended: a little early, though a token of some seconds must not be renewed with each call. */
const endOf = ({ obtainedAt, expiresAt }: Tokens): number => {
  if (expiresAt === undefined) return Number.POSITIVE_INFINITY
  const lifetime = obtainedAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - obtainedAt
  return expiresAt - Math.min(aheadMs, lifetime / 10)
}
