import type { AppAttribute, Mapping } from '../admin/profile-shapes.ts'
import { type Provisioning, provisioning } from '../admin/provisioning-shapes.ts'
import type { Group, User } from '../admin/schema.ts'
import { type FormField, formForGroup, formForPerson } from '../directory/assignment-form.ts'
import {
  baseAttributes,
  defaultMappingsFromApplication,
  defaultMappingsToApplication,
} from '../directory/base-attributes.ts'
import { type EffectiveProfile, type EffectiveProfileInput, effectiveProfile } from '../directory/effective-profile.ts'
import { valuesOf } from '../directory/expressions/evaluate.ts'
import { parseExpression } from '../directory/expressions/parse.ts'
import type { AssignedGroup } from '../directory/group-values.ts'
import type { AssignedGroupRow } from '../store/provisioning.ts'
import type { Store } from '../store/store.ts'
import { fingerprintOf } from './told.ts'

/** A user as one application sees it. */
export interface Person extends EffectiveProfile {
  user: User
  userName: string
  /** Two that are equal tell a service provider the same. */
  fingerprint: string
}

interface Context {
  store: Store
}

const nothing: Provisioning = provisioning.parse({})

/** The provisioning settings of an application; those of one that nobody has set up. */
export const settingsOf = (store: Store, applicationId: string): Provisioning =>
  store.provisioning.get(applicationId)?.settings ?? nothing

/** Base attributes, and the custom ones; a custom one of the same name replaces the base attribute. */
export const attributesOf = ({ attributes }: Provisioning): AppAttribute[] => [
  ...baseAttributes.filter(({ name }) => !attributes.some((custom) => custom.name === name)),
  ...attributes,
]

const withOwn = (defaults: readonly Mapping[], own: readonly Mapping[]): Mapping[] => [
  ...defaults.filter(({ attribute }) => !own.some((mapping) => mapping.attribute === attribute)),
  ...own,
]

/** Okta user → application: the default mappings, with those that an administrator replaced. */
export const mappingsOf = ({ mappings }: Provisioning): Mapping[] => withOwn(defaultMappingsToApplication, mappings)

/** Application → Okta user, likewise. */
export const importMappingsOf = ({ importMappings }: Provisioning): Mapping[] =>
  withOwn(defaultMappingsFromApplication, importMappings)

const asAssignedGroup = ({ groupId, name, groupProfile, profile }: AssignedGroupRow): AssignedGroup => ({
  id: groupId,
  name,
  profile: groupProfile,
  form: profile,
})

const inputFor = ({ store }: Context, org: string, applicationId: string, user: User): EffectiveProfileInput => {
  const settings = settingsOf(store, applicationId)
  const groupNames = store.groups.ofUser(user.id).map(({ profile }) => profile.name)
  const expression = settings.userName ?? store.applications.get(org, applicationId)?.saml.applicationUsername
  const context = { user: user.profile, appUser: user.profile, groupNames }
  const [userName = ''] = expression === undefined ? [] : valuesOf(parseExpression(expression), context)
  return {
    attributes: attributesOf(settings),
    mappings: mappingsOf(settings),
    user: user.profile,
    userName,
    individual: store.provisioning.typed(applicationId, user.id),
    groups: store.provisioning.groupsOfUser(applicationId, user.id).map(asAssignedGroup),
    groupNames,
  }
}

/** What an application knows of a user now; undefined where there is no such user. */
export const personAt = (ctx: Context, org: string, applicationId: string, userId: string): Person | undefined => {
  const user = ctx.store.users.get(org, userId)
  if (user === undefined) return undefined
  const profile = effectiveProfile(inputFor(ctx, org, applicationId, user))
  const userName = String(profile.values['userName'] ?? '')
  return { ...profile, user, userName, fingerprint: fingerprintOf(profile.values) }
}

/** As `personAt`, as if nothing had been typed for the person. */
export const givenTo = ({ store }: Context, org: string, applicationId: string, user: User): EffectiveProfile =>
  effectiveProfile({ ...inputFor({ store }, org, applicationId, user), individual: undefined })

/** The assignment form of a person, filled in. */
export const personForm = (ctx: Context, org: string, applicationId: string, user: User): FormField[] =>
  formForPerson(inputFor(ctx, org, applicationId, user))

/** The assignment form of a group, filled in. */
export const groupForm = ({ store }: Context, applicationId: string, group: Group): FormField[] => {
  const settings = settingsOf(store, applicationId)
  const row = store.provisioning.groupsOf(applicationId).find(({ groupId }) => groupId === group.id)
  return formForGroup({
    attributes: attributesOf(settings),
    mappings: mappingsOf(settings),
    group: { id: group.id, name: group.profile.name, profile: group.profile, form: row?.profile },
  })
}
