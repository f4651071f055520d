import type { ConsentConfig, ScimConfig } from '../../config/schema.ts'
import { TargetError } from '../../core/errors.ts'
import { redactUrl } from '../../core/redact.ts'
import type { ConsentOf, PasswordLoginPort, ScimPort } from '../ports.ts'
import type { Transport } from '../transport.ts'
import { consentPages } from './consent-pages.ts'
import { tokenEndpoint } from './token-endpoint.ts'

type PagesConfig = Extract<ConsentConfig, { driver: 'pages' }>

/**
 * The SCIM server of a target, and how the mock IdP comes to be authorised there.
 *
 * @throws ConfigError when a module of the user's cannot be used
 */
export const openScim = async (
  { baseUrl, auth, consent, timeoutMs }: ScimConfig,
  passwordLogin: PasswordLoginPort | undefined,
  transport: Pick<Transport, 'send' | 'mask'>,
): Promise<ScimPort> => {
  const port: ScimPort = { baseUrl, auth, timeoutMs }
  if (auth.type !== 'oauth2') return port
  const tokens = tokenEndpoint(auth, transport)
  switch (consent?.driver) {
    case undefined:
      return { ...port, tokens }
    case 'tokens':
      return {
        ...port,
        tokens,
        authorise: async ({ setTokens }) => {
          const { accessToken, refreshToken } = consent
          await setTokens({ accessToken, ...(refreshToken !== undefined && { refreshToken }) })
        },
      }
    case 'module': {
      const { moduleDriver } = await import('./module.ts')
      const { port: own } = await moduleDriver('consent', consent.module, transport.mask)
      return { ...port, tokens, authorise: async ({ authorizationUrl }) => own.give(await authorizationUrl()) }
    }
    case 'pages':
      return { ...port, tokens, ...byPages(consent, passwordLogin) }
  }
}

const byPages = (
  config: PagesConfig,
  passwordLogin: PasswordLoginPort | undefined,
): Pick<ScimPort, 'authorise' | 'consent'> => {
  const port = consentPages(config, passwordLogin)
  const authorise = async (idp: ConsentOf): Promise<void> => {
    const { redirectUri } = idp
    const { callback, page } = await port.decide(idp.newAgent(), await idp.authorizationUrl(), {
      answer: 'accept',
      redirectUri,
    })
    if (callback !== undefined && page.status === 200) return
    throw new TargetError(
      `The consent to SCIM access ended at ${redactUrl(page.url)} (status ${page.status}), not at the mock IdP`,
      {
        code: 'no-consent',
        hint: `Register ${redirectUri} at the service provider, and let target.scim.consent name an account that may give access.`,
      },
    )
  }
  return { consent: port, authorise }
}
