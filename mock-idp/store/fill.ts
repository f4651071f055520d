import { samplePeople } from '../directory/sample-people.ts'
import { newGroupId, newUserId } from './ids.ts'
import type { Store } from './store.ts'

/** Fills an org with sample people and their groups, all or nothing. */
export const fillWithSamplePeople = async (
  { store }: { store: Store },
  org: string,
  options: { seed: number; count: number; domain: string },
): Promise<void> => {
  const { people, groups } = await samplePeople(options)
  store.transaction(() => {
    const ids = new Map<string, string>()
    for (const profile of people) {
      const id = newUserId()
      ids.set(profile.login, id)
      store.users.create(org, { id, status: 'ACTIVE', profile: { ...profile } })
    }
    for (const { name, description, members } of groups) {
      const id = newGroupId()
      store.groups.create(org, { id, profile: { name, description } })
      for (const login of members) {
        const userId = ids.get(login)
        if (userId !== undefined) store.groups.addMember(id, userId)
      }
    }
  })
}
