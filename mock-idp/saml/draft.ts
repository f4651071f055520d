/**
 * The Response that the mock IdP is about to send, before it is XML: plain data that claims faults may edit.
 * `undefined` leaves an element or attribute out; the renderer writes what is here and adds nothing of its own.
 * Instants are text (`2026-01-02T03:04:05.678Z`), so that a fault can write one that does not parse.
 */
export interface ResponseDraft {
  id: string
  issueInstant: string
  destination: string | undefined
  inResponseTo: string | undefined
  issuer: string | undefined
  status: StatusDraft
  assertions: AssertionDraft[]
  /**
   * Writes characters that XML 1.0 forbids, instead of refusing them: for faults that want a document which is not
   * well-formed. Left out: refused.
   */
  allowForbiddenCharacters?: boolean | undefined
}

export interface StatusDraft {
  /** Top-level status code URI (SAML Core 3.2.2.2). */
  code: string
  subCode?: string | undefined
  message?: string | undefined
}

export interface AssertionDraft {
  id: string
  issueInstant: string
  issuer: string | undefined
  subject: SubjectDraft | undefined
  conditions: ConditionsDraft | undefined
  authnStatement: AuthnStatementDraft | undefined
  attributes: AttributeDraft[]
}

export interface SubjectDraft {
  nameId: NameIdDraft | undefined
  confirmations: ConfirmationDraft[]
}

export interface NameIdDraft {
  value: string
  format: string | undefined
}

export interface ConfirmationDraft {
  method: string
  recipient: string | undefined
  notOnOrAfter: string | undefined
  notBefore?: string | undefined
  inResponseTo: string | undefined
}

export interface ConditionsDraft {
  notBefore: string | undefined
  notOnOrAfter: string | undefined
  /** One AudienceRestriction for each inner list; every restriction must hold (SAML Core 2.5.1.4). */
  audienceRestrictions: string[][]
}

export interface AuthnStatementDraft {
  authnInstant: string
  sessionIndex: string | undefined
  sessionNotOnOrAfter?: string | undefined
  classRef: string
}

export interface AttributeDraft {
  name: string
  nameFormat: string | undefined
  /** One AttributeValue each. An empty list is an Attribute without values. */
  values: string[]
}
