import type { RequestHandler } from 'express'
import { ProtocolError, UsageError } from '../../src/core/errors.ts'
import { type IdpContext, orgOf } from './context.ts'
import { proceed } from './proceed.ts'
import { canBeAcs, mayRegister, registerServiceProvider } from './register-sp.ts'
import { checkForm } from './sign-in.ts'

/** The button of the registration page. */
export const register =
  (ctx: IdpContext): RequestHandler<{ org: string }> =>
  async (req, res) => {
    const org = orgOf(ctx, req.params.org).id
    checkForm(ctx, req, res)
    if (!mayRegister(ctx, req))
      throw new ProtocolError('Service providers are not registered from here', {
        code: 'unknown-sp',
        hint: 'That is only offered to who sits at the machine of the mock IdP. Use the console or the control API there.',
      })
    const { flow, acs } = req.body as Record<string, unknown>
    const login = typeof flow === 'string' ? ctx.pending.get(org, flow) : undefined
    if (!login?.request)
      throw new UsageError('This login has waited too long, or the mock IdP was started again since', {
        code: 'login-expired',
        hint: 'Begin again at the service provider.',
      })
    const acsUrl = login.request.acsUrl ?? (typeof acs === 'string' ? acs : '')
    if (!canBeAcs(acsUrl))
      throw new UsageError(`The Assertion Consumer Service must be an http(s) URL, not ${JSON.stringify(acsUrl)}`, {
        code: 'bad-acs-url',
        hint: 'Go back and give the address that the service provider takes SAML Responses at.',
      })
    registerServiceProvider(ctx, login, acsUrl)
    await proceed(ctx, req, res, login)
  }
