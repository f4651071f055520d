import type { Sp } from '../sp.ts'
import type { Group } from '../store/groups.ts'
import type { User } from '../store/users.ts'

/** As it stands in URLs: lower case, with hyphens. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

export const teamBySlug = (sp: Sp, slug: string): Group | undefined =>
  sp.store.groups.list().find(({ name }) => slugOf(name) === slug)

/** What a member is called in URLs, for ever. */
export const memberSlug = ({ id }: User): string => `member-${id.slice(0, 12)}`

export const memberBySlug = (sp: Sp, slug: string): User | undefined =>
  sp.store.users.list().find((user) => memberSlug(user) === slug)
