import { createMockIdpClient } from '../mock-idp/client.ts'
import { IdpactError } from '../src/core/errors.ts'
import type { Made } from '../src/target/ledger.ts'
import type { AccountsPort } from '../src/target/ports.ts'
import { removeByScim } from './scim/removal.ts'
import type { IdpactWorld } from './world.ts'

/**
 * Removes what the scenario made, at the mock IdP and at the SP, unless both go away with the run. Whatever cannot be
 * removed stays in the ledger, for `idpact cleanup`: a scenario does not fail for its litter.
 */
export const cleanUp = async (world: IdpactWorld): Promise<void> => {
  if (world.context.disposable === true) return
  const { org, b } = world.run
  const application = await settled(world.applicationIfMade)
  const applicationOfB = await settled(world.applicationOfBIfMade)
  const groups = (await settled(world.directoryGroupIds)) ?? []
  await Promise.all([
    ...world.madeUsers.map((id) => attempt(() => org.users.remove(id))),
    ...groups.map((id) => attempt(() => org.groups.remove(id))),
    ...world.madeOrgs.map((id) => attempt(() => createMockIdpClient({ url: world.context.idp.url }).orgs.remove(id))),
    ...world.madeUsersOfB.map((id) => attempt(async () => b?.org.users.remove(id))),
    ...(applicationOfB ? [attempt(async () => b?.org.applications.remove(applicationOfB.id))] : []),
    ...world.madeMappings.map((id) => attempt(async () => world.run.target.groupSync?.unmap(id))),
    ...(application ? [attempt(() => org.applications.remove(application.id))] : []),
    attempt(() => cleanUpTarget(world)),
  ])
}

const cleanUpTarget = async (world: IdpactWorld): Promise<void> => {
  const { target } = world.run
  const { accounts } = target
  const emails = [...world.made.accounts]
  const { b } = target
  const groups = [...world.made.groups]
  const work: Promise<void>[] = []
  const byScim = { emails: [...emails], groups: [...groups] }
  if (accounts !== undefined && target.has('accounts.delete'))
    work.push(
      ...byScim.emails.splice(0).map((email) => removeAccount(world, accounts, { kind: 'account', name: email })),
    )
  if (b?.accounts !== undefined && b.has('accounts.delete'))
    for (const name of world.made.accountsOfB)
      work.push(removeAccount(world, b.accounts, { kind: 'account', name, tenant: 'b' }))
  if (accounts !== undefined && target.has('accounts.manageGroups') && groups.length > 0)
    work.push(removeGroups(world, accounts, byScim.groups.splice(0)))
  await Promise.all([...work, removeByScim(world, byScim)])
}

const removeAccount = async ({ run }: IdpactWorld, accounts: AccountsPort, made: Made): Promise<void> => {
  const account = await accounts.find({ email: made.name })
  if (account !== undefined) await accounts.delete(account.id)
  await run.ledger.settled(made)
}

const removeGroups = async ({ run }: IdpactWorld, accounts: AccountsPort, names: readonly string[]): Promise<void> => {
  for (const group of await accounts.listGroups(commonPrefix(names)))
    if (names.includes(group.name)) await accounts.deleteGroup(group.id)
  for (const name of names) await run.ledger.settled({ kind: 'group', name })
}

const commonPrefix = (names: readonly string[]): string => {
  const [first = '', ...rest] = names
  let length = first.length
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}

/** The mock IdP's or the SP's refusal to clean up is no news about the scenario; a bug of ours is. */
const attempt = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof IdpactError)) throw error
  }
}

/** What a promise of the scenario came to; nothing where it failed, which its step has said already. */
const settled = async <T>(promise: Promise<T> | undefined): Promise<T | undefined> => {
  const [result] = await Promise.allSettled([promise])
  return result?.status === 'fulfilled' ? result.value : undefined
}
