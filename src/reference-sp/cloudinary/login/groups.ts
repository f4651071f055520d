import type { Sp } from '../../sp.ts'
import type { Group } from '../../store/groups.ts'
import type { User } from '../../store/users.ts'

/** Makes the user a member of exactly these groups; those that don't exist are made. An empty list leaves all. */
export const applyGroups = (sp: Sp, user: User, names: readonly string[]): void => {
  const rules = sp.rules()
  const { groups } = sp.store
  const mode = rules.groupsFor(user.role)
  // For other roles nothing is done, and memberships from another time stay.
  if (mode === 'ignore') return

  const existing = groups.list()
  const wanted = new Set<string>()
  for (const name of names) {
    const group = existing.find((candidate) => rules.sameName(candidate.name, name))
    if (group === undefined) {
      if (rules.createsGroups()) wanted.add(makeGroup(sp, existing, name).id)
    } else if (rules.assignsExistingGroups() || groups.members(group.id).includes(user.id)) wanted.add(group.id)
  }
  if (mode === 'create') return

  for (const id of wanted) groups.addMember(id, user.id)
  if (!rules.removesFromGroups()) return
  for (const { id } of groups.ofUser(user.id)) {
    if (wanted.has(id)) continue
    groups.removeMember(id, user.id)
    if (rules.deletesEmptyGroups() && groups.members(id).length === 0) groups.delete(id)
  }
}

const makeGroup = (sp: Sp, existing: Group[], name: string): Group => {
  const group = sp.store.groups.create(name)
  existing.push(group)
  return group
}
