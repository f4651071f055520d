import type { PersonaStyle } from '../personas/persona.ts'
import type { AssertionDraft, AttributeDraft, AuthnStatementDraft, ConditionsDraft, SubjectDraft } from './draft.ts'
import type { Escaper, Form } from './markup.ts'
import { ns } from './names.ts'

/** An element in pieces, so that its Signature can go in after the Issuer (SAML Core 2.3.3, 3.2.2). */
export interface Pieces {
  open: string
  issuer: string
  rest: string
}

/** Everything that the writers of elements share: how, and with which names. */
export interface Pen {
  form: Form
  esc: Escaper
  style: PersonaStyle
  /** ` xmlns:saml2="…"`: needed by the first element of the prefix, repeated by others. */
  declareAssertion: string
  declareProtocol: string
}

export const declareXs = ` xmlns:xs="${ns.xs}"`
const declareXsi = ` xmlns:xsi="${ns.xsi}"`

/** @param needed Whether no ancestor in the canonical form declares the prefix. */
export const writeIssuer = (pen: Pen, issuer: string | undefined, needed: boolean): string => {
  if (issuer === undefined) return ''
  const { form, esc, style, declareAssertion } = pen
  const name = `${style.prefixes.assertion}:Issuer`
  const format = esc.attribute('Format', style.issuerFormat)
  return `${form.open(name, format, needed ? declareAssertion : '', needed ? '' : declareAssertion)}${esc.text(issuer)}</${name}>`
}

const writeSubject = ({ form, esc, style, declareAssertion }: Pen, subject: SubjectDraft): string => {
  const p = style.prefixes.assertion
  const nameId = subject.nameId
    ? `${form.open(`${p}:NameID`, esc.attribute('Format', subject.nameId.format))}${esc.text(subject.nameId.value)}</${p}:NameID>`
    : ''
  const confirmations = subject.confirmations.map((confirmation) => {
    const data =
      esc.attribute('InResponseTo', confirmation.inResponseTo) +
      esc.attribute('NotBefore', confirmation.notBefore) +
      esc.attribute('NotOnOrAfter', confirmation.notOnOrAfter) +
      esc.attribute('Recipient', confirmation.recipient)
    return (
      form.open(`${p}:SubjectConfirmation`, esc.attribute('Method', confirmation.method)) +
      form.empty(`${p}:SubjectConfirmationData`, data) +
      `</${p}:SubjectConfirmation>`
    )
  })
  return `${form.open(`${p}:Subject`, '', '', declareAssertion)}${nameId}${confirmations.join('')}</${p}:Subject>`
}

const writeConditions = ({ form, esc, style, declareAssertion }: Pen, conditions: ConditionsDraft): string => {
  const p = style.prefixes.assertion
  const window =
    esc.attribute('NotBefore', conditions.notBefore) + esc.attribute('NotOnOrAfter', conditions.notOnOrAfter)
  const restrictions = conditions.audienceRestrictions.map(
    (audiences) =>
      `<${p}:AudienceRestriction>${audiences
        .map((audience) => `<${p}:Audience>${esc.text(audience)}</${p}:Audience>`)
        .join('')}</${p}:AudienceRestriction>`,
  )
  return `${form.open(`${p}:Conditions`, window, '', declareAssertion)}${restrictions.join('')}</${p}:Conditions>`
}

const writeAuthnStatement = ({ form, esc, style, declareAssertion }: Pen, authn: AuthnStatementDraft): string => {
  const p = style.prefixes.assertion
  const attributes =
    esc.attribute('AuthnInstant', authn.authnInstant) +
    esc.attribute('SessionIndex', authn.sessionIndex) +
    esc.attribute('SessionNotOnOrAfter', authn.sessionNotOnOrAfter)
  return (
    form.open(`${p}:AuthnStatement`, attributes, '', declareAssertion) +
    `<${p}:AuthnContext><${p}:AuthnContextClassRef>${esc.text(authn.classRef)}` +
    `</${p}:AuthnContextClassRef></${p}:AuthnContext></${p}:AuthnStatement>`
  )
}

const writeAttributes = (pen: Pen, attributes: readonly AttributeDraft[]): string => {
  const { form, esc, style, declareAssertion } = pen
  const p = style.prefixes.assertion
  // `xs` is used in the value of xsi:type only, which exclusive C14N does not count as use.
  const type = style.attributeType
  const openValue =
    type === undefined
      ? form.open(`${p}:AttributeValue`)
      : form.open(`${p}:AttributeValue`, '', declareXsi, declareXs, ` xsi:type="${type}"`)
  const all = attributes.map((attribute) => {
    const open = form.open(
      `${p}:Attribute`,
      esc.attribute('Name', attribute.name) + esc.attribute('NameFormat', attribute.nameFormat),
    )
    const values = attribute.values.map((text) => `${openValue}${esc.text(text)}</${p}:AttributeValue>`)
    return `${open}${values.join('')}</${p}:Attribute>`
  })
  const name = `${p}:AttributeStatement`
  return `${form.open(name, '', '', declareAssertion)}${all.join('')}</${name}>`
}

/**
 * Writes a `saml:Assertion` (SAML Core 2.3.3).
 *
 * @param withXs Whether it declares `xs`: where its signature, and not only that of the Response, makes the prefix
 * inclusive.
 */
export const writeAssertion = (pen: Pen, draft: AssertionDraft, withXs: boolean): Pieces => {
  const { form, esc, style, declareAssertion } = pen
  const p = style.prefixes.assertion
  const attributes = `${esc.attribute('ID', draft.id)}${esc.attribute('IssueInstant', draft.issueInstant)} Version="2.0"`
  return {
    open: form.open(`${p}:Assertion`, attributes, declareAssertion + (withXs ? declareXs : '')),
    issuer: writeIssuer(pen, draft.issuer, false),
    rest:
      (draft.subject ? writeSubject(pen, draft.subject) : '') +
      (draft.conditions ? writeConditions(pen, draft.conditions) : '') +
      (draft.authnStatement ? writeAuthnStatement(pen, draft.authnStatement) : '') +
      (draft.attributes.length > 0 ? writeAttributes(pen, draft.attributes) : '') +
      `</${p}:Assertion>`,
  }
}
