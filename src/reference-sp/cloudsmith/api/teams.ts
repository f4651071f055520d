import { type Request, Router } from 'express'
import type { Sp } from '../../sp.ts'
import type { Group } from '../../store/groups.ts'
import { memberSlug, slugOf, teamBySlug } from '../names.ts'
import { bodyOf, sendPage, textOf } from './body.ts'
import { fail, invalid } from './detail-error.ts'

/** `/orgs/{org}/teams/`, with the members of each. */
export const teamRoutes = (sp: Sp): Router => {
  const router = Router()
  router.get('/', (req, res) => sendPage(req, res, sp.store.groups.list().map(teamJson)))
  router.post('/', (req, res) => {
    const body = bodyOf(req)
    const name = textOf(body, 'name', 200) ?? invalid('name', 'This field is required.')
    if (teamBySlug(sp, slugOf(name)) !== undefined) invalid('name', 'There is a team of this name already.')
    res.status(201).json(teamJson(sp.store.groups.create(name)))
  })
  router.get('/:team/', (req, res) => {
    res.json(teamJson(existing(sp, req)))
  })
  router.delete('/:team/', (req, res) => {
    sp.store.groups.delete(existing(sp, req).id)
    res.status(204).end()
  })
  router.get('/:team/members', (req, res) => {
    const team = existing(sp, req)
    res.json({ members: sp.store.groups.memberships(team.id).map((one) => membershipJson(sp, one)) })
  })
  return router
}

const existing = (sp: Sp, req: Request): Group => teamBySlug(sp, String(req.params['team'])) ?? fail(404, 'Not found.')

const teamJson = ({ id, name }: Group): Record<string, unknown> => ({
  name,
  slug: slugOf(name),
  slug_perm: id.slice(0, 12),
  description: '',
  visibility: 'Visible',
})

const membershipJson = (sp: Sp, { userId, role }: { userId: string; role: string }): Record<string, unknown> => {
  const user = sp.store.users.find(userId)
  return { user: user && memberSlug(user), role, user_kind: 'User' }
}
