import type { Request, RequestHandler, Response } from 'express'
import { html } from '../../src/core/html.ts'
import {
  AuthnRequestError,
  checkDestination,
  type Received,
  receivedByPost,
  receivedByRedirect,
} from '../saml/authn-request.ts'
import { type LogoutFields, readLogout } from '../saml/logout-xml.ts'
import { status } from '../saml/names.ts'
import { verifyRequestSignature } from '../saml/request-signature.ts'
import type { ApplicationRecord } from '../store/applications.ts'
import { NotFoundError } from '../store/rows.ts'
import type { IdpContext } from './context.ts'
import { type Carried, logoutRequest, logoutResponse } from './logout-messages.ts'
import { page } from './pages.ts'
import { sessionOf } from './proceed.ts'
import { type Addressed, addressed } from './registration.ts'
import { sendForm } from './send-form.ts'
import { sessionCookie } from './sessions.ts'

type Handler = (ctx: IdpContext) => RequestHandler
type LogoutMessage = LogoutFields & Received

/** Single logout by HTTP-Redirect (SAML Profiles 4.4): requests of service providers, and their answers to ours. */
export const sloRedirect: Handler = (ctx) => async (req, res) => {
  const question = req.originalUrl.indexOf('?')
  const query = question < 0 ? '' : req.originalUrl.slice(question + 1)
  const carrier = 'SAMLResponse' in req.query ? 'SAMLResponse' : 'SAMLRequest'
  await receive(ctx, req, res, () => receivedByRedirect(query, carrier, readLogout))
}

/** The same by HTTP-POST. */
export const sloPost: Handler = (ctx) => async (req, res) => {
  const fields = (req.body ?? {}) as Record<string, unknown>
  const carrier = 'SAMLResponse' in fields ? 'SAMLResponse' : 'SAMLRequest'
  await receive(ctx, req, res, () => receivedByPost(fields, carrier, readLogout))
}

const receive = async (ctx: IdpContext, req: Request, res: Response, decode: () => LogoutMessage): Promise<void> => {
  const { org, registration } = addressed(ctx, req)
  const own = ctx.urls.slo(org, registration)
  const reached = own.replace(ctx.baseUrl(), `${req.protocol}://${req.headers.host}`)
  let message: LogoutMessage
  try {
    message = decode()
    checkDestination(message, message.destination === reached ? reached : own)
  } catch (error) {
    if (error instanceof AuthnRequestError)
      ctx.journal(org.id).append({
        kind: 'logout-request-refused',
        summary: error.message,
        details: { reason: error.code, expected: error.expected, found: error.found, hint: error.hint },
      })
    throw error
  }
  if (message.kind === 'LogoutResponse') await goOn(ctx, res, { org, registration, application: undefined }, message)
  else await answer(ctx, req, res, { org, registration, application: undefined }, message)
}

const answer = async (
  ctx: IdpContext,
  req: Request,
  res: Response,
  { org, registration }: Addressed,
  message: LogoutMessage,
): Promise<void> => {
  const signedIn = sessionOf(ctx, req, org.id)
  const application = applicationFor(ctx, registration.id, message.issuer, signedIn?.user.id)
  if (application === undefined)
    throw new NotFoundError(
      `application with single logout for the SP ${JSON.stringify(message.issuer.slice(0, 300))}`,
      'Give the application the single logout URL of the service provider, and the certificate that it signs with.',
    )
  const problem =
    (await signatureProblem(message, application)) ??
    requestProblem(ctx, message, signedIn && ctx.participations.get(`${signedIn.user.id} ${application.id}`))
  if (problem === undefined && signedIn !== undefined) endSession(ctx, res, org.id, signedIn.session.id)
  ctx.journal(org.id).append({
    kind: problem === undefined ? 'logout-request-accepted' : 'logout-request-refused',
    applicationId: application.id,
    ...(signedIn && { userId: signedIn.user.id }),
    requestId: message.id,
    summary:
      problem === undefined
        ? `${message.issuer} asks to sign ${message.nameId ?? 'somebody'} out (${message.binding})`
        : problem.message,
    details: {
      ...messageDetails(message),
      ...(problem && { reason: problem.code, hint: problem.hint }),
    },
    xml: message.xml,
  })
  send(
    res,
    await logoutResponse(ctx, org.id, application, {
      inResponseTo: message.id,
      relayState: message.relayState,
      ...(problem === undefined ? { status: status.success } : { status: status.requester, subStatus: wrong(problem) }),
    }),
  )
}

/** Of several applications for the SP, the one where the user has logged in. */
const applicationFor = (
  ctx: IdpContext,
  registrationId: string,
  issuer: string,
  userId: string | undefined,
): ApplicationRecord | undefined => {
  const all = ctx.store.applications.forSp(registrationId, issuer).filter(({ saml }) => saml.singleLogout !== undefined)
  return all.find(({ id }) => ctx.participations.get(`${userId} ${id}`) !== undefined) ?? all[0]
}

const messageDetails = ({ binding, issuer, destination, nameId, sessionIndexes, signed }: LogoutMessage) => ({
  ...{ binding, issuer, destination, nameId, sessionIndexes, signed },
})

/** What Okta answers for a signature that is not good, and SAML for a user who is not the one (SAML Core 3.2.2.2). */
const wrong = ({ code }: AuthnRequestError): string =>
  ({ 'wrong-name-id': status.unknownPrincipal, 'request-expired': status.requestDenied })[code as string] ??
  status.authnFailed

/** How far the clock of a service provider may be off. */
const clockSkewMs = 300_000

/** What a signed LogoutRequest says that is not so. */
const requestProblem = (
  ctx: IdpContext,
  { nameId, notOnOrAfter }: LogoutMessage,
  login: { nameId: { value: string } } | undefined,
): AuthnRequestError | undefined => {
  const end = Date.parse(notOnOrAfter ?? '')
  if (ctx.clock.now() >= end + clockSkewMs)
    return new AuthnRequestError('request-expired', {
      expected: 'NotOnOrAfter to be in the future, where it is there',
      found: JSON.stringify(notOnOrAfter),
      hint: 'Make the LogoutRequest when it is sent, and compare the clocks.',
    })
  if (login !== undefined && nameId !== login.nameId.value)
    return new AuthnRequestError('wrong-name-id', {
      expected: `the NameID of the Assertion, ${JSON.stringify(login.nameId.value)}`,
      found: JSON.stringify(nameId ?? ''),
      hint: 'Keep the NameID of the login, and send it as it came (SAML Profiles 4.4.4.1).',
    })
  return undefined
}

/** A LogoutRequest must be signed (SAML Profiles 4.4.4.1), and Okta takes none that is not. */
const signatureProblem = async (
  message: LogoutMessage,
  { saml, label }: ApplicationRecord,
): Promise<AuthnRequestError | undefined> => {
  if (saml.spCertificate === undefined)
    return new AuthnRequestError('missing-signature', {
      expected: `the certificate of "${label}", to verify LogoutRequests with`,
      found: 'none',
      hint: 'Give the application the certificate that the service provider signs with.',
    })
  try {
    await verifyRequestSignature(message, [saml.spCertificate])
    return undefined
  } catch (error) {
    if (error instanceof AuthnRequestError) return error
    throw error
  }
}

const endSession = (ctx: IdpContext, res: Response, org: string, id: string): void => {
  ctx.sessions.remove(id)
  res.clearCookie(sessionCookie(org), { path: `/${org}` })
}

/** Whether an answer is signed by the SP; by any application of it, because the browser may have no session any more. */
const isVerified = async (ctx: IdpContext, registrationId: string, message: LogoutMessage): Promise<boolean> => {
  const all = ctx.store.applications.forSp(registrationId, message.issuer)
  const application = all.find(({ saml }) => saml.spCertificate !== undefined)
  return application !== undefined && (await signatureProblem(message, application)) === undefined
}

/** A service provider has answered; the next one is asked. Nothing of its answer is trusted: it only leads on. */
const goOn = async (
  ctx: IdpContext,
  res: Response,
  { org: { id: org }, registration }: Addressed,
  message: LogoutMessage,
): Promise<void> => {
  const chain = ctx.logouts.get(message.inResponseTo ?? '')
  ctx.logouts.delete(message.inResponseTo ?? '')
  ctx.journal(org).append({
    kind: 'logout-response',
    requestId: message.inResponseTo ?? '',
    summary: `${message.issuer} has answered a LogoutRequest: ${message.status?.split(':').at(-1) ?? 'without a status'}`,
    details: {
      ...messageDetails(message),
      status: message.status ?? '',
      verified: await isVerified(ctx, registration.id, message),
    },
    xml: message.xml,
  })
  await askNext(ctx, res, org, chain?.userId ?? '', chain?.applicationIds ?? [])
}

/** The applications with single logout at whose service providers somebody has logged in. */
const participating = (ctx: IdpContext, org: string, userId: string): string[] =>
  ctx.store.applications
    .list(org)
    .filter(({ id, saml }) => saml.singleLogout && ctx.participations.get(`${userId} ${id}`) !== undefined)
    .map(({ id }) => id)

export const takesPart = (ctx: IdpContext, org: string, userId: string): boolean =>
  participating(ctx, org, userId).length > 0

/** Signs somebody out of every service provider with single logout where they have logged in, one after the other. */
export const signOutEverywhere = (ctx: IdpContext, res: Response, org: string, userId: string): Promise<void> =>
  askNext(ctx, res, org, userId, participating(ctx, org, userId))

const askNext = async (
  ctx: IdpContext,
  res: Response,
  org: string,
  userId: string,
  applicationIds: readonly string[],
): Promise<void> => {
  const [next, ...others] = applicationIds
  const application = next === undefined ? undefined : ctx.store.applications.get(org, next)
  if (application === undefined) {
    res.send(
      page(
        'Signed out',
        html`<p class="eyebrow">Mock IdP · org ${org}</p><h1>You are signed out</h1>
          <p class="what"><a href="/${org}/login">Sign in again</a></p>`,
      ),
    )
    return
  }
  const request = await logoutRequest(ctx, org, application, { userId })
  ctx.participations.delete(`${userId} ${application.id}`)
  ctx.logouts.set(request.id, { userId, applicationIds: others })
  ctx.journal(org).append({
    kind: 'logout-request-sent',
    applicationId: application.id,
    userId,
    requestId: request.id,
    summary: `${application.label} is asked to end the session (${request.binding})`,
    details: { url: request.url.split('?')[0] ?? '' },
    xml: request.xml,
  })
  send(res, request)
}

const send = (res: Response, { binding, url, fields }: Carried): void => {
  if (binding === 'HTTP-Redirect') res.redirect(303, url)
  else sendForm(res, { action: url, samlResponse: '', relayState: undefined, fields }, 'Signing out…')
}
