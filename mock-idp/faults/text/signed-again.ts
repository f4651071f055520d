import type { ResponseDraft } from '../../saml/draft.ts'
import { renderResponse } from '../../saml/render.ts'
import type { SignatureMaker } from '../../saml/signing-plan.ts'
import { editAssertions } from '../edit.ts'
import type { TamperContext } from '../fault.ts'

/** The same message with another Signature, for faults that edit it once it is signed in an unusual way. */
export const signedAgain = (
  { draft, plan, style }: TamperContext['message'],
  makeSignature: SignatureMaker,
): Promise<string> => renderResponse(draft, { ...plan, makeSignature }, style)

/** The draft as it would be for another user. */
export const draftFor = (draft: ResponseDraft, identity: string): ResponseDraft => {
  const was = draft.assertions[0]?.subject?.nameId?.value
  return editAssertions(draft, ({ subject, ...assertion }) => ({
    ...assertion,
    subject: subject && { ...subject, nameId: subject.nameId && { ...subject.nameId, value: identity } },
    attributes: assertion.attributes.map((attribute) => ({
      ...attribute,
      values: attribute.values.map((value) => (value === was ? identity : value)),
    })),
  }))
}

/**
 * The message as the identity provider would have signed it for another user: its digests fit what it says. A fault must
 * put another SignatureValue in it, or the forgery would be genuine.
 */
export const signedFor = ({ draft, plan, style }: TamperContext['message'], identity: string): Promise<string> =>
  renderResponse(draftFor(draft, identity), plan, style)
