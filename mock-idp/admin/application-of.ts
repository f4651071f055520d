import { type IdpContext, orgOf } from '../http/context.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import { NotFoundError } from '../store/rows.ts'

/** @throws NotFoundError */
export const applicationOf = (ctx: IdpContext, org: string, id: string): ApplicationRecord => {
  const found = ctx.store.applications.get(orgOf(ctx, org).id, id)
  if (found) return found
  throw new NotFoundError(`application "${id}" in the org "${org}"`, 'GET …/applications lists them.')
}
