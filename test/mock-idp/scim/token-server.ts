import { type Answer, type ScimServer, type Seen, startScimServer } from './scim-server.ts'

/**
 * A token endpoint at `/token`, over real HTTP, beside a SCIM server that wants one of its tokens. It rotates: a refresh
 * token is good once, and a second use of it ends the whole grant, as RFC 9700 4.14.2 asks for.
 */
export const startTokenServer = async (options: { rotates?: boolean; seconds?: number } = {}) => {
  const { rotates = true, seconds = 3_600 } = options
  const at = {
    /** How many tokens were given; they are called a1, r1, a2, r2… */
    given: 0,
    /** Access tokens that the SCIM server takes. */
    good: new Set<string>(),
    refreshTokens: new Set<string>(),
    used: new Set<string>(),
    codes: new Set<string>(['code-1', 'code-2', 'code-3']),
    /** Answers in place of the token endpoint. */
    instead: undefined as ((form: URLSearchParams) => Answer | 'hang' | 'reset' | undefined) | undefined,
    /** Answers in place of the SCIM server. */
    scim: undefined as
      | ((request: Seen) => Answer | 'hang' | 'reset' | undefined | Promise<Answer | undefined>)
      | undefined,
    /** Called with each request for a token before it is answered; the answer waits for what it returns. */
    before: undefined as (() => Promise<void>) | undefined,
    forms: [] as URLSearchParams[],
  }

  const tokens = (refreshToken?: string): Answer => {
    at.given += 1
    const fresh = refreshToken === undefined || rotates ? `r${at.given}` : undefined
    if (fresh !== undefined) at.refreshTokens.add(fresh)
    at.good.add(`a${at.given}`)
    const body = { access_token: `a${at.given}`, token_type: 'bearer', expires_in: seconds }
    return { status: 200, body: fresh === undefined ? body : { ...body, refresh_token: fresh } }
  }
  const refuse = (description: string): Answer => ({
    status: 400,
    body: { error: 'invalid_grant', error_description: description },
  })
  const endGrant = (): void => {
    at.good.clear()
    at.refreshTokens.clear()
  }

  const answer = (form: URLSearchParams): Answer => {
    const [code = '', refreshToken = ''] = [form.get('code') ?? '', form.get('refresh_token') ?? '']
    if (form.get('grant_type') === 'authorization_code')
      return at.codes.delete(code) ? tokens() : refuse('the code is not good')
    if (at.used.has(refreshToken)) {
      endGrant()
      return refuse('the refresh token was used twice')
    }
    if (!at.refreshTokens.has(refreshToken)) return refuse('the grant was revoked')
    if (rotates) {
      at.refreshTokens.delete(refreshToken)
      at.used.add(refreshToken)
    }
    return tokens(refreshToken)
  }

  const server: ScimServer = await startScimServer(async (request) => {
    if (request.url === '/token') {
      const form = new URLSearchParams(String(request.body))
      at.forms.push(form)
      await at.before?.()
      return (at.instead?.(form) as Answer | undefined) ?? answer(form)
    }
    const bearer = /^Bearer (.+)$/.exec(String(request.headers['authorization']))?.[1] ?? ''
    const special = (await at.scim?.(request)) as Answer | undefined
    if (special !== undefined || at.good.has(bearer)) return special
    return { status: 401, body: { detail: 'this token is not good' } }
  })
  return {
    at,
    server,
    endGrant,
    tokenUrl: `${server.origin}/token`,
    refreshes: () => at.forms.filter((form) => form.get('grant_type') === 'refresh_token').length,
    settings: {
      type: 'oauth2' as const,
      tokenUrl: `${server.origin}/token`,
      authorizationUrl: `${server.origin}/auth?scope=openid offline provision:scim`,
      clientId: 'okta client',
      clientSecret: 's3cret: 100%',
      clientAuth: 'basic' as const,
    },
    close: server.close,
  }
}

export type TokenServer = Awaited<ReturnType<typeof startTokenServer>>
