import type { Group } from '../store/groups.ts'
import type { Settings } from '../store/settings.ts'
import type { User } from '../store/users.ts'

/** How the SCIM server takes what an identity provider pushes. */
export interface ScimRules {
  /** SCIM is a switch of the account (CLD-SCIM-03). */
  scimIsOn(settings: Settings): boolean
  /** A call needs a bearer token that is good (CLD-SCIM-11). */
  scimNeedsToken(): boolean
  /** A token is for what its scopes say (CLD-SCIM-18). */
  scimScopeIsEnough(scopes: readonly string[]): boolean
  /** The version of the schemas that answers name (CLD-SCIM-07). */
  scimSchema(urn: string): string
  /** A new name that was answered as done is done (CLD-SCIM-01). */
  scimAppliesNames(): boolean
  /** A userName is one user's (CLD-SCIM-08). */
  scimUserNameIsUnique(): boolean
  /** Whether `role` and `product_environments` are read at the top level of a user (CLD-SCIM-20). */
  scimReadsTopLevel(): boolean
  /** The name of the attribute with the cloud names (CLD-SCIM-21). */
  scimEnvironmentsName(): string
  /** Without product environments a new user has all (CLD-SCIM-22). */
  scimAllEnvironmentsByDefault(): boolean
  /** `role` as it is answered: one text (CLD-SCIM-24). */
  scimRoleShown(role: string): unknown
  /** The role that is stored for the one that was sent; undefined: refused (CLD-SCIM-25, CLD-SCIM-26). */
  scimRole(role: string): string | undefined
  /** `active: false` disables the account, and keeps it (CLD-SCIM-31). */
  scimDeactivation(): 'disable' | 'ignore' | 'delete'
  /** Whether `active` alone decides who may log in (CLD-SCIM-32). */
  disabledMayLogIn(user: User): boolean
  /** Groups are a part of this SCIM server. */
  scimHasGroups(): boolean
  /** A user needs a first and a last name. */
  scimNeedsNames(): boolean
  /** A user that was answered with 201 is there (CSM-SCIM-02). */
  scimKeepsCreated(): boolean
  /** Lists are ListResponses (CSM-SCIM-08). */
  scimWrapsLists(): boolean
  /** Users are found by `email eq` (CSM-SCIM-09). */
  scimFindsByEmail(): boolean
  /** A lookup finds accounts that something else made (CLD-SCIM-39). */
  scimFinds(user: User): boolean
  /** Whether an extension that nothing is known of is refused: never (CLD-SCIM-40). */
  scimRefusesUnknown(): boolean
  /** Groups of SCIM are the account's user groups (CLD-SCIM-42). */
  groupShownInAccount(group: Group): boolean
  /** Members of a group that is pushed become its members (CLD-SCIM-43). */
  scimSetsMembers(): boolean
  /** A change of members or name is applied, removals too (CLD-SCIM-47). */
  scimRemovesMembers(): boolean
  /** Whether users go with their group: they stay (CLD-SCIM-50). */
  scimDeletesMembersWithGroup(): boolean
  /** Where the next page of users begins (CLD-SCIM-54). */
  scimPageStart(startIndex: number): number
  /** What is read is what is stored now (CLD-SCIM-57). */
  scimShowsName(user: User): Pick<User, 'firstName' | 'lastName'>
  /** Told of each account that SCIM has just written; nothing has to be kept of it (CLD-SCIM-57). */
  scimWrote(user: User): void
  /** Custom attributes are answered, not only taken (CLD-SCIM-60). */
  scimShowsCustomAttributes(): boolean
  /** Members as SCIM answers them (CLD-SCIM-61). */
  scimMembersShown(ids: readonly string[]): readonly string[]
  /** Whether a user can be deactivated who is in so many groups: in none too (CLD-SCIM-64). */
  scimDeactivates(groupCount: number): boolean
  /** Groups that something else made are listed (CLD-SCIM-65). */
  scimListsGroup(group: Group): boolean
  /** A group can be deleted (CLD-SCIM-66). */
  scimDeletesGroups(): boolean
  /** A full membership replaces what was there (CLD-SCIM-67). */
  scimReplacesMembers(): boolean
  /** Users that something else made are listed, and can be updated (CLD-SCIM-68). */
  scimListsUser(user: User): boolean
  /** A full update is applied to the account (CLD-SCIM-69). */
  scimUpdatesRole(): boolean
}

export const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User'

export const scimRules: ScimRules = {
  scimIsOn: (settings) => settings.scim,
  scimNeedsToken: () => true,
  scimScopeIsEnough: (scopes) => scopes.includes('provision:scim'),
  scimSchema: (urn) => urn,
  scimAppliesNames: () => true,
  scimUserNameIsUnique: () => true,
  scimReadsTopLevel: () => true,
  scimEnvironmentsName: () => 'product_environments',
  scimAllEnvironmentsByDefault: () => true,
  scimRoleShown: (role) => role,
  scimRole: (role) => role,
  scimDeactivation: () => 'disable',
  disabledMayLogIn: () => false,
  scimHasGroups: () => true,
  scimNeedsNames: () => false,
  scimKeepsCreated: () => true,
  scimWrapsLists: () => true,
  scimFindsByEmail: () => true,
  scimFinds: () => true,
  scimRefusesUnknown: () => false,
  groupShownInAccount: () => true,
  scimSetsMembers: () => true,
  scimRemovesMembers: () => true,
  scimDeletesMembersWithGroup: () => false,
  scimPageStart: (startIndex) => startIndex,
  scimShowsName: ({ firstName, lastName }) => ({ firstName, lastName }),
  scimWrote: () => undefined,
  scimShowsCustomAttributes: () => true,
  scimMembersShown: (ids) => ids,
  scimDeactivates: () => true,
  scimListsGroup: () => true,
  scimDeletesGroups: () => true,
  scimReplacesMembers: () => true,
  scimListsUser: () => true,
  scimUpdatesRole: () => true,
}
