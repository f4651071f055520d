import type { ReportRequirement, ReportScenario } from './model.ts'

const order: readonly ReportRequirement['severity'][] = ['critical', 'high', 'medium', 'low', 'info']

/** Codes of failures in which somebody was logged in as another user. */
const takeovers = new Set(['takeover', 'forged-identity', 'wrong-identity'])

/** Whether a scenario ended with somebody logged in whom the identity provider had not signed for. */
export const isTakeover = ({ outcome, failure }: Pick<ReportScenario, 'outcome' | 'failure'>): boolean =>
  outcome === 'failed' && failure !== undefined && takeovers.has(failure.code)

/**
 * Requirements by the harm that is done: those that let somebody in as another user first, then by their severity; else in
 * the order of the contract.
 */
export const byHarm = (
  requirements: readonly ReportRequirement[],
  scenarios: readonly ReportScenario[],
): ReportRequirement[] => {
  const taken = new Set(scenarios.filter(isTakeover).flatMap((scenario) => scenario.requirements))
  const place = ({ id, severity }: ReportRequirement): number => (taken.has(id) ? -1 : order.indexOf(severity))
  return requirements.toSorted((a, b) => place(a) - place(b))
}
