import { UsageError } from '../../src/core/errors.ts'
import type { AssertionDraft, AttributeDraft, ResponseDraft } from '../saml/draft.ts'

/** A copy of the draft with each Assertion changed. */
export const editAssertions = (
  draft: ResponseDraft,
  change: (assertion: AssertionDraft) => AssertionDraft,
): ResponseDraft => ({ ...draft, assertions: draft.assertions.map(change) })

/** A fault that finds nothing to spoil would let a good message pass for a faulty one: it says so instead. */
export const nothingToSpoil = (fault: string, wanted: string, there: readonly string[]): UsageError =>
  new UsageError(`Fault ${fault}: expected ${wanted} in the Response, found ${there.join(', ') || 'none'}.`, {
    code: 'fault-not-applicable',
    hint: 'Check the name, its case too, and that this user has a value for it in the application.',
  })

/** A copy of the draft with the named Attribute replaced by what `change` returns. */
export const editAttribute = (
  fault: string,
  draft: ResponseDraft,
  name: string,
  change: (attribute: AttributeDraft) => AttributeDraft[],
): ResponseDraft => {
  const names = draft.assertions.flatMap((assertion) => assertion.attributes.map((a) => a.name))
  if (!names.includes(name)) throw nothingToSpoil(fault, `the attribute ${JSON.stringify(name)}`, names)
  return editAssertions(draft, (assertion) => ({
    ...assertion,
    attributes: assertion.attributes.flatMap((a) => (a.name === name ? change(a) : [a])),
  }))
}
