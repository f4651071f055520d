import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { ApiError, fail, sendApiError } from '../http/api-error.ts'
import { basicOf, sameSecret } from '../http/credentials.ts'
import { bodyOf, bodyText, queryText } from '../http/query.ts'
import type { Service } from '../service.ts'
import type { Sp } from '../sp.ts'
import { fullName, type User } from '../store/users.ts'
import { isRole, roles } from './roles.ts'

/**
 * The users of an organisation, for testing: `/directory/{imagekit_id}/users`, HTTP Basic, JSON. ImageKit has no public API
 * for users; this is the least that an SP like it has to offer, so that what a login has stored can be seen.
 */
export const directoryRoutes = (service: Service): Router => {
  const router = Router()
  for (const sp of service.organisations) {
    const api = Router()
    api.use(authenticate(sp), express.json({ limit: '64kb' }))
    api.get('/', list(sp))
    api.post('/', create(sp))
    api.get('/:id', (req, res) => {
      res.json(userJson(existing(sp, req)))
    })
    api.delete('/:id', (req, res) => {
      const { id } = existing(sp, req)
      if (sp.rules().removesDeletedAccount()) sp.store.users.delete(id)
      res.status(204).end()
    })
    api.use((_req, _res, next) => next(new ApiError(404, 'not found')))
    api.use(sendApiError)
    router.use(`/directory/${sp.accountId}/users`, api)
  }
  return router
}

const authenticate = (sp: Sp) => (req: Request, _res: Response, next: NextFunction) => {
  const sent = basicOf(req)
  if (sent === undefined || !sameSecret(`${sent.username}:${sent.password}`, `${sp.api.key}:${sp.api.secret}`))
    fail(401, 'Invalid credentials')
  next()
}

const userJson = (user: User): Record<string, unknown> => ({
  id: user.id,
  email: user.email,
  full_name: fullName(user),
  role: user.role,
  active: user.enabled,
})

const existing = (sp: Sp, req: Request): User => sp.store.users.find(String(req.params['id'])) ?? fail(404, 'not found')

/** `?email=` the user with this address, `?prefix=` all whose address begins so. Every user who is listed takes a seat. */
const list = (sp: Sp) => (req: Request, res: Response) => {
  const email = queryText(req, 'email')
  const prefix = queryText(req, 'prefix')?.toLowerCase() ?? ''
  const all = email === undefined ? sp.store.users.list() : sp.store.users.findAllByEmail(email)
  res.json({
    seats: sp.store.users.count(),
    users: all.filter((user) => user.email.toLowerCase().startsWith(prefix)).map(userJson),
  })
}

/** An administrator registers somebody before the first login. */
const create = (sp: Sp) => (req: Request, res: Response) => {
  const body = bodyOf(req)
  const email = bodyText(body, 'email') ?? fail(400, 'email is required')
  const name = bodyText(body, 'full_name') ?? fail(400, 'full_name is required')
  const role = bodyText(body, 'role') ?? 'media_library_view_only_access'
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) fail(400, 'email is not an e-mail address')
  if (!isRole(role)) fail(400, `role must be one of ${roles.join(', ')}`)
  if (sp.store.users.findByEmail(email) !== undefined) fail(409, 'There is a user with this e-mail address already')
  const user = sp.store.users.create({ email, firstName: name, lastName: '', role, source: 'api' })
  res.status(201).json(userJson(user))
}
