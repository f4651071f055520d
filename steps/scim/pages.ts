import { failed } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'
import { call, everybody, hasMail, isResource } from './reading.ts'

/** Whether a list can be read to its end, page by page. */

/** A page size that makes four pages of the whole list, and more of one that grows meanwhile. */
const quarter = async (world: IdpactWorld): Promise<number> => {
  const { body } = await call(world, { path: '/Users?startIndex=1&count=1' })
  const total = isResource(body) ? body['totalResults'] : undefined
  return Math.min(100, Math.max(1, Math.floor((typeof total === 'number' ? total : 1) / 4)))
}

/** What is wrong with one reading of the whole list; undefined: nothing. */
const problemOf = async (world: IdpactWorld, wanted: readonly string[]): Promise<string | undefined> => {
  const { users, totals } = await everybody(world, await quarter(world))
  const ids = users.map(({ id }) => String(id))
  const twice = ids.length - new Set(ids).size
  const missing = wanted.filter((email) => !users.some((user) => hasMail(user, email)))
  const whole = totals.every((total) => Number.isInteger(total))
  if (twice === 0 && missing.length === 0 && whole) return undefined
  return `${missing.length} of them are missing; ${twice} ids come twice; totalResults: ${[...new Set(totals)].join(', ')}.`
}

/**
 * Others make and delete accounts at the same time, and a deletion between two pages moves somebody over the edge: what is
 * wrong in one reading of three is the list's fault only if it is wrong in each.
 *
 * @throws StepFailure unless a reading has each of these addresses, and no id twice
 */
export const mustListEachOnce = async (world: IdpactWorld, wanted: readonly string[]): Promise<void> => {
  let problem: string | undefined
  for (let reading = 0; reading < 3; reading++) {
    problem = await problemOf(world, wanted)
    if (problem === undefined) return
  }
  throw failed({
    code: 'list-not-whole',
    expected: `The pages together have each of the ${wanted.length} people once, and totalResults is a whole number.`,
    actual: problem ?? '',
  })
}
