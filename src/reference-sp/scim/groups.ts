import type { Sp } from '../sp.ts'
import type { Group } from '../store/groups.ts'
import { isJson, type Json, namesOf } from './attribute-names.ts'
import { patched } from './patch.ts'
import { groupResource } from './resource.ts'
import { invalidValue, refuse } from './scim-error.ts'

/** Groups of SCIM are the account's user groups, whoever made them. */

export const findGroup = (sp: Sp, id: string): Group =>
  sp.store.groups.find(id) ?? refuse(404, `There is no group ${id.slice(0, 100)}.`)

const maxMembers = 100_000

interface GroupInput {
  displayName: string
  /** Ids of users; undefined: not said. */
  members: readonly string[] | undefined
}

const readGroup = (sp: Sp, body: Json): GroupInput => {
  const resource = Object.fromEntries(Object.entries(body).map(([name, value]) => [namesOf(name).join('.'), value]))
  const { displayName, members } = resource
  if (typeof displayName !== 'string' || displayName.trim() === '' || displayName.length > 256)
    return invalidValue('displayName is required: text of 256 characters at most.')
  return { displayName, members: members === undefined ? undefined : readMembers(sp, members) }
}

const readMembers = (sp: Sp, members: unknown): string[] => {
  if (members === null) return []
  if (!Array.isArray(members)) return invalidValue('members must be a list.')
  if (members.length > maxMembers) return refuse(400, `More than ${maxMembers} members.`, 'tooMany')
  const ids = new Set(
    members.map((member) => {
      const value: unknown = isJson(member) ? (member['value'] ?? member['Value']) : member
      return typeof value === 'string' ? value : invalidValue('A member must have a value: the id of a user.')
    }),
  )
  for (const id of ids)
    if (sp.store.users.find(id) === undefined)
      invalidValue(`There is no user ${JSON.stringify(id.slice(0, 100))} to be a member.`)
  return [...ids]
}

const refuseTaken = (sp: Sp, name: string, own?: Group): void => {
  const other = sp.store.groups.findByName(name)
  if (other !== undefined && other.id !== own?.id)
    refuse(409, `There is a group with the displayName ${name} already.`, 'uniqueness')
}

export const createGroup = (sp: Sp, body: Json): Group => {
  const { displayName, members } = readGroup(sp, body)
  refuseTaken(sp, displayName)
  const group = sp.store.groups.create(displayName, 'scim')
  setMembers(sp, group, members ?? [])
  return group
}

/** A PUT replaces the name and the members; members that are left out stay as they are. */
export const writeGroup = (sp: Sp, before: Group, body: Json): Group => {
  const { displayName, members } = readGroup(sp, body)
  refuseTaken(sp, displayName, before)
  if (displayName !== before.name && sp.rules().scimRemovesMembers()) sp.store.groups.rename(before.id, displayName)
  if (members !== undefined) setMembers(sp, before, members)
  return findGroup(sp, before.id)
}

export const patchGroup = (sp: Sp, before: Group, body: Json): Group => {
  const after = patched(groupResource(sp, before), body)
  return writeGroup(sp, before, { ...after, members: after['members'] ?? [] })
}

const setMembers = (sp: Sp, group: Group, ids: readonly string[]): void => {
  const rules = sp.rules()
  if (!rules.scimSetsMembers()) return
  const { groups } = sp.store
  const wanted = new Set(ids)
  const members = new Set(groups.members(group.id))
  for (const id of wanted) if (!members.has(id)) groups.addMember(group.id, id)
  if (!rules.scimRemovesMembers() || !rules.scimReplacesMembers()) return
  for (const id of members) if (!wanted.has(id)) groups.removeMember(group.id, id)
}

export const deleteGroup = (sp: Sp, group: Group): void => {
  const rules = sp.rules()
  if (!rules.scimDeletesGroups()) refuse(501, 'Groups cannot be deleted.')
  const members = rules.scimDeletesMembersWithGroup() ? sp.store.groups.members(group.id) : []
  sp.store.groups.delete(group.id)
  for (const id of members) sp.store.users.delete(id)
}
