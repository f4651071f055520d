import type { Provisioning } from '../admin/provisioning-shapes.ts'
import type { IdpContext } from '../http/context.ts'
import type { ScimClient } from '../scim/client.ts'

/** What every kind of task works with. */
export interface TaskParts {
  ctx: Pick<IdpContext, 'store' | 'provisioning'>
  org: string
  applicationId: string
  settings: Provisioning
  client: ScimClient
  /** `provisioning.changes` when the task began. */
  changes: number
}
