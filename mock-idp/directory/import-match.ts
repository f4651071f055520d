import type { LooseProfile } from './profile-values.ts'

/** Which equalities make an imported user and an Okta user the same person; the settings of an import. */
export interface MatchRules {
  /** `userName`: the logins are equal. `email`: the e-mail addresses are. Any of those listed is enough. */
  readonly exact: readonly ('userName' | 'email')[]
  /** Whether equal first and last names are a partial match. */
  readonly partial: boolean
}

export const defaultMatchRules: MatchRules = { exact: ['userName', 'email'], partial: true }

export interface MatchableUser {
  readonly id: string
  readonly profile: LooseProfile
}

/**
 * How an imported user relates to those that there are. Several users may match: e-mail addresses and names need not be
 * unique in Okta; an administrator then chooses.
 */
export type ImportMatch =
  | { readonly kind: 'exact'; readonly on: 'userName' | 'email'; readonly userIds: readonly string[] }
  | { readonly kind: 'partial'; readonly userIds: readonly string[] }
  | { readonly kind: 'none' }

/**
 * Makes a search among Okta users, in constant time for each imported one. Upper and lower case are the same in logins,
 * addresses and names, as Okta has it; in names, so are composed and decomposed letters and the space around them.
 *
 * @param users those that an imported user may be linked to: leave out who is linked already
 * @returns a function that takes the Okta profile that an import would make (`importedUserProfile`). The first rule of
 *   `exact` that finds somebody decides.
 * @example importMatcher(users, defaultMatchRules)({ login: 'ADA@example.test' }).kind // 'exact'
 */
export const importMatcher = (
  users: Iterable<MatchableUser>,
  rules: MatchRules,
): ((imported: LooseProfile) => ImportMatch) => {
  const exact = rules.exact.map((on) => ({ on, ids: new Map<string, string[]>() }))
  const byName = new Map<string, string[]>()
  for (const { id, profile } of users) {
    for (const { on, ids } of exact) add(ids, keys[on](profile), id)
    if (rules.partial) add(byName, fullName(profile), id)
  }
  return (imported) => {
    for (const { on, ids } of exact) {
      const userIds = find(ids, keys[on](imported))
      if (userIds) return { kind: 'exact', on, userIds }
    }
    const userIds = find(byName, fullName(imported))
    return userIds ? { kind: 'partial', userIds } : { kind: 'none' }
  }
}

const add = (index: Map<string, string[]>, key: string | undefined, id: string): void => {
  if (key === undefined) return
  const ids = index.get(key)
  if (ids) ids.push(id)
  else index.set(key, [id])
}

const find = (index: ReadonlyMap<string, string[]>, key: string | undefined): string[] | undefined =>
  key === undefined ? undefined : index.get(key)

const text = (profile: LooseProfile, name: string): string | undefined => {
  const value = profile[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const keys: Record<'userName' | 'email', (profile: LooseProfile) => string | undefined> = {
  userName: (profile) => text(profile, 'login')?.toLowerCase(),
  email: (profile) => text(profile, 'email')?.toLowerCase(),
}

/** Undefined unless both names are there: one of them alone is no match. */
const fullName = (profile: LooseProfile): string | undefined => {
  const [first, last] = ['firstName', 'lastName'].map((name) =>
    text(profile, name)?.normalize('NFC').toLowerCase().trim(),
  )
  return first && last ? `${first}\n${last}` : undefined
}
