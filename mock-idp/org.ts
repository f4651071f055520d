import type { NewOrg, NewRegistration, Registration } from './admin/schema.ts'
import type { IdpContext } from './http/context.ts'
import { plainDefaultName } from './http/urls.ts'
import type { Identity } from './store/identity.ts'
import { newExternalKey, newPlainId } from './store/ids.ts'
import type { OrgRecord, RegistrationRecord } from './store/orgs.ts'
import { defaultOrg } from './store/well-known-orgs.ts'

type OrgContext = Pick<IdpContext, 'store' | 'keys' | 'clock' | 'urls'>

/**
 * A new org with its first registration; the key is made in the background.
 *
 * @param externalKey of the first registration, where it is known already (the identity of a folder)
 * @throws UsageError `already-exists`
 */
export const createOrg = (ctx: OrgContext, wanted: NewOrg, externalKey?: string): OrgRecord =>
  ctx.store.transaction(() => {
    const org: OrgRecord = { id: wanted.id, name: wanted.name ?? wanted.id, shape: wanted.shape ?? 'okta' }
    ctx.store.orgs.create(org, ctx.clock.now())
    const name = org.shape === 'plain' ? plainDefaultName : `${org.id.replaceAll('-', '_').slice(0, 40)}_idpact_1`
    createRegistrationIn(ctx, org, { name, entityId: wanted.entityId }, externalKey)
    return org
  })

/** The org `default` is always there; its first registration carries the identity of the folder, if there is one. */
export const ensureDefaultOrg = (ctx: OrgContext, identity: Identity | undefined, entityId?: string): void =>
  ensureOrg(ctx, { id: defaultOrg, name: 'Default' }, identity, entityId)

/** An org that is there afterwards, whose first registration carries this identity. */
export const ensureOrg = (
  ctx: OrgContext,
  org: { id: string; name?: string },
  identity: Identity | undefined,
  entityId?: string,
): void => {
  const { orgs } = ctx.store
  const wanted = entityId ?? identity?.entityId
  if (!orgs.get(org.id)) createOrg(ctx, { ...org, entityId: wanted }, identity?.externalKey)
  const before = orgs.registrations(org.id)[0]
  if (before && identity && before.id !== identity.externalKey)
    ctx.store.transaction(() => orgs.rekey(before.id, identity.externalKey))
  const first = orgs.registrations(org.id)[0]
  if (first && wanted !== undefined && first.entityId !== wanted) orgs.setEntityId(first.id, wanted)
}

/** @throws UsageError `already-exists` */
export const createRegistrationIn = (
  ctx: OrgContext,
  org: OrgRecord,
  wanted: NewRegistration,
  externalKey?: string,
): RegistrationRecord => {
  const id = externalKey ?? (org.shape === 'okta' ? newExternalKey() : newPlainId())
  const entityId = wanted.entityId ?? (org.shape === 'okta' ? `http://www.okta.com/${id}` : `urn:idp:${org.id}:${id}`)
  const registration: RegistrationRecord = { id, org: org.id, name: wanted.name, entityId }
  ctx.store.orgs.addRegistration(registration)
  void ctx.keys.get({ registrationId: id, org }).catch(() => undefined)
  return registration
}

/** What an SP's administrator copies; waits for the key. */
export const registrationView = async (
  ctx: OrgContext,
  org: OrgRecord,
  registration: RegistrationRecord,
): Promise<Registration> => ({
  id: registration.id,
  name: registration.name,
  entityId: registration.entityId,
  ssoUrl: ctx.urls.sso(org, registration),
  metadataUrl: ctx.urls.metadata(org, registration),
  certificatePem: (await ctx.keys.get({ registrationId: registration.id, org })).certificatePem,
})
