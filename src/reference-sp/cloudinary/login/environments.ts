import { refuse } from '../../login-refused.ts'
import type { Sp } from '../../sp.ts'
import type { User } from '../../store/users.ts'

/** What a new account may use. An attribute without a value is no way to say "all". */
export const initialEnvironments = (sp: Sp, role: string, names: readonly string[] | undefined): 'all' | string[] => {
  const rules = sp.rules()
  if (!rules.environmentsFor(role)) return 'all'
  if (names === undefined) return rules.allEnvironmentsByDefault() ? 'all' : []
  return resolve(sp, names) ?? refuse('ENVIRONMENTS_EMPTY')
}

/** Limits an account to exactly these environments. An attribute without a value changes nothing. */
export const applyEnvironments = (sp: Sp, user: User, names: readonly string[]): void => {
  const rules = sp.rules()
  if (!rules.environmentsFor(user.role)) return
  const listed = resolve(sp, names)
  if (listed === undefined) return
  const before = user.allEnvironments ? [] : sp.store.environments.ofUser(user.id)
  sp.store.users.update(user.id, { allEnvironments: listed === 'all' })
  if (listed !== 'all')
    sp.store.environments.setOfUser(user.id, rules.removesEnvironments() ? listed : [...before, ...listed])
}

/** Ids of the environments with these cloud names; undefined when no name was given. */
const resolve = (sp: Sp, names: readonly string[]): 'all' | string[] | undefined => {
  const rules = sp.rules()
  const given = names.filter((name) => name !== '')
  if (given.length === 0) return undefined
  const environments = sp.store.environments.list()
  const ids = given.flatMap((name) => {
    const found = environments.find((environment) => rules.sameName(environment.cloudName, name))
    if (found !== undefined) return [found.id]
    return rules.refusesUnknownEnvironments() ? refuse('ENVIRONMENT_UNKNOWN') : []
  })
  if (!rules.limitsEnvironments() || ids.length === 0) return 'all'
  return ids
}
