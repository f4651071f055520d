import { randomBase62 } from '../../src/core/ids.ts'
import { logInBySaml } from '../login.ts'
import { namesOf } from '../names.ts'
import type { Run } from '../run.ts'
import { newScene, type Person, personIn } from '../scene.ts'
import { mustHaveBeenAccepted } from '../verdict.ts'
import type { IdpactWorld } from '../world.ts'
import { shapesOf } from './shape.ts'

/** Whom a forged message names: somebody whom the SP would log in, or a takeover could not show. */

const victims = new WeakMap<Run, Promise<Person>>()

/** A user of the directory who has an account at the SP; the same for all scenarios of a process. */
export const victimOf = (world: IdpactWorld): Promise<Person> => {
  const victim = victims.get(world.run) ?? newVictim(world)
  victims.set(world.run, victim)
  victim.catch(() => victims.delete(world.run))
  return victim
}

const somebody = (world: IdpactWorld, name: string): Person =>
  personIn(newScene(namesOf(world.context, randomBase62(6).toLowerCase()), false, world.contract), name)

const newVictim = async (world: IdpactWorld): Promise<Person> => {
  const victim = somebody(world, 'the victim')
  // The account that the user of idpact has named is there already.
  if (world.context.users.victim !== undefined) return victim
  const { flow } = await shapesOf(world)
  await world.shapeFor()
  const attempt = await logInBySaml(world, victim, { flow }, 'setup')
  mustHaveBeenAccepted(attempt, 'The victim, in whose name messages are forged,', 'victim-not-accepted')
  return victim
}

/** Somebody whom the SP has never seen: an SP that makes accounts by itself would make this one. */
export const strangerOf = async (world: IdpactWorld): Promise<Person> => {
  const stranger = somebody(world, 'a stranger')
  await world.expectMade(stranger)
  return stranger
}
