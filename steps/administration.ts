import type { Account, Refused } from '../src/target/ports.ts'
import { accountsOf, findAccount } from './accounts.ts'
import { inconclusive } from './outcome.ts'
import type { Person } from './scene.ts'
import type { IdpactWorld } from './world.ts'

const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === 'object' && answer !== null && 'refused' in answer

/**
 * Something that an administrator of the SP does to a person's account.
 *
 * @throws StepFailure `inconclusive` when there is no account, or the SP refuses what the scenario starts from
 */
export const administer = async (
  world: IdpactWorld,
  person: Person,
  work: (account: Account) => Promise<unknown> | undefined,
): Promise<void> => {
  const account = await findAccount(world, person)
  if (account === undefined)
    throw inconclusive({
      code: 'no-account',
      expected: `${person.name} (${person.email}) has an account that an administrator can change.`,
      actual: 'The service provider has no such account.',
    })
  const answer = await work(account)
  if (isRefused(answer))
    throw inconclusive({
      code: 'administrator-refused',
      expected: `An administrator may change the account of ${person.name}.`,
      actual: `The service provider refused it with status ${answer.status}: ${answer.message}`,
    })
}

export const disableAccount = (world: IdpactWorld, person: Person): Promise<void> =>
  administer(world, person, ({ id }) => accountsOf(world).update(id, { enabled: false }))
