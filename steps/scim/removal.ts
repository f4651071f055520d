import type { IdpactWorld } from '../world.ts'
import { hasAccess } from './connection.ts'
import { call, groupsNamed, type Resource, usersNamed } from './reading.ts'

/**
 * Removes by SCIM what a scenario made, where the target has no other way. Nobody is asked to consent for that: it is done
 * where the run has access already.
 */
export const removeByScim = async (
  world: IdpactWorld,
  { emails, groups }: { emails: readonly string[]; groups: readonly string[] },
): Promise<void> => {
  const { run } = world
  if (run.target.scim === undefined || !hasAccess(run)) return
  const users = emails.map(async (name) => {
    if (await removeAll(world, 'Users', await usersNamed(world, name)))
      await run.ledger.settled({ kind: 'account', name })
  })
  const pushed = groups.map(async (name) => {
    if (await removeAll(world, 'Groups', await groupsNamed(world, name)))
      await run.ledger.settled({ kind: 'group', name })
  })
  await Promise.all([...users, ...pushed])
}

/** True when none is left. A server need not delete users (Okta never asks for it): they are deactivated then, and stay. */
const removeAll = async (
  world: IdpactWorld,
  type: 'Users' | 'Groups',
  resources: readonly Resource[],
): Promise<boolean> => {
  const gone = await Promise.all(
    resources.map(async (resource) => {
      const path = `/${type}/${encodeURIComponent(String(resource['id']))}`
      const { status } = await call(world, { method: 'DELETE', path })
      if (status < 300 || status === 404) return true
      if (type === 'Users') await call(world, { method: 'PUT', path, body: { ...resource, active: false } })
      return false
    }),
  )
  return gone.every(Boolean)
}
