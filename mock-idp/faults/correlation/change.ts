/** Small changes to the parts of a draft. */
import type {
  AssertionDraft,
  ConditionsDraft,
  ConfirmationDraft,
  ResponseDraft,
  SubjectDraft,
} from '../../saml/draft.ts'
import type { ElementEdit, SigningPlan } from '../../saml/signing-plan.ts'
import { editAssertions } from '../edit.ts'

export const withConditions = (
  draft: ResponseDraft,
  change: (conditions: ConditionsDraft) => Partial<ConditionsDraft>,
): ResponseDraft =>
  editAssertions(draft, ({ conditions, ...assertion }) => ({
    ...assertion,
    conditions: conditions && { ...conditions, ...change(conditions) },
  }))

export const withSubject = (
  draft: ResponseDraft,
  change: (subject: SubjectDraft) => Partial<SubjectDraft>,
): ResponseDraft =>
  editAssertions(draft, ({ subject, ...assertion }) => ({
    ...assertion,
    subject: subject && { ...subject, ...change(subject) },
  }))

export const withConfirmations = (
  draft: ResponseDraft,
  change: (confirmation: ConfirmationDraft) => Partial<ConfirmationDraft>,
): ResponseDraft =>
  withSubject(draft, ({ confirmations }) => ({
    confirmations: confirmations.map((one) => ({ ...one, ...change(one) })),
  }))

export const withAssertions = (
  draft: ResponseDraft,
  change: (assertion: AssertionDraft) => Partial<AssertionDraft>,
): ResponseDraft => editAssertions(draft, (assertion) => ({ ...assertion, ...change(assertion) }))

const together = (one: ElementEdit | undefined, next: ElementEdit): ElementEdit =>
  one === undefined ? next : (element, form) => next(one(element, form), form)

/** A plan in which the Assertion, or the Response, is changed before it is signed. */
export const editing = (plan: SigningPlan, edit: { assertion?: ElementEdit; response?: ElementEdit }): SigningPlan => ({
  ...plan,
  edit: {
    ...plan.edit,
    ...(edit.assertion ? { assertion: together(plan.edit?.assertion, edit.assertion) } : {}),
    ...(edit.response ? { response: together(plan.edit?.response, edit.response) } : {}),
  },
})
