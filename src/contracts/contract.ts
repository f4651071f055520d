/** What one kind of service provider promises, as data. */
export type Keyword = 'MUST' | 'SHOULD' | 'MAY'

/** How much harm a broken requirement does. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info'

/** Whose behaviour a requirement is about: the SP, the mock IdP, an administrator's set-up, or background. */
export type RequirementKind = 'sp' | 'idp' | 'admin' | 'note'

export interface Requirement {
  /** `CLD-PROV-12`. The tag of its Rule, and of the defect that breaks it. */
  id: string
  /** `saml-sso`, `saml-provisioning`. */
  area: string
  /** One testable sentence, in our words. */
  statement: string
  keyword: Keyword
  kind: RequirementKind
  /** Whether the sentence is in the document, or follows from it. */
  basis: 'stated' | 'inferred'
  source: Source
  /** For whoever broke it: what to look at first. */
  hint: string
  /** What a wrong SP does; undefined where no SP could do it wrong. Defined = falsifiable. */
  violation?: string | undefined
  /** Why no scenario tests it. Exactly the requirements without a scenario have it. */
  notTestedBecause?: string | undefined
  /** The knob of `expect` that this requirement listens to. */
  expect?: string | undefined
  /** How much harm it does when it is broken; by the keyword when left out. */
  severity?: Severity | undefined
  /** What an attacker gains by it. */
  gain?: string | undefined
}

export interface Source {
  /** Title of the document, with its date. */
  document: string
  /** The words that it rests on. */
  quote: string
}

/** An SP setting that scenarios can ask for (`@settings:enforce=on`). */
export interface Setting {
  title: string
  values: readonly string[]
  default: string
  /** The verb of a target without which the setting means nothing to it. */
  of?: string
}

/** Where the documentation leaves a choice: what a target may declare in `expect`. `unchecked` = observed, not judged. */
export interface Knob {
  title: string
  values: readonly string[]
  default: string
  /** What the IdP metadata that an SP is given must have for this to be seen: a further key beside the one in use. */
  metadata?: 'rollover' | 'weakKey'
}

/** A value that the contract needs from `parameters` in idpact.yaml. */
export interface ContractParameter {
  title: string
  type: 'string' | 'string[]'
  required: boolean
  /** How many entries a list must have, where scenarios tell them apart. */
  least?: number
}

export interface ContractAttribute {
  /** The Name on the wire, exactly. */
  name: string
  title: string
  type: 'string' | 'string[]'
  mandatory: boolean
  /** What the mock IdP's directory fills it from: an expression (`user.email`), or `{parameter}` for a literal. */
  value: string
  /** The same from the application's own profile, where provisioning says it too (`appuser.role`). */
  provisioned?: string
}

/** Which attributes of a user of the mock IdP's directory have what scenarios speak of. */
export interface ContractDirectory {
  /** What `value` of the attribute with the (external) user id reads. */
  username?: string
  role?: string
  groups?: string
  environments?: string
}

/** How Okta's application is set up to provision by the documentation of the contract. */
export interface ContractScim {
  /** The unique identifier of the connector: the field of lookups. */
  uniqueField: 'userName' | 'email'
  /** Which of Okta's supported actions there are, beside users: then scenarios may turn them on. */
  groups: boolean
  imports: boolean
  /** Custom attributes of the Profile Editor, as the mock IdP takes them; `enumerated` names a parameter or `roles`. */
  attributes: readonly {
    name: string
    type: 'string' | 'string-array'
    enumerated: string
    combine: boolean
  }[]
  /** The namespace that custom attributes belong to. */
  namespace: string
  /** Application attribute by the expression that fills it from the Okta user. */
  mappings: Readonly<Record<string, string>>
}

export interface Contract {
  id: string
  version: number
  title: string
  areas: readonly { id: string; title: string }[]
  requirements: readonly Requirement[]
  attributes: readonly ContractAttribute[]
  directory: ContractDirectory
  roles: {
    values: readonly string[]
    /** Of whom no role is said; undefined: a role must be said. */
    default: string | undefined
    strongest: string | undefined
    /** What the people of a scenario have whose role does not matter, where one must be said. */
    ordinary?: string
  }
  nameIdFormat: 'emailAddress' | 'unspecified' | 'persistent'
  /** Which of Response and Assertion are signed, and where logins begin, is found out by trying what the SP accepts. */
  discoversShape?: boolean
  /** Left out where the contract has no SCIM. */
  scim?: ContractScim
  settings: Readonly<Record<string, Setting>>
  expect: Readonly<Record<string, Knob>>
  parameters: Readonly<Record<string, ContractParameter>>
  /** What a contract of the user's own was built from, as JSON: it can be built again from this elsewhere. */
  declared?: Readonly<Record<string, unknown>>
}
