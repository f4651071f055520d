import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { signedIn } from '../http/browser.ts'
import { sendPage } from '../http/page.ts'
import type { Sp } from '../sp.ts'
import type { Session } from '../store/logins.ts'
import type { User } from '../store/users.ts'
import { oauthKeys } from './keys.ts'
import { consentPage, mayNotPage, oauthErrorPage } from './pages.ts'
import { consentPath, type Provider } from './provider.ts'

type Asked = Awaited<ReturnType<Provider['interactionDetails']>>
type Person = { user: User; session: Session }

/** `GET /oauth2/consent/{uid}`: by way of the login page to the page that asks. */
export const showConsent = async (sp: Sp, provider: Provider, req: Request, res: Response): Promise<void> => {
  const open = await opened(sp, provider, req, res)
  if (open === undefined) return
  const { asked, person } = open
  const token = consentToken(sp, asked.uid, person.user)
  if (!sp.rules().mayAuthorise(person.user)) {
    sendPage(res, 403, mayNotPage(person.user, token, loginUrl(asked)))
    return
  }
  if (sp.rules().asksConsent()) sendPage(res, 200, consentPage(person.user, scopesOf(asked), token))
  else await accept(provider, req, res, open)
}

/** `POST /oauth2/consent/{uid}`: the answer. */
export const takeConsent = async (sp: Sp, provider: Provider, req: Request, res: Response): Promise<void> => {
  const open = await opened(sp, provider, req, res)
  if (open === undefined) return
  const { asked, person } = open
  const { decision, token } = (req.body ?? {}) as Record<string, unknown>
  if (!isConsentToken(sp, asked.uid, person.user, token))
    sendPage(
      res,
      403,
      oauthErrorPage('form', 'This answer was not given on our page, or for another user. Start again.'),
    )
  else if (decision === 'decline') await refuse(provider, req, res, 'access_denied', 'The user declined.')
  else if (decision !== 'accept') sendPage(res, 400, oauthErrorPage('form', 'The answer is "accept" or "decline".'))
  else if (!sp.rules().mayAuthorise(person.user))
    sendPage(res, 403, mayNotPage(person.user, consentToken(sp, asked.uid, person.user), loginUrl(asked)))
  else await accept(provider, req, res, open)
}

interface Open {
  asked: Asked
  person: Person
}

/**
 * The request that this browser is asked about, and who sits before it; `undefined` when the answer has been sent.
 * A request whose grant or user has ended before the code was sent is one that has been answered.
 */
const opened = async (sp: Sp, provider: Provider, req: Request, res: Response): Promise<Open | undefined> => {
  const asked = await detailsOf(provider, req, res)
  if (asked === undefined || asked.uid !== req.params['uid']) {
    sendPage(
      res,
      400,
      oauthErrorPage(
        'request',
        'This request has been answered, is too old, or began in another browser. Start again at your identity provider.',
      ),
    )
    return undefined
  }
  const person = signedIn(sp, req)
  if (person === undefined || !isRecent(sp, asked, person.session)) {
    res.redirect(303, loginUrl(asked))
    return undefined
  }
  const expected = expectedUser(asked)
  if (expected !== undefined && expected !== person.user.id) {
    await refuse(provider, req, res, 'login_required', 'Another user is logged in than the one who is expected.')
    return undefined
  }
  return { asked, person }
}

const detailsOf = (provider: Provider, req: Request, res: Response): Promise<Asked | undefined> =>
  provider.interactionDetails(req, res).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'SessionNotFound') return undefined
    throw error
  })

/** A client can ask for a login of its own, or for one that is not too long ago (OpenID Connect Core 3.1.2.1). */
const isRecent = (sp: Sp, asked: Asked, { startedAt }: Session): boolean => {
  const { prompt, max_age: maxAge } = asked.params
  const asksAgain = typeof prompt === 'string' && prompt.split(' ').includes('login')
  if (asksAgain && startedAt < asked.iat * 1000) return false
  return maxAge === undefined || sp.clock.now() - startedAt <= Number(maxAge) * 1000
}

/** Who is expected, by the ID Token that the client has shown. oidc-provider has verified it, and compares it with nobody. */
const expectedUser = ({ params }: Asked): string | undefined => {
  const { id_token_hint: hint } = params
  if (typeof hint !== 'string') return undefined
  const claims: unknown = JSON.parse(Buffer.from(hint.split('.')[1] ?? '', 'base64url').toString())
  return typeof claims === 'object' && claims !== null && 'sub' in claims ? String(claims.sub) : ''
}

const loginUrl = ({ uid }: Asked): string => `/login?next=${encodeURIComponent(consentPath(uid))}`

const scopesOf = ({ params }: Asked): string[] => String(params['scope'] ?? '').split(' ')

/** Login and consent in one answer: the person is known, and has been asked. */
const accept = async (provider: Provider, req: Request, res: Response, { asked, person }: Open): Promise<void> => {
  const accountId = person.user.id
  const grant = new provider.Grant({ accountId, clientId: String(asked.params['client_id']) })
  grant.addOIDCScope(scopesOf(asked).join(' '))
  const login = { accountId, ts: Math.floor(person.session.startedAt / 1000) }
  const result = { login, consent: { grantId: await grant.save() } }
  res.redirect(303, await provider.interactionResult(req, res, result, { mergeWithLastSubmission: false }))
}

const refuse = async (
  provider: Provider,
  req: Request,
  res: Response,
  error: 'access_denied' | 'login_required',
  description: string,
): Promise<void> => {
  const result = { error, error_description: description }
  res.redirect(303, await provider.interactionResult(req, res, result, { mergeWithLastSubmission: false }))
}

/** Good for one request and for the user to whom the page was shown, so that a change of users in between is seen. */
const consentToken = (sp: Sp, uid: string, user: User): string =>
  createHmac('sha256', oauthKeys(sp.store).secret).update(`consent ${uid} ${user.id}`).digest('base64url')

const isConsentToken = (sp: Sp, uid: string, user: User, sent: unknown): boolean => {
  const [expected, found] = [consentToken(sp, uid, user), typeof sent === 'string' ? sent : ''].map((text) =>
    Buffer.from(text),
  ) as [Buffer, Buffer]
  return expected.length === found.length && timingSafeEqual(expected, found)
}
