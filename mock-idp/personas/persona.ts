/**
 * How one identity provider talks: data, with source and date. A new persona is one more value of this type.
 */
export interface Persona {
  id: string
  title: string
  /** What the shape was taken from, and the date of the newest message seen. */
  source: string
  asOf: string
  style: PersonaStyle
  /** IDs of Response and Assertion (xs:NCName, SAML Core 1.3.4). */
  ids: IdShape
  /** SessionIndex of a login that an AuthnRequest asked for, and of one that the IdP started itself. */
  sessionIndex: { spInitiated: 'request-id' | 'random'; idpInitiated: 'time-and-number' | 'random' }
  /** Offsets in ms from IssueInstant. `confirmation` is for SubjectConfirmationData. */
  window: { notBeforeMs: number; notOnOrAfterMs: number; confirmationMs: number }
  metadata: MetadataShape
}

/** How elements are written; everything that the renderer has to know of a persona. */
export interface PersonaStyle {
  prefixes: { protocol: string; assertion: string; signature: string }
  /** `canonical`: what is sent is what is signed. `sorted`: see `saml/markup.ts`. */
  markup: 'canonical' | 'sorted'
  /** First characters of the document; empty for none. Never part of what is signed. */
  xmlDeclaration: string
  /** `Format` of the Issuer, or none. */
  issuerFormat: string | undefined
  /** `xsi:type` of each AttributeValue, or none. With `canonical` markup it needs `inclusiveXs` to be declared. */
  attributeType: 'xs:string' | undefined
  /**
   * Whether a signature over an Assertion with attributes names the prefix `xs` as inclusive (xml-exc-c14n 3), because
   * it is used in the *value* of `xsi:type` only, where exclusive canonicalization does not see it.
   */
  inclusiveXs: boolean
  /** Line length of `ds:X509Certificate`; undefined: one line. */
  certificateLine: number | undefined
}

export interface IdShape {
  prefix: string
  alphabet: string
  /** Characters after the prefix. */
  length: number
  /** The Response's and the Assertion's ID begin with the same so many characters after the prefix. */
  sharedLength: number
}

export interface MetadataShape {
  xmlDeclaration: string
  prefix: string
  /** In the order in which the endpoints are listed. */
  singleSignOnBindings: readonly ('HTTP-POST' | 'HTTP-Redirect')[]
  certificateLine: number | undefined
}
