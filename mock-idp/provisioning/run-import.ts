import type { ImportRun } from '../admin/provisioning-shapes.ts'
import type { User } from '../admin/schema.ts'
import { userProfile } from '../admin/schema.ts'
import { type ImportMatch, importMatcher } from '../directory/import-match.ts'
import { importedUserProfile, keptAtImport } from '../directory/import-profile.ts'
import { profileProblems } from '../directory/profile-check.ts'
import { attributeOf, hasValue, type LooseProfile } from '../directory/profile-values.ts'
import type { ScimResource } from '../scim/client.ts'
import { profileOf } from '../scim/user-resource.ts'
import { isActive } from '../scim/users.ts'
import { newCandidateId } from '../store/ids.ts'
import type { CandidateRecord } from '../store/import-candidates.ts'
import type { Link } from '../store/provisioning.ts'
import { changing } from './change.ts'
import { attributesOf, givenTo, importMappingsOf, personAt } from './person.ts'
import type { TaskParts } from './task-parts.ts'

type Counts = Omit<ImportRun, 'taskId'>
type Outcome = 'added' | 'updated' | 'unchanged'

/**
 * "Import Now": reads every user of the SP, and its groups. Who is linked has the Okta copy updated; everyone else becomes
 * a candidate, and nothing more: without a confirmation nobody is created. Inactive users are not imported.
 */
export const runImport = async (parts: TaskParts): Promise<Counts> => {
  const { store } = parts.ctx
  const counts: Counts = { scanned: 0, added: 0, updated: 0, unchanged: 0, removed: 0, groups: 0 }
  const links = new Map(store.provisioning.links(parts.applicationId).map((link) => [link.externalId, link]))
  const match = matcherOf(parts, links)
  const seen = new Set<string>()
  for await (const page of parts.client.list('Users')) {
    // A page at a time: a crash leaves whole pages, and the next import goes on from there.
    store.transaction(() => {
      for (const user of page) {
        seen.add(user.id)
        counts.scanned += 1
        const link = links.get(user.id)
        if (link) counts[importLinked(parts, link, user)] += 1
        else if (isActive(user.resource)) counts[importCandidate(parts, user, match)] += 1
      }
    })
  }
  for await (const page of parts.client.list('Groups')) counts.groups += page.length
  counts.removed = forgetGone(parts, links, seen)
  return counts
}

const matcherOf = (
  { ctx, org, settings }: TaskParts,
  links: ReadonlyMap<string, Link>,
): ((profile: LooseProfile) => ImportMatch) => {
  const linked = new Set([...links.values()].map(({ userId }) => userId))
  const users = ctx.store.users.list(org).filter(({ id }) => !linked.has(id))
  const exact = settings.import.matchOn === 'login' ? (['userName'] as const) : (['email'] as const)
  return importMatcher(users, { exact, partial: true })
}

const importCandidate = (
  parts: TaskParts,
  { id, resource }: ScimResource,
  match: ReturnType<typeof matcherOf>,
): Outcome => {
  const { ctx, org, applicationId, settings } = parts
  const profile = profileOf(resource, attributesOf(settings))
  const imported = importedUserProfile({ mappings: importMappingsOf(settings), appUser: profile })
  const found = match(imported)
  // Whom the import found at its beginning may have been deleted since: pages take their time.
  const userId = found.kind === 'none' ? undefined : found.userIds.find((one) => ctx.store.users.get(org, one))
  const before = ctx.store.candidates.byExternalId(applicationId, id)
  const candidate: CandidateRecord = {
    ...{ id: before?.id ?? newCandidateId(), applicationId, externalId: id, profile },
    userName: String(attributeOf(profile, 'userName') ?? ''),
    match: userId === undefined ? 'NONE' : found.kind === 'exact' ? 'EXACT' : 'PARTIAL',
    ...(userId !== undefined && { userId }),
    state: before?.state ?? 'NEW',
  }
  ctx.store.candidates.put(candidate)
  if (before === undefined) return 'added'
  return JSON.stringify(before.profile) === JSON.stringify(profile) ? 'unchanged' : 'updated'
}

/**
 * The Okta copy of a linked user: what the import mappings give, but for the login, which is how the person signs in to
 * Okta; and of the assignment what nothing else gives.
 */
const importLinked = (parts: TaskParts, link: Link, { resource }: ScimResource): Outcome => {
  const { ctx, org, applicationId, settings } = parts
  const { store } = ctx
  const user = store.users.get(org, link.userId)
  if (user === undefined || !link.active) return 'unchanged'
  const appUser = profileOf(resource, attributesOf(settings))
  // Other applications are told of what this one changes; here Okta and the SP agree, and there is nothing to push.
  const changed = changing(ctx, org, { users: [user.id] }, () => {
    const profileChanged = changeUser(parts, user, appUser)
    const typedChanged = changeTyped(parts, user, appUser)
    if (!profileChanged && !typedChanged) return false
    const pushed = personAt(ctx, org, applicationId, user.id)?.fingerprint ?? link.pushed
    store.provisioning.putLink({ ...link, pushed })
    return true
  })
  return changed ? 'updated' : 'unchanged'
}

const changeUser = ({ ctx, org, settings }: TaskParts, user: User, appUser: LooseProfile): boolean => {
  const attributes = ctx.store.orgs.attributes(org, 'user')
  const { login: _, ...imported } = importedUserProfile({
    ...{ mappings: importMappingsOf(settings), appUser, attributes },
    user: user.profile,
  })
  const profile = userProfile.safeParse({ ...user.profile, ...imported })
  // A value that Okta would not take is not taken: the rest of the import goes on.
  if (!profile.success || profileProblems(attributes, profile.data, { others: 'accept' }).length > 0) return false
  if (JSON.stringify(profile.data) === JSON.stringify(user.profile)) return false
  ctx.store.users.update(org, { ...user, profile: profile.data })
  return true
}

const changeTyped = ({ ctx, org, applicationId, settings }: TaskParts, user: User, appUser: LooseProfile): boolean => {
  const { store } = ctx
  const typed = store.provisioning.typed(applicationId, user.id)
  if (typed === undefined) return false
  const effective = givenTo(ctx, org, applicationId, store.users.get(org, user.id) ?? user).values
  const kept = keptAtImport({ attributes: attributesOf(settings), appUser, effective })
  const wanted = { ...typed, ...Object.fromEntries(Object.entries(kept).filter(([, value]) => hasValue(value))) }
  if (JSON.stringify(wanted) === JSON.stringify(typed)) return false
  store.provisioning.setTyped(applicationId, user.id, wanted)
  return true
}

/** Candidates that the SP no longer has are dropped; links stay, and the next push says what is wrong. */
const forgetGone = (
  { ctx, applicationId }: TaskParts,
  links: ReadonlyMap<string, Link>,
  seen: ReadonlySet<string>,
): number => {
  const gone = ctx.store.candidates.list(applicationId).filter(({ externalId }) => !seen.has(externalId))
  for (const { id } of gone) ctx.store.candidates.remove(id)
  return gone.length + [...links.keys()].filter((externalId) => !seen.has(externalId)).length
}
