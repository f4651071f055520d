import type { RequestHandler } from 'express'
import { UsageError } from '../../src/core/errors.ts'
import { createApplication, withLink } from '../application.ts'
import { checkSettings } from '../directory/claims.ts'
import { type IdpContext, orgOf } from '../http/context.ts'
import { changing } from '../provisioning/change.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import { applicationOf } from './application-of.ts'
import { bodyOf } from './handle.ts'
import { applicationChange, newApplication, newApplicationFromMetadata } from './schema.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string }>

export const list: Handler = (ctx) => (req, res) => {
  const org = orgOf(ctx, req.params.org)
  res.json(ctx.store.applications.list(org.id).map((app) => withLink(ctx, org, app)))
}

export const create: Handler = (ctx) => (req, res) => {
  const org = orgOf(ctx, req.params.org)
  res.status(201).json(withLink(ctx, org, createApplication(ctx, org, bodyOf(req, newApplication))))
}

export const createFromMetadata: Handler = (ctx) => async (req, res) => {
  const org = orgOf(ctx, req.params.org)
  const { label, everyone, registrationId, ...from } = bodyOf(req, newApplicationFromMetadata)
  const { settingsFromMetadata, fetchMetadata } = await import('../application-from-metadata.ts')
  const xml = from.metadataXml ?? (from.metadataUrl === undefined ? undefined : await fetchMetadata(from.metadataUrl))
  if (xml === undefined)
    throw new UsageError('The body has neither "metadataXml" nor "metadataUrl"', {
      code: 'bad-request',
      hint: "Send the service provider's metadata itself, or where it is.",
    })
  const saml = await settingsFromMetadata(xml)
  res.status(201).json(withLink(ctx, org, createApplication(ctx, org, { label, everyone, registrationId, saml })))
}

export const get: Handler = (ctx) => (req, res) => {
  const { org, id } = req.params
  res.json(withLink(ctx, orgOf(ctx, org), applicationOf(ctx, org, id)))
}

export const update: Handler = (ctx) => (req, res) => {
  const before = applicationOf(ctx, req.params.org, req.params.id)
  const change = bodyOf(req, applicationChange)
  if (change.saml) checkSettings(change.saml)
  const after: ApplicationRecord = {
    ...before,
    label: change.label ?? before.label,
    status: change.status ?? before.status,
    everyone: change.everyone ?? before.everyone,
    saml: change.saml ?? before.saml,
  }
  const people = after.everyone === before.everyone ? [] : ctx.store.users.list(req.params.org).map(({ id }) => id)
  changing(ctx, req.params.org, { users: people }, () => ctx.store.applications.update(req.params.org, after))
  res.json(withLink(ctx, orgOf(ctx, req.params.org), after))
}

export const remove: Handler = (ctx) => (req, res) => {
  const { id } = applicationOf(ctx, req.params.org, req.params.id)
  ctx.store.applications.remove(req.params.org, id)
  ctx.provisioning.forget(id)
  res.status(204).end()
}
