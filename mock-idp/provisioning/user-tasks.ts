import { profileProblems } from '../directory/profile-check.ts'
import { readAt } from '../scim/external-name.ts'
import { ScimFailure } from '../scim/scim-failure.ts'
import { newUserResource, type UserProfile } from '../scim/user-resource.ts'
import { findUser, isActive, setActive, setPassword, updateUser } from '../scim/users.ts'
import { told } from './follow-up.ts'
import { attributesOf, type Person, personAt } from './person.ts'
import type { TaskParts } from './task-parts.ts'
import { toldValues } from './told.ts'

/*
 * What is done about one user. Each looks at the directory as it is now and not as it was when the task was made, and can
 * be begun again at any point: a create is always preceded by its lookup.
 */

/** Assign: looked up by the unique field; created, or linked and told the profile, and activated. */
export const provision = async (parts: TaskParts, userId: string): Promise<void> => {
  const { ctx, org, applicationId, settings, client } = parts
  const person = personAt(ctx, org, applicationId, userId)
  if (person === undefined || !ctx.store.provisioning.assignedTo(userId).includes(applicationId)) return
  const profile = profileFor(parts, person)
  const { uniqueField } = settings
  const found = await findUser(client, uniqueField, uniqueValue(uniqueField, profile, person))
  const link = (externalId: string): void => {
    // Asked again, because another task may have come to be linked to it meanwhile.
    refuseTaken(parts, person, externalId)
    told(parts, { applicationId, userId, externalId, active: true, pushed: person.fingerprint })
  }
  if (found === undefined)
    return link((await client.create('Users', newUserResource(profile, { externalId: person.user.id }))).id)
  refuseTaken(parts, person, found.id)
  await updateUser(client, found.id, profile, namesToldOf(parts, userId))
  if (!isActive(found.resource)) await setActive(client, found.id, true)
  link(found.id)
}

export const update = async (parts: TaskParts, userId: string): Promise<void> => {
  const { ctx, org, applicationId, client } = parts
  const link = ctx.store.provisioning.link(applicationId, userId)
  const person = personAt(ctx, org, applicationId, userId)
  if (link === undefined || !link.active || person === undefined || person.fingerprint === link.pushed) return
  await updateUser(client, link.externalId, profileFor(parts, person), namesToldOf(parts, userId))
  told(parts, { ...link, pushed: person.fingerprint })
}

/** Unassigned, or no longer active in Okta: `active: false`. The user at the SP is never deleted. */
export const deactivate = async (parts: TaskParts, userId: string): Promise<void> => {
  const { ctx, applicationId, client } = parts
  const { provisioning } = ctx.store
  const link = provisioning.link(applicationId, userId)
  if (link === undefined || !link.active || provisioning.assignedTo(userId).includes(applicationId)) return
  await setActive(client, link.externalId, false)
  told(parts, { ...link, active: false })
}

export const password = async (parts: TaskParts, userId: string, value: string): Promise<void> => {
  const link = parts.ctx.store.provisioning.link(parts.applicationId, userId)
  if (link?.active === true) await setPassword(parts.client, link.externalId, value)
}

const namesToldOf = ({ ctx, applicationId }: TaskParts, userId: string): string[] =>
  Object.keys(toldValues(ctx.store.provisioning.link(applicationId, userId)?.pushed ?? ''))

/** A profile that the application's schema forbids is not sent: Okta stops the assignment with the same words. */
const profileFor = ({ settings }: TaskParts, { values, user }: Person): UserProfile => {
  const attributes = attributesOf(settings)
  const [problem] = profileProblems(attributes, values, { others: 'refuse' })
  if (problem)
    throw new ScimFailure(
      `The profile of ${user.profile.login} cannot be pushed: ${problem.attribute}: ${problem.problem}`,
      {
        kind: 'refused',
        hint: 'Change the Okta user, the assignment or the mapping; `idpact okta profile` says where each value is from. Then retry the task.',
      },
    )
  return { attributes, values }
}

/** The value of the unique field, as a create would send it. */
const uniqueValue = (field: string, profile: UserProfile, person: Person): string => {
  if (field === 'externalId') return person.user.id
  const named = profile.attributes.find(({ name, externalName = name }) => externalName === field || name === field)
  const resource = newUserResource(profile, { externalId: person.user.id })
  const value =
    named === undefined ? (readAt(resource, field) ?? person.user.profile.email) : profile.values[named.name]
  if (typeof value !== 'string' || value === '')
    throw new ScimFailure(
      `${person.user.profile.login} has no ${field}, which the service provider looks people up by`,
      {
        kind: 'refused',
        hint: 'Change the unique field of the provisioning settings, or give the user a value.',
      },
    )
  return value
}

/** Two users of Okta that are one user of the SP would overwrite each other. */
const refuseTaken = ({ ctx, applicationId, org }: TaskParts, person: Person, externalId: string): void => {
  const taken = ctx.store.provisioning.linkByExternalId(applicationId, externalId)
  if (taken === undefined || taken.userId === person.user.id) return
  const other = ctx.store.users.get(org, taken.userId)?.profile.login ?? taken.userId
  throw new ScimFailure(
    `The user ${person.userName} of the service provider is linked to ${other} already; ${person.user.profile.login} was not linked`,
    { kind: 'conflict', hint: 'Give the two people different usernames, or unassign one of them.' },
  )
}
