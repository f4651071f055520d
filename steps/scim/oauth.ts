import { randomBase62 } from '../../src/core/ids.ts'
import type { ConsentOutcome, TokenAnswer } from '../../src/target/ports.ts'
import { failed, notObservable } from '../outcome.ts'
import type { IdpactWorld } from '../world.ts'
import { configured } from './connection.ts'
import { isResource } from './reading.ts'

/** OAuth 2 at the service provider, step by step, as its client does it: for scenarios that look inside. */

/** The settings of the target. @throws StepFailure where it has none */
export const oauthOf = ({ run }: Pick<IdpactWorld, 'run'>) => {
  const auth = run.target.scim?.auth
  if (auth?.type === 'oauth2') return auth
  throw noOauth({ run })
}

const noOauth = ({ run }: Pick<IdpactWorld, 'run'>) =>
  notObservable({
    code: 'no-oauth',
    expected: 'The SCIM server is authorised by OAuth 2.',
    actual: `It is authorised by ${run.target.scim?.auth.type ?? 'nothing'}.`,
    hint: 'Give target.scim.auth of type oauth2.',
  })

/** A consent in a new browser; the code is not used by Okta, whose request this was not. */
export const consent = async (
  world: IdpactWorld,
  options: {
    scope?: string
    answer: 'accept' | 'decline'
    /** Another path of the mock Okta's host, which no SP was told of. */
    elsewhere?: boolean
    as?: { email: string; password: string }
  },
): Promise<ConsentOutcome> => {
  const { authorizationUrl, clientId } = oauthOf(world)
  const port = world.run.target.scim?.consent
  if (port === undefined) throw world.lacks('scim.consent')
  const registered = await configured(world)
  const redirectUri = options.elsewhere ? new URL('/elsewhere/callback', registered).href : registered
  const url = new URL(authorizationUrl)
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state: randomBase62(24),
    ...(options.scope !== undefined && { scope: options.scope }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return port.decide(world.newBrowser(), url.href, { answer: options.answer, redirectUri, as: options.as })
}

/** @param change what is different from the client's own settings */
export const askForTokens = async (
  world: IdpactWorld,
  parameters: Readonly<Record<string, string>>,
  change: { clientSecret?: string } = {},
): Promise<TokenAnswer> => {
  const { tokens } = world.run.target.scim ?? {}
  if (tokens === undefined) throw noOauth(world)
  const redirect = parameters['code'] === undefined ? {} : { redirect_uri: await configured(world) }
  return tokens.ask({ ...parameters, ...redirect }, change)
}

/** The list of users, asked for with this token. */
export const accessWith = async (world: IdpactWorld, token: string) => {
  await configured(world)
  return world.run.org.connection.call({
    method: 'GET',
    path: '/Users?startIndex=1&count=1',
    credential: 'none',
    headers: { authorization: `Bearer ${token}` },
  })
}

/** @throws StepFailure unless the answer is 401 or 403, an Error of SCIM, and has no user in it */
export const mustBeRefused = ({ status, body }: { status: number; body: unknown }): void => {
  const isError =
    isResource(body) &&
    Array.isArray(body['schemas']) &&
    body['schemas'].includes('urn:ietf:params:scim:api:messages:2.0:Error')
  if ((status === 401 || status === 403) && isError) return
  throw failed({
    code: 'not-refused',
    expected: 'The SCIM server answers 401 or 403, with an Error of SCIM.',
    actual: `It answers ${status} with ${JSON.stringify(body)?.slice(0, 200)}.`,
  })
}
