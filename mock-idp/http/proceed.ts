import type { Request, Response } from 'express'
import { IdpactError } from '../../src/core/errors.ts'
import type { User } from '../admin/schema.ts'
import { type Choice, chooseApplication } from '../directory/choose-application.ts'
import { type Endpoint, endpointFor } from '../directory/endpoints.ts'
import { AuthnRequestError } from '../saml/authn-request.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import { NotFoundError } from '../store/rows.ts'
import type { IdpContext } from './context.ts'
import type { Login } from './login.ts'
import { sendNotAssigned } from './not-assigned.ts'
import { refuse } from './refusal.ts'
import { canBeAcs, mayRegister, registerServiceProvider, sendRegistrationPage } from './register-sp.ts'
import { sendNoPassive, sendResponse } from './send-response.ts'
import { readCookies, type SessionRecord, sessionCookie } from './sessions.ts'
import { sendSignInPage } from './sign-in-page.ts'

/** The session of a browser, if its user may still sign in. */
export const sessionOf = (
  ctx: IdpContext,
  req: Request,
  org: string,
): { session: SessionRecord; user: User } | undefined => {
  const session = ctx.sessions.get(org, readCookies(req.headers.cookie).get(sessionCookie(org)))
  const user = session && ctx.store.users.get(org, session.userId)
  return session && user?.status === 'ACTIVE' ? { session, user } : undefined
}

/**
 * Takes a login as far as it goes: to the sign-in page, to a refusal, or to a Response.
 *
 * @param fresh the session that the user has just made for this very login, which ForceAuthn asks for
 */
export const proceed = async (
  ctx: IdpContext,
  req: Request,
  res: Response,
  login: Login,
  fresh?: { session: SessionRecord; user: User },
): Promise<void> => {
  const signedIn = fresh ?? sessionOf(ctx, req, login.org)
  const choice = signedIn ? forUser(ctx, login, signedIn.user) : forAnyone(ctx, login)
  if (choice.kind === 'not-assigned') {
    if (signedIn) sendNotAssigned(ctx, req, res, login, signedIn.user, choice.application)
    return
  }
  if (choice.kind !== 'application') {
    await withoutApplication(ctx, req, res, login, choice, fresh)
    return
  }
  const { application, endpoint } = choice
  const { request } = login
  const mustSignIn = !signedIn || (request?.forceAuthn === true && application.saml.honorForceAuthn && !fresh)
  if (mustSignIn && request?.isPassive) await sendNoPassive(ctx, req, res, { login, application, endpoint })
  else if (mustSignIn) sendSignInPage(ctx, req, res, login, signedIn?.user)
  else await sendResponse(ctx, req, res, { login, application, endpoint, ...signedIn })
}

type Found = Choice | { kind: 'not-assigned'; application: ApplicationRecord }

const wantedBy = ({ registrationId, request, verifiedWith }: Login) => ({
  registrationId,
  issuer: request?.issuer ?? '',
  acsUrl: request?.acsUrl,
  acsIndex: request?.acsIndex,
  signed: request?.signed ?? false,
  verifiedWith,
})

/** Before it is known who signs in: whether any application could answer. */
const forAnyone = (ctx: IdpContext, login: Login): Choice =>
  login.request
    ? chooseApplication(wantedBy(login), ctx.store.applications.forSp(login.registrationId, login.request.issuer))
    : linked(ctx, login)

/** The application that this user is assigned to; the nearest miss among the others says why there is none. */
const forUser = (ctx: IdpContext, login: Login, user: User): Found => {
  if (!login.request) {
    const choice = linked(ctx, login)
    return choice.kind === 'application' && !ctx.store.applications.isAssigned(choice.application.id, user.id)
      ? { kind: 'not-assigned', application: choice.application }
      : choice
  }
  const assigned = chooseApplication(wantedBy(login), ctx.store.applications.forUser(user.id))
  if (assigned.kind !== 'unknown-sp') return assigned
  const any = forAnyone(ctx, login)
  return any.kind === 'application' ? { kind: 'not-assigned', application: any.application } : any
}

/** IdP-initiated: the application of the link, at its configured ACS. */
const linked = (ctx: IdpContext, { org, applicationId }: Login): Choice => {
  const application = applicationId === undefined ? undefined : ctx.store.applications.get(org, applicationId)
  if (!application)
    throw new NotFoundError(
      'application with this link',
      'It may have been deleted; the console lists those there are.',
    )
  const endpoint = endpointFor(application.saml, {}) as Endpoint
  return application.status === 'ACTIVE'
    ? { kind: 'application', application, endpoint }
    : { kind: 'inactive', application }
}

const withoutApplication = async (
  ctx: IdpContext,
  req: Request,
  res: Response,
  login: Login,
  choice: Exclude<Choice, { kind: 'application' }>,
  fresh: { session: SessionRecord; user: User } | undefined,
): Promise<void> => {
  const { request, org } = login
  const unknown = choice.kind === 'unknown-sp' || choice.kind === 'acs-not-registered'
  if (request?.acsUrl !== undefined && unknown && ctx.registration === 'auto' && canBeAcs(request.acsUrl)) {
    registerServiceProvider(ctx, login, request.acsUrl)
    await proceed(ctx, req, res, login, fresh)
  } else if (request && unknown && mayRegister(ctx, req)) sendRegistrationPage(ctx, req, res, login, choice.kind)
  else {
    const applicationId = 'application' in choice ? choice.application.id : undefined
    refuse(ctx, req, res, { org, request, applicationId, error: why(ctx, login, choice) })
  }
}

const why = (ctx: IdpContext, login: Login, choice: Exclude<Choice, { kind: 'application' }>): IdpactError => {
  const issuer = login.request?.issuer ?? ''
  switch (choice.kind) {
    case 'unknown-sp':
      return new IdpactError(`No application of the org "${login.org}" has the SP entityID ${JSON.stringify(issuer)}`, {
        code: 'unknown-sp',
        hint: `Register the service provider: an application whose Audience URI, or one of whose spEntityIds, is the Issuer of its AuthnRequests.${
          ctx.registration === 'refuse'
            ? ''
            : ' On loopback the mock IdP offers to do it; --auto-register does it silently.'
        }`,
      })
    case 'acs-not-registered':
      return new IdpactError(
        `The Assertion Consumer Service ${
          login.request?.acsUrl ?? `with index ${login.request?.acsIndex}`
        } is not registered for "${choice.application.label}"`,
        {
          code: 'acs-not-registered',
          hint: `Registered: ${[choice.application.saml.ssoUrl, ...choice.application.saml.requestableSsoUrls.map(({ url, index }) => `${url} (index ${index})`)].join(', ')}. Add the other under "other requestable SSO URLs", or let the request name a registered one.`,
        },
      )
    case 'signature-missing':
      return new AuthnRequestError('missing-signature', {
        expected: `a signed AuthnRequest for "${choice.application.label}"`,
        found: login.request?.signed ? 'a signature, but no certificate to verify it with' : 'one without a signature',
        hint: 'Let the service provider sign its requests and give its certificate to the application, or switch "require signed requests" off.',
      })
    case 'signature-wrong':
      return new AuthnRequestError('bad-signature', {
        expected: `a signature by the certificate of "${choice.application.label}"`,
        found: 'one by another key',
        hint: 'Give the application the certificate that the service provider signs with.',
      })
    case 'inactive':
      return new IdpactError(`The application "${choice.application.label}" is not active`, {
        code: 'application-inactive',
        hint: 'Activate it first.',
      })
  }
}
