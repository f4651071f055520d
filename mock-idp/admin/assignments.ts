import type { RequestHandler } from 'express'
import { checkProfile } from '../directory/profile-check.ts'
import type { IdpContext } from '../http/context.ts'
import { changing } from '../provisioning/change.ts'
import { attributesOf, personForm, settingsOf } from '../provisioning/person.ts'
import { applicationOf } from './application-of.ts'
import { groupOf } from './groups.ts'
import { bodyOf } from './handle.ts'
import type { Profile } from './profile-shapes.ts'
import { type Group, groupAssignment, type User, userAssignment } from './schema.ts'
import { userOf } from './users.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string; userId: string; groupId: string }>

/**
 * Assigns a person, or changes the values that were typed for one who is assigned. Without a body nothing is typed. What
 * is required must be there, typed or from elsewhere, as in Okta's form.
 */
export const assignUser: Handler = (ctx) => (req, res) => {
  const { org, id, userId } = req.params
  const application = applicationOf(ctx, org, id)
  const user = userOf(ctx, org, userId)
  const { profile } = req.body === undefined ? {} : bodyOf(req, userAssignment)
  changing(ctx, org, { users: [user.id] }, () => {
    ctx.store.applications.assignUser(application.id, user.id)
    if (profile !== undefined) ctx.store.provisioning.setTyped(application.id, user.id, profile)
    if (ctx.store.provisioning.get(application.id) !== undefined) mustFit(ctx, org, application, user)
  })
  res.status(204).end()
}

/** Throwing inside the change takes the assignment back. @throws UsageError `bad-profile` */
const mustFit = (ctx: IdpContext, org: string, application: { id: string; label: string }, user: User): void => {
  const attributes = attributesOf(settingsOf(ctx.store, application.id))
  const values = Object.fromEntries(
    personForm(ctx, org, application.id, user).flatMap(({ attribute, value }) =>
      value === undefined ? [] : [[attribute, value]],
    ),
  )
  const typed = ctx.store.provisioning.typed(application.id, user.id) ?? {}
  checkProfile(
    `the assignment of ${user.profile.login} to ${application.label}`,
    attributes,
    { ...typed, ...values },
    { others: 'refuse' },
  )
}

export const unassignUser: Handler = (ctx) => (req, res) => {
  const { org, id, userId } = req.params
  const application = applicationOf(ctx, org, id)
  const user = userOf(ctx, org, userId)
  changing(ctx, org, { users: [user.id] }, () => ctx.store.applications.unassignUser(application.id, user.id))
  res.status(204).end()
}

/** Assigns every member. A body gives the values of the group and its priority; without a priority it comes last. */
export const assignGroup: Handler = (ctx) => (req, res) => {
  const { org, id, groupId } = req.params
  const application = applicationOf(ctx, org, id)
  const group = groupOf(ctx, org, groupId)
  const wanted = req.body === undefined ? {} : bodyOf(req, groupAssignment)
  if (wanted.profile !== undefined) mustBeOfGroups(ctx, application, group, wanted.profile)
  const { provisioning, applications } = ctx.store
  const rows = provisioning.groupsOf(application.id)
  const before = rows.find((row) => row.groupId === group.id)
  const last = Math.max(-1, ...rows.map(({ priority }) => priority)) + 1
  changing(ctx, org, { users: memberIds(ctx, group) }, () => {
    applications.assignGroup(application.id, group.id)
    const profile = wanted.profile ?? before?.profile ?? {}
    provisioning.setGroup(application.id, group.id, profile, wanted.priority ?? before?.priority ?? last)
  })
  res.status(204).end()
}

/** @throws UsageError `bad-profile` for a value that the schema does not allow, or of an attribute that is personal */
const mustBeOfGroups = (ctx: IdpContext, application: { id: string; label: string }, group: Group, profile: Profile) =>
  checkProfile(
    `the assignment of the group ${group.profile.name} to ${application.label}`,
    attributesOf(settingsOf(ctx.store, application.id))
      .filter(({ scope }) => scope === 'GROUP')
      .map((attribute) => ({ ...attribute, required: false })),
    profile,
    { others: 'refuse' },
  )

export const unassignGroup: Handler = (ctx) => (req, res) => {
  const { org, id, groupId } = req.params
  const application = applicationOf(ctx, org, id)
  const group = groupOf(ctx, org, groupId)
  changing(ctx, org, { users: memberIds(ctx, group) }, () =>
    ctx.store.applications.unassignGroup(application.id, group.id),
  )
  res.status(204).end()
}

const memberIds = ({ store }: IdpContext, { id }: Group): string[] => store.groups.memberIds(id)
