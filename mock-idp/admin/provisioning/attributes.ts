import type { RequestHandler } from 'express'
import { z } from 'zod'
import { UsageError } from '../../../src/core/errors.ts'
import { checkAttributes } from '../../directory/profile-schema.ts'
import { type IdpContext, orgOf } from '../../http/context.ts'
import { bodyOf } from '../handle.ts'
import { oktaAttribute } from '../profile-shapes.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; kind: string }>

const kindOf = (kind: string): 'user' | 'group' => {
  if (kind === 'user' || kind === 'group') return kind
  throw new UsageError(`There are attributes of "user" and of "group", not of ${JSON.stringify(kind)}`, {
    code: 'bad-request',
  })
}

/** The Profile Editor's custom attributes of the Okta user and of the Okta group. */
export const get: Handler = (ctx) => (req, res) => {
  res.json(ctx.store.orgs.attributes(orgOf(ctx, req.params.org).id, kindOf(req.params.kind)))
}

export const put: Handler = (ctx) => (req, res) => {
  const { id } = orgOf(ctx, req.params.org)
  const attributes = bodyOf(req, z.array(oktaAttribute).max(500))
  const kind = kindOf(req.params.kind)
  checkAttributes(`the Okta ${kind}`, attributes)
  ctx.store.orgs.setAttributes(id, kind, attributes)
  res.json(attributes)
}
