import type { AppAttribute, Mapping, ProfileValue } from '../admin/profile-shapes.ts'
import { type EffectiveProfileInput, effectiveProfile, type ValueSource } from './effective-profile.ts'
import { parseExpression } from './expressions/parse.ts'
import { type AssignedGroup, namesOnGroup, valueOfGroup } from './group-values.ts'
import { attributeOf } from './profile-values.ts'

/** One field of the form that an administrator fills in to assign an application. */
export interface FormField {
  readonly attribute: string
  readonly title: string
  readonly description?: string | undefined
  readonly type: AppAttribute['type']
  /** The choices, where the attribute is enumerated. */
  readonly enum?: AppAttribute['enum']
  readonly required: boolean
  /** What the field is filled in with, and where that is from; without both the field is empty. */
  readonly value?: ProfileValue
  readonly source?: ValueSource
}

/**
 * The form for a person: every attribute, filled in with what the application would get if it were sent off as it is.
 *
 * @throws as `effectiveProfile`
 */
export const formForPerson = (input: EffectiveProfileInput): FormField[] => {
  const { values, sources } = effectiveProfile(input)
  return input.attributes.map((attribute) => {
    const value = attributeOf(values, attribute.name)
    const source = Object.hasOwn(sources, attribute.name) ? sources[attribute.name] : undefined
    return { ...described(attribute), ...(value !== undefined && source && { value, source }) }
  })
}

/**
 * The form for a group: only what a group can give, filled in from the group's own profile, or with what was typed before.
 *
 * @throws UsageError `bad-expression`
 */
export const formForGroup = (input: {
  attributes: readonly AppAttribute[]
  mappings: readonly Mapping[]
  group: AssignedGroup
}): FormField[] => {
  const { attributes, mappings, group } = input
  return attributes
    .filter(({ scope }) => scope === 'GROUP')
    .map((attribute) => {
      const expression = mappings.find((mapping) => mapping.attribute === attribute.name)?.expression
      const names = namesOnGroup(attribute, expression === undefined ? undefined : parseExpression(expression))
      const found = valueOfGroup(attribute, names, group)
      const [source] = found?.groups ?? []
      return {
        ...described(attribute),
        ...(found && source && { value: found.value, source: { kind: 'group' as const, ...source } }),
      }
    })
}

const described = ({ name, title, description, type, enum: choices, required }: AppAttribute): FormField => ({
  attribute: name,
  title: title ?? name,
  ...(description !== undefined && { description }),
  type,
  ...(choices && { enum: choices }),
  required,
})
