import type { RequestHandler } from 'express'
import { UsageError } from '../../src/core/errors.ts'
import type { IdpContext } from './context.ts'
import { proceed } from './proceed.ts'
import { addressed } from './registration.ts'

/** IdP-initiated login: the application's tile. `?RelayState=` overrides the default one, as in Okta. */
export const appLink =
  (ctx: IdpContext): RequestHandler =>
  async (req, res) => {
    const { org, registration, application } = addressed(ctx, req)
    const relayState = req.query['RelayState']
    if (Array.isArray(relayState))
      throw new UsageError('RelayState is there more than once', {
        code: 'repeated-parameter',
        hint: 'Give it once, or leave it out for the default one of the application.',
      })
    await proceed(ctx, req, res, {
      org: org.id,
      registrationId: registration.id,
      request: undefined,
      verifiedWith: [],
      applicationId: application?.id,
      relayState: typeof relayState === 'string' ? relayState : application?.saml.defaultRelayState,
    })
  }
