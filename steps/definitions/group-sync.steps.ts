import { Given, Then, When } from '@cucumber/cucumber'
import type { GroupSyncPort } from '../../src/target/ports.ts'
import { makeGroup } from '../groups.ts'
import { needs } from '../needs.ts'
import { failed, inconclusive } from '../outcome.ts'
import type { Scene } from '../scene.ts'
import type { IdpactWorld } from '../world.ts'

/** Mappings of asserted groups to groups of the service provider, and the switch. */

const portOf = (world: IdpactWorld): GroupSyncPort => {
  const { groupSync } = world.run.target
  if (groupSync === undefined) throw world.lacks('groupSync.map')
  return groupSync
}

const made = new WeakMap<Scene, Set<string>>()

const mapGroup = async (world: IdpactWorld, scene: Scene, key: string, value: string, team: string): Promise<void> => {
  const group = scene.names.group(team)
  const known = made.get(scene) ?? new Set()
  made.set(scene, known)
  if (!known.has(group)) await makeGroup(world, group)
  known.add(group)
  const answer = await portOf(world).map({ key, value: scene.names.group(value), group })
  if (!('refused' in answer)) {
    world.madeMappings.push(answer.id)
    return
  }
  throw inconclusive({
    code: 'mapping-refused',
    expected: `The service provider takes a mapping to the group ${group}.`,
    actual: `It answered ${answer.status}: ${answer.message}.`,
  })
}

Given(
  'the service provider maps the group {string} in the attribute {string} to the team {string}',
  needs('groupSync.map', 'accounts.manageGroups'),
  async function (this: IdpactWorld, value: string, key: string, team: string) {
    await this.act(`${value} in ${key} leads to ${team}`, (scene) => mapGroup(this, scene, key, value, team))
  },
)

When(
  'an administrator maps the group {string} in the attribute {string} to the team {string}, which there is not',
  needs('groupSync.map'),
  async function (this: IdpactWorld, value: string, key: string, team: string) {
    const { group } = this.main.names
    await this.expectGroup(group(team))
    const answer = await portOf(this).map({ key, value: group(value), group: group(team) })
    this.groupSyncAnswer = 'refused' in answer ? answer : 'done'
    if (!('refused' in answer)) this.madeMappings.push(answer.id)
  },
)

When('an administrator turns Group Sync on', needs('groupSync.switch'), async function (this: IdpactWorld) {
  this.groupSyncAnswer = (await portOf(this).enable()) ?? 'done'
})

const answered = (world: IdpactWorld): NonNullable<IdpactWorld['groupSyncAnswer']> => {
  if (world.groupSyncAnswer !== undefined) return world.groupSyncAnswer
  throw inconclusive({ code: 'step-missing', expected: 'A step before this one asks for it.', actual: 'None has.' })
}

const mustRefuse = (world: IdpactWorld, what: string): void => {
  if (answered(world) !== 'done') return
  throw failed({ code: 'not-refused', expected: `The service provider refuses ${what}.`, actual: 'It was done.' })
}

Then('the service provider refuses to turn Group Sync on', function (this: IdpactWorld) {
  mustRefuse(this, 'to turn Group Sync on')
})

Then('the service provider refuses the mapping', function (this: IdpactWorld) {
  mustRefuse(this, 'a mapping to a team that there is not')
})

Then('the service provider turns Group Sync on', function (this: IdpactWorld) {
  const answer = answered(this)
  if (answer === 'done') return
  throw failed({
    code: 'refused',
    expected: 'The service provider turns Group Sync on.',
    actual: `It answered ${answer.status}: ${answer.message}.`,
  })
})
