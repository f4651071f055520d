import { authnRequestRules, lintAuthnRequest } from '../../src/saml-lint/authn-request.ts'
import type { LintFinding, LintRule } from '../../src/saml-lint/finding.ts'
import { lintMetadata, metadataRules } from '../../src/saml-lint/metadata.ts'
import { failed, inconclusive, type StepFailure } from '../outcome.ts'
import type { Person } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/** What the service provider writes itself, by the rules of `src/saml-lint`. */

const broken = (
  rule: Pick<LintRule<never>, 'title' | 'hint' | 'clause'> | undefined,
  found: readonly LintFinding[],
): StepFailure =>
  failed({
    code: 'document-wrong',
    expected: `${rule?.title ?? 'Nothing is wrong'}.`,
    actual: found.map(({ message }) => message).join(' '),
    hint: rule?.hint,
    clause: rule?.clause,
  })

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
  const found = lintAuthnRequest({
    ...beginning.request,
    sentTo: beginning.sentTo ?? '',
    entityIds: target.acs.audiences,
    acs: target.acs.urls,
    earlierIds,
    now: Date.now() + (beginning.page.clockOffsetMs ?? 0),
  }).filter((one) => one.rule === rule)
  if (found.length > 0)
    throw broken(
      authnRequestRules.find((one) => one.rule === rule),
      found,
    )
}

/** @throws StepFailure if the metadata break the rule */
export const mustBeMetadataBy = (world: IdpactWorld, xml: string, rule: string): void => {
  const { urls, audiences } = world.run.target.acs
  const found = lintMetadata({ xml, entityId: audiences[0], acs: urls, now: Date.now() }).filter(
    (one) => one.rule === rule,
  )
  if (found.length > 0)
    throw broken(
      metadataRules.find((one) => one.rule === rule),
      found,
    )
}
