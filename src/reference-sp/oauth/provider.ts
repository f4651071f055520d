import type { EventEmitter } from 'node:events'
import { errors, interactionPolicy, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Sp } from '../sp.ts'
import { createAdapter } from './adapter.ts'
import { oauthKeys } from './keys.ts'
import { oauthErrorPage } from './pages.ts'
import { isScope, scopes } from './scopes.ts'

export type { Provider } from 'oidc-provider'

/** Seconds, but for access tokens, whose lifetime is a setting. Each use of a refresh token gives a new one. */
const lifetimes = {
  Interaction: 30 * 60,
  AuthorizationCode: 10 * 60,
  IdToken: 3600,
  RefreshToken: 30 * 24 * 3600,
  // Kept as long as a token of it (adapter.ts); oidc-provider wants a number.
  Grant: 10 * 365 * 24 * 3600,
  // Nothing of it is kept.
  Session: 60,
} as const

/** `/oauth2/consent/{uid}`: where the person who is logged in is asked. */
export const consentPath = (uid: string): string => `/oauth2/consent/${uid}`

const cookieNames = { session: 'sp_oauth_session', interaction: 'sp_oauth_consent', resume: 'sp_oauth_resume' } as const
const off = { enabled: false } as const

/**
 * The OAuth 2 server, with the one client that there is. Its decisions are the rules of the SP; settings, rules and
 * users are read at every request, so that it lives as long as the SP. Loads oidc-provider: import it when it is needed.
 */
export const createProvider = (sp: Sp): Provider => {
  const keys = oauthKeys(sp.store)
  const provider = new Provider(sp.url, {
    adapter: createAdapter(sp.store.oauth, () => new errors.InvalidGrant('used by two requests at once')),
    clients: [
      {
        client_id: sp.oauthClient.id,
        client_secret: sp.oauthClient.secret,
        client_name: 'Your identity provider',
        // oidc-provider wants one. Which are registered is in the settings: see redirectUriAllowed below.
        redirect_uris: [sp.url],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        // Either way of sending the secret is taken (RFC 6749 2.3.1).
        token_endpoint_auth_method: 'client_secret_basic',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    responseTypes: ['code'],
    scopes: Object.keys(scopes),
    extraParams: { scope: (ctx) => checkScope(sp, ctx.query['scope']) },
    allowOmittingSingleRegisteredRedirectUri: false,
    pkce: { required: () => false },
    jwks: { keys: [keys.jwk] },
    cookies: { names: cookieNames, keys: [keys.secret] },
    routes: { authorization: '/oauth2/auth', token: '/oauth2/token', jwks: '/oauth2/jwks' },
    ttl: { ...lifetimes, AccessToken: () => sp.store.settings.oauth().accessTokenSeconds },
    clockTolerance: 0,
    // The access is for the time when nobody is there: it doesn't end with a browser's session.
    expiresWithSession: async () => false,
    issueRefreshToken: async (_ctx, _client, source) => sp.rules().givesRefreshToken([...source.scopes]),
    rotateRefreshToken: true,
    findAccount: async (_ctx, id) => {
      const user = sp.store.users.find(id)
      return user && sp.rules().keepsTokens(user) ? { accountId: id, claims: () => ({ sub: id }) } : undefined
    },
    interactions: { policy: policy(), url: (_ctx, { uid }) => consentPath(uid) },
    // A page of another site has no business with the client's secret.
    clientBasedCORS: () => false,
    renderError: (ctx, { error, error_description }) => {
      ctx.type = 'html'
      ctx.body = oauthErrorPage(error, error_description ?? 'The request cannot be answered.').value
    },
    features: {
      devInteractions: off,
      dPoP: off,
      pushedAuthorizationRequests: off,
      resourceIndicators: off,
      rpInitiatedLogout: off,
      userinfo: off,
    },
  })
  provider.Client.prototype.redirectUriAllowed = (uri) =>
    sp.rules().redirectUriIsRegistered(uri, sp.store.settings.oauth().redirectUris)
  provider.Client.prototype.compareClientSecret = (sent) => sp.rules().clientSecretIsRight(sent, sp.oauthClient.secret)
  provider.use(async (ctx, next) => {
    await next()
    const { oidc, res, status, body } = ctx as KoaContextWithOIDC
    if (oidc?.route === 'token' && status === 200) ctx.body = sp.rules().tokenAnswer(body as Record<string, unknown>)
    keepOutOfCookies(res)
  })
  provider.on('server_error', (ctx, error) =>
    sp.onProblem(`${ctx.method} ${ctx.path}: ${error.stack ?? error.message}`),
  )
  // What koa itself has trouble with; it would print it. The types know oidc-provider's own events only.
  const koa: EventEmitter = provider
  koa.on('error', (error: Error) => sp.onProblem(`OAuth 2: ${error.stack ?? error.message}`))
  return provider
}

/**
 * A scope that is missing or unknown is an error that the client is told of (RFC 6749 3.3, 4.1.2.1).
 *
 * @param value as it was sent: oidc-provider has dropped unknown scopes by the time it asks
 */
const checkScope = (sp: Sp, value: unknown): void => {
  const wrong = (what: string): never => {
    const allowed = Object.keys(scopes).join(' ')
    throw new errors.CustomOIDCProviderError('invalid_scope', `${what}; allowed: ${allowed}`)
  }
  const unknown = sp
    .rules()
    .scopesAsked(typeof value === 'string' && value !== '' ? value : wrong('scope is missing'))
    .find((scope) => !isScope(scope))
  if (unknown !== undefined) wrong(`there is no scope "${unknown}"`)
}

/**
 * Every request is put to the person who is logged in at the SP, because oidc-provider has no session that outlasts a
 * request (adapter.ts). Somebody who is gone by the time of the code counts as nobody.
 */
const policy = () => {
  const prompts = interactionPolicy.base()
  const gone = new interactionPolicy.Check('account_gone', 'the account is gone', ({ oidc }) =>
    Boolean(oidc.session?.accountId !== undefined && oidc.account === undefined),
  )
  prompts.get('login')?.checks.add(gone)
  return prompts
}

/** The session of oidc-provider is a cookie that nothing is kept under: it is not sent. */
const keepOutOfCookies = (res: KoaContextWithOIDC['res']): void => {
  const all = [res.getHeader('set-cookie') ?? []].flat().map(String)
  const kept = all.filter((cookie) => !cookie.startsWith(cookieNames.session))
  if (kept.length === all.length) return
  if (kept.length === 0) res.removeHeader('set-cookie')
  else res.setHeader('set-cookie', kept)
}
