import type { Rules } from '../rules/rules.ts'

/** A mistake that the reference SP makes on purpose, to prove that the scenarios of a requirement detect it. */
export interface Defect {
  /** The id of the requirement that it breaks. */
  id: string
  /** What the SP does wrong, in one sentence. */
  title: string
  breaks: string
  /** Other requirements that cannot be kept any more once this one is broken, and why. */
  alsoFails?: readonly { requirement: string; reason: string }[]
  /** The rules that are replaced. Gets the rules as they are, so that defects can be combined. */
  rules(rules: Rules): Partial<Rules>
}

/** A defect breaks the requirement whose name it has. */
export const defect = (id: string, rest: Omit<Defect, 'id' | 'breaks'>): Defect => ({ id, breaks: id, ...rest })

/** A requirement that fails too, and why. */
export const also = (requirement: string, reason: string): { requirement: string; reason: string } => ({
  requirement,
  reason,
})

/** Several requirements that fail too, for one reason. */
export const alsoEach = (reason: string, ...requirements: string[]): { requirement: string; reason: string }[] =>
  requirements.map((requirement) => also(requirement, reason))
