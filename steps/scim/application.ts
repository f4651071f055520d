import type { NewAppAttribute } from '../../mock-idp/admin/profile-shapes.ts'
import type { NewProvisioning } from '../../mock-idp/admin/provisioning-shapes.ts'
import { bringToDirectory } from '../directory.ts'
import { failed, inconclusive } from '../outcome.ts'
import type { Person } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'
import { connected } from './connection.ts'

/** The scenario's application as it provisions: what an administrator of Okta sets up by the contract's guide. */

export const actions = {
  createUsers: 'create users',
  updateUsers: 'update users',
  deactivateUsers: 'deactivate users',
  pushGroups: 'push groups',
  importUsers: 'import users',
  syncPassword: 'synchronise passwords',
} as const
export type ActionName = keyof typeof actions

const guide = (world: IdpactWorld): NewProvisioning => {
  const { scim, roles } = world.contract
  if (scim === undefined) throw new Error(`The contract ${world.contract.id} has no SCIM.`)
  const valuesOf = (enumerated: string): string[] =>
    enumerated === 'roles' ? [...roles.values] : [world.context.parameters[enumerated] ?? []].flat()
  return {
    persona: 'okta',
    uniqueField: scim.uniqueField,
    actions: {
      createUsers: true,
      updateUsers: true,
      deactivateUsers: true,
      syncPassword: false,
      pushGroups: scim.groups,
      importUsers: scim.imports,
    },
    attributes: scim.attributes.map(
      ({ name, type, enumerated, combine }): NewAppAttribute => ({
        name,
        type,
        externalNamespace: scim.namespace,
        scope: 'GROUP',
        groupValues: combine ? 'COMBINE' : 'PRIORITY',
        enum: valuesOf(enumerated).map((value) => ({ value })),
      }),
    ),
    mappings: Object.entries(scim.mappings).map(([attribute, expression]) => ({ attribute, expression })),
  }
}

/** What the scenario has said so far of its application's provisioning. */
const settings = new WeakMap<IdpactWorld, NewProvisioning>()

/** Sets the application up; with a change where it is set up already. Returns its id. */
export const provisioningApp = async (
  world: IdpactWorld,
  change: (before: NewProvisioning) => NewProvisioning = (before) => before,
): Promise<string> => {
  await connected(world)
  const { id } = await world.application()
  const before = settings.get(world) ?? guide(world)
  const after = change(before)
  if (settings.has(world) && after === before) return id
  settings.set(world, after)
  await world.run.org.provisioning.set(id, after)
  return id
}

export const withActions = (change: Partial<Record<ActionName, boolean>>) => (before: NewProvisioning) => ({
  ...before,
  actions: { ...before.actions, ...change },
})

export const withAttribute =
  (name: string, change: Partial<NewAppAttribute>) =>
  (before: NewProvisioning): NewProvisioning => ({
    ...before,
    attributes: (before.attributes ?? []).map((one) => (one.name === name ? { ...one, ...change } : one)),
  })

export const withoutMappings = (before: NewProvisioning): NewProvisioning => ({ ...before, mappings: [] })

/** In Okta, and not assigned by it. */
export const inOkta = (world: IdpactWorld, person: Person): Promise<string> => {
  if (person.directoryId === undefined) person.assigned = false
  return bringToDirectory(world, person)
}

/**
 * Assigns a person, with values typed for them, and waits until nothing is left to do.
 */
export const assign = async (
  world: IdpactWorld,
  person: Person,
  profile?: Record<string, string | string[]>,
): Promise<void> => {
  const id = await provisioningApp(world)
  await world.expectAccount(person)
  const userId = await inOkta(world, person)
  await world.run.org.applications.assignUser(id, userId, profile && { profile })
  person.assigned = true
  await workDone(world)
}

/** What is left when nothing is queued any more. */
export const idle = async (world: IdpactWorld) => {
  const id = await provisioningApp(world)
  const counts = await world.run.org.tasks.idle(id)
  const tasks =
    counts.failed + counts.blocked + counts.waiting > 0 ? await world.run.org.tasks.list({ applicationId: id }) : []
  return { counts, tasks }
}

/** Tasks that a step has let fail on purpose. */
const expected = new WeakMap<IdpactWorld, Set<string>>()

/** Does what may fail, and waits for its end: whether it should have failed, a later step says. */
export const tried = async (world: IdpactWorld, attempt: () => Promise<unknown>): Promise<void> => {
  await attempt()
  const { tasks } = await idle(world)
  expected.set(world, new Set(tasks.map(({ id }) => id)))
}

/** @throws StepFailure when a push did not work: the SP's words are in it */
export const workDone = async (world: IdpactWorld): Promise<void> => {
  const { tasks } = await idle(world)
  const task = tasks.find(({ id }) => expected.get(world)?.has(id) !== true)
  if (task === undefined) return
  const details = {
    code: 'push-failed',
    expected: 'The service provider takes what Okta pushes.',
    actual: task.problem ?? `The task ${task.kind} is ${task.state}.`,
    hint: task.hint,
  }
  throw task.state === 'failed' ? failed(details) : inconclusive(details)
}
