import type { NewConnection } from '../../mock-idp/admin/provisioning-shapes.ts'
import { MockIdpError } from '../../mock-idp/client.ts'
import type { ScimPort } from '../../src/target/ports.ts'
import { inconclusive } from '../outcome.ts'
import type { Run } from '../run.ts'
import type { IdpactWorld } from '../world.ts'

/** The connection of the run's registration: one for all scenarios, authorised once. */
const connecting = new WeakMap<Run, Promise<void>>()
const authorising = new WeakMap<Run, Promise<void>>()
const configuring = new WeakMap<Run, Promise<void>>()
/** Where the journal of the mock IdP stood when there was access for the first time. */
const accessSince = new WeakMap<Run, number>()

const once = async (done: WeakMap<Run, Promise<void>>, run: Run, work: (run: Run) => Promise<void>): Promise<void> => {
  const known = done.get(run) ?? work(run)
  done.set(run, known)
  try {
    await known
  } catch (error) {
    // Another scenario may find it mended.
    done.delete(run)
    throw error
  }
}

/** Okta has the settings of the connection, and the SP its redirect URI; whether there are tokens does not matter. */
export const configured = async ({ run }: IdpactWorld): Promise<string> => {
  await once(configuring, run, async () => void (await configure(run)))
  return (await run.org.connection.get()).redirectUri ?? ''
}

const scimSettings = ({ baseUrl, auth, timeoutMs }: ScimPort): NewConnection => ({ baseUrl, auth, timeoutMs })

const configure = async ({ org, target }: Run): Promise<string> => {
  const { scim, admin } = target
  if (scim === undefined) throw new Error('A step that speaks of SCIM must need scim.call.')
  const { redirectUri = '' } = await org.connection.set(scimSettings(scim))
  if (redirectUri !== '') await admin?.registerRedirectUri?.(redirectUri)
  return redirectUri
}

/** Somebody has consented, where that is needed. Whether the SP then answers is another question: {@link connected}. */
export const authorised = ({ run }: IdpactWorld): Promise<void> => once(authorising, run, authoriseOnce)

/** Whether a scenario of this run has come to have access, so that nobody has to be asked for it. */
export const hasAccess = (run: Run): boolean => authorising.has(run)

/** @throws StepFailure `inconclusive` when the SP does not take the credential, or nobody could consent */
export const connected = async (world: IdpactWorld): Promise<void> => {
  await authorised(world)
  await once(connecting, world.run, test)
}

const authoriseOnce = async (run: Run): Promise<void> => {
  const { org, target } = run
  const { scim } = target
  if (scim === undefined) throw new Error('A step that speaks of SCIM must need scim.call.')
  const before = await org.connection.get().catch((error: unknown) => {
    if (error instanceof MockIdpError && error.status === 404) return undefined
    throw error
  })
  const good = before?.state === 'connected' && before.baseUrl === scim.baseUrl && (await stillGood(run))
  if (!good) await authorise(run)
  // A user that nobody is keeps the entries themselves at home.
  accessSince.set(run, (await org.journal.read({ userId: 'nobody' })).next)
}

/** What the journal says of the connection since there is access: nobody should have to give it again. */
export const lostAccess = async (run: Run): Promise<string[]> => {
  const problems: string[] = []
  for (let since = accessSince.get(run) ?? 0; ; ) {
    const { entries, next } = await run.org.journal.read({ since, limit: 1_000 })
    for (const { kind, details, summary } of entries)
      if (kind === 'scim-connection' && details['state'] !== 'connected') problems.push(summary)
    if (next === since || entries.length === 0) return problems
    since = next
  }
}

/** The SP may have ended the tokens since, or been set up anew: then it says 401. */
const stillGood = async ({ org }: Run): Promise<boolean> => {
  const answer = await org.connection
    .call({ method: 'GET', path: '/Users?startIndex=1&count=1' })
    .catch(() => undefined)
  return answer !== undefined && answer.status !== 401
}

const test = async ({ org }: Run): Promise<void> => {
  await org.connection.test().catch((error: unknown) => {
    throw inconclusive({
      code: 'not-connected',
      expected: 'The SCIM server takes the credential of the mock IdP.',
      actual: error instanceof Error ? error.message : String(error),
      hint: 'Correct target.scim in idpact.yaml: `idpact okta connection test` tries it by itself.',
    })
  })
}

/** Sets the connection, and has somebody consent to it where that is needed. */
const authorise = async (run: Run): Promise<void> => {
  const { org, target, newBrowser } = run
  const redirectUri = await configure(run)
  await target.scim?.authorise?.({
    redirectUri,
    authorizationUrl: () => org.connection.authorizationUrl(),
    setTokens: (tokens) => org.connection.setTokens(tokens),
    newAgent: newBrowser,
  })
}
