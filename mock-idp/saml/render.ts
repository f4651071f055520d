import type { PersonaStyle } from '../personas/persona.ts'
import { declareXs, type Pen, type Pieces, writeAssertion, writeIssuer } from './assertion.ts'
import type { AssertionDraft, ResponseDraft, StatusDraft } from './draft.ts'
import { encryptAssertion } from './encryption.ts'
import { canonical, type Escaper, type Form, lenient, sorted, strict } from './markup.ts'
import { ns } from './names.ts'
import { makeSignature, writeSignature } from './signature.ts'
import type { ElementEdit, SigningPlan } from './signing-plan.ts'

const penOf = (form: Form, esc: Escaper, style: PersonaStyle): Pen => ({
  form,
  esc,
  style,
  declareAssertion: ` xmlns:${style.prefixes.assertion}="${ns.assertion}"`,
  declareProtocol: ` xmlns:${style.prefixes.protocol}="${ns.protocol}"`,
})

const writeStatus = ({ form, esc, style, declareProtocol }: Pen, status: StatusDraft): string => {
  const p = style.prefixes.protocol
  const code = esc.attribute('Value', status.code)
  const subCode =
    status.subCode === undefined ? '' : form.empty(`${p}:StatusCode`, esc.attribute('Value', status.subCode))
  return (
    form.open(`${p}:Status`, '', '', declareProtocol) +
    (subCode === ''
      ? form.empty(`${p}:StatusCode`, code)
      : `${form.open(`${p}:StatusCode`, code)}${subCode}</${p}:StatusCode>`) +
    (status.message === undefined ? '' : `<${p}:StatusMessage>${esc.text(status.message)}</${p}:StatusMessage>`) +
    `</${p}:Status>`
  )
}

/** `samlp:Response` (SAML Core 3.3.3) around Assertions that are written already. */
const writeResponse = (pen: Pen, draft: ResponseDraft, withXs: boolean, assertions: string): Pieces => {
  const { form, esc, style, declareProtocol } = pen
  const attributes =
    esc.attribute('Destination', draft.destination) +
    esc.attribute('ID', draft.id) +
    esc.attribute('InResponseTo', draft.inResponseTo) +
    esc.attribute('IssueInstant', draft.issueInstant) +
    ' Version="2.0"'
  const p = style.prefixes.protocol
  return {
    open: form.open(`${p}:Response`, attributes, declareProtocol + (withXs ? declareXs : '')),
    issuer: writeIssuer(pen, draft.issuer, true),
    rest: `${writeStatus(pen, draft.status)}${assertions}</${p}:Response>`,
  }
}

const join = (pieces: Pieces, signature: string): string => pieces.open + pieces.issuer + signature + pieces.rest

/** How a document is written: as it is signed, and as it is sent. The same pen where the two do not differ. */
interface Pens {
  inner: Pen
  outer: Pen
}

/** A signed element's Signature, in either form; nothing where there is none. */
type SignatureWriter = (form: Form) => string
const noSignature: SignatureWriter = () => ''

/** The pieces of an element after an edit of the whole: where the Issuer ends is where the Signature goes in. */
const edited = (pieces: Pieces, edit: ElementEdit | undefined, form: 'signed' | 'sent'): Pieces => {
  if (edit === undefined) return pieces
  const whole = edit(join(pieces, ''), form)
  const issuerEnd =
    /^[^>]*>\s*<(?:[\w-]+:)?Issuer\b[^>]*>[^<]*<\/[^>]*>/.exec(whole)?.[0] ?? /^[^>]*>/.exec(whole)?.[0] ?? ''
  return { open: issuerEnd, issuer: '', rest: whole.slice(issuerEnd.length) }
}

const signElement = async (
  pieces: Pieces,
  { inner }: Pens,
  plan: SigningPlan,
  options: { reference: string; inclusiveXs: boolean },
): Promise<SignatureWriter> => {
  const { style, esc } = inner
  if (plan.makeSignature) {
    const toSign = { ...options, element: join(pieces, ''), prefix: style.prefixes.signature }
    const written = await plan.makeSignature(toSign, plan)
    return () => written
  }
  const signature = await makeSignature(join(pieces, ''), { ...options, plan, esc, prefix: style.prefixes.signature })
  const signatureStyle = { prefix: style.prefixes.signature, certificateLine: style.certificateLine }
  return (form) => writeSignature(form, esc, plan, signatureStyle, signature)
}

/** An Assertion as it is sent and, where a Response around it is signed, as it counts in the Response's digest. */
interface WrittenAssertion {
  sent: string
  inResponse: string
}

/** As it is sent: encrypted where the plan says so, which is the same text in the Response's digest. */
const closed = (assertion: string, { encrypt }: SigningPlan, { inner }: Pens): WrittenAssertion => {
  if (encrypt === undefined) return { sent: assertion, inResponse: '' }
  const encrypted = encryptAssertion(assertion, encrypt, inner.style.prefixes)
  return { sent: encrypted, inResponse: encrypted }
}

const renderAssertion = async (draft: AssertionDraft, plan: SigningPlan, pens: Pens): Promise<WrittenAssertion> => {
  const { inner, outer } = pens
  const xs = inner.style.inclusiveXs && draft.attributes.length > 0
  const withXs = xs && plan.signAssertion
  const edit = plan.edit?.assertion
  const apart = outer !== inner || edit !== undefined
  const toSend = apart ? edited(writeAssertion(outer, draft, withXs), edit, 'sent') : undefined
  if (toSend && !plan.signAssertion && !plan.signResponse) return closed(join(toSend, ''), plan, pens)

  const toSign = edited(writeAssertion(inner, draft, withXs), edit, 'signed')
  const signature = plan.signAssertion
    ? await signElement(toSign, pens, plan, { reference: draft.id, inclusiveXs: xs })
    : noSignature
  const sent = toSend ? join(toSend, signature(outer.form)) : undefined
  if (plan.encrypt) return closed(sent ?? join(toSign, signature(canonical)), plan, pens)
  if (sent !== undefined && !plan.signResponse) return { sent, inResponse: '' }
  // Inside the Response, `xs` is already in its output context and is not written again (xml-exc-c14n 3).
  const open = withXs && plan.signResponse ? toSign.open.replace(declareXs, '') : toSign.open
  const inResponse = join({ ...toSign, open }, signature(canonical))
  return { sent: sent ?? inResponse, inResponse }
}

/**
 * Writes a Response and signs it as the plan says.
 *
 * What is signed is exclusive canonical form by construction: no DOM is built and no canonicalization run. What is
 * sent is the same document in the persona's own look. The Response's signature covers the Assertion's and is made
 * after it; logins at the same time are signed on the thread pool.
 *
 * @returns The document; UTF-8 when encoded.
 * @throws InternalError `forbidden-character` where a value cannot be written in XML 1.0, `key-algorithm-mismatch`
 * @example const xml = await renderResponse(draftResponse({ … }), plan, okta.style)
 */
export const renderResponse = async (draft: ResponseDraft, plan: SigningPlan, style: PersonaStyle): Promise<string> => {
  const esc = draft.allowForbiddenCharacters ? lenient : strict
  const inner = penOf(canonical, esc, style)
  const pens: Pens = { inner, outer: style.markup === 'canonical' ? inner : penOf(sorted, esc, style) }
  let sentAssertions = ''
  let signedAssertions = ''
  for (const assertion of draft.assertions) {
    const written = await renderAssertion(assertion, plan, pens)
    sentAssertions += written.sent
    signedAssertions += written.inResponse
  }

  const xs = plan.signResponse && style.inclusiveXs && draft.assertions.some((a) => a.attributes.length > 0)
  const toSend = writeResponse(pens.outer, draft, xs, sentAssertions)
  const edit = plan.edit?.response
  const sent = edited(toSend, edit, 'sent')
  if (!plan.signResponse) return style.xmlDeclaration + join(sent, '')
  const same = pens.outer === inner && sentAssertions === signedAssertions
  const toSign = same ? toSend : writeResponse(inner, draft, xs, signedAssertions)
  const signature = await signElement(edited(toSign, edit, 'signed'), pens, plan, {
    reference: draft.id,
    inclusiveXs: xs,
  })
  return style.xmlDeclaration + join(sent, signature(pens.outer.form))
}
