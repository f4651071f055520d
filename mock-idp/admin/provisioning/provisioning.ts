import type { RequestHandler } from 'express'
import { z } from 'zod'
import { UsageError } from '../../../src/core/errors.ts'
import type { FormField } from '../../directory/assignment-form.ts'
import { describeSource } from '../../directory/effective-profile.ts'
import { type IdpContext, orgOf } from '../../http/context.ts'
import { changing } from '../../provisioning/change.ts'
import { checkProvisioning } from '../../provisioning/check-settings.ts'
import { groupForm as formOfGroup, personAt, personForm, settingsOf } from '../../provisioning/person.ts'
import { applicationOf } from '../application-of.ts'
import { groupOf } from '../groups.ts'
import { bodyOf } from '../handle.ts'
import { provisioning } from '../provisioning-shapes.ts'
import { userOf } from '../users.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string; id: string; userId: string; groupId: string }>

export const get: Handler = (ctx) => (req, res) => {
  res.json(settingsOf(ctx.store, applicationOf(ctx, req.params.org, req.params.id).id))
}

/**
 * Replaces the settings. People who are linked are told of what becomes of their profile by it; who was assigned before
 * and is not linked is not pushed by a switch alone, as at Okta: that is what provision-assigned is for.
 */
export const put: Handler = (ctx) => async (req, res) => {
  const { org, id } = req.params
  const application = applicationOf(ctx, org, id)
  const settings = bodyOf(req, provisioning)
  checkProvisioning(application.label, settings)
  const before = ctx.store.provisioning.get(application.id)
  const clockOffsetMs = before?.clockOffsetMs ?? 0
  const { schedule } = settings.import
  const nextImport = schedule === 'never' ? undefined : ctx.clock.now() + clockOffsetMs + schedule * 60_000
  const linked = ctx.store.provisioning.links(application.id).map(({ userId }) => userId)
  changing(ctx, org, { users: linked }, () =>
    ctx.store.provisioning.put({ applicationId: application.id, settings, clockOffsetMs, nextImport }),
  )
  const { clock } = await ctx.provisioning.engine()
  clock.arm(application.id)
  res.json(settings)
}

export const provisionAssigned: Handler = (ctx) => (req, res) => {
  const { org, id } = req.params
  const application = applicationOf(ctx, org, id)
  if (!settingsOf(ctx.store, application.id).actions.createUsers)
    throw new UsageError('Create Users is off for this application', {
      code: 'action-off',
      hint: 'Turn it on first: PUT …/provisioning with actions.createUsers true.',
    })
  const people = ctx.store.provisioning.people(application.id).filter((userId) => {
    const { status } = userOf(ctx, org, userId)
    return status === 'ACTIVE' && ctx.store.provisioning.link(application.id, userId)?.active !== true
  })
  const tasks = ctx.store.transaction(() =>
    people.map((subject) =>
      ctx.store.tasks.add({ applicationId: application.id, kind: 'provision', subject, payload: undefined }),
    ),
  )
  ctx.provisioning.add(tasks)
  res.json({ tasks: tasks.length })
}

const newPassword = z.strictObject({ password: z.string().min(1).max(1000) })

export const setPassword: Handler = (ctx) => (req, res) => {
  const { org, id, userId } = req.params
  const application = applicationOf(ctx, org, id)
  const user = userOf(ctx, org, userId)
  const { password } = bodyOf(req, newPassword)
  if (settingsOf(ctx.store, application.id).actions.syncPassword)
    ctx.provisioning.add([
      ctx.store.tasks.add({
        applicationId: application.id,
        kind: 'password',
        subject: user.id,
        payload: { password },
      }),
    ])
  res.status(204).end()
}

export const profile: Handler = (ctx) => (req, res) => {
  const { org, id, userId } = req.params
  const person = personAt(ctx, orgOf(ctx, org).id, applicationOf(ctx, org, id).id, userOf(ctx, org, userId).id)
  res.json(
    Object.entries(person?.values ?? {}).map(([attribute, value]) => {
      const source = person?.sources[attribute]
      return { attribute, value, source: source === undefined ? '' : describeSource(source) }
    }),
  )
}

const fieldView = ({ source, ...field }: FormField) => ({
  ...field,
  ...(source === undefined ? {} : { source: describeSource(source) }),
})

export const userForm: Handler = (ctx) => (req, res) => {
  const { org, id, userId } = req.params
  const application = applicationOf(ctx, org, id)
  res.json(personForm(ctx, org, application.id, userOf(ctx, org, userId)).map(fieldView))
}

export const groupForm: Handler = (ctx) => (req, res) => {
  const { org, id, groupId } = req.params
  const application = applicationOf(ctx, org, id)
  res.json(formOfGroup(ctx, application.id, groupOf(ctx, org, groupId)).map(fieldView))
}

export const groupAssignments: Handler = (ctx) => (req, res) => {
  const { id } = applicationOf(ctx, req.params.org, req.params.id)
  res.json(
    ctx.store.provisioning.groupsOf(id).map(({ groupId, priority, profile }) => ({ groupId, priority, profile })),
  )
}
