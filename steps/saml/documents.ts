import { authnRequestRules, lintAuthnRequest } from '../../src/saml-lint/authn-request.ts'
import type { LintFinding, LintRule } from '../../src/saml-lint/finding.ts'
import { lintMetadata, metadataRules } from '../../src/saml-lint/metadata.ts'
import { failed, inconclusive } from '../outcome.ts'
import type { Person } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/** What the service provider writes itself, by the rules of `src/saml-lint`. */

/** What a document that could not be read says of a rule is nothing, but for the rule that it can be read. */
const judge = (
  rule: string,
  rules: readonly Pick<LintRule<never>, 'rule' | 'title' | 'hint' | 'clause'>[],
  findings: readonly LintFinding[],
): void => {
  const broken = rules.find((one) => one.rule === rule)
  if (broken === undefined)
    throw inconclusive({
      code: 'unknown-rule',
      expected: `The step names one of the rules ${rules.map((one) => one.rule).join(', ')}.`,
      actual: `It names ${rule}.`,
    })
  const found = findings.filter((one) => one.rule === rule)
  const [unreadable] = findings.filter((one) => one.unreadable === true && one.rule !== rule)
  if (unreadable !== undefined)
    throw inconclusive({
      code: 'document-unreadable',
      expected: 'The document can be read.',
      actual: unreadable.message,
      hint: `${unreadable.rule} is about that.`,
    })
  if (found.length === 0) return
  throw failed({
    code: 'document-wrong',
    expected: `${broken.title}.`,
    actual: found.map(({ message }) => message).join(' '),
    hint: broken.hint,
    clause: broken.clause,
  })
}

/** @throws StepFailure if the AuthnRequest with which this person's login began breaks the rule */
export const mustBeRequestBy = (world: IdpactWorld, person: Person, rule: string): void => {
  const { beginning } = person
  if (beginning?.request === undefined)
    throw inconclusive({
      code: 'no-request',
      expected: 'A login that begins at the service provider sends an AuthnRequest.',
      actual: 'None was sent.',
      hint: 'See whether target.saml.start is where a login begins.',
    })
  const { target } = world.run
  const earlierIds = [...person.scene.people.values()].flatMap((other) =>
    other === person ? [] : (other.beginning?.requestId ?? []),
  )
  judge(
    rule,
    authnRequestRules,
    lintAuthnRequest({
      ...beginning.request,
      sentTo: beginning.sentTo ?? '',
      entityIds: target.acs.audiences,
      acs: target.acs.urls,
      earlierIds,
      now: Date.now() + (beginning.page.clockOffsetMs ?? 0),
    }),
  )
}

/** @throws StepFailure if the metadata break the rule */
export const mustBeMetadataBy = (world: IdpactWorld, xml: string, rule: string): void => {
  const { urls, audiences } = world.run.target.acs
  judge(rule, metadataRules, lintMetadata({ xml, entityId: audiences[0], acs: urls, now: Date.now() }))
}
