import type { Request, RequestHandler, Response } from 'express'
import { UsageError } from '../../src/core/errors.ts'
import { html } from '../../src/core/html.ts'
import type { User } from '../admin/schema.ts'
import { type IdpContext, orgOf } from './context.ts'
import type { Login } from './login.ts'
import { page } from './pages.ts'
import { proceed, sessionOf } from './proceed.ts'
import { refuseForeignOrigins } from './security.ts'
import { type SessionRecord, sessionCookie } from './sessions.ts'
import { sendSignInPage } from './sign-in-page.ts'

type Handler = (ctx: IdpContext) => RequestHandler<{ org: string }>

/** Our own forms: from our own pages, with their token. */
export const checkForm = (ctx: IdpContext, req: Request, res: Response): void => {
  refuseForeignOrigins(ctx.own)(req, res, () => undefined)
  ctx.forms.check(req)
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

const waiting = (ctx: IdpContext, org: string, flow: string | undefined): Login | undefined => {
  const login = ctx.pending.get(org, flow)
  if (login || flow === undefined) return login
  throw new UsageError('This login has waited too long, or the mock IdP was started again since', {
    code: 'login-expired',
    hint: 'Begin again at the service provider.',
  })
}

export const signInPage: Handler = (ctx) => (req, res) => {
  const org = orgOf(ctx, req.params.org).id
  const flow = textOf(req.query['flow'])
  const login = waiting(ctx, org, flow)
  sendSignInPage(ctx, req, res, login, sessionOf(ctx, req, org)?.user, { org, q: textOf(req.query['q']), flow })
}

/** The user has picked a name. */
export const signIn: Handler = (ctx) => async (req, res) => {
  const org = orgOf(ctx, req.params.org).id
  checkForm(ctx, req, res)
  const { user: userId, flow } = req.body as Record<string, unknown>
  const user = ctx.store.users.get(org, textOf(userId) ?? '')
  if (user?.status !== 'ACTIVE')
    throw new UsageError(user ? `${user.profile.login} is ${user.status}` : 'There is no such user in this org', {
      code: 'user-not-active',
      hint: 'Go back and pick somebody else.',
    })
  const login = waiting(ctx, org, textOf(flow))
  const session = startSession(ctx, res, org, user, login)
  if (!login) {
    res.redirect(303, `/${org}/home`)
    return
  }
  ctx.pending.done(textOf(flow) ?? '')
  await proceed(ctx, req, res, login, { session, user })
}

const startSession = (ctx: IdpContext, res: Response, org: string, user: User, login?: Login): SessionRecord => {
  const session = ctx.sessions.create(org, user.id)
  const secure = ctx.baseUrl().startsWith('https:')
  res.cookie(sessionCookie(org), session.id, { httpOnly: true, sameSite: 'lax', secure, path: `/${org}` })
  ctx.journal(org).append({
    kind: 'sign-in',
    userId: user.id,
    ...(login?.request && { requestId: login.request.id }),
    summary: `${user.profile.login} signed in`,
    details: { login: user.profile.login },
  })
  return session
}

/** After the redirect that lets the browser send its cookie. */
export const continueLogin: Handler = (ctx) => async (req, res) => {
  const org = orgOf(ctx, req.params.org).id
  const flow = textOf(req.query['flow'])
  const login = waiting(ctx, org, flow)
  if (!login || flow === undefined) {
    res.redirect(303, `/${org}/login`)
    return
  }
  await proceed(ctx, req, res, login)
}

/** The user's applications, as tiles: an IdP-initiated login is one click. */
export const home: Handler = (ctx) => (req, res) => {
  const org = orgOf(ctx, req.params.org)
  const signedIn = sessionOf(ctx, req, org.id)
  if (!signedIn) {
    res.redirect(303, `/${org.id}/login`)
    return
  }
  const registrations = new Map(ctx.store.orgs.registrations(org.id).map((r) => [r.id, r]))
  const applications = ctx.store.applications.forUser(signedIn.user.id).filter(({ status }) => status === 'ACTIVE')
  res.send(
    page(
      'My apps',
      html`<p class="eyebrow">Mock IdP · org ${org.id}</p><h1>My apps</h1>
        <p class="what">You are signed in as <b>${signedIn.user.profile.login}</b>.</p>
        ${applications.length === 0 && html`<p class="hint"><b>No application is assigned to you.</b> Register one in <a href="/">the console</a>.</p>`}
        <nav class="tiles">${applications.map((app) => {
          const registration = registrations.get(app.registrationId)
          return (
            registration &&
            html`<a href="${ctx.urls.appLink(org, registration, app.id)}"><b>${app.label}</b><span>${app.saml.ssoUrl}</span></a>`
          )
        })}</nav>
        <form method="post" action="/${org.id}/logout">
          <input type="hidden" name="token" value="${ctx.forms.token(req, res)}"><button class="quiet">Sign out</button>
        </form>`,
    ),
  )
}

export const signOut: Handler = (ctx) => async (req, res) => {
  const org = orgOf(ctx, req.params.org).id
  checkForm(ctx, req, res)
  const signedIn = sessionOf(ctx, req, org)
  if (signedIn) ctx.sessions.remove(signedIn.session.id)
  res.clearCookie(sessionCookie(org), { path: `/${org}` })
  const flow = textOf((req.body as Record<string, unknown>)['flow'])
  const { signOutEverywhere, takesPart } = await import('./slo.ts')
  if (flow === undefined && signedIn && takesPart(ctx, org, signedIn.user.id))
    await signOutEverywhere(ctx, res, org, signedIn.user.id)
  else res.redirect(303, flow === undefined ? `/${org}/login` : `/${org}/login?flow=${encodeURIComponent(flow)}`)
}
