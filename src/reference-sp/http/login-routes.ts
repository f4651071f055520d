import express, { type Request, type Response, Router } from 'express'
import { html } from '../../core/html.ts'
import { hashPassword, minimumPasswordLength, verifyPassword } from '../passwords.ts'
import type { Sp } from '../sp.ts'
import type { User } from '../store/users.ts'
import { matchTotp } from '../totp.ts'
import { awaitSecondFactor, localPath, sameOriginOnly, signedIn, signIn, signOut, trySecondFactor } from './browser.ts'
import { page, sendMessage, sendPage } from './page.ts'

export const loginRoutes = (sp: Sp): Router => {
  const router = Router()
  const form = [express.urlencoded({ extended: false, limit: '16kb' }), sameOriginOnly]
  router.get('/login', (req, res) => sendLoginPage(res, 200, { next: localPath(req.query['next']) }))
  router.post('/login/password', form, passwordLogin(sp))
  router.get('/login/otp', (_req, res) => sendSecondFactorPage(res))
  router.post('/login/otp', form, secondFactor(sp))
  router.get('/invitations/:token', invitationPage(sp))
  router.post('/invitations/:token', form, acceptInvitation(sp))
  router.get('/api/me', whoAmI(sp))
  router.get('/logout', logout(sp))
  router.post('/logout', form, logout(sp))
  return router
}

const field = (req: Request, name: string): string => {
  const value = (req.body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

/** The page of ours that the login was needed for. */
const nextOf = (req: Request): string => localPath(field(req, 'next'))

const passwordLogin = (sp: Sp) => async (req: Request, res: Response) => {
  const next = nextOf(req)
  const user = sp.store.users.findByEmail(field(req, 'email'))
  const right = await verifyPassword(field(req, 'password'), user?.passwordHash)
  if (user === undefined || !right || !user.enabled) {
    sendLoginPage(res, 401, { next, problem: 'E-mail address and password do not fit together.' })
    return
  }
  if (!sp.rules().passwordAllowed(user, sp.store.settings.read())) {
    sendLoginPage(res, 403, { next, problem: 'This account asks its users to log in with SSO.' })
    return
  }
  if (user.twoFactor) {
    awaitSecondFactor(sp, res, user)
    sendSecondFactorPage(res, 200, { next })
    return
  }
  enter(sp, req, res, user, next)
}

const secondFactor = (sp: Sp) => (req: Request, res: Response) => {
  const next = nextOf(req)
  const attempt = trySecondFactor(sp, req)
  if (attempt === undefined) {
    sendLoginPage(res, 401, { next, problem: 'Too late, or too many codes that were wrong. Start again.' })
    return
  }
  const { user, done } = attempt
  const code = field(req, 'code').replaceAll(' ', '')
  const step = matchTotp(user.totpSecret ?? '', code, sp.clock.now(), user.totpStep)
  if (step === undefined || user.totpSecret === undefined) {
    sendSecondFactorPage(res, 401, { next, problem: 'This code is not right, or it was used before.' })
    return
  }
  done(res)
  sp.store.users.update(user.id, { totpStep: step })
  enter(sp, req, res, user, next)
}

const enter = (sp: Sp, req: Request, res: Response, user: User, next: string): void => {
  sp.store.users.update(user.id, { lastLoginAt: sp.clock.now() })
  signIn(sp, req, res, user, 'password')
  res.redirect(302, next)
}

const logout = (sp: Sp) => (req: Request, res: Response) => {
  signOut(sp, req, res)
  res.redirect(303, '/login')
}

const whoAmI = (sp: Sp) => (req: Request, res: Response) => {
  const found = signedIn(sp, req)
  if (found === undefined) {
    res.status(401).json({ error: 'Nobody is logged in.' })
    return
  }
  const { email, firstName, lastName, role, twoFactor } = found.user
  const name = lastName === '' ? firstName : `${firstName} ${lastName}`
  res.json({ email, name, role, two_factor: twoFactor, source: found.user.source, via: found.session.via })
}

const invited = (sp: Sp, req: Request): User | undefined => {
  const userId = sp.store.logins.invited(String(req.params['token']))
  const user = userId === undefined ? undefined : sp.store.users.find(userId)
  return user !== undefined && sp.rules().invitationOpens(user) ? user : undefined
}

const noInvitation = (res: Response): void =>
  sendMessage(res, 404, 'No such invitation', 'It has been used, replaced by a newer one, or is too old.')

const invitationPage = (sp: Sp) => (req: Request, res: Response) => {
  const user = invited(sp, req)
  if (user === undefined) noInvitation(res)
  else sendInvitationPage(res, 200, user)
}

const acceptInvitation = (sp: Sp) => async (req: Request, res: Response) => {
  const user = invited(sp, req)
  if (user === undefined) {
    noInvitation(res)
    return
  }
  const password = field(req, 'password')
  if (password.length < minimumPasswordLength) {
    sendInvitationPage(res, 400, user, `A password has at least ${minimumPasswordLength} characters.`)
    return
  }
  const passwordHash = await hashPassword(password)
  sp.store.transaction(() => {
    sp.store.users.update(user.id, { passwordHash })
    sp.store.logins.endInvitationsOf(user.id)
  })
  sendMessage(res, 200, 'Your password is set', 'You can log in with it now.')
}

const note = (text: string | undefined) => text !== undefined && html`<p class="bad" role="alert">${text}</p>`

export interface LoginPageOptions {
  problem?: string
  /** The page of ours to go to after the login. */
  next?: string
}

const nextField = (next: string | undefined) =>
  next !== undefined && next !== '/' && html`<input type="hidden" name="next" value="${next}">`

const sendLoginPage = (res: Response, status: number, { problem, next }: LoginPageOptions = {}): void =>
  sendPage(
    res,
    status,
    page(
      { title: 'Log in', narrow: true },
      html`<div class="card"><h1>Log in</h1>${note(problem)}<form method="post" action="/login/password">
<label for="email">E-mail</label><input id="email" name="email" type="email" autocomplete="username" required>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
${nextField(next)}<button>Log in</button></form></div>
<div class="card"><h2>Log in with SSO</h2><form method="get" action="/login/sso">
<label for="sso-email">E-mail</label><input id="sso-email" name="email" type="email" autocomplete="username" required>
${nextField(next)}<button>Continue</button></form></div>`,
    ),
  )

export const sendSecondFactorPage = (res: Response, status = 200, { problem, next }: LoginPageOptions = {}): void =>
  sendPage(
    res,
    status,
    page(
      { title: 'Second factor', narrow: true },
      html`<div class="card"><h1>Second factor</h1>${note(problem)}<form method="post" action="/login/otp">
<label for="code">Code of your authenticator app</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required>${nextField(next)}<button>Log in</button></form></div>`,
    ),
  )

const sendInvitationPage = (res: Response, status: number, user: User, problem?: string): void =>
  sendPage(
    res,
    status,
    page(
      { title: 'Choose a password', narrow: true },
      html`<div class="card"><h1>Choose a password</h1><p class="soft">for ${user.email}</p>${note(problem)}<form method="post">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="${minimumPasswordLength}" required>
<button>Set the password</button></form></div>`,
    ),
  )
