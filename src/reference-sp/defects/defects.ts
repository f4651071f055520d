import { UsageError } from '../../core/errors.ts'
import type { Profile } from '../profile.ts'
import type { Rules } from '../rules/rules.ts'
import type { Defect } from './defect.ts'

type Defective = Pick<Profile, 'title' | 'defects'>

/**
 * The rules of a contract with these defects in them, applied in this order.
 *
 * @throws UsageError for an id that the contract has no defect for; the nearest ids are in the hint.
 * @example rulesWith(cloudinaryProfile, ['CLD-PROV-12'])
 */
export const rulesWith = (profile: Defective & Pick<Profile, 'rules'>, ids: readonly string[]): Rules => {
  let { rules } = profile
  for (const id of ids) rules = { ...rules, ...findDefect(profile.defects, id, ` for ${profile.title}`).rules(rules) }
  return rules
}

/** @throws UsageError that names the nearest ids */
export const findDefect = (defects: readonly Defect[], id: string, where = ''): Defect => {
  const found = defects.find((defect) => defect.id === id)
  if (found !== undefined) return found
  const nearest = defects
    .map((defect) => ({ id: defect.id, distance: distance(defect.id, id.toUpperCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((defect) => defect.id)
  throw new UsageError(`There is no defect "${id}"${where}. A defect has the id of the requirement that it breaks.`, {
    code: 'unknown-defect',
    hint: `Did you mean ${nearest.join(', ')}? "idpact defects" lists all ${defects.length}.`,
  })
}

/** Levenshtein's distance: how many letters must change. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries())
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}
