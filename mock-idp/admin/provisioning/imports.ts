import type { RequestHandler } from 'express'
import { UsageError } from '../../../src/core/errors.ts'
import type { IdpContext } from '../../http/context.ts'
import { confirmCandidate } from '../../provisioning/confirm-candidate.ts'
import { settingsOf } from '../../provisioning/person.ts'
import type { CandidateRecord } from '../../store/import-candidates.ts'
import { NotFoundError } from '../../store/rows.ts'
import { applicationOf } from '../application-of.ts'
import { bodyOf } from '../handle.ts'
import { type ImportCandidate, importConfirmation } from '../provisioning-shapes.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string; candidateId: string }>

const view = ({ applicationId: _, ...candidate }: CandidateRecord): ImportCandidate => candidate

export const run: Handler = (ctx) => async (req, res) => {
  const { id } = applicationOf(ctx, req.params.org, req.params.id)
  if (!settingsOf(ctx.store, id).actions.importUsers)
    throw new UsageError('Import is off for this application', {
      code: 'action-off',
      hint: 'Turn it on first: PUT …/provisioning with actions.importUsers true.',
    })
  res.json(await (await ctx.provisioning.engine()).importNow(id))
}

export const candidates: Handler = (ctx) => (req, res) => {
  const { id } = applicationOf(ctx, req.params.org, req.params.id)
  res.json(ctx.store.candidates.list(id).map(view))
}

const candidateOf = (ctx: IdpContext, applicationId: string, id: string): CandidateRecord => {
  const found = ctx.store.candidates.get(applicationId, id)
  if (found) return found
  throw new NotFoundError(`import candidate "${id}" of this application`, 'GET …/import-candidates lists them.')
}

export const confirm: Handler = (ctx) => (req, res) => {
  const { org, id, candidateId } = req.params
  const application = applicationOf(ctx, org, id)
  const candidate = candidateOf(ctx, application.id, candidateId)
  res.json({ userId: confirmCandidate(ctx, org, candidate, bodyOf(req, importConfirmation)) })
}

export const ignore: Handler = (ctx) => (req, res) => {
  const candidate = candidateOf(ctx, applicationOf(ctx, req.params.org, req.params.id).id, req.params.candidateId)
  ctx.store.candidates.put({ ...candidate, state: 'IGNORED' })
  res.status(204).end()
}
