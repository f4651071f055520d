import { Router } from 'express'
import type { IdpContext } from '../../http/context.ts'
import * as attributes from './attributes.ts'
import * as connection from './connection.ts'
import * as imports from './imports.ts'
import * as provisioning from './provisioning.ts'
import * as pushed from './pushed-groups.ts'
import * as scimFaults from './scim-faults.ts'
import * as tasks from './tasks.ts'

/** The part of the control API that is about provisioning: what `provisioning-client.ts` drives. */
export const provisioningRoutes = (ctx: IdpContext): Router => {
  const api = Router({ caseSensitive: true })

  api.route('/orgs/:org/attributes/:kind').get(attributes.get(ctx)).put(attributes.put(ctx))

  const connectionPath = '/orgs/:org/registrations/:registration/connection'
  api.route(connectionPath).get(connection.get(ctx)).put(connection.put(ctx)).delete(connection.remove(ctx))
  api.post(`${connectionPath}/test`, connection.test(ctx))
  api.post(`${connectionPath}/authorization`, connection.authorization(ctx))
  api.route(`${connectionPath}/tokens`).get(connection.getTokens(ctx)).put(connection.putTokens(ctx))
  api.post(`${connectionPath}/call`, connection.call(ctx))

  const application = '/orgs/:org/applications/:id'
  api.route(`${application}/provisioning`).get(provisioning.get(ctx)).put(provisioning.put(ctx))
  api.post(`${application}/provisioning/provision-assigned`, provisioning.provisionAssigned(ctx))
  api.get(`${application}/users/:userId/profile`, provisioning.profile(ctx))
  api.get(`${application}/users/:userId/form`, provisioning.userForm(ctx))
  api.put(`${application}/users/:userId/password`, provisioning.setPassword(ctx))
  api.get(`${application}/groups`, provisioning.groupAssignments(ctx))
  api.get(`${application}/groups/:groupId/form`, provisioning.groupForm(ctx))

  api.route(`${application}/pushed-groups`).get(pushed.list(ctx)).post(pushed.push(ctx))
  api.route(`${application}/pushed-groups/:pushedId`).patch(pushed.setStatus(ctx)).delete(pushed.unlink(ctx))
  api.post(`${application}/pushed-groups/:pushedId/push-now`, pushed.pushNow(ctx))
  api.route(`${application}/push-rules`).get(pushed.listRules(ctx)).post(pushed.createRule(ctx))
  api.route(`${application}/push-rules/:ruleId`).patch(pushed.setRuleStatus(ctx)).delete(pushed.removeRule(ctx))

  api.post(`${application}/imports`, imports.run(ctx))
  api.get(`${application}/import-candidates`, imports.candidates(ctx))
  api.post(`${application}/import-candidates/:candidateId/confirmation`, imports.confirm(ctx))
  api.post(`${application}/import-candidates/:candidateId/ignore`, imports.ignore(ctx))

  const armed = api.route(`${application}/scim-faults`)
  armed.get(scimFaults.list(ctx)).post(scimFaults.arm(ctx)).delete(scimFaults.clear(ctx))

  api.get('/orgs/:org/tasks', tasks.list(ctx))
  api.get('/orgs/:org/tasks/idle', tasks.idle(ctx))
  api.post('/orgs/:org/tasks/:id/retry', tasks.retry(ctx))
  api.post(`${application}/clock`, tasks.advance(ctx))
  return api
}
