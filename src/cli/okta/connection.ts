import type { Connection, NewConnection } from '../../../mock-idp/admin/provisioning-shapes.ts'
import { wholeNumber } from './numbers.ts'
import { type Answer, facts, said } from './output.ts'
import { type RegistrationOptions, registrationOf, registrationOptions } from './registration.ts'
import { readSecret, secretOptions } from './secret.ts'
import { askTarget } from './target.ts'
import { type Area, choice, option, type Verb, type VerbContext, verb } from './verb.ts'

const describe = (connection: Connection): Answer =>
  facts(
    {
      'base URL': connection.baseUrl,
      authentication: connection.authType,
      state: connection.state,
      ...(connection.problem !== undefined && { problem: connection.problem }),
      ...(connection.redirectUri !== undefined && { 'redirect URI': connection.redirectUri }),
      registration: connection.registrationId,
    },
    connection,
  )

interface SetOptions extends RegistrationOptions {
  timeout?: number
}

/** One of the authentication modes, which differ in what they need. */
const setVerb = <O extends object>(
  name: string,
  summary: string,
  options: NonNullable<Verb['options']>,
  authOf: (ctx: VerbContext, options: O) => Promise<NewConnection['auth']>,
): Verb =>
  verb<[string], O & SetOptions>({
    name,
    summary,
    args: '<base-url>',
    options: [
      ...options,
      option('--timeout <ms>', 'how long a request to the service provider may take (default: 60000)').argParser(
        wholeNumber,
      ),
      ...registrationOptions(),
    ],
    run: async (ctx, [baseUrl], given) => {
      const auth = await authOf(ctx, given)
      const settings = { baseUrl, auth, ...(given.timeout !== undefined && { timeoutMs: given.timeout }) }
      return describe(await ctx.org.connection.set(settings, await registrationOf(ctx.org, given)))
    },
  })

interface OauthOptions {
  tokenUrl: string
  authorizationUrl: string
  clientId: string
  clientAuth?: 'basic' | 'body'
  redirectUri?: string
}

/** Provisioning > Integration: the SCIM connection. */
export const connection: Area = {
  name: 'connection',
  summary: 'the SCIM connection: base URL and authentication',
  verbs: [
    verb<[], RegistrationOptions>({
      name: 'show',
      summary: 'show it, without its secrets',
      options: registrationOptions(),
      run: async ({ org }, _, options) => describe(await org.connection.get(await registrationOf(org, options))),
    }),
    setVerb<{ username: string }>(
      'set-basic',
      'connect by HTTP Basic',
      [option('--username <name>', 'user name').makeOptionMandatory(), ...secretOptions('password', 'the password')],
      async ({ io }, options) => ({
        type: 'basic',
        username: options.username,
        password: await readSecret(io, options, 'password'),
      }),
    ),
    setVerb<{ header?: string }>(
      'set-header',
      'connect by a token in a header; the token goes out as it was typed, with "Bearer " where that is wanted',
      [
        option('--header <name>', 'name of the header (default: Authorization)'),
        ...secretOptions('token', 'the value of the header'),
      ],
      async ({ io }, options) => ({
        type: 'header',
        ...(options.header !== undefined && { name: options.header }),
        value: await readSecret(io, options, 'token'),
      }),
    ),
    setVerb<OauthOptions>(
      'set-oauth2',
      'connect by OAuth 2; then somebody must consent: "idpact connect"',
      [
        option('--token-url <url>', 'access token endpoint URI').makeOptionMandatory(),
        option('--authorization-url <url>', 'authorization endpoint URI, with its scopes').makeOptionMandatory(),
        option('--client-id <id>', 'client ID').makeOptionMandatory(),
        ...secretOptions('client-secret', 'the client secret'),
        choice('--client-auth <how>', 'how the client proves itself at the token endpoint', ['basic', 'body']),
        option('--redirect-uri <url>', "where the browser comes back to (default: the mock IdP's own)"),
      ],
      async ({ io }, options) => ({
        type: 'oauth2',
        tokenUrl: options.tokenUrl,
        authorizationUrl: options.authorizationUrl,
        clientId: options.clientId,
        clientSecret: await readSecret(io, options, 'client-secret'),
        ...(options.clientAuth && { clientAuth: options.clientAuth }),
        ...(options.redirectUri !== undefined && { redirectUri: options.redirectUri }),
      }),
    ),
    verb<[], RegistrationOptions>({
      name: 'test',
      summary: 'read users and groups of the service provider (Test API Credentials); exit code 3 when that fails',
      options: registrationOptions(),
      run: async ({ org }, _, options) => {
        const registration = await registrationOf(org, options)
        await askTarget(() => org.connection.test(registration))
        return said('The service provider answers.')
      },
    }),
    verb<[], RegistrationOptions>({
      name: 'authorize',
      summary: 'print where a browser must go to consent (Authenticate with …); "idpact connect" waits for it too',
      options: registrationOptions(),
      run: async ({ org }, _, options) => {
        const url = await org.connection.authorizationUrl(await registrationOf(org, options))
        return said(url, { url })
      },
    }),
    verb<[], RegistrationOptions>({
      name: 'remove',
      summary: 'remove it, with its token',
      options: registrationOptions(),
      run: async ({ org }, _, options) => {
        await org.connection.remove(await registrationOf(org, options))
        return said('The connection is removed.')
      },
    }),
  ],
}
