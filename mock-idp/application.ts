import type { z } from 'zod'
import type { Application, newApplication } from './admin/schema.ts'
import { checkSettings } from './directory/claims.ts'
import { type IdpContext, registrationOf } from './http/context.ts'
import type { ApplicationRecord } from './store/applications.ts'
import { newApplicationId, newPlainId } from './store/ids.ts'
import type { OrgRecord } from './store/orgs.ts'

/**
 * A new application on one of the org's registrations (the first, unless told).
 *
 * @throws UsageError if an expression or a filter of its settings cannot be evaluated; NotFoundError for the registration
 */
export const createApplication = (
  ctx: IdpContext,
  org: OrgRecord,
  { label, saml, registrationId, everyone }: z.output<typeof newApplication>,
): ApplicationRecord => {
  checkSettings(saml)
  const registration = registrationOf(ctx, org, registrationId)
  const id = org.shape === 'okta' ? newApplicationId() : newPlainId()
  const created: ApplicationRecord = { id, label, registrationId: registration.id, status: 'ACTIVE', everyone, saml }
  ctx.store.transaction(() => ctx.store.applications.create(org.id, created))
  return created
}

export const withLink = (ctx: IdpContext, org: OrgRecord, app: ApplicationRecord): Application => ({
  ...app,
  appLink: ctx.urls.appLink(org, registrationOf(ctx, org, app.registrationId), app.id),
})
