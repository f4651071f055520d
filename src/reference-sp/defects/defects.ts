import { UsageError } from '../../core/errors.ts'
import { goodRules, type Rules } from '../rules/rules.ts'
import { accessDefects } from './access.ts'
import { accountDefects } from './accounts.ts'
import { attributeDefects } from './attributes.ts'
import type { Defect } from './defect.ts'
import { oauthDefects } from './oauth.ts'
import { provisioningDefects } from './provisioning.ts'
import { refusalDefects } from './refusal.ts'
import { scimDefects } from './scim.ts'
import { verificationDefects } from './verification.ts'

const defects: readonly Defect[] = [
  ...verificationDefects,
  ...refusalDefects,
  ...accessDefects,
  ...attributeDefects,
  ...provisioningDefects,
  ...accountDefects,
  ...oauthDefects,
  ...scimDefects,
].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))

/**
 * Everything that the reference SP can get wrong on purpose: one for each requirement that an SP can break.
 *
 * @param ids only these; none = all
 * @throws UsageError for an id that there is no defect for
 */
export const listDefects = (ids: readonly string[] = []): readonly Defect[] =>
  ids.length === 0 ? defects : ids.map(findDefect)

/**
 * The rules with these defects in them, applied in this order.
 *
 * @throws UsageError for an id that there is no defect for; the nearest ids are in the hint.
 * @example rulesWith(['CLD-PROV-12'])
 */
export const rulesWith = (ids: readonly string[]): Rules => {
  let rules = goodRules
  for (const id of ids) rules = { ...rules, ...findDefect(id).rules(rules) }
  return rules
}

const findDefect = (id: string): Defect => {
  const found = defects.find((defect) => defect.id === id)
  if (found !== undefined) return found
  const nearest = defects
    .map((defect) => ({ id: defect.id, distance: distance(defect.id, id.toUpperCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((defect) => defect.id)
  throw new UsageError(`There is no defect "${id}". A defect has the id of the requirement that it breaks.`, {
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
