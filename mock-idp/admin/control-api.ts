import { json, type RequestHandler, Router } from 'express'
import { jsonErrors } from '../http/answers.ts'
import type { IdpContext } from '../http/context.ts'
import { lazily } from '../http/lazily.ts'
import { refuseForeignOrigins } from '../http/security.ts'
import { NotFoundError } from '../store/rows.ts'
import * as applications from './applications.ts'
import * as assignments from './assignments.ts'
import * as faults from './faults.ts'
import * as groups from './groups.ts'
import * as journal from './journal.ts'
import * as orgs from './orgs.ts'
import * as sessions from './sessions.ts'
import * as users from './users.ts'

/** What is acknowledged is on disk: nothing of it may wait there for more to be written with it. */
const onDiskFirst =
  ({ store }: IdpContext): RequestHandler =>
  (_req, res, next) => {
    const end = res.end.bind(res) as (...args: unknown[]) => typeof res
    res.end = (...args: unknown[]) => {
      store.flush()
      return end(...args)
    }
    next()
  }

/** The control API, at `/_idpact/v1`: what `client.ts` and the console drive. */
export const controlApi = (ctx: IdpContext): Router => {
  const api = Router({ caseSensitive: true })
  api.use(refuseForeignOrigins(ctx.own), json({ limit: '2mb', type: () => true }))

  api.use(onDiskFirst(ctx))

  api.get('/health', (_req, res) => res.json({ status: 'ok' }))
  api.get('/faults', faults.catalogue)

  api.route('/orgs').get(orgs.list(ctx)).post(orgs.create(ctx))
  api.route('/orgs/:org').get(orgs.get(ctx)).delete(orgs.remove(ctx))
  api.route('/orgs/:org/registrations').get(orgs.listRegistrations(ctx)).post(orgs.createRegistration(ctx))
  api.get('/orgs/:org/directory', orgs.exportDirectory(ctx))

  api.route('/orgs/:org/users').get(users.list(ctx)).post(users.create(ctx))
  api.route('/orgs/:org/users/:id').get(users.get(ctx)).patch(users.update(ctx)).delete(users.remove(ctx))

  api.route('/orgs/:org/groups').get(groups.list(ctx)).post(groups.create(ctx))
  api.route('/orgs/:org/groups/:id').patch(groups.update(ctx)).delete(groups.remove(ctx))
  api.get('/orgs/:org/groups/:id/users', groups.members(ctx))
  api.route('/orgs/:org/groups/:id/users/:userId').put(groups.addMember(ctx)).delete(groups.removeMember(ctx))

  api.route('/orgs/:org/applications').get(applications.list(ctx)).post(applications.create(ctx))
  api.post('/orgs/:org/applications/from-metadata', applications.createFromMetadata(ctx))
  api
    .route('/orgs/:org/applications/:id')
    .get(applications.get(ctx))
    .patch(applications.update(ctx))
    .delete(applications.remove(ctx))
  api
    .route('/orgs/:org/applications/:id/users/:userId')
    .put(assignments.assignUser(ctx))
    .delete(assignments.unassignUser(ctx))
  api
    .route('/orgs/:org/applications/:id/groups/:groupId')
    .put(assignments.assignGroup(ctx))
    .delete(assignments.unassignGroup(ctx))

  api.post(
    '/orgs/:org/applications/:id/logout-requests',
    lazily(async () => (await import('./logout-requests.ts')).create(ctx)),
  )

  api.use(lazily(async () => (await import('./provisioning/routes.ts')).provisioningRoutes(ctx)))

  api.post('/orgs/:org/sessions', sessions.create(ctx))
  api.route('/orgs/:org/faults').get(faults.list(ctx)).post(faults.arm(ctx)).delete(faults.clear(ctx))
  api.get('/orgs/:org/journal', journal.read(ctx))
  api.get('/orgs/:org/journal/stream', journal.stream(ctx))

  api.use((req) => {
    throw new NotFoundError(
      `${req.method} ${req.baseUrl}${req.path} in the control API`,
      'See mock-idp/client.ts for what there is.',
    )
  })
  api.use(jsonErrors((error) => ctx.logger.error({ err: error }, 'the control API failed')))
  return api
}
