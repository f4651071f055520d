import type { PersonaStyle } from '../personas/persona.ts'
import type {
  AssertionDraft,
  AttributeDraft,
  AuthnStatementDraft,
  ConditionsDraft,
  ConfirmationDraft,
  SubjectDraft,
} from './draft.ts'
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

// Strings are put together with += and without arrays between: each login makes some hundred of them.

const writeConfirmation = ({ form, esc, style }: Pen, confirmation: ConfirmationDraft): string => {
  const p = style.prefixes.assertion
  const data =
    esc.attribute('InResponseTo', confirmation.inResponseTo) +
    esc.attribute('NotBefore', confirmation.notBefore) +
    esc.attribute('NotOnOrAfter', confirmation.notOnOrAfter) +
    esc.attribute('Recipient', confirmation.recipient)
  const method = esc.attribute('Method', confirmation.method)
  return `<${p}:SubjectConfirmation${method}>${form.empty(`${p}:SubjectConfirmationData`, data)}</${p}:SubjectConfirmation>`
}

const writeSubject = (pen: Pen, subject: SubjectDraft): string => {
  const { form, esc, style, declareAssertion } = pen
  const p = style.prefixes.assertion
  let out = form.open(`${p}:Subject`, '', '', declareAssertion)
  if (subject.nameId)
    out += `<${p}:NameID${esc.attribute('Format', subject.nameId.format)}>${esc.text(subject.nameId.value)}</${p}:NameID>`
  for (const confirmation of subject.confirmations) out += writeConfirmation(pen, confirmation)
  return `${out}</${p}:Subject>`
}

const writeConditions = ({ form, esc, style, declareAssertion }: Pen, conditions: ConditionsDraft): string => {
  const p = style.prefixes.assertion
  const window =
    esc.attribute('NotBefore', conditions.notBefore) + esc.attribute('NotOnOrAfter', conditions.notOnOrAfter)
  let out = form.open(`${p}:Conditions`, window, '', declareAssertion)
  for (const audiences of conditions.audienceRestrictions) {
    out += `<${p}:AudienceRestriction>`
    for (const audience of audiences) out += `<${p}:Audience>${esc.text(audience)}</${p}:Audience>`
    out += `</${p}:AudienceRestriction>`
  }
  return `${out}</${p}:Conditions>`
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
  const closeValue = `</${p}:AttributeValue>`
  let out = form.open(`${p}:AttributeStatement`, '', '', declareAssertion)
  for (const { name, nameFormat, values } of attributes) {
    out += `<${p}:Attribute${esc.attribute('Name', name)}${esc.attribute('NameFormat', nameFormat)}>`
    for (const value of values) out += openValue + esc.text(value) + closeValue
    out += `</${p}:Attribute>`
  }
  return `${out}</${p}:AttributeStatement>`
}

/**
 * The start tag of a `saml:Assertion`.
 *
 * @param withXs Whether it declares `xs`: where its signature, and not only that of the Response, makes the prefix
 * inclusive.
 */
const openAssertion = (pen: Pen, draft: AssertionDraft, withXs: boolean): string => {
  const attributes = `${pen.esc.attribute('ID', draft.id)}${pen.esc.attribute('IssueInstant', draft.issueInstant)} Version="2.0"`
  return pen.form.open(
    `${pen.style.prefixes.assertion}:Assertion`,
    attributes,
    pen.declareAssertion + (withXs ? declareXs : ''),
  )
}

/** Writes a `saml:Assertion` (SAML Core 2.3.3); `withXs` as for {@link openAssertion}. */
export const writeAssertion = (pen: Pen, draft: AssertionDraft, withXs: boolean): Pieces => ({
  open: openAssertion(pen, draft, withXs),
  issuer: writeIssuer(pen, draft.issuer, false),
  rest:
    (draft.subject ? writeSubject(pen, draft.subject) : '') +
    (draft.conditions ? writeConditions(pen, draft.conditions) : '') +
    (draft.authnStatement ? writeAuthnStatement(pen, draft.authnStatement) : '') +
    (draft.attributes.length > 0 ? writeAttributes(pen, draft.attributes) : '') +
    `</${pen.style.prefixes.assertion}:Assertion>`,
})
