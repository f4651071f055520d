import type { AssertedAttribute } from '../saml/assertion.ts'
import type { Sp } from '../sp.ts'
import type { GroupMapping } from '../store/group-mappings.ts'
import type { User } from '../store/users.ts'

/** How Cloudsmith knows its members, and what Group Sync does with them. */
export interface CloudsmithRules {
  /** The organisation of the path; none of another (CSM-SSO-02, CSM-SSO-03). */
  csmOrganisation(slug: string, organisations: readonly Sp[]): Sp | undefined
  /** Whose identity provider a Response is verified with: that of the organisation in the URL (CSM-SSO-05). */
  csmVerifiesFor(sp: Sp, issuer: string | undefined, organisations: readonly Sp[]): Promise<Sp>
  /** The e-mail address of a member is the NameID (CSM-SSO-07). */
  csmEmail(nameId: string, attributes: readonly AssertedAttribute[]): string
  /** First and last name are taken from the assertion (CSM-SSO-08). */
  csmTakesNames(): boolean
  /** Whether the landing page of this organisation begins a login at all (CSM-SSO-13). */
  csmStarts(): boolean
  /** A login needs no mapping that fits (CSM-SSO-14). */
  csmNeedsTeam(): boolean
  /** Group Sync is for organisations with SAML (CSM-GRP-02). */
  csmSyncNeedsSaml(): boolean
  /** Memberships follow the mappings that fit (CSM-GRP-01). */
  csmSyncs(): boolean
  /** Key and value of a mapping are compared with name and values of an attribute, exactly (CSM-GRP-04). */
  csmFits(mapping: GroupMapping, attribute: AssertedAttribute): boolean
  /** Who a mapping leads to a team is in it at once (CSM-GRP-05). */
  csmJoinsAtOnce(): boolean
  /** Memberships change at a login, and only then (CSM-GRP-06). */
  csmSyncsWithoutLogin(): boolean
  /** All mappings that fit count (CSM-GRP-07). */
  csmFitting(mappings: readonly GroupMapping[]): readonly GroupMapping[]
  /** A member leaves the mapped teams that nothing leads to any more (CSM-GRP-08). */
  csmLeaves(attributes: readonly AssertedAttribute[]): boolean
  /** A team is made by nobody but an administrator (CSM-GRP-09). */
  csmMakesTeams(): boolean
  /** The user name of the SCIM server's Basic credential (CSM-SCIM-14). */
  csmScimUsername(sent: string): boolean
  /** Which organisation a SCIM token opens: its own (CSM-SCIM-15). Undefined: none. */
  csmScimOrganisation(token: string, organisations: readonly Sp[]): Sp | undefined
  /** Whether a member may be made active again by SCIM (CSM-SCIM-18). */
  csmReactivates(user: User): boolean
}

export const cloudsmithRules: CloudsmithRules = {
  csmOrganisation: (slug, organisations) => organisations.find(({ organisation }) => organisation === slug),
  csmVerifiesFor: async (sp) => sp,
  csmEmail: (nameId) => nameId,
  csmTakesNames: () => true,
  csmStarts: () => true,
  csmNeedsTeam: () => false,
  csmSyncNeedsSaml: () => true,
  csmSyncs: () => true,
  csmFits: ({ key, value }, { name, values }) => key === name && values.includes(value),
  csmJoinsAtOnce: () => true,
  csmSyncsWithoutLogin: () => false,
  csmFitting: (mappings) => mappings,
  csmLeaves: () => true,
  csmMakesTeams: () => false,
  csmScimUsername: (sent) => sent === 'token',
  csmScimOrganisation: (token, organisations) => organisations.find((sp) => sp.scimToken === token),
  csmReactivates: () => true,
}
