import { type Request, type Response, Router } from 'express'
import { fail } from '../../http/api-error.ts'
import { bodyOf, bodyText, queryFlag } from '../../http/query.ts'
import type { Sp } from '../../sp.ts'
import type { Group } from '../../store/groups.ts'
import { fullName } from '../../store/users.ts'

export const groupRoutes = (sp: Sp): Router => {
  const router = Router()
  router.get('/', (req, res) => {
    const extended = queryFlag(req, 'extended_details') ?? false
    const shown = sp.store.groups.list().filter((group) => sp.rules().groupShownInAccount(group))
    res.json({ user_groups: shown.map((group) => groupJson(sp, group, extended)) })
  })
  router.post('/', (req, res) => {
    res.json(groupJson(sp, sp.store.groups.create(readName(sp, req)), true))
  })
  router.get('/:id', (req, res) => {
    res.json(groupJson(sp, existing(sp, req), true))
  })
  router.put('/:id', (req, res) => {
    const { id } = existing(sp, req)
    sp.store.groups.rename(id, readName(sp, req, id))
    res.json(groupJson(sp, existing(sp, req), true))
  })
  router.delete('/:id', (req, res) => {
    sp.store.groups.delete(existing(sp, req).id)
    res.json({ ok: true })
  })
  router.get('/:id/users', (req, res) => {
    res.json({ users: membersJson(sp, existing(sp, req)) })
  })
  router.post('/:id/users/:userId', changeMember(sp, 'addMember'))
  router.delete('/:id/users/:userId', changeMember(sp, 'removeMember'))
  return router
}

const existing = (sp: Sp, req: Request): Group =>
  sp.store.groups.find(String(req.params['id'])) ?? fail(404, 'not found')

const readName = (sp: Sp, req: Request, except?: string): string => {
  const name = bodyText(bodyOf(req), 'name') ?? fail(400, 'name is required')
  const other = sp.store.groups.findByName(name)
  return other === undefined || other.id === except
    ? name
    : fail(409, `A user group with the name ${name} already exists`)
}

const membersJson = (sp: Sp, group: Group): { id: string; name: string; email: string }[] =>
  sp.store.groups.members(group.id).flatMap((id) => {
    const user = sp.store.users.find(id)
    return user === undefined ? [] : [{ id, name: fullName(user), email: user.email }]
  })

const groupJson = (sp: Sp, group: Group, extended: boolean): Record<string, unknown> => ({
  id: group.id,
  name: group.name,
  created_at: new Date(group.createdAt).toISOString(),
  ...(extended ? { users: membersJson(sp, group) } : {}),
})

const changeMember = (sp: Sp, change: 'addMember' | 'removeMember') => (req: Request, res: Response) => {
  const group = existing(sp, req)
  const user = sp.store.users.find(String(req.params['userId'])) ?? fail(404, 'not found')
  sp.store.groups[change](group.id, user.id)
  res.json({ users: membersJson(sp, group) })
}
