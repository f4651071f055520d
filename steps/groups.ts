import type { SpGroup } from '../src/target/ports.ts'
import { eventually, stays } from '../src/target/settle.ts'
import { accountsOf } from './accounts.ts'
import { failed } from './outcome.ts'
import type { IdpactWorld } from './world.ts'

/** Groups of the SP, read through the `accounts` port. Names are the scene's: a label in Gherkin, with its prefix. */
export const makeGroup = async (world: IdpactWorld, name: string): Promise<void> => {
  await world.expectGroup(name)
  await accountsOf(world, 'accounts.manageGroups').createGroup(name)
}

export const groupsNamed = async (world: IdpactWorld, label: string): Promise<SpGroup[]> => {
  const name = world.main.names.group(label)
  const groups = await accountsOf(world, 'accounts.groups').listGroups(name)
  return groups.filter((group) => group.name === name)
}

/** @throws StepFailure unless there are exactly so many groups of this name */
export const mustHaveGroups = async (world: IdpactWorld, label: string, count: number): Promise<void> => {
  const read = () => groupsNamed(world, label)
  const found =
    count === 0
      ? await stays(read, world.run.target)
      : await eventually(read, ({ length }) => length === count, world.run.target)
  if (found.length === count) return
  throw failed({
    code: 'group-count',
    expected: `The service provider has ${count === 0 ? 'no group' : `the group`} "${world.main.names.group(label)}"${count === 1 ? ' once' : ''}.`,
    actual: `It has ${found.length} of this name.`,
  })
}

/** @throws StepFailure unless the group is there with exactly these members */
export const mustHaveMembers = async (world: IdpactWorld, label: string, emails: readonly string[]): Promise<void> => {
  const wanted = emails.map((email) => email.toLowerCase()).toSorted()
  const members = (group: SpGroup | undefined) => group?.members.map((email) => email.toLowerCase()).toSorted()
  const fits = (group: SpGroup | undefined) => JSON.stringify(members(group)) === JSON.stringify(wanted)
  const group = await eventually(async () => (await groupsNamed(world, label))[0], fits, world.run.target)
  if (fits(group)) return
  throw failed({
    code: group === undefined ? 'group-missing' : 'group-members',
    expected: `The group "${world.main.names.group(label)}" has ${wanted.length === 0 ? 'no members' : `the members ${wanted.join(', ')}`}.`,
    actual:
      group === undefined ? 'There is no such group.' : `Its members are ${members(group)?.join(', ') || 'nobody'}.`,
  })
}

/** Everything that the SP says of a group or environment but who is in it. */
export const settingsOf = async (world: IdpactWorld, label: string): Promise<string> => {
  const [group] = await groupsNamed(world, label)
  const environments = await accountsOf(world, 'accounts.environments').environments()
  const ours = environments.filter(({ name }) =>
    [world.context.parameters['productEnvironments'] ?? []].flat().includes(name),
  )
  return JSON.stringify({ group: group?.settings, environments: ours })
}
