import { type Request, type Response, Router } from 'express'
import { hasAllEnvironments } from '../../environments.ts'
import { fail } from '../../http/api-error.ts'
import {
  type Body,
  bodyFlag,
  bodyOf,
  bodyText,
  bodyTexts,
  queryFlag,
  queryList,
  queryNumber,
  queryText,
  queryTime,
} from '../../http/query.ts'
import { inviteIfDue } from '../../invitations.ts'
import { hashPassword } from '../../passwords.ts'
import type { Sp } from '../../sp.ts'
import { emailKey, splitName, type User, type UserChange } from '../../store/users.ts'
import { isRole, roles } from '../roles.ts'
import { userJson } from './user-json.ts'

export const userRoutes = (sp: Sp): Router => {
  const router = Router()
  router.get('/', list(sp))
  router.post('/', create(sp))
  router.get('/:id', (req, res) => res.json(userJson(sp, existing(sp, req))))
  router.put('/:id', update(sp))
  router.delete('/:id', remove(sp))
  router.get('/:id/groups', (req, res) => {
    res.json({ groups: sp.store.groups.ofUser(existing(sp, req).id).map(({ id, name }) => ({ id, name })) })
  })
  router.get('/:id/sub_accounts', environmentsOf(sp))
  return router
}

const existing = (sp: Sp, req: Request): User => sp.store.users.find(String(req.params['id'])) ?? fail(404, 'not found')

const sortings: Record<string, (user: User) => string | number> = {
  email: (user) => emailKey(user.email),
  name: (user) => `${user.firstName} ${user.lastName}`,
  role: (user) => user.role,
  created_at: (user) => user.createdAt,
  last_login: (user) => user.lastLoginAt ?? 0,
}

const list = (sp: Sp) => (req: Request, res: Response) => {
  const ids = queryList(req, 'ids', 100)
  const emails = queryList(req, 'emails', 100)?.map(emailKey)
  const pending = queryFlag(req, 'pending')
  const prefix = queryText(req, 'prefix')?.toLowerCase()
  const environment = queryText(req, 'sub_account_id')
  const inPeriod = lastLoginFilter(req)
  const size = queryNumber(req, 'page_size', 1, 1000)
  const from = (queryNumber(req, 'page', 1, 1_000_000) ?? 1) - 1
  const sortBy = queryText(req, 'sort_by')
  const order = queryText(req, 'sort_order') ?? 'asc'
  if (order !== 'asc' && order !== 'desc') fail(400, 'sort_order must be asc or desc')
  if (sortBy !== undefined && !Object.hasOwn(sortings, sortBy))
    fail(400, `sort_by must be one of ${Object.keys(sortings).join(', ')}`)

  const asked = ids !== undefined || emails !== undefined
  const found = sp.store.users
    .list()
    .filter(
      (user) =>
        sp.rules().listsAccount(user, asked) &&
        (ids?.includes(user.id) ?? true) &&
        (emails?.includes(emailKey(user.email)) ?? true) &&
        (prefix === undefined ||
          emailKey(user.email).startsWith(prefix) ||
          `${user.firstName} ${user.lastName}`.toLowerCase().startsWith(prefix)) &&
        (environment === undefined ||
          hasAllEnvironments(sp, user) ||
          sp.store.environments.ofUser(user.id).includes(environment)) &&
        inPeriod(user),
    )
  const key = sortings[sortBy ?? '']
  if (key !== undefined) found.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
  if (order === 'desc') found.reverse()
  const shown = found
    .map((user) => userJson(sp, user))
    .filter((user) => pending === undefined || user['pending'] === pending)
  res.json({ users: size === undefined ? shown : shown.slice(from * size, (from + 1) * size) })
}

/** `last_login=true&from&to[&union_type=exclude]`: who has logged in in a period, or who has not. */
const lastLoginFilter = (req: Request): ((user: User) => boolean) => {
  const from = queryTime(req, 'from') ?? Number.NEGATIVE_INFINITY
  const to = queryTime(req, 'to') ?? Number.POSITIVE_INFINITY
  const union = queryText(req, 'union_type') ?? 'include'
  if (union !== 'include' && union !== 'exclude') fail(400, 'union_type must be include or exclude')
  if (queryFlag(req, 'last_login') !== true) return () => true
  return ({ lastLoginAt }) => {
    const within = lastLoginAt !== undefined && lastLoginAt >= from && lastLoginAt <= to
    return within === (union === 'include')
  }
}

const create = (sp: Sp) => async (req: Request, res: Response) => {
  const body = bodyOf(req)
  const name = bodyText(body, 'name') ?? fail(400, 'name is required')
  const email = readEmail(sp, body) ?? fail(400, 'email is required')
  const environments = readEnvironments(sp, body)
  const user = sp.store.transaction(() => {
    const made = sp.store.users.create({
      ...splitName(name),
      email,
      role: readRole(body) ?? 'media_library_user',
      enabled: bodyFlag(body, 'enabled') ?? true,
      source: 'api',
      allEnvironments: environments === undefined,
    })
    if (environments !== undefined) sp.store.environments.setOfUser(made.id, environments)
    return made
  })
  await inviteIfDue(sp, user, 'api')
  res.json(userJson(sp, user))
}

const update = (sp: Sp) => async (req: Request, res: Response) => {
  const before = existing(sp, req)
  const body = bodyOf(req)
  const passwordHash = await readPassword(sp, before, body)
  const name = bodyText(body, 'name')
  const role = readRole(body)
  const enabled = bodyFlag(body, 'enabled')
  const email = readEmail(sp, body, before.id)
  const environments = readEnvironments(sp, body)
  const change: UserChange = {
    ...(name === undefined ? {} : splitName(name)),
    ...(email === undefined ? {} : { email }),
    ...(role === undefined ? {} : { role, roleSetLocally: true }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(environments === undefined ? {} : { allEnvironments: false }),
    ...(passwordHash === undefined ? {} : { passwordHash }),
  }
  const user = sp.store.transaction(() => {
    if (environments !== undefined) sp.store.environments.setOfUser(before.id, environments)
    if (enabled === false) sp.store.logins.endSessionsOf(before.id)
    return sp.store.users.update(before.id, change)
  })
  res.json(userJson(sp, user))
}

const remove = (sp: Sp) => (req: Request, res: Response) => {
  const user = existing(sp, req)
  if (sp.rules().removesDeletedAccount()) sp.store.users.delete(user.id)
  res.json({ message: 'ok' })
}

const environmentsOf = (sp: Sp) => (req: Request, res: Response) => {
  const user = existing(sp, req)
  const limited = sp.store.environments.ofUser(user.id)
  const all = hasAllEnvironments(sp, user)
  res.json({
    sub_accounts: sp.store.environments
      .list()
      .filter(({ id }) => all || limited.includes(id))
      .map(({ id, name, cloudName, enabled, description }) => ({
        id,
        name,
        cloud_name: cloudName,
        enabled,
        description,
      })),
  })
}

const readRole = (body: Body): string | undefined => {
  const role = bodyText(body, 'role')
  return role === undefined || isRole(role) ? role : fail(400, `role must be one of ${roles.join(', ')}`)
}

const readEmail = (sp: Sp, body: Body, except?: string): string | undefined => {
  const email = bodyText(body, 'email')
  if (email === undefined) return undefined
  if (!/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 254) fail(400, 'email is not an e-mail address')
  if (sp.store.users.findAllByEmail(email).some((user) => user.id !== except))
    fail(409, `A user with the email ${email} already exists`)
  return email
}

const readEnvironments = (sp: Sp, body: Body): string[] | undefined => {
  const ids = bodyTexts(body, 'sub_account_ids')
  const unknown = ids?.find((id) => sp.store.environments.find(id) === undefined)
  return unknown === undefined ? ids : fail(400, `There is no sub-account ${unknown}`)
}

/** Fields that would set a password, by whatever name. */
const passwordField = /^(new_?)?(password|passwd|pwd)(_?(confirmation|hash|digest))?$/i

/** Nobody sets a password over this API: its owner does, from an invitation, and for SAML users there is none. */
const readPassword = async (sp: Sp, user: User, body: Body): Promise<string | undefined> => {
  const name = Object.keys(body).find((field) => passwordField.test(field))
  if (name === undefined) return undefined
  const value = body[name]
  if (!sp.rules().takesPasswordOf(user) || typeof value !== 'string')
    return fail(
      400,
      user.externalId === undefined
        ? `${name} cannot be set here: a user sets the password from the invitation`
        : `${name} cannot be set: the user is provisioned by SAML`,
    )
  return hashPassword(value)
}
