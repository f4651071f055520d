import type { PersonaStyle } from '../personas/persona.ts'
import { declareXs, type Pen, type Pieces, writeAssertion, writeIssuer } from './assertion.ts'
import type { AssertionDraft, ResponseDraft, StatusDraft } from './draft.ts'
import { canonical, type Escaper, type Form, lenient, sorted, strict } from './markup.ts'
import { ns } from './names.ts'
import { makeSignature, type Signature, writeSignature } from './signature.ts'
import type { SigningPlan } from './signing-plan.ts'

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

/** One Assertion, written as it is sent and, where they differ, as it counts in the Response's digest. */
interface WrittenAssertion {
  sent: string
  inResponse: string
}

const renderAssertion = async (
  draft: AssertionDraft,
  plan: SigningPlan,
  { inner, outer }: { inner: Pen; outer: Pen },
): Promise<WrittenAssertion> => {
  const { style, esc } = inner
  const xs = style.inclusiveXs && draft.attributes.length > 0
  const canonicalPieces = writeAssertion(inner, draft, xs && plan.signAssertion)
  const signature: Signature | undefined = plan.signAssertion
    ? await makeSignature(join(canonicalPieces, ''), {
        plan,
        esc,
        prefix: style.prefixes.signature,
        reference: draft.id,
        inclusiveXs: xs,
      })
    : undefined
  const signatureStyle = { prefix: style.prefixes.signature, certificateLine: style.certificateLine }
  const write = (form: Form): string => (signature ? writeSignature(form, esc, plan, signatureStyle, signature) : '')
  const asCanonical = (): string => {
    // Inside the Response, `xs` is already in its output context and is not written again (xml-exc-c14n 3).
    const pieces = xs
      ? { ...canonicalPieces, open: writeAssertion(inner, { ...draft, attributes: [] }, false).open }
      : canonicalPieces
    return join(pieces, write(canonical))
  }
  if (outer === inner) {
    const text = asCanonical()
    return { sent: text, inResponse: text }
  }
  return {
    sent: join(writeAssertion(outer, draft, xs && plan.signAssertion), write(outer.form)),
    inResponse: plan.signResponse ? asCanonical() : '',
  }
}

/**
 * Writes a Response and signs it as the plan says.
 *
 * What is signed is exclusive canonical form by construction: no DOM is built and no canonicalization run. What is
 * sent is the same document in the persona's own look. Signatures are made on the thread pool, one after the other,
 * because the Response's covers the Assertion's.
 *
 * @returns The document; UTF-8 when encoded.
 * @throws InternalError `forbidden-character` where a value cannot be written in XML 1.0, `key-algorithm-mismatch`
 * @example const xml = await renderResponse(draftResponse({ … }), plan, okta.style)
 */
export const renderResponse = async (draft: ResponseDraft, plan: SigningPlan, style: PersonaStyle): Promise<string> => {
  const esc = draft.allowForbiddenCharacters ? lenient : strict
  const inner = penOf(canonical, esc, style)
  const outer = style.markup === 'canonical' ? inner : penOf(sorted, esc, style)
  const assertions: WrittenAssertion[] = []
  for (const assertion of draft.assertions) assertions.push(await renderAssertion(assertion, plan, { inner, outer }))

  const xs = plan.signResponse && style.inclusiveXs && draft.assertions.some((a) => a.attributes.length > 0)
  const sent = writeResponse(outer, draft, xs, assertions.map((a) => a.sent).join(''))
  if (!plan.signResponse) return style.xmlDeclaration + join(sent, '')

  const signed = outer === inner ? sent : writeResponse(inner, draft, xs, assertions.map((a) => a.inResponse).join(''))
  const signature = await makeSignature(join(signed, ''), {
    plan,
    esc,
    prefix: style.prefixes.signature,
    reference: draft.id,
    inclusiveXs: xs,
  })
  const signatureStyle = { prefix: style.prefixes.signature, certificateLine: style.certificateLine }
  return style.xmlDeclaration + join(sent, writeSignature(outer.form, esc, plan, signatureStyle, signature))
}
