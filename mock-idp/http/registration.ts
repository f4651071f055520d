import type { Request } from 'express'
import type { ApplicationRecord } from '../store/applications.ts'
import type { OrgRecord, RegistrationRecord } from '../store/orgs.ts'
import { NotFoundError } from '../store/rows.ts'
import { type IdpContext, orgOf } from './context.ts'
import { plainDefaultName } from './urls.ts'

export interface Addressed {
  org: OrgRecord
  registration: RegistrationRecord
  application: ApplicationRecord | undefined
}

type Params = Partial<Record<'org' | 'key' | 'name' | 'application', string>>

/**
 * What a public address means: `key` is an external key or, in metadata addresses, an application's id; in a plain org
 * `name` is a registration's name or an application's id.
 *
 * @throws NotFoundError
 */
export const addressed = (ctx: IdpContext, req: Request): Addressed => {
  const { key, name, application: applicationId, org: orgId = '' } = req.params as Params
  const org = orgOf(ctx, orgId)
  const registrations = ctx.store.orgs.registrations(org.id)
  const applicationIn = (id: string | undefined): ApplicationRecord | undefined =>
    id === undefined ? undefined : ctx.store.applications.get(org.id, id)
  const ofApplication = (application: ApplicationRecord | undefined): Addressed | undefined => {
    const registration = registrations.find(({ id }) => id === application?.registrationId)
    return application && registration && { org, registration, application }
  }
  const plainPath = req.path.startsWith('/idp')
  const found = plainPath !== (org.shape === 'plain') ? undefined : plainPath ? plain() : okta()
  if (found) return found
  throw new NotFoundError(
    `such address at this mock IdP: ${req.originalUrl.split('?')[0]}`,
    `The addresses of the org are in its metadata: ${registrations.map((r) => ctx.urls.metadata(org, r)).join(' ')}.`,
  )

  function okta(): Addressed | undefined {
    if (applicationId !== undefined) return ofApplication(applicationIn(applicationId))
    const registration = registrations.find(({ id }) => id === key)
    if (!registration) return name === undefined ? ofApplication(applicationIn(key)) : undefined
    return name === undefined || name === registration.name ? { org, registration, application: undefined } : undefined
  }

  function plain(): Addressed | undefined {
    const registration = registrations.find((r) => r.name === (name ?? plainDefaultName))
    if (applicationId !== undefined) return ofApplication(applicationIn(applicationId))
    return registration ? { org, registration, application: undefined } : ofApplication(applicationIn(name))
  }
}
