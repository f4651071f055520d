import { refuse } from '../login-refused.ts'
import { messageLimits } from './gate.ts'
import { ns } from './namespaces.ts'
import { childOf, childrenOf, parseXml, type XmlElement } from './xml.ts'

export interface AssertedAttribute {
  name: string
  nameFormat: string | undefined
  /** One for each AttributeValue, in order; an empty one is ''. */
  values: readonly string[]
}

export interface SubjectConfirmation {
  method: string | undefined
  recipient: string | undefined
  inResponseTo: string | undefined
  notBefore: string | undefined
  notOnOrAfter: string | undefined
}

/** An Assertion as its signature covers it. Times are still text. */
export interface VerifiedAssertion {
  id: string
  issuer: string
  issuerFormat: string | undefined
  issueInstant: string
  nameId: { value: string; format: string | undefined; spNameQualifier: string | undefined } | undefined
  confirmations: readonly SubjectConfirmation[]
  conditions: {
    notBefore: string | undefined
    notOnOrAfter: string | undefined
    /** One list for each AudienceRestriction; all of them must hold (SAML Core 2.5.1.4). */
    audiences: readonly (readonly string[])[]
    oneTimeUse: boolean
  }
  authnStatements: readonly {
    sessionIndex: string | undefined
    sessionNotOnOrAfter: string | undefined
    classRef: string
  }[]
  attributes: readonly AssertedAttribute[]
}

/**
 * Reads the Assertion from XML that was verified, and from nothing else.
 *
 * @param signedXml what the signature covers: the Assertion, or the Response around it
 * @param expectedId the Assertion's ID as the gate saw it, so that both looked at the same one
 */
export const readAssertion = (signedXml: string, expectedId: string | undefined): VerifiedAssertion => {
  const root = parseXml(signedXml, { limits: messageLimits, comments: 'refuse' })
  const assertion =
    root.namespace === ns.assertion && root.name === 'Assertion' ? root : childOf(root, ns.assertion, 'Assertion')
  const id = assertion?.attributes.get('ID')
  if (assertion === undefined || id === undefined || id !== expectedId) return refuse('SIGNATURE_INVALID')
  const subject = childOf(assertion, ns.assertion, 'Subject')
  const nameId = childOf(subject, ns.assertion, 'NameID')
  const conditions = childOf(assertion, ns.assertion, 'Conditions')
  return {
    id,
    issuer: childOf(assertion, ns.assertion, 'Issuer')?.text ?? '',
    issuerFormat: childOf(assertion, ns.assertion, 'Issuer')?.attributes.get('Format'),
    issueInstant: assertion.attributes.get('IssueInstant') ?? '',
    nameId: nameId && {
      value: nameId.text,
      format: nameId.attributes.get('Format'),
      spNameQualifier: nameId.attributes.get('SPNameQualifier'),
    },
    confirmations: named(subject, 'SubjectConfirmation').map(readConfirmation),
    conditions: {
      notBefore: conditions?.attributes.get('NotBefore'),
      notOnOrAfter: conditions?.attributes.get('NotOnOrAfter'),
      audiences: named(conditions, 'AudienceRestriction').map((restriction) =>
        named(restriction, 'Audience').map((audience) => audience.text),
      ),
      oneTimeUse: named(conditions, 'OneTimeUse').length > 0,
    },
    authnStatements: named(assertion, 'AuthnStatement').map((statement) => ({
      sessionIndex: statement.attributes.get('SessionIndex'),
      sessionNotOnOrAfter: statement.attributes.get('SessionNotOnOrAfter'),
      classRef:
        childOf(childOf(statement, ns.assertion, 'AuthnContext'), ns.assertion, 'AuthnContextClassRef')?.text ?? '',
    })),
    attributes: named(assertion, 'AttributeStatement')
      .flatMap((statement) => named(statement, 'Attribute'))
      .map((attribute) => ({
        name: attribute.attributes.get('Name') ?? '',
        nameFormat: attribute.attributes.get('NameFormat'),
        values: named(attribute, 'AttributeValue').map((value) => value.text),
      })),
  }
}

const named = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element === undefined ? [] : childrenOf(element, ns.assertion, name)

const readConfirmation = (confirmation: XmlElement): SubjectConfirmation => {
  const data = childOf(confirmation, ns.assertion, 'SubjectConfirmationData')
  return {
    method: confirmation.attributes.get('Method'),
    recipient: data?.attributes.get('Recipient'),
    inResponseTo: data?.attributes.get('InResponseTo'),
    notBefore: data?.attributes.get('NotBefore'),
    notOnOrAfter: data?.attributes.get('NotOnOrAfter'),
  }
}
