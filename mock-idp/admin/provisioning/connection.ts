import type { RequestHandler } from 'express'
import { type IdpContext, orgOf, registrationOf } from '../../http/context.ts'
import type { RegistrationRecord } from '../../store/orgs.ts'
import { bodyOf } from '../handle.ts'
import { newConnection, newTokens, scimCall } from '../provisioning-shapes.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; registration: string }>

/** `default` stands for the org's first one. */
const registrationIn = (ctx: IdpContext, params: { org: string; registration: string }): RegistrationRecord => {
  const org = orgOf(ctx, params.org)
  return registrationOf(ctx, org, params.registration === 'default' ? undefined : params.registration)
}

const access = async (ctx: IdpContext) => (await ctx.provisioning.engine()).access

export const get: Handler = (ctx) => async (req, res) => {
  res.json((await access(ctx)).view(registrationIn(ctx, req.params)))
}

export const put: Handler = (ctx) => async (req, res) => {
  const registration = registrationIn(ctx, req.params)
  res.json((await access(ctx)).set(registration, bodyOf(req, newConnection)))
}

export const remove: Handler = (ctx) => async (req, res) => {
  await (await access(ctx)).remove(registrationIn(ctx, req.params))
  res.status(204).end()
}

export const test: Handler = (ctx) => async (req, res) => {
  await (await access(ctx)).test(registrationIn(ctx, req.params))
  res.status(204).end()
}

export const authorization: Handler = (ctx) => async (req, res) => {
  res.json({ url: (await access(ctx)).authorizationUrl(registrationIn(ctx, req.params)) })
}

export const putTokens: Handler = (ctx) => async (req, res) => {
  const registration = registrationIn(ctx, req.params)
  res.json((await access(ctx)).setTokens(registration, bodyOf(req, newTokens)))
}

export const getTokens: Handler = (ctx) => async (req, res) => {
  res.json((await access(ctx)).tokens(registrationIn(ctx, req.params)))
}

export const call: Handler = (ctx) => async (req, res) => {
  const registration = registrationIn(ctx, req.params)
  res.json(await (await access(ctx)).call(registration, bodyOf(req, scimCall)))
}
