import type { VerifiedAssertion } from '../../saml/assertion.ts'
import type { Envelope } from '../../saml/gate.ts'
import { statusSuccess } from '../../saml/namespaces.ts'
import { attribute, below, named, textOf } from './dom.ts'

/** The parts of an Assertion by their local names. */
export const readLoosely = (assertion: Element): VerifiedAssertion => {
  const [subject] = named(assertion, 'Subject')
  const [nameId] = named(subject, 'NameID')
  const [conditions] = named(assertion, 'Conditions')
  const [issuer] = named(assertion, 'Issuer')
  return {
    id: attribute(assertion, 'ID') ?? '',
    issuer: textOf(issuer),
    issuerFormat: attribute(issuer, 'Format'),
    issueInstant: attribute(assertion, 'IssueInstant') ?? '',
    nameId: nameId && {
      value: textOf(nameId),
      format: attribute(nameId, 'Format'),
      spNameQualifier: attribute(nameId, 'SPNameQualifier'),
    },
    confirmations: named(subject, 'SubjectConfirmation').map((confirmation) => {
      const [data] = named(confirmation, 'SubjectConfirmationData')
      return {
        method: attribute(confirmation, 'Method'),
        recipient: attribute(data, 'Recipient'),
        inResponseTo: attribute(data, 'InResponseTo'),
        notBefore: attribute(data, 'NotBefore'),
        notOnOrAfter: attribute(data, 'NotOnOrAfter'),
      }
    }),
    conditions: {
      notBefore: attribute(conditions, 'NotBefore'),
      notOnOrAfter: attribute(conditions, 'NotOnOrAfter'),
      audiences: named(conditions, 'AudienceRestriction').map((one) => named(one, 'Audience').map(textOf)),
      oneTimeUse: named(conditions, 'OneTimeUse').length > 0,
    },
    authnStatements: named(assertion, 'AuthnStatement').map((statement) => ({
      sessionIndex: attribute(statement, 'SessionIndex'),
      sessionNotOnOrAfter: attribute(statement, 'SessionNotOnOrAfter'),
      classRef: textOf(below(statement, 'AuthnContextClassRef')[0]),
    })),
    attributes: below(assertion, 'AttributeStatement')
      .flatMap((statement) => named(statement, 'Attribute'))
      .map((one) => ({
        name: attribute(one, 'Name') ?? '',
        nameFormat: attribute(one, 'NameFormat'),
        values: named(one, 'AttributeValue').map(textOf),
      })),
  }
}

/** What the gate says of a message, of one that it refuses. */
export const envelopeOf = (root: Element, xml: string, assertion: Element): Envelope => {
  const response = root.localName === 'Response' ? root : (below(root, 'Response')[0] ?? root)
  const [code] = named(named(response, 'Status')[0], 'StatusCode')
  const [issuer] = named(response, 'Issuer')
  const value = attribute(code, 'Value') ?? ''
  return {
    xml,
    responseId: attribute(response, 'ID') ?? '',
    issueInstant: attribute(response, 'IssueInstant') ?? '',
    assertionId: attribute(assertion, 'ID') ?? '',
    issuer: issuer && textOf(issuer),
    issuerFormat: attribute(issuer, 'Format'),
    destination: attribute(response, 'Destination'),
    inResponseTo: attribute(response, 'InResponseTo'),
    status: { success: value === statusSuccess, code: value },
    signed: { response: false, assertion: true },
  }
}
