import type { LoginRefused } from '../login-refused.ts'

/** What a refused login looks like, and what it leaves behind: nothing. */
export interface RefusalRules {
  /** Every failed SAML login is answered with 400 (CLD-SAML-22). */
  refusalStatus(refused: LoginRefused): number
  /** The body names an error code and a description (CLD-SAML-23). */
  refusalBody(refused: LoginRefused): { code?: string; description: string }
  /** What a login makes is made after the last check and not before (CLD-SAML-24). */
  makesGroupsBeforeChecks(): boolean
  /** The account of someone whom the IdP denies stays as it is (CLD-SAML-15). */
  deletesDeniedAccount(): boolean
}

export const refusalRules: RefusalRules = {
  refusalStatus: () => 400,
  refusalBody: (refused) => ({ code: refused.reason, description: refused.description }),
  makesGroupsBeforeChecks: () => false,
  deletesDeniedAccount: () => false,
}
