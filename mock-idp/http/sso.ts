import type { Request, RequestHandler, Response } from 'express'
import {
  type AuthnRequest,
  AuthnRequestError,
  checkDestination,
  decodePost,
  decodeRedirect,
} from '../saml/authn-request.ts'
import { verifyRequestSignature } from '../saml/request-signature.ts'
import type { IdpContext } from './context.ts'
import { requestDetails } from './journal-details.ts'
import type { Login } from './login.ts'
import { proceed, sessionOf } from './proceed.ts'
import { refuse } from './refusal.ts'
import { type Addressed, addressed } from './registration.ts'

type Handler = (ctx: IdpContext) => RequestHandler

/** HTTP-Redirect binding (SAML Bindings 3.4): the raw query, because a signature covers it as it came. */
export const receiveRedirect: Handler = (ctx) => async (req, res) => {
  const at = addressed(ctx, req)
  const question = req.originalUrl.indexOf('?')
  await receive(ctx, req, res, at, () => decodeRedirect(question < 0 ? '' : req.originalUrl.slice(question + 1)))
}

/** HTTP-POST binding (SAML Bindings 3.5). */
export const receivePost: Handler = (ctx) => async (req, res) => {
  const at = addressed(ctx, req)
  await receive(ctx, req, res, at, () => decodePost((req.body ?? {}) as Record<string, unknown>))
}

const receive = async (
  ctx: IdpContext,
  req: Request,
  res: Response,
  { org, registration }: Addressed,
  decode: () => AuthnRequest,
): Promise<void> => {
  let request: AuthnRequest | undefined
  try {
    request = decode()
    checkAddress(ctx, req, request, ctx.urls.sso(org, registration))
    const verifiedWith = await verified(ctx, registration.id, request)
    const login: Login = {
      org: org.id,
      registrationId: registration.id,
      request,
      verifiedWith,
      applicationId: undefined,
      relayState: request.relayState,
    }
    ctx.journal(org.id).append({
      kind: 'authn-request-accepted',
      requestId: request.id,
      summary: `${request.issuer} asks who is logged in (${request.binding})`,
      details: { ...requestDetails(request), signature: signatureWord(request, verifiedWith) },
      xml: request.xml,
      peerUrl: request.acsUrl,
    })
    // Another site's POST comes without our SameSite=Lax cookie; after a redirect the browser sends it.
    if (req.method === 'POST' && fromElsewhere(req) && !sessionOf(ctx, req, org.id))
      res.redirect(303, `/${org.id}/login/continue?flow=${ctx.pending.keep(login)}`)
    else await proceed(ctx, req, res, login)
  } catch (error) {
    if (!(error instanceof AuthnRequestError)) throw error
    refuse(ctx, req, res, { org: org.id, error, request })
  }
}

const fromElsewhere = (req: Request): boolean =>
  req.headers.origin !== undefined && req.headers.origin !== `${req.protocol}://${req.headers.host}`

/** Destination may be the public address, or the name by which this very request reached us. */
const checkAddress = (ctx: IdpContext, req: Request, request: AuthnRequest, ssoUrl: string): void => {
  const reached = ssoUrl.replace(ctx.baseUrl(), `${req.protocol}://${req.headers.host}`)
  checkDestination(request, request.destination !== undefined && request.destination === reached ? reached : ssoUrl)
}

/**
 * The certificates that verify the request's signature, of the applications that it may mean.
 *
 * @throws AuthnRequestError if it is signed, certificates are known, and none verifies it
 */
const verified = async (ctx: IdpContext, registrationId: string, request: AuthnRequest): Promise<string[]> => {
  if (!request.signed) return []
  const certificates = new Set<string>()
  for (const { saml } of ctx.store.applications.forSp(registrationId, request.issuer))
    if (saml.spCertificate !== undefined) certificates.add(saml.spCertificate)
  const good: string[] = []
  let failure: AuthnRequestError | undefined
  for (const certificate of [...certificates].slice(0, maxCertificates))
    try {
      await verifyRequestSignature(request, [certificate])
      good.push(certificate)
    } catch (error) {
      if (!(error instanceof AuthnRequestError)) throw error
      failure ??= error
    }
  if (good.length === 0 && failure) throw failure
  return good
}

/** Each costs a verification, and a stranger decides how often. */
const maxCertificates = 20

const signatureWord = (request: AuthnRequest, verifiedWith: readonly string[]): string => {
  if (!request.signed) return 'not signed'
  return verifiedWith.length > 0 ? 'signed, verified' : "signed, not verified: the SP's certificate is not known"
}
