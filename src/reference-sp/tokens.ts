import { randomBytes } from 'node:crypto'
import { UsageError } from '../core/errors.ts'
import type { Rules } from './rules/rules.ts'
import type { Store } from './store/store.ts'

/** Access tokens, as whoever is shown one needs them. oidc-provider isn't loaded for it. */
export interface Tokens {
  /** Who gave a token that is good now, and for what; `undefined` for any other. */
  verify(token: string): Promise<{ userId: string; scopes: readonly string[] } | undefined>
  /** Ends every grant of a user, with its codes, access and refresh tokens (CLD-SCIM-04). */
  revokeOf(userId: string): Promise<void>
  /**
   * A token as if the user had given it, without a refresh token.
   *
   * @param options.lifetimeMs 0 or less: it has expired already
   * @throws UsageError when there is no such user
   * @example await sp.tokens.issue({ userId, scopes: ['provision:scim'], lifetimeMs: 60_000 })
   */
  issue(options: { userId: string; scopes: readonly string[]; lifetimeMs: number }): Promise<string>
}

/** As many letters as the tokens of oidc-provider have: 256 bits. */
const secret = (): string => randomBytes(32).toString('base64url')

export const createTokens = (store: Store, rules: () => Rules): Tokens => ({
  verify: async (token) => {
    const found = store.oauth.accessToken(token)
    const owner = found && store.users.find(found.userId)
    return owner && rules().keepsTokens(owner) ? found : undefined
  },
  revokeOf: async (userId) => {
    store.oauth.endGrantsOf(userId)
  },
  issue: async ({ userId, scopes, lifetimeMs }) => {
    if (store.users.find(userId) === undefined)
      throw new UsageError(`There is no user ${userId} to issue a token for.`, { code: 'unknown-user' })
    const [grantId, token] = [secret(), secret()]
    store.oauth.saveGrant(grantId, userId, { accountId: userId })
    store.oauth.saveToken('AccessToken', token, grantId, { accountId: userId, scope: scopes.join(' ') }, lifetimeMs)
    return token
  },
})
