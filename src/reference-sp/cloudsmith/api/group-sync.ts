import { type Request, Router } from 'express'
import type { Sp } from '../../sp.ts'
import type { GroupMapping } from '../../store/group-mappings.ts'
import { syncByMemory } from '../group-sync.ts'
import { slugOf, teamBySlug } from '../names.ts'
import { bodyOf, sendPage, textOf } from './body.ts'
import { fail, invalid } from './detail-error.ts'

/** `/orgs/{org}/saml-group-sync/`: mappings are made and deleted, never changed; the whole is switched on and off. */
export const groupSyncRoutes = (sp: Sp): Router => {
  const router = Router()
  router.get('/', (req, res) =>
    sendPage(
      req,
      res,
      sp.store.groupMappings.list().map((one) => mappingJson(sp, one)),
    ),
  )
  router.post('/', (req, res) => {
    const made = create(sp, req)
    if (sp.rules().csmSyncsWithoutLogin()) syncByMemory(sp, made)
    res.status(201).json(mappingJson(sp, made))
  })
  router.get('/status/', (_req, res) => {
    res.json({ saml_group_sync_status: sp.store.settings.read().groupSync })
  })
  router.post('/enable/', (_req, res) => {
    const settings = sp.store.settings.read()
    if (!settings.saml.enabled && sp.rules().csmSyncNeedsSaml())
      fail(422, 'SAML must be set up before Group Sync can be enabled.')
    sp.store.settings.write({ ...settings, groupSync: true })
    res.status(204).end()
  })
  router.post('/disable/', (_req, res) => {
    sp.store.settings.write({ ...sp.store.settings.read(), groupSync: false })
    res.status(204).end()
  })
  router.delete('/:id/', (req, res) => {
    if (!sp.store.groupMappings.delete(String(req.params['id']))) fail(404, 'Not found.')
    res.status(204).end()
  })
  return router
}

const create = (sp: Sp, req: Request): GroupMapping => {
  const body = bodyOf(req)
  const required = (name: string, most: number): string =>
    textOf(body, name, most) ?? invalid(name, 'This field is required.')
  const [key, value, slug] = [required('idp_key', 100), required('idp_value', 100), required('team', 200)]
  const role = textOf(body, 'role', 20) ?? 'Member'
  if (role !== 'Member' && role !== 'Manager') return invalid('role', 'This must be Member or Manager.')
  const team =
    teamBySlug(sp, slug) ??
    (sp.rules().csmMakesTeams() ? sp.store.groups.create(slug) : invalid('team', 'There is no such team.'))
  return sp.store.groupMappings.create({ key, value, groupId: team.id, role })
}

const mappingJson = (sp: Sp, { id, key, value, groupId, role }: GroupMapping): Record<string, unknown> => ({
  slug_perm: id,
  idp_key: key,
  idp_value: value,
  role,
  team: slugOf(sp.store.groups.find(groupId)?.name ?? ''),
  organization: sp.organisation,
})
