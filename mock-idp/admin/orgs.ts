import type { RequestHandler } from 'express'
import { type IdpContext, orgOf } from '../http/context.ts'
import { createOrg, createRegistrationIn, registrationView } from '../org.ts'
import type { OrgRecord } from '../store/orgs.ts'
import { bodyOf } from './handle.ts'
import { newOrg, newRegistration, type Org } from './schema.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string }>

const view = async (ctx: IdpContext, org: OrgRecord): Promise<Org> => ({
  id: org.id,
  name: org.name,
  registrations: await Promise.all(ctx.store.orgs.registrations(org.id).map((r) => registrationView(ctx, org, r))),
})

export const list =
  (ctx: IdpContext): RequestHandler =>
  async (_req, res) => {
    res.json(await Promise.all(ctx.store.orgs.list().map((org) => view(ctx, org))))
  }

export const create =
  (ctx: IdpContext): RequestHandler =>
  async (req, res) => {
    const org = createOrg(ctx, bodyOf(req, newOrg))
    res.status(201).json(await view(ctx, org))
  }

export const get: Handler = (ctx) => async (req, res) => {
  res.json(await view(ctx, orgOf(ctx, req.params.org)))
}

export const remove: Handler = (ctx) => (req, res) => {
  const org = orgOf(ctx, req.params.org)
  for (const registration of ctx.store.orgs.registrations(org.id)) ctx.keys.forget(registration.id)
  ctx.store.orgs.remove(org.id)
  ctx.faults.clear(org.id)
  ctx.forgetJournal(org.id)
  res.status(204).end()
}

export const listRegistrations: Handler = (ctx) => async (req, res) => {
  res.json((await view(ctx, orgOf(ctx, req.params.org))).registrations)
}

export const createRegistration: Handler = (ctx) => async (req, res) => {
  const org = orgOf(ctx, req.params.org)
  const registration = createRegistrationIn(ctx, org, bodyOf(req, newRegistration))
  res.status(201).json(await registrationView(ctx, org, registration))
}

/** The directory as the YAML that `idpact idp --directory` reads. */
export const exportDirectory: Handler = (ctx) => async (req, res) => {
  const org = orgOf(ctx, req.params.org)
  const { exportDirectoryYaml } = await import('../directory-file/export.ts')
  res.type('application/yaml').send(exportDirectoryYaml(ctx.store, org.id))
}
