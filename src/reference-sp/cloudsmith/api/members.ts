import { type Request, Router } from 'express'
import type { Sp } from '../../sp.ts'
import { fullName, type User } from '../../store/users.ts'
import { memberBySlug, memberSlug } from '../names.ts'
import { sendPage } from './body.ts'
import { fail } from './detail-error.ts'

/** `/orgs/{org}/members/`: there is no call that makes one; they sign up, or are invited or provisioned. */
export const memberRoutes = (sp: Sp): Router => {
  const router = Router()
  router.get('/', (req, res) =>
    sendPage(
      req,
      res,
      listed(sp, req).map((user) => memberJson(sp, user)),
    ),
  )
  router.get('/:member/', (req, res) => {
    res.json(memberJson(sp, existing(sp, req)))
  })
  router.delete('/:member/', (req, res) => {
    sp.store.users.delete(existing(sp, req).id)
    res.status(204).end()
  })
  return router
}

const existing = (sp: Sp, req: Request): User =>
  memberBySlug(sp, String(req.params['member'])) ?? fail(404, 'Not found.')

/** `?query=email:ada@example.test`, `?is_active=true`; a query without a field looks at everything. */
const listed = (sp: Sp, req: Request): User[] => {
  const { query = '', is_active: active } = req.query
  const [, field, wanted = ''] = /^(?:(email|user|name):)?(.*)$/.exec(String(query).toLowerCase()) ?? []
  const fits = (user: User): boolean =>
    (field === undefined || field === 'email' ? user.email.toLowerCase().includes(wanted) : false) ||
    (field === undefined || field === 'name' ? fullName(user).toLowerCase().includes(wanted) : false) ||
    (field === undefined || field === 'user' ? memberSlug(user).includes(wanted) : false)
  return sp.store.users
    .list()
    .filter((user) => active === undefined || String(user.enabled) === active)
    .filter((user) => wanted === '' || fits(user))
}

const instant = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString())

const memberJson = (sp: Sp, user: User): Record<string, unknown> => ({
  email: user.email,
  user: memberSlug(user),
  user_id: user.id,
  user_name: fullName(sp.rules().scimShowsName(user)),
  role: user.role,
  is_active: user.enabled,
  joined_at: instant(user.createdAt),
  last_login_at: instant(user.lastLoginAt),
  last_login_method: user.lastSamlLoginAt === undefined ? 'Unknown' : 'SAML',
  has_two_factor: user.twoFactor,
  visibility: 'Public',
})
