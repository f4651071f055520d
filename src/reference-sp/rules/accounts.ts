import type { Source, User } from '../store/users.ts'

/** How accounts are managed from outside of SAML, and who is sent mail. */
export interface AccountRules {
  /**
   * Who is invited to set a password: everyone whom the console or the Provisioning API makes, nobody whom SAML makes,
   * and a master_admin always (CLD-SAML-10, CLD-PROV-26, A-10).
   */
  invites(user: User, origin: Source): boolean
  /** The link of an invitation works until it is used or too old (CLD-SAML-33). */
  invitationOpens(user: User): boolean
  /** Deleting an account removes it (CLD-SAML-16). */
  removesDeletedAccount(): boolean
  /** Accounts from SAML are listed like all others (CLD-PROV-27). `asked`: the request named it. */
  listsAccount(user: User, asked: boolean): boolean
  /** Each account shows how it came into being (CLD-PROV-27). */
  sourceShown(user: User): Source | undefined
  /** Nobody sets someone else's password over the API; of a SAML account least of all (CLD-PROV-28). */
  takesPasswordOf(user: User): boolean
}

export const accountRules: AccountRules = {
  invites: (user, origin) => (origin !== 'saml' && origin !== 'scim') || user.role === 'master_admin',
  invitationOpens: () => true,
  removesDeletedAccount: () => true,
  listsAccount: () => true,
  sourceShown: (user) => user.source,
  takesPasswordOf: () => false,
}
