import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { IdpactError } from '../../../core/errors.ts'
import { html } from '../../../core/html.ts'
import { changeSettings, type SettingsChange } from '../../change-settings.ts'
import { sameOriginOnly, signedIn } from '../../http/browser.ts'
import { page, sendMessage, sendPage } from '../../http/page.ts'
import { invite, inviteIfDue } from '../../invitations.ts'
import type { Sp } from '../../sp.ts'
import { splitName, type User } from '../../store/users.ts'
import { isAdministrator, isRole } from '../roles.ts'
import { settingsPage, userPage, usersPage } from './pages.ts'

/** What an administrator sees: users with their source, one user, settings. Others see who they are. */
export const consoleRoutes = (sp: Sp): Router => {
  const router = Router()
  const form = [express.urlencoded({ extended: false, limit: '2mb' }), sameOriginOnly]
  const administrator = administratorOnly(sp)
  router.get('/', home(sp))
  router.get('/console/settings', administrator, (_req, res) => showSettings(sp, res))
  router.post('/console/settings', form, administrator, saveSettings(sp))
  router.post('/console/users', form, administrator, createUser(sp))
  router.get('/console/users/:id', administrator, showUser(sp))
  router.post('/console/users/:id', form, administrator, saveUser(sp))
  router.post('/console/users/:id/invite', form, administrator, sendInvitation(sp))
  router.post('/console/users/:id/delete', form, administrator, deleteUser(sp))
  return router
}

const me = (res: Response): User => (res.locals as { user: User }).user

const administratorOnly = (sp: Sp) => (req: Request, res: Response, next: NextFunction) => {
  const found = signedIn(sp, req)
  if (found === undefined) {
    res.redirect(303, '/login')
    return
  }
  if (!isAdministrator(found.user.role)) {
    sendMessage(res, 403, 'Administrators only', 'Your role does not open this page.', found.user)
    return
  }
  res.locals['user'] = found.user
  next()
}

const field = (req: Request, name: string): string => {
  const value = (req.body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value.trim() : ''
}

const home = (sp: Sp) => (req: Request, res: Response) => {
  const found = signedIn(sp, req)
  if (found === undefined) {
    res.redirect(303, '/login')
    return
  }
  const { q } = req.query
  if (isAdministrator(found.user.role))
    sendPage(res, 200, usersPage(sp, found.user, { search: typeof q === 'string' ? q.trim() : undefined }))
  else
    sendPage(
      res,
      200,
      page(
        { title: 'Welcome', user: found.user, narrow: true },
        html`<div class="card"><h1>Welcome</h1><p>You are logged in as ${found.user.email}.</p></div>`,
      ),
    )
}

const showSettings = (sp: Sp, res: Response, status = 200, problem?: string): void =>
  sendPage(res, status, settingsPage(sp, me(res), problem))

const saveSettings = (sp: Sp) => async (req: Request, res: Response) => {
  const mode = field(req, 'metadata_mode')
  const xml = field(req, 'metadata_xml')
  const url = field(req, 'metadata_url')
  const change: SettingsChange = {
    saml: {
      enabled: field(req, 'saml') === 'on',
      metadata: mode === 'inline' && xml !== '' ? { mode, xml } : mode === 'url' && url !== '' ? { mode, url } : null,
    },
    provisioning: field(req, 'provisioning') === 'on',
    enforce: field(req, 'enforce') === 'on',
  }
  try {
    await changeSettings(sp, change)
    res.redirect(303, '/console/settings')
  } catch (error) {
    if (!(error instanceof IdpactError)) throw error
    showSettings(sp, res, 400, error.message)
  }
}

const createUser = (sp: Sp) => async (req: Request, res: Response) => {
  const [name, email, role] = [field(req, 'name'), field(req, 'email'), field(req, 'role')]
  const problem = checkUser(sp, { name, email, role })
  if (problem !== undefined) {
    sendPage(res, 400, usersPage(sp, me(res), { problem }))
    return
  }
  const user = sp.store.users.create({ ...splitName(name), email, role, source: 'console' })
  await inviteIfDue(sp, user, 'console')
  res.redirect(303, '/')
}

const existing = (sp: Sp, req: Request, res: Response): User | undefined => {
  const user = sp.store.users.find(String(req.params['id']))
  if (user === undefined) sendMessage(res, 404, 'No such user', 'The account has been deleted.', me(res))
  return user
}

const showUser = (sp: Sp) => (req: Request, res: Response) => {
  const user = existing(sp, req, res)
  if (user !== undefined) sendPage(res, 200, userPage(sp, me(res), user))
}

const saveUser = (sp: Sp) => (req: Request, res: Response) => {
  const user = existing(sp, req, res)
  if (user === undefined) return
  const [name, email, role] = [field(req, 'name'), field(req, 'email'), field(req, 'role')]
  const problem = checkUser(sp, { name, email, role }, user.id)
  if (problem !== undefined) {
    sendPage(res, 400, userPage(sp, me(res), user, problem))
    return
  }
  const enabled = field(req, 'enabled') === 'on'
  const roleSetLocally = role !== user.role || user.roleSetLocally
  sp.store.users.update(user.id, { ...splitName(name), email, role, enabled, roleSetLocally })
  if (!enabled) sp.store.logins.endSessionsOf(user.id)
  res.redirect(303, `/console/users/${user.id}`)
}

const sendInvitation = (sp: Sp) => async (req: Request, res: Response) => {
  const user = existing(sp, req, res)
  if (user === undefined) return
  // Password options are not for accounts from SAML; a master_admin has one whatever the source.
  if (user.source === 'saml' && user.role !== 'master_admin') {
    sendMessage(res, 400, 'No password here', 'This user logs in with SAML.', me(res))
    return
  }
  await invite(sp, user)
  sendMessage(res, 200, 'Invitation sent', `To ${user.email}.`, me(res))
}

const deleteUser = (sp: Sp) => (req: Request, res: Response) => {
  const user = existing(sp, req, res)
  if (user === undefined) return
  if (user.id === me(res).id) {
    sendMessage(res, 400, 'Not yourself', 'Ask another administrator to delete your account.', me(res))
    return
  }
  if (sp.rules().removesDeletedAccount()) sp.store.users.delete(user.id)
  res.redirect(303, '/')
}

const checkUser = (
  sp: Sp,
  { name, email, role }: { name: string; email: string; role: string },
  except?: string,
): string | undefined => {
  if (name === '') return 'A user needs a name.'
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return `"${email}" is not an e-mail address.`
  if (!isRole(role)) return `There is no role "${role}".`
  if (sp.store.users.findAllByEmail(email).some((user) => user.id !== except))
    return `There is a user with the e-mail address ${email} already.`
  return undefined
}
