import { UsageError } from '../../src/core/errors.ts'
import type { AppAttribute, Mapping, OktaAttribute } from '../admin/profile-shapes.ts'
import { nearest } from '../faults/nearest.ts'
import { parseExpression } from './expressions/parse.ts'

/**
 * Refuses what the shape of an attribute lets pass and no profile could live with: a name that is there twice, an
 * enumeration whose values the attribute cannot have, values combined that are no lists.
 *
 * @param whose `the Okta user`, `the application Cloudinary`
 * @throws UsageError `bad-attribute`
 */
export const checkAttributes = (whose: string, attributes: readonly (OktaAttribute | AppAttribute)[]): void => {
  const names = new Set<string>()
  const places = new Map<string, string>()
  for (const attribute of attributes) {
    const { name } = attribute
    const refuse = (problem: string, hint: string) =>
      new UsageError(`The attribute ${name} of ${whose}: ${problem}`, { code: 'bad-attribute', hint })
    if (names.has(name)) throw refuse('expected a name of its own, found it twice', 'Rename one of the two.')
    names.add(name)
    const problem = enumProblem(attribute)
    if (problem !== undefined) throw refuse(problem, 'Change the data type, or the values of the enumeration.')
    if (!('scope' in attribute)) continue
    if (attribute.groupValues === 'COMBINE' && (attribute.type !== 'string-array' || attribute.scope !== 'GROUP'))
      throw refuse(
        `expected a string-array of scope GROUP to combine the values of groups, found ${attribute.type} of scope ${attribute.scope}`,
        'Use PRIORITY, or change the data type and the scope.',
      )
    const place = placeOf(attribute)
    if (place === undefined) continue
    if (attribute.externalName === 'groups')
      throw refuse('expected another external name than groups', 'Okta keeps that name for the groups of a user.')
    const other = places.get(place)
    if (other !== undefined)
      throw refuse(
        `expected an external name and namespace of its own, found those of ${other}`,
        'Two attributes cannot stand in one place of a message.',
      )
    places.set(place, name)
  }
}

/** Undefined for an attribute that is not sent. */
const placeOf = ({ name, externalName = name, externalNamespace }: AppAttribute): string | undefined =>
  externalNamespace === undefined ? undefined : `${externalNamespace} ${externalName}`

const enumProblem = ({ type, enum: choices }: OktaAttribute): string | undefined => {
  if (!choices) return undefined
  if (type === 'boolean') return 'expected no enumeration of true and false, found one'
  const values = choices.map(({ value }) => value)
  const wanted = type === 'number' ? 'number' : 'string'
  const wrong = values.find((value) => typeof value !== wanted)
  if (wrong !== undefined) return `expected an enumeration of ${wanted}s, found ${JSON.stringify(wrong)}`
  const known = new Set<string | number>()
  for (const value of values) {
    if (known.has(value)) return `expected each value of the enumeration once, found ${JSON.stringify(value)} twice`
    known.add(value)
  }
  return undefined
}

/**
 * Refuses a mapping of an attribute that there is not, a second one of the same, and an expression that does not parse.
 *
 * @param where `the mappings to the application Cloudinary`
 * @param attributes names of the attributes that may be mapped; left out where any may
 * @throws UsageError `bad-mapping`, `bad-expression`
 */
export const checkMappings = (where: string, mappings: readonly Mapping[], attributes?: readonly string[]): void => {
  const known = attributes && new Set(attributes)
  const mapped = new Set<string>()
  for (const { attribute, expression } of mappings) {
    if (known && !known.has(attribute)) {
      const near = nearest(attribute, attributes)
      throw new UsageError(`In ${where}: expected the name of an attribute, found ${attribute}`, {
        code: 'bad-mapping',
        hint: `${near === undefined ? '' : `Did you mean ${near}? `}The attributes are ${attributes.join(', ')}.`,
      })
    }
    if (mapped.has(attribute))
      throw new UsageError(`In ${where}: expected one expression for ${attribute}, found two`, {
        code: 'bad-mapping',
        hint: 'Join them with ?:, or remove one.',
      })
    mapped.add(attribute)
    try {
      parseExpression(expression)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      throw new UsageError(`In ${where}, ${attribute}: ${error.message}`, { code: error.code, hint: error.hint })
    }
  }
}
