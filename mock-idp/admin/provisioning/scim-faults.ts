import type { RequestHandler } from 'express'
import { checkParams, findIn } from '../../faults/catalogue.ts'
import { scimFaults } from '../../faults/scim/catalogue.ts'
import type { IdpContext } from '../../http/context.ts'
import { applicationOf } from '../application-of.ts'
import { bodyOf } from '../handle.ts'
import { newArmedScimFault } from '../provisioning-shapes.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string }>

export const list: Handler = (ctx) => (req, res) => {
  res.json(ctx.scimFaults.list(applicationOf(ctx, req.params.org, req.params.id).id))
}

/** Checked now and not at the request, so that who arms it learns what is wrong. */
export const arm: Handler = (ctx) => (req, res) => {
  const application = applicationOf(ctx, req.params.org, req.params.id)
  const wanted = bodyOf(req, newArmedScimFault)
  const fault = findIn(scimFaults, wanted.fault)
  checkParams(fault, wanted.params)
  res.status(201).json(ctx.scimFaults.arm(application.id, fault, wanted))
}

export const clear: Handler = (ctx) => (req, res) => {
  ctx.scimFaults.clear(applicationOf(ctx, req.params.org, req.params.id).id)
  res.status(204).end()
}
