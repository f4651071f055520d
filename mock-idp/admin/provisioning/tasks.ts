import type { RequestHandler } from 'express'
import { z } from 'zod'
import { toInstant } from '../../../src/core/clock.ts'
import { UsageError } from '../../../src/core/errors.ts'
import { type IdpContext, orgOf } from '../../http/context.ts'
import { NotFoundError } from '../../store/rows.ts'
import type { TaskRecord } from '../../store/tasks.ts'
import { applicationOf } from '../application-of.ts'
import { bodyOf, queryOf } from '../handle.ts'
import { type Task, task } from '../provisioning-shapes.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string }>

const view = ({ seq, applicationId, kind, subject, state, attempts, notBefore, problem, hint }: TaskRecord): Task => ({
  ...{ id: String(seq), applicationId, kind, state, attempts },
  ...(subject !== undefined && { subject }),
  ...(notBefore !== undefined && { notBefore: toInstant(notBefore) }),
  ...(problem !== undefined && { problem }),
  ...(hint !== undefined && { hint }),
})

const stateOf = (value: string | undefined): Task['state'] | undefined => {
  const state = task.shape.state.safeParse(value)
  if (value === undefined || state.success) return state.data
  throw new UsageError(`There is no state ${JSON.stringify(value)} of a task`, {
    code: 'bad-request',
    hint: `The states are ${task.shape.state.options.join(', ')}.`,
  })
}

export const list: Handler = (ctx) => (req, res) => {
  const [applicationId, state] = [queryOf(req, 'applicationId'), stateOf(queryOf(req, 'state'))]
  const tasks = ctx.store.tasks
    .ofOrg(orgOf(ctx, req.params.org).id)
    .filter((one) => applicationId === undefined || one.applicationId === applicationId)
    .filter((one) => state === undefined || one.state === state)
  res.json(tasks.map(view))
}

export const retry: Handler = (ctx) => async (req, res) => {
  const org = orgOf(ctx, req.params.org)
  const { queue } = await ctx.provisioning.engine()
  const known = ctx.store.tasks.ofOrg(org.id).some(({ seq }) => String(seq) === req.params.id)
  if (!known || !queue.retry(Number(req.params.id)))
    throw new NotFoundError(
      `task "${req.params.id}" that failed, waits or is blocked`,
      'GET …/tasks lists what is not done; what is done is gone.',
    )
  res.status(204).end()
}

/** Of one application, or of all of the org. */
const applicationIds = (ctx: IdpContext, org: string, applicationId: string | undefined): string[] =>
  applicationId === undefined
    ? ctx.store.applications.list(org).map(({ id }) => id)
    : [applicationOf(ctx, org, applicationId).id]

export const idle: Handler = (ctx) => async (req, res) => {
  const { id } = orgOf(ctx, req.params.org)
  const wanted = applicationIds(ctx, id, queryOf(req, 'applicationId'))
  const { queue } = await ctx.provisioning.engine()
  await queue.idle(wanted)
  res.json(queue.counts(wanted))
}

/** A year at a time is more than any schedule needs. */
const advanceBy = z.strictObject({
  ms: z
    .int()
    .min(0)
    .max(366 * 86_400_000),
})

export const advance: Handler = (ctx) => async (req, res) => {
  const { id } = applicationOf(ctx, req.params.org, req.params.id)
  const { ms } = bodyOf(req, advanceBy)
  const engine = await ctx.provisioning.engine()
  engine.clock.advance(id, ms)
  await engine.queue.idle([id])
  res.json(engine.queue.counts([id]))
}
