import type { RequestHandler } from 'express'
import { checkParams, findFault } from '../faults/catalogue.ts'
import { allFaults } from '../faults/scim/catalogue.ts'
import type { ArmedFaultRecord } from '../http/armed-faults.ts'
import { type IdpContext, orgOf } from '../http/context.ts'
import { bodyOf, queryOf } from './handle.ts'
import { type ArmedFault, type FaultInfo, newArmedFault } from './schema.ts'
import { userOf } from './users.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string }>

export const catalogue: RequestHandler = (_req, res) => {
  res.json(
    allFaults.map(
      ({
        id,
        title,
        stage,
        severity,
        expect,
        basis,
        parameters = {},
        requirement,
        signed,
        encrypted,
        knob,
      }): FaultInfo => ({
        ...{ id, title, stage, severity, expect, basis: [...basis], parameters: { ...parameters } },
        ...{
          ...(requirement && { requirement }),
          ...(signed && { signed }),
          ...(encrypted && { encrypted }),
          ...(knob && { knob }),
        },
      }),
    ),
  )
}

const view = ({ id, userId, fault, params, remaining }: ArmedFaultRecord): ArmedFault => ({
  ...{ id, userId, fault, params, remaining },
})

export const list: Handler = (ctx) => (req, res) => {
  res.json(ctx.faults.list(orgOf(ctx, req.params.org).id).map(view))
}

/** Checked now and not at the login, so that who arms it learns what is wrong. */
export const arm: Handler = (ctx) => (req, res) => {
  const { userId, fault, params, times, spClockOffsetMs } = bodyOf(req, newArmedFault)
  const user = userOf(ctx, req.params.org, userId)
  checkParams(findFault(fault), params)
  // Made in the background, so that the login that needs it does not wait.
  void ctx.foreignKey('rsa-2048').catch(() => undefined)
  const armed = ctx.faults.arm(req.params.org, { userId: user.id, fault, params, remaining: times, spClockOffsetMs })
  res.status(201).json(view(armed))
}

export const clear: Handler = (ctx) => (req, res) => {
  ctx.faults.clear(orgOf(ctx, req.params.org).id, queryOf(req, 'userId'))
  res.status(204).end()
}
