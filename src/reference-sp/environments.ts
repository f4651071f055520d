import type { Sp } from './sp.ts'
import type { User } from './store/users.ts'

/** Whether an account may use every environment; one whose role has no list of them always may. */
export const hasAllEnvironments = (sp: Sp, user: User): boolean =>
  user.allEnvironments || !sp.rules().environmentsFor(user.role)
