import type { AssertedAttribute } from '../../saml/assertion.ts'
import type { User } from '../../store/users.ts'
import { isRole } from '../roles.ts'

/** Names of the attributes of SAML provisioning, exactly as the documentation's table has them. */
export const attributeNames = {
  accountId: 'User.CloudinaryAccountID',
  username: 'User.Username',
  firstName: 'User.FirstName',
  lastName: 'User.LastName',
  email: 'User.Email',
  role: 'User.CloudinaryRole',
  groups: 'User.CloudinaryUserGroups',
  environments: 'User.CloudinarySubAccounts',
} as const
export type AttributeField = keyof typeof attributeNames

/** What a value could be guessed from where its attribute is missing. A good SP doesn't. */
export interface Fallback {
  nameId: string | undefined
  /** The account that the message seems to be about: by the external id, else by the NameID as an e-mail address. */
  known(): User | undefined
}

/** How attributes are read. */
export interface AttributeRules {
  /** Names are compared exactly (CLD-PROV-38). */
  isNamed(sent: string, wanted: string): boolean
  /** Attributes as Okta sends them, all eight, are understood (CLD-PROV-46). */
  understands(attributes: readonly AssertedAttribute[]): boolean
  /** The NameFormat doesn't matter (CLD-PROV-47). */
  acceptsNameFormat(format: string | undefined): boolean
  /** Attributes that are not ours are passed over (CLD-SAML-18). */
  refusesUnknownAttributes(): boolean
  /** What every login must have (CLD-PROV-05, 07, 09, 11; CLD-PROV-10 for the last name; on every login CLD-PROV-37). */
  mandatoryFields(known: () => User | undefined): readonly AttributeField[]
  /** The account ID must be ours (CLD-PROV-06). */
  accountIdIsOurs(sent: string, ours: string): boolean
  /** The external id is `User.Username` and nothing else (CLD-PROV-07). */
  usernameOf(sent: string | undefined, fallback: Fallback): string | undefined
  /** The e-mail address is `User.Email` and nothing else (CLD-PROV-11). */
  emailOf(sent: string | undefined, fallback: Fallback): string | undefined
  /** The first name is `User.FirstName` (CLD-PROV-09). */
  firstNameOf(sent: string | undefined, fallback: Fallback): string | undefined
  /** A role is one value (CLD-PROV-15, A-04). Undefined = refuse. */
  oneRole(values: readonly string[]): string | undefined
  /** One of the seven, exactly, stored as it is (CLD-PROV-13, CLD-PROV-14, CLD-PROV-39). Undefined = refuse. */
  acceptedRole(value: string): string | undefined
  /** The role of a new account without one (CLD-PROV-12). */
  defaultRole(): string
  /** Each AttributeValue is a group (CLD-PROV-16). */
  groupNames(values: readonly string[]): readonly string[]
}

export const attributeRules: AttributeRules = {
  isNamed: (sent, wanted) => sent === wanted,
  understands: () => true,
  acceptsNameFormat: () => true,
  refusesUnknownAttributes: () => false,
  mandatoryFields: () => ['accountId', 'username', 'firstName', 'email'],
  accountIdIsOurs: (sent, ours) => sent === ours,
  usernameOf: (sent) => sent,
  emailOf: (sent) => sent,
  firstNameOf: (sent) => sent,
  oneRole: (values) => (values.length === 1 ? values[0] : undefined),
  acceptedRole: (value) => (isRole(value) ? value : undefined),
  defaultRole: () => 'media_library_user',
  groupNames: (values) => values,
}
