import type { AppAttribute, Mapping, OktaAttribute, Profile } from '../admin/profile-shapes.ts'
import { userNameAttribute } from './base-attributes.ts'
import { mappedValue } from './mapped-value.ts'
import { asType, attributeOf, hasValue, type LooseProfile } from './profile-values.ts'

/**
 * What an import makes of an application's user: the Okta profile, or the part of it that is to change. What the
 * application has no value for is left out, so that an import never empties an attribute of Okta.
 *
 * @param input.mappings application → Okta user
 * @param input.appUser the application's profile of the user, by variable names
 * @param input.user the Okta user that it is linked to; an expression may read it
 * @param input.attributes custom attributes of the Okta user, for their types
 * @throws UsageError `bad-expression`, `expression-types`, `expression-too-large`, naming the attribute
 * @example importedUserProfile({ mappings: defaultMappingsFromApplication, appUser: { userName: 'ada@example.test' } })
 */
export const importedUserProfile = (input: {
  mappings: readonly Mapping[]
  appUser: LooseProfile
  user?: LooseProfile | undefined
  attributes?: readonly OktaAttribute[] | undefined
}): Profile => {
  const { mappings, appUser, user = {}, attributes = [] } = input
  const types = new Map(attributes.map(({ name, type }) => [name, type]))
  return Object.fromEntries(
    mappings.flatMap((mapping) => {
      const { attribute } = mapping
      const value = mappedValue(mapping, { appUser, user, groupNames: [] })
      return hasValue(value) ? [[attribute, asTypeIfKnown(types.get(attribute), value)]] : []
    }),
  )
}

const asTypeIfKnown = (type: OktaAttribute['type'] | undefined, value: Profile[string]) =>
  type === undefined ? value : asType(type, value)

/**
 * What an assignment that an import makes keeps of the application's profile, as if it had been typed for the person: all
 * that nothing else would give. A role that the service provider set so survives the next push, and a mapped name goes
 * on following the Okta user. A username that is another one than Okta would give is kept too: nobody asked for a rename.
 *
 * @param input.effective the values that the user would have without: `effectiveProfile(…).values`
 */
export const keptAtImport = (input: {
  attributes: readonly AppAttribute[]
  appUser: LooseProfile
  effective: LooseProfile
}): Profile => {
  const { attributes, appUser, effective } = input
  return Object.fromEntries(
    attributes.flatMap(({ name, type }) => {
      const value = attributeOf(appUser, name)
      const without = attributeOf(effective, name)
      const given = name === userNameAttribute ? value === without : hasValue(without)
      return hasValue(value) && !given ? [[name, asType(type, value)]] : []
    }),
  )
}
