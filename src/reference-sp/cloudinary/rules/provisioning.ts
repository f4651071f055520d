import type { User } from '../../store/users.ts'

/** What a login that passed every check asserts of a person. `undefined` = the attribute was not sent. */
export interface Asserted {
  username: string
  email: string
  firstName: string
  lastName: string | undefined
  role: string | undefined
  groups: readonly string[] | undefined
  /** Cloud names. */
  environments: readonly string[] | undefined
  nameId: string | undefined
}

/** How accounts can be looked up while one is being matched. */
export interface Directory {
  byExternalId(externalId: string): User[]
  byEmail(email: string): User[]
  all(): User[]
}

/** What may change in an account at a later login. */
export type UpdatedPart = 'name' | 'role' | 'email' | 'groups' | 'environments'

/** How an assertion becomes an account. */
export interface ProvisioningRules {
  /**
   * The account with this external id; else the one with this e-mail address, if it has no external id yet
   * (CLD-PROV-08, CLD-PROV-29, CLD-PROV-36, A-07, A-08).
   */
  findAccount(asserted: Asserted, directory: Directory): User | undefined
  /** Whether a new account may not have an e-mail address, because these accounts have it. */
  emailIsTaken(holders: readonly User[]): boolean
  /** From the first SAML login on, an account made elsewhere has the external id (CLD-PROV-30). */
  bindsExternalId(): boolean
  /** The login that makes the account is a login (CLD-PROV-03). */
  logsInAtCreation(user: User): boolean
  /** Later logins write what was sent and has changed (CLD-PROV-04, CLD-PROV-32). */
  updates(part: UpdatedPart): boolean
  /** A new e-mail address for a known external id is written (CLD-PROV-33). */
  emailMayChange(): boolean
  /** The IdP's role wins over one set here (CLD-PROV-45). */
  keepsLocalRole(user: User): boolean
  /** SAML doesn't disable anybody (CLD-PROV-40). `lost`: had groups or environments, and the message names none. */
  disablesAccount(lost: { groups: boolean; environments: boolean }): boolean

  /** Groups are for the role media_library_user; for others the attribute is ignored (CLD-PROV-19, CLD-PROV-20). */
  groupsFor(role: string): 'assign' | 'create' | 'ignore'
  /** Group names and cloud names are compared exactly (CLD-PROV-39). */
  sameName(stored: string, sent: string): boolean
  /** A group that exists gets the user as a member (CLD-PROV-17). */
  assignsExistingGroups(): boolean
  /** A group that doesn't exist is made (CLD-PROV-18). */
  createsGroups(): boolean
  /** Who is not in the list any more leaves the group (CLD-PROV-34). */
  removesFromGroups(): boolean
  /** A group without members stays (CLD-SAML-17). */
  deletesEmptyGroups(): boolean

  /** master_admin has all environments, whatever is sent; others have those listed (CLD-PROV-23). */
  environmentsFor(role: string): boolean
  /** A new account without the attribute has all environments (CLD-PROV-21). */
  allEnvironmentsByDefault(): boolean
  /** With the attribute, only those that are listed (CLD-PROV-22). */
  limitsEnvironments(): boolean
  /** A cloud name that doesn't exist is refused (CLD-PROV-24). */
  refusesUnknownEnvironments(): boolean
  /** An environment that is not in the list any more is taken away (CLD-PROV-35). */
  removesEnvironments(): boolean
}

export const provisioningRules: ProvisioningRules = {
  findAccount: ({ username, email }, directory) =>
    directory.byExternalId(username)[0] ?? directory.byEmail(email).find((user) => user.externalId === undefined),
  emailIsTaken: (holders) => holders.length > 0,
  bindsExternalId: () => true,
  logsInAtCreation: () => true,
  updates: () => true,
  emailMayChange: () => true,
  keepsLocalRole: () => false,
  disablesAccount: () => false,

  groupsFor: (role) => (role === 'media_library_user' ? 'assign' : 'ignore'),
  sameName: (stored, sent) => stored === sent,
  assignsExistingGroups: () => true,
  createsGroups: () => true,
  removesFromGroups: () => true,
  deletesEmptyGroups: () => false,

  environmentsFor: (role) => role !== 'master_admin',
  allEnvironmentsByDefault: () => true,
  limitsEnvironments: () => true,
  refusesUnknownEnvironments: () => true,
  removesEnvironments: () => true,
}
