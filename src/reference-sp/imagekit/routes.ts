import express, { type Request, type Response, Router } from 'express'
import { html } from '../../core/html.ts'
import { localPath, sameOriginOnly, signedIn, signOut } from '../http/browser.ts'
import { page, sendMessage, sendPage } from '../http/page.ts'
import { consume, onOwnHost, refusals, samlForm, sendMetadata, sendToIdp } from '../http/saml-routes.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'
import { fullName, type User } from '../store/users.ts'
import { directoryRoutes } from './directory-routes.ts'
import { organisationOfResponse, organisationsOfEmail } from './organisation.ts'
import { ssoSetupRoutes } from './sso-setup.ts'

export const imagekitRoutes = (service: Service): Router[] => [
  ssoRoutes(service), //        /single-sign-on, /saml/consume, our metadata
  sessionRoutes(service), //    /, /dashboard, /api/me, /logout
  ssoSetupRoutes(service), //   /settings/sso
  directoryRoutes(service), //  /directory/{imagekit_id}/users
]

/** One assertion consumer service for everybody: whose login it is shows in the Response. */
const ssoRoutes = (service: Service): Router => {
  const [sp] = service.organisations
  const [acs] = sp.acs
  const router = Router()
  router.get('/single-sign-on', onOwnHost(service.url), start(service))
  router.post(
    new URL(acs.url).pathname,
    samlForm,
    consume(async (_req, samlResponse) => ({ sp: await organisationOfResponse(service, samlResponse), acs })),
  )
  router.get(`${new URL(acs.audience).pathname}/metadata`, sendMetadata(sp, acs))
  router.use(refusals(service.rules))
  return router
}

/** `GET /single-sign-on[?email=…]`: registered users are sent to the identity provider of their organisation. */
const start = (service: Service) => async (req: Request, res: Response) => {
  const { email, imagekit_id: chosen, next } = req.query
  if (typeof email !== 'string' || email === '') return sendStartPage(res, 200)
  const rules = service.rules()
  if (rules.ikStoresTyped()) storeTyped(service, email, req.query)
  const own = organisationsOfEmail(service, email)
  if (own.length === 0 && rules.ikSendsUnknown()) own.push(service.organisations[0])
  const [only, ...more] = own.filter(({ accountId }) => chosen === undefined || chosen === accountId)
  if (only === undefined)
    return sendStartPage(res, 403, 'Nobody is registered with this e-mail address. Start at your identity provider.')
  if (more.length > 0) return sendChoicePage(res, email, own)
  const sp = rules.ikSendsTo(only, service.organisations)
  return await sendToIdp(sp, sp.acs[0], { email, next: localPath(next) }, req, res)
}

/** Only with a defect. */
const storeTyped = (service: Service, email: string, { full_name: name, imagekit_role: role }: Request['query']) => {
  for (const { store } of organisationsOfEmail(service, email)) {
    const user = store.users.findByEmail(email)
    if (user === undefined) continue
    store.users.update(user.id, {
      ...(typeof name === 'string' ? { firstName: name } : {}),
      ...(typeof role === 'string' ? { role } : {}),
    })
  }
}

const sendStartPage = (res: Response, status: number, problem?: string): void =>
  sendPage(
    res,
    status,
    page(
      { title: 'Single sign-on', narrow: true },
      html`<div class="card"><h1>Single sign-on</h1>${problem !== undefined && html`<p class="bad" role="alert">${problem}</p>`}
<form method="get" action="/single-sign-on"><label for="email">E-mail</label>
<input id="email" name="email" type="email" autocomplete="username" required><button>Continue</button></form></div>`,
    ),
  )

const sendChoicePage = (res: Response, email: string, organisations: readonly Sp[]): void =>
  sendPage(
    res,
    200,
    page(
      { title: 'Which organisation?', narrow: true },
      html`<div class="card"><h1>Which organisation?</h1><ul>${organisations.map(({ accountId, organisation }) => {
        const query = new URLSearchParams({ email, imagekit_id: accountId })
        return html`<li><a href="/single-sign-on?${query.toString()}">${organisation}</a></li>`
      })}</ul></div>`,
    ),
  )

/** Somebody's session is at the organisation of the last login in this browser. */
export const sessionIn = ({ organisations }: Service, req: Request): { sp: Sp; user: User } | undefined => {
  for (const sp of organisations) {
    const found = signedIn(sp, req)
    if (found !== undefined) return { sp, user: found.user }
  }
  return undefined
}

const sessionRoutes = (service: Service): Router => {
  const router = Router()
  router.get(['/', '/dashboard'], (req, res) => {
    const found = sessionIn(service, req)
    if (found === undefined) res.redirect(303, '/single-sign-on')
    else
      sendMessage(
        res,
        200,
        'Welcome',
        `${fullName(found.user)} (${found.user.email}) is logged in to ${found.sp.organisation} as ${found.user.role}.`,
      )
  })
  router.get('/api/me', (req, res) => {
    const found = sessionIn(service, req)
    if (found === undefined) {
      res.status(401).json({ error: 'Nobody is logged in.' })
      return
    }
    const { sp, user } = found
    res.json({ email: user.email, full_name: fullName(user), role: user.role, imagekit_id: sp.accountId })
  })
  router.all('/logout', express.urlencoded({ extended: false, limit: '16kb' }), sameOriginOnly, (req, res) => {
    for (const sp of service.organisations) signOut(sp, req, res)
    res.redirect(303, '/single-sign-on')
  })
  return router
}
