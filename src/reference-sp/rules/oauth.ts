import { createHash, timingSafeEqual } from 'node:crypto'
import type { User } from '../store/users.ts'

/** How an identity provider comes to a token for SCIM, and how long somebody's token lives. */
export interface OauthRules {
  /**
   * Who may give access: an administrator, because the access is to everybody's account (CLD-SCIM-16). Asked when access
   * is given, not when it is used: a later change of role ends nothing.
   */
  mayAuthorise(user: User): boolean
  /** Whoever is logged in is asked each time, and a code is given for a yes only (CLD-SCIM-16). */
  asksConsent(): boolean
  /**
   * The scopes of a request: separated by spaces, which a query carries as `%20` or as `+`
   * (CLD-SCIM-13, A-15, RFC 6749 3.3 and appendix B).
   *
   * @param scope the parameter, decoded
   */
  scopesAsked(scope: string): readonly string[]
  /** The client is who knows the secret (CLD-SCIM-14). */
  clientSecretIsRight(sent: string, secret: string): boolean
  /** A browser is sent to registered addresses only, compared character by character (CLD-SCIM-15, RFC 6749 3.1.2.3). */
  redirectUriIsRegistered(uri: string, registered: readonly string[]): boolean
  /** The answer says of which type the token is, and how long it lives (CLD-SCIM-12, RFC 6749 5.1). */
  tokenAnswer(answer: Record<string, unknown>): Record<string, unknown>
  /** The scope `offline` is what a refresh token is given for (CLD-SCIM-19). */
  givesRefreshToken(scopes: readonly string[]): boolean
  /** Tokens end with whoever gave them, at once: a disabled user has none (CLD-SCIM-04, A-16). */
  keepsTokens(owner: User): boolean
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

export const oauthRules: OauthRules = {
  mayAuthorise: (user) => user.enabled,
  asksConsent: () => true,
  scopesAsked: (scope) => scope.split(' '),
  clientSecretIsRight: (sent, secret) => timingSafeEqual(digest(sent), digest(secret)),
  redirectUriIsRegistered: (uri, registered) => registered.includes(uri),
  tokenAnswer: (answer) => answer,
  givesRefreshToken: (scopes) => scopes.includes('offline'),
  keepsTokens: (owner) => owner.enabled,
}
