import { hasAllEnvironments } from '../../environments.ts'
import type { Sp } from '../../sp.ts'
import { fullName, type User } from '../../store/users.ts'

const time = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())

/** A user as the Provisioning API shows it (account-provisioning-js: models/user). */
export const userJson = (sp: Sp, user: User): Record<string, unknown> => {
  const groups = sp.store.groups.ofUser(user.id)
  const all = hasAllEnvironments(sp, user)
  const environments = sp.store.environments
  const ids = all ? [] : environments.ofUser(user.id)
  const source = sp.rules().sourceShown(user)
  const pending = user.passwordHash === undefined && user.lastLoginAt === undefined
  return {
    id: user.id,
    name: fullName(user),
    first_name: user.firstName,
    last_name: user.lastName,
    role: user.role,
    email: user.email,
    pending,
    enabled: user.enabled,
    status: !user.enabled ? 'disabled' : pending ? 'pending' : 'active',
    account_id: sp.accountId,
    created_at: time(user.createdAt),
    updated_at: time(user.updatedAt),
    last_login: time(user.lastLoginAt),
    two_factor: user.twoFactor,
    all_sub_accounts: all,
    sub_account_ids: ids,
    sub_account_count: all ? environments.list().length : ids.length,
    groups: groups.map(({ id, name }) => ({ id, name })),
    group_count: groups.length,
    providers: source === undefined ? [] : [source],
  }
}
