import { groupFilter } from '../directory/group-filter.ts'
import { newPushedGroupId } from '../store/ids.ts'
import type { Store } from '../store/store.ts'

/**
 * Pushes a group for each active rule that its name fits and that does not push it yet. A rule never ends a push: at Okta
 * too a group that was renamed stays pushed.
 */
export const groupsThatRulesPush = (store: Store, org: string, groupId: string): void => {
  const group = store.groups.get(org, groupId)
  if (group === undefined) return
  for (const { id: ruleId, applicationId, filter, status } of store.pushedGroups.rulesOfOrg(org)) {
    if (status !== 'ACTIVE' || !groupFilter(filter)(group.profile.name)) continue
    if (store.pushedGroups.byGroup(applicationId, groupId) !== undefined) continue
    store.pushedGroups.create({ id: newPushedGroupId(), applicationId, groupId, ruleId, status: 'ACTIVE' })
  }
}
