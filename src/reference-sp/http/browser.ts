import { randomBytes } from 'node:crypto'
import type { NextFunction, Request, Response } from 'express'
import type { Sp } from '../sp.ts'
import { lifetimes, type Session, type SessionOfIdp } from '../store/logins.ts'
import type { User } from '../store/users.ts'

/**
 * Three cookies, all HttpOnly:
 * `sp_session` who is logged in; `sp_otp` whose second factor is awaited; `sp_browser` which browser sent an AuthnRequest.
 *
 * The ACS gets a POST from the IdP's page, and browsers leave SameSite=Lax cookies out of a cross-site POST. Then
 * InResponseTo cannot be matched with a browser and the login is refused. SameSite=None would need Secure, so https. Over
 * plain http this works where IdP and SP are one site: on loopback they are, whatever the ports (the port is no part of a
 * site). Behind https the cookies are SameSite=None; Secure and come along from everywhere.
 */
const cookies = { session: 'sp_session', secondFactor: 'sp_otp', browser: 'sp_browser' } as const
type CookieName = keyof typeof cookies

const read = (req: Request, name: CookieName): string | undefined => {
  for (const pair of (req.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === cookies[name]) return pair.slice(at + 1).trim() || undefined
  }
  return undefined
}

const write = (sp: Sp, res: Response, name: CookieName, value: string | undefined, lifetime: number): void => {
  const secure = sp.url.startsWith('https:')
  res.append(
    'set-cookie',
    `${cookies[name]}=${value ?? ''}; Path=/; HttpOnly; Max-Age=${value === undefined ? 0 : Math.floor(lifetime / 1000)}` +
      (secure ? '; Secure; SameSite=None' : '; SameSite=Lax'),
  )
}

/** Who is logged in in this browser. */
export const signedIn = (sp: Sp, req: Request): { user: User; session: Session } | undefined => {
  const id = read(req, 'session')
  const session = id === undefined ? undefined : sp.store.logins.session(id)
  const user = session && sp.store.users.find(session.userId)
  return session && user && { user, session }
}

/** A new session id at every login, so that one planted before it is worth nothing. */
export const signIn = (
  sp: Sp,
  req: Request,
  res: Response,
  user: User,
  via: Session['via'],
  ofIdp: SessionOfIdp = {},
): void => {
  const old = read(req, 'session')
  if (old !== undefined) sp.store.logins.endSession(old)
  const kept = sp.rules().keepsSession() ? old : undefined
  const id = sp.store.logins.startSession(user.id, via, ofIdp, kept)
  write(sp, res, 'session', id, lifetimes.session)
}

export const signOut = (sp: Sp, req: Request, res: Response): void => {
  const id = read(req, 'session')
  if (id !== undefined) sp.store.logins.endSession(id)
  write(sp, res, 'session', undefined, 0)
}

export const awaitSecondFactor = (sp: Sp, res: Response, user: User): void => {
  write(sp, res, 'secondFactor', sp.store.logins.startSecondFactor(user.id), lifetimes.secondFactor)
}

/** Counts as an attempt. */
export const trySecondFactor = (sp: Sp, req: Request): { user: User; done: (res: Response) => void } | undefined => {
  const id = read(req, 'secondFactor')
  const userId = id === undefined ? undefined : sp.store.logins.trySecondFactor(id)
  const user = userId === undefined ? undefined : sp.store.users.find(userId)
  if (id === undefined || user === undefined) return undefined
  return {
    user,
    done: (res) => {
      sp.store.logins.endSecondFactor(id)
      write(sp, res, 'secondFactor', undefined, 0)
    },
  }
}

/** The browser that requests are bound to; undefined when it never started a login here. */
export const browserOf = (req: Request): string | undefined => read(req, 'browser')

/** The same, with a new one where there is none. Several tabs share it. */
export const ensureBrowser = (sp: Sp, req: Request, res: Response): string => {
  const known = read(req, 'browser')
  const browser = known !== undefined && /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url')
  write(sp, res, 'browser', browser, lifetimes.authnRequest)
  return browser
}

/** Forms of our pages are posted from our pages only: browsers say in Origin where a POST comes from. */
export const sameOriginOnly = (req: Request, res: Response, next: NextFunction): void => {
  const { origin, host } = req.headers
  const foreign = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host)
  if (req.method !== 'GET' && foreign) {
    res.status(403).type('text').send('This form was posted from another site.')
    return
  }
  next()
}

/** A path of ours; anything else leads home, so that RelayState leads nowhere else. */
export const localPath = (value: unknown): string => {
  if (typeof value !== 'string' || !value.startsWith('/')) return '/'
  const base = 'http://sp.invalid'
  return URL.canParse(value, base) && new URL(value, base).origin === base && !value.startsWith('//') ? value : '/'
}
