import { createPublicKey } from 'node:crypto'
import express, { type NextFunction, type Request, type Response } from 'express'
import { html } from '../../core/html.ts'
import { samlLogin } from '../login/saml-login.ts'
import { LoginRefused } from '../login-refused.ts'
import type { RefusalRules } from '../rules/refusal.ts'
import { type Acs, makeAuthnRequest } from '../saml/authn-request.ts'
import { bindings, nameIdFormats, ns } from '../saml/namespaces.ts'
import { escapeXml } from '../saml/xml.ts'
import type { Sp } from '../sp.ts'
import { awaitSecondFactor, browserOf, ensureBrowser, localPath, signedIn, signIn } from './browser.ts'
import { sendSecondFactorPage } from './login-routes.ts'
import { page } from './page.ts'
import { postToIdp } from './send-to-idp.ts'

/** The form of a Response, percent-encoded base64: larger than the message itself. */
const formLimit = '2mb'

export const samlForm = express.urlencoded({ extended: false, limit: formLimit, parameterLimit: 20 })

/** The answer comes to the host that the ACS URL names, and so must the cookie: localhost is not 127.0.0.1. */
export const onOwnHost =
  (url: string) =>
  (req: Request, res: Response, next: NextFunction): void => {
    const { origin, host } = new URL(url)
    if (req.headers.host === host) next()
    else res.redirect(302, origin + req.originalUrl)
  }

/**
 * Sends the browser to the IdP of an organisation with an AuthnRequest that is bound to it.
 *
 * @param wanted.email whom the login is for
 * @param wanted.next a path of ours to go to after the login
 * @throws LoginRefused
 */
export const sendToIdp = async (
  sp: Sp,
  acs: Acs,
  { email, next }: { email: unknown; next: string },
  req: Request,
  res: Response,
): Promise<void> => {
  if (!sp.rules().samlIsOn(sp.store.settings.read(), sp.store.settings.samlWasOff()))
    throw new LoginRefused('SAML_DISABLED')
  if (typeof email !== 'string' || email === '') throw new LoginRefused('EMAIL_INVALID')
  const { idp } = await sp.trust.current()
  const request = makeAuthnRequest(
    idp,
    acs,
    sp.clock.now(),
    sp.rules().sendsRelayState(relayStateFor(next)),
    sp.rules().writesRequest,
  )
  sp.store.logins.rememberRequest({ id: request.id, email, acs: acs.url }, ensureBrowser(sp, req, res))
  if (request.binding === 'redirect') {
    res.redirect(302, request.url)
    return
  }
  postToIdp(res, request.url, 'SAMLRequest', request.samlRequest, request.relayState)
}

/** RelayState takes 80 bytes (SAML Bindings 3.4.3); from a page with a longer path the login leads home. */
const relayStateFor = (path: string): string | undefined =>
  path === '/' || Buffer.byteLength(path) > 80 ? undefined : path

/**
 * The assertion consumer service.
 *
 * @param find whose Response it is, and at which of its ACS it arrives
 */
export const consume =
  (find: (req: Request, samlResponse: unknown) => Promise<{ sp: Sp; acs: Acs }>) =>
  async (req: Request, res: Response): Promise<void> => {
    const body = (req.body ?? {}) as Record<string, unknown>
    const { sp, acs } = await find(req, body['SAMLResponse'])
    const rules = sp.rules()
    const { user, session } = await samlLogin(sp, acs, rules.messageIn(body), {
      browser: browserOf(req),
      loggedIn: signedIn(sp, req) !== undefined,
    })
    if (rules.asksSecondFactorAfterSaml(user)) {
      awaitSecondFactor(sp, res, user)
      sendSecondFactorPage(res, 200, { next: localPath(body['RelayState']) })
      return
    }
    signIn(sp, req, res, user, 'saml', session)
    const relayState = body['RelayState']
    if (typeof relayState === 'string' && rules.showsRelayState()) {
      res.type('html').send(`<p>Welcome. You came from ${relayState}</p>`)
      return
    }
    res.redirect(303, rules.relayTarget(relayState) ?? localPath(relayState))
  }

/** A failed login is answered with code and description; JSON where the caller prefers it. Nothing of the message. */
export const refusals =
  (rules: () => RefusalRules) =>
  (error: unknown, req: Request, res: Response, next: NextFunction): void => {
    const failure = asRefusal(error)
    if (failure === undefined) {
      next(error)
      return
    }
    const { code, description } = rules().refusalBody(failure)
    res.status(rules().refusalStatus(failure))
    if (req.accepts(['html', 'json']) === 'json') {
      res.json({ ...(code === undefined ? {} : { code }), description })
      return
    }
    res.type('html').send(
      page(
        { title: 'Login failed', narrow: true },
        html`<div class="card"><h1 class="bad">Login failed</h1>
${code !== undefined && html`<p>Error code: <code>${code}</code></p>`}
<p>Description: ${description}</p><p><a href="/login">Back to the login page</a></p></div>`,
      ).value,
    )
  }

const asRefusal = (error: unknown): LoginRefused | undefined => {
  if (error instanceof LoginRefused) return error
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined
  // What express's body reader says of a form.
  if (type === 'entity.too.large') return new LoginRefused('MESSAGE_TOO_LARGE', undefined, error)
  return typeof type === 'string' ? new LoginRefused('MESSAGE_MALFORMED', 'The form cannot be read.', error) : undefined
}

export const sendMetadata =
  (sp: Sp, acs: Acs, slo?: string) =>
  (_req: Request, res: Response): void => {
    res.type('application/samlmetadata+xml').send(sp.rules().writesMetadata(metadata(sp, acs, slo)))
  }

/** The key for which Assertions may be encrypted, as a bare key: it has no certificate. */
const encryptionKey = ({ decryptionKey }: Sp): string => {
  if (decryptionKey === undefined) return ''
  const { n = '', e = '' } = createPublicKey(decryptionKey.publicKeyPem).export({ format: 'jwk' })
  const base64 = (url: string): string => Buffer.from(url, 'base64url').toString('base64')
  return (
    `<md:KeyDescriptor use="encryption"><ds:KeyInfo xmlns:ds="${ns.signature}"><ds:KeyValue><ds:RSAKeyValue>` +
    `<ds:Modulus>${base64(n)}</ds:Modulus><ds:Exponent>${base64(e)}</ds:Exponent>` +
    '</ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></md:KeyDescriptor>'
  )
}

/** What our logout messages are verified with. */
const signingCertificate = ({ signingKey }: Sp): string =>
  signingKey === undefined
    ? ''
    : `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${ns.signature}"><ds:X509Data><ds:X509Certificate>` +
      `${signingKey.certificatePem.replace(/-----[^-]+-----|\s/g, '')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`

/** Our own metadata, so that an application can be made from it. One entity for each audience; both know both ACS. */
const metadata = (sp: Sp, acs: Acs, slo: string | undefined): string => {
  const service = ({ url }: Acs, index: number): string =>
    `<md:AssertionConsumerService Binding="${bindings.post}" Location="${escapeXml(url)}" index="${index}"${
      url === acs.url ? ' isDefault="true"' : ''
    }/>`
  const logout =
    slo === undefined
      ? ''
      : [bindings.redirect, bindings.post]
          .map((binding) => `<md:SingleLogoutService Binding="${binding}" Location="${escapeXml(slo)}"/>`)
          .join('')
  return (
    `<md:EntityDescriptor xmlns:md="${ns.metadata}" entityID="${escapeXml(acs.audience)}">` +
    `<md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true"` +
    ` protocolSupportEnumeration="${ns.protocol}">${signingCertificate(sp)}${encryptionKey(sp)}${logout}<md:NameIDFormat>${nameIdFormats.emailAddress}</md:NameIDFormat>` +
    `${sp.acs.map(service).join('')}</md:SPSSODescriptor></md:EntityDescriptor>`
  )
}
