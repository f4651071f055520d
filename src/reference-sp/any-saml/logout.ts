import { randomBytes } from 'node:crypto'
import express, { type Request, type Response, Router } from 'express'
import { toInstant } from '../../core/clock.ts'
import { sameOriginOnly, signedIn, signOut } from '../http/browser.ts'
import { onOwnHost, refusals, samlForm } from '../http/saml-routes.ts'
import { postToIdp } from '../http/send-to-idp.ts'
import { refuse } from '../login-refused.ts'
import { decode, openLogout } from '../saml/gate.ts'
import type { IdpMetadata } from '../saml/metadata.ts'
import { ns, statusSuccess } from '../saml/namespaces.ts'
import { childOf, childrenOf, escapeXml, type XmlElement } from '../saml/xml.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'
import type { LogoutCheckName } from './rules.ts'

/** Where logout messages are taken. */
export const sloUrl = ({ url }: Pick<Service, 'url'>): string => `${url}/saml/slo`

/** A message as it came, by either binding. */
interface Arrived {
  xml: string
  relayState: string | undefined
  /** In a query the signature stands beside the message. */
  isSigned(message: XmlElement): boolean
  /** Whether one of these keys made its signature. */
  verify(certificates: readonly string[]): Promise<boolean>
}

/** Single logout (SAML Profiles 4.4): what the IdP asks for, what it answers, and what is asked of it. */
export const logoutRoutes = (service: Service): Router => {
  const router = Router()
  const [sp] = service.organisations
  const receive = async (req: Request, res: Response, arrived: Arrived): Promise<void> => {
    const message = openLogout(arrived.xml)
    // An answer to a request of ours: our session has ended when that was sent, so there is nothing to do or to trust.
    if (message.name === 'LogoutResponse') res.redirect(303, '/')
    else await answer(sp, sloUrl(service), req, res, message, arrived)
  }
  router.get('/saml/slo', async (req, res) => {
    const { messageFromUrl } = await import('../saml/signing.ts')
    const query = req.originalUrl.split('?')[1] ?? ''
    const message = messageFromUrl(query, 'SAMLResponse' in req.query ? 'SAMLResponse' : 'SAMLRequest')
    await receive(req, res, {
      ...message,
      isSigned: () => message.signed,
      verify: async (certificates) => message.isSignedBy(certificates),
    })
  })
  router.post('/saml/slo', samlForm, async (req, res) => {
    const { SAMLRequest, SAMLResponse, RelayState } = (req.body ?? {}) as Record<string, unknown>
    const field = SAMLRequest ?? SAMLResponse
    if (typeof field !== 'string' || field === '') refuse('MESSAGE_MISSING')
    const xml = decode(field as string)
    await receive(req, res, {
      xml,
      relayState: typeof RelayState === 'string' ? RelayState : undefined,
      isSigned: (message) => childOf(message, ns.signature, 'Signature') !== undefined,
      verify: (certificates) => isSignedDocument(xml, certificates),
    })
  })
  router.get('/saml/logout', onOwnHost(service.url), (req, res) => startLogout(sp, req, res))
  router.post('/logout', express.urlencoded({ extended: false, limit: '16kb' }), sameOriginOnly, (req, res) =>
    startLogout(sp, req, res),
  )
  router.use(refusals(service.rules))
  return router
}

const isSignedDocument = async (xml: string, certificates: readonly string[]): Promise<boolean> => {
  const { verifyRootSignature } = await import('../saml/inner-signature.ts')
  try {
    verifyRootSignature(xml, certificates)
    return true
  } catch {
    return false
  }
}

const answer = async (
  sp: Sp,
  here: string,
  req: Request,
  res: Response,
  request: XmlElement,
  arrived: Arrived,
): Promise<void> => {
  const { idp } = await sp.trust.current()
  const rules = sp.rules()
  const must = (check: LogoutCheckName, holds: boolean, otherwise: () => never): void => {
    if (!holds && !rules.logoutOverlooks(check)) otherwise()
  }
  must('signature-missing', arrived.isSigned(request), () => refuse('SIGNATURE_MISSING'))
  if (arrived.isSigned(request))
    must('signature', await arrived.verify(idp.certificates), () => refuse('SIGNATURE_INVALID'))
  must('issuer', childOf(request, ns.assertion, 'Issuer')?.text === idp.entityId, () => refuse('ISSUER_MISMATCH'))
  must('destination', (request.attributes.get('Destination') ?? here) === here, () => refuse('DESTINATION_MISMATCH'))
  const end = Date.parse(request.attributes.get('NotOnOrAfter') ?? '')
  must('end', Number.isNaN(end) || sp.clock.now() < end + rules.clockSkew(), () => refuse('ASSERTION_EXPIRED'))
  const named = childOf(request, ns.assertion, 'NameID')?.text ?? ''
  const current = signedIn(sp, req)
  const name = rules.logoutOverlooks('name') ? (current?.user.email ?? named) : named
  const indexes = childrenOf(request, ns.protocol, 'SessionIndex').map(({ text }) => text)
  const user = sp.store.users.findByEmail(name)
  if (user !== undefined && rules.logoutEndsSession())
    sp.store.logins.endSessionsOf(user.id, rules.logoutOverlooks('name') ? [] : indexes)
  const answered = rules.writesLogoutResponse(
    `<samlp:LogoutResponse xmlns:samlp="${ns.protocol}" ID="${newId()}" Version="2.0" IssueInstant="${toInstant(sp.clock.now())}"` +
      ` Destination="${escapeXml(idp.slo.redirect ?? idp.slo.post ?? '')}" InResponseTo="${escapeXml(request.attributes.get('ID') ?? '')}">` +
      `<saml:Issuer xmlns:saml="${ns.assertion}">${escapeXml(sp.acs[0].audience)}</saml:Issuer>` +
      `<samlp:Status><samlp:StatusCode Value="${statusSuccess}"/></samlp:Status></samlp:LogoutResponse>`,
  )
  await sendToIdp(sp, idp, res, 'SAMLResponse', answered, arrived.relayState)
}

/** Logs out here, and asks the IdP to end its session too. */
const startLogout = async (sp: Sp, req: Request, res: Response): Promise<void> => {
  const current = signedIn(sp, req)
  const rules = sp.rules()
  if (rules.logoutEndsOwnSession()) signOut(sp, req, res)
  const trusted = current?.session.via === 'saml' ? await sp.trust.current().catch(() => undefined) : undefined
  if (current === undefined || trusted === undefined || !hasLogout(trusted.idp)) {
    res.redirect(303, '/')
    return
  }
  const { user, session } = current
  const { idp } = trusted
  const format = session.nameFormat === undefined ? '' : ` Format="${escapeXml(session.nameFormat)}"`
  const index =
    session.index === undefined ? '' : `<samlp:SessionIndex>${escapeXml(session.index)}</samlp:SessionIndex>`
  const xml = rules.writesLogoutRequest(
    `<samlp:LogoutRequest xmlns:samlp="${ns.protocol}" ID="${newId()}" Version="2.0" IssueInstant="${toInstant(sp.clock.now())}"` +
      ` Destination="${escapeXml(idp.slo.redirect ?? idp.slo.post ?? '')}">` +
      `<saml:Issuer xmlns:saml="${ns.assertion}">${escapeXml(sp.acs[0].audience)}</saml:Issuer>` +
      `<saml:NameID xmlns:saml="${ns.assertion}"${format}>${escapeXml(user.email)}</saml:NameID>${index}</samlp:LogoutRequest>`,
  )
  await sendToIdp(sp, idp, res, 'SAMLRequest', xml, undefined)
}

const newId = (): string => `_${randomBytes(16).toString('hex')}`
const hasLogout = ({ slo }: IdpMetadata): boolean => slo.redirect !== undefined || slo.post !== undefined

const sendToIdp = async (
  { signingKey }: Sp,
  { slo }: IdpMetadata,
  res: Response,
  carrier: 'SAMLRequest' | 'SAMLResponse',
  xml: string,
  relayState: string | undefined,
): Promise<void> => {
  if (signingKey === undefined) throw new TypeError('a service provider without a key has no single logout')
  const { signedDocument, signedUrl } = await import('../saml/signing.ts')
  if (slo.redirect !== undefined) {
    res.redirect(303, signedUrl(slo.redirect, carrier, xml, relayState, signingKey))
    return
  }
  if (slo.post === undefined) {
    // Nowhere to answer at: the session has ended all the same.
    res.redirect(303, '/')
    return
  }
  const message = Buffer.from(signedDocument(xml, signingKey)).toString('base64')
  postToIdp(res, slo.post, carrier, message, relayState)
}
