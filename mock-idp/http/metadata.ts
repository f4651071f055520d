import type { RequestHandler } from 'express'
import { renderMetadata } from '../saml/metadata.ts'
import { nameIdFormatUri } from '../saml/names.ts'
import { announcedKey } from './announced-key.ts'
import type { IdpContext } from './context.ts'
import { keyTypeOf, personaOf } from './persona.ts'
import { type Addressed, addressed } from './registration.ts'

/** The metadata of a registration, or of one application: the same with its Name ID format, and its key. */
export const metadata =
  (ctx: IdpContext): RequestHandler =>
  async (req, res) => {
    const at = addressed(ctx, req)
    const xml = await metadataXml(ctx, at, {
      singleLogout: 'slo' in req.query,
      rollover: 'rollover' in req.query,
      weakKey: 'weak-key' in req.query,
    })
    ctx.journal(at.org.id).append({
      kind: 'metadata-served',
      ...(at.application && { applicationId: at.application.id }),
      summary: `The metadata was fetched by ${(req.get('user-agent') ?? 'a client without a name').slice(0, 100)}`,
      details: { entityId: at.registration.entityId },
    })
    res.type('application/samlmetadata+xml').send(xml)
  }

/** What metadata have beside what the settings ask for. */
export interface MetadataOptions {
  /** The single logout URL, whatever the applications have. */
  singleLogout?: boolean | undefined
  /** The next key beside the one in use, as while a key is changed. */
  rollover?: boolean | undefined
  /** A key of 1024 bits beside the one in use. */
  weakKey?: boolean | undefined
}

export const metadataXml = async (
  ctx: Pick<IdpContext, 'keys' | 'urls' | 'store'>,
  { org, registration, application }: Addressed,
  { singleLogout = false, rollover = false, weakKey = false }: MetadataOptions = {},
): Promise<string> => {
  const key = await ctx.keys.get({ registrationId: registration.id, org }, application && keyTypeOf(application))
  const owner = { registrationId: registration.id, org }
  const others = await Promise.all([
    ...(rollover ? [announcedKey(ctx, owner, 'next')] : []),
    ...(weakKey ? [announcedKey(ctx, owner, 'weak')] : []),
  ])
  // As Okta's: only where it is on.
  const hasLogout =
    singleLogout ||
    ctx.store.applications
      .list(org.id)
      .some(({ registrationId, saml }) => registrationId === registration.id && saml.singleLogout !== undefined)
  return renderMetadata({
    persona: personaOf(org),
    entityId: registration.entityId,
    ssoUrl: ctx.urls.sso(org, registration),
    sloUrl: hasLogout ? ctx.urls.slo(org, registration) : undefined,
    certificates: [key, ...others].map(({ certificateBase64 }) => certificateBase64),
    nameIdFormat: nameIdFormatUri[application?.saml.nameIdFormat ?? 'unspecified'],
    wantAuthnRequestsSigned: application?.saml.requireSignedRequests ?? false,
  })
}
