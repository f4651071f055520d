import { createGroup, deleteGroup, findGroup, type Member, replaceMembers, updateGroup } from '../scim/groups.ts'
import type { PushedGroupRecord } from '../store/pushed-groups.ts'
import type { TaskParts } from './task-parts.ts'
import { toldValues } from './told.ts'

/**
 * Brings the group at the SP to what it is in Okta: found or made the first time, then told its name and who has come or
 * gone. Members are those whom the SP knows; who is not assigned, or inactive, is left out.
 *
 * @param how `now`: the whole membership, whatever the SP was told before
 */
export const pushGroup = async (parts: TaskParts, pushedId: string, how?: 'now'): Promise<void> => {
  const { ctx, org, applicationId, client } = parts
  const { pushedGroups } = ctx.store
  const start = pushedGroups.get(applicationId, pushedId)
  const group = start && ctx.store.groups.get(org, start.groupId)
  if (start === undefined || group === undefined || start.status === 'INACTIVE') return
  pushedGroups.update({ ...start, status: 'PUSHING' })
  const { externalId, before, linked } = await atSp(parts, start, group.profile.name)
  const name = before.ownName ? before.name : group.profile.name
  const members = membersOf(parts, start.groupId)
  const change = changeOf(before.members, members)
  if (linked || how === 'now') await replaceMembers(client, externalId, name, members)
  else if (name !== before.name || change.lost.length + change.gained.length > 0)
    await updateGroup(client, externalId, name, { ...change, all: members })
  // Unlinked or deactivated while it was being pushed: stays so.
  const now = pushedGroups.get(applicationId, pushedId)
  if (now === undefined) return
  const pushed = { name, members: members.map(({ value }) => value), ...(before.ownName && { ownName: true }) }
  pushedGroups.update({
    ...{ ...now, externalId, pushed, problem: undefined, linkTo: undefined },
    status: now.status === 'INACTIVE' ? 'INACTIVE' : 'ACTIVE',
  })
}

interface AtSp {
  externalId: string
  before: NonNullable<PushedGroupRecord['pushed']>
  /** It was there before, and who its members are is not known. */
  linked: boolean
}

/** The group at the SP: as it is linked, the one that was chosen, the one of the same name, or a new one. */
const atSp = async (parts: TaskParts, pushed: PushedGroupRecord, name: string): Promise<AtSp> => {
  const { client, settings } = parts
  if (pushed.externalId !== undefined && pushed.linkTo === undefined)
    return {
      externalId: pushed.externalId,
      before: pushed.pushed ?? { name, members: [] },
      linked: pushed.pushed === undefined,
    }
  if (pushed.linkTo !== undefined) {
    const { displayName } = await client.get('Groups', pushed.linkTo)
    const own = typeof displayName === 'string' && !settings.renameLinkedGroups ? displayName : undefined
    const before = { name: own ?? name, members: [], ...(own !== undefined && own !== name && { ownName: true }) }
    return { externalId: pushed.linkTo, before, linked: true }
  }
  const found = await findGroup(client, name)
  if (found !== undefined) return { externalId: found, before: { name, members: [] }, linked: true }
  const externalId = await createGroup(client, name)
  const before = { name, members: [] }
  // Noted at once: a crash before the members are told then goes on with this group.
  parts.ctx.store.pushedGroups.update({ ...pushed, status: 'PUSHING', externalId, pushed: before })
  return { externalId, before, linked: false }
}

const membersOf = ({ ctx, applicationId }: TaskParts, groupId: string): Member[] =>
  ctx.store.provisioning
    .linkedMembers(applicationId, groupId)
    .map(({ externalId, pushed }) => ({ value: externalId, display: String(toldValues(pushed)['userName'] ?? '') }))

const changeOf = (before: readonly string[], members: readonly Member[]) => {
  const known = new Set(before)
  const now = new Set(members.map(({ value }) => value))
  return { lost: before.filter((id) => !now.has(id)), gained: members.filter(({ value }) => !known.has(value)) }
}

/** "Unlink and delete": the group at the SP goes. */
export const removeGroup = (parts: TaskParts, externalId: string): Promise<void> =>
  deleteGroup(parts.client, externalId)
