import type { AppAttribute, ProfileValue } from '../admin/profile-shapes.ts'
import type { Expression } from './expressions/syntax.ts'
import { asType, attributeOf, hasValue, type LooseProfile } from './profile-values.ts'

/** A group that assigns the application. */
export interface AssignedGroup {
  readonly id: string
  readonly name: string
  /** The Okta group's own profile. */
  readonly profile: LooseProfile
  /** What was typed in the form when the group was assigned, by variable names of the application's attributes. */
  readonly form?: LooseProfile | undefined
}

/** Which group gave a value: in the form of its assignment, or by an attribute of the Okta group's own profile. */
export interface GroupSource {
  readonly id: string
  readonly name: string
  readonly from: 'form' | 'profile'
  /** The attribute of the Okta group, where `from` is `profile`. */
  readonly attribute?: string
}

export interface GroupValue {
  readonly value: ProfileValue
  /** One; of values that were combined, each group that added to them. */
  readonly groups: readonly GroupSource[]
}

/** They say what the group is, and are never what its members get. */
const notInherited = new Set(['name', 'description'])

/**
 * Names that the attribute may have on the Okta group, the likeliest first: its external name, its variable name, and X
 * where it is mapped from just `user.X` (in Okta an attribute is often prefixed on users and groups: `cld_role`, for
 * the application's `role`).
 */
export const namesOnGroup = (attribute: AppAttribute, mapped: Expression | undefined): string[] => {
  const root = mapped?.root
  const fromUser = root?.kind === 'attribute' && root.of === 'user' ? [root.name] : []
  return [attribute.externalName ?? attribute.name, attribute.name, ...fromUser].filter(
    (name) => !notInherited.has(name),
  )
}

/**
 * What one group gives for an attribute of scope GROUP: the form of the assignment, else the group's profile.
 *
 * @param names as `namesOnGroup` says
 */
export const valueOfGroup = (
  attribute: AppAttribute,
  names: readonly string[],
  { id, name, profile, form }: AssignedGroup,
): GroupValue | undefined => {
  const typed = form && attributeOf(form, attribute.name)
  if (hasValue(typed)) return { value: asType(attribute.type, typed), groups: [{ id, name, from: 'form' }] }
  for (const own of names) {
    const value = attributeOf(profile, own)
    if (hasValue(value))
      return { value: asType(attribute.type, value), groups: [{ id, name, from: 'profile', attribute: own }] }
  }
  return undefined
}

/**
 * What the groups give together: that of the first in order of priority that has a value; or, for a list whose attribute
 * says so, the values of all, in that order and each once. Text, numbers and booleans always follow priority
 * (help.okta.com, usgp-assign-app-group-priority).
 *
 * @param groups in order of priority
 */
export const valueOfGroups = (
  attribute: AppAttribute,
  names: readonly string[],
  groups: readonly AssignedGroup[],
): GroupValue | undefined => {
  if (attribute.groupValues !== 'COMBINE' || attribute.type !== 'string-array') {
    for (const group of groups) {
      const found = valueOfGroup(attribute, names, group)
      if (found) return found
    }
    return undefined
  }
  const all = groups.flatMap((group) => valueOfGroup(attribute, names, group) ?? [])
  if (all.length === 0) return undefined
  return {
    value: [...new Set(all.flatMap(({ value }) => (Array.isArray(value) ? value : [])))],
    groups: all.flatMap((one) => one.groups),
  }
}
