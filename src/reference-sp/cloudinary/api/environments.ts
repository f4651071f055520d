import { type Request, type Response, Router } from 'express'
import { fail } from '../../http/api-error.ts'
import { type Body, bodyFlag, bodyOf, bodyText, queryFlag, queryList, queryText } from '../../http/query.ts'
import type { Sp } from '../../sp.ts'
import type { Environment, NewEnvironment } from '../../store/environments.ts'

export const environmentRoutes = (sp: Sp): Router => {
  const router = Router()
  router.get('/', list(sp))
  router.post('/', (req, res) => {
    const body = bodyOf(req)
    const name = bodyText(body, 'name') ?? fail(400, 'name is required')
    const cloudName = readCloudName(sp, body) ?? freeCloudName(sp, name)
    res.json(environmentJson(sp.store.environments.create({ ...readOptional(body), name, cloudName })))
  })
  router.get('/:id', (req, res) => {
    res.json(environmentJson(existing(sp, req)))
  })
  router.put('/:id', (req, res) => {
    const { id } = existing(sp, req)
    const body = bodyOf(req)
    const name = bodyText(body, 'name')
    const cloudName = readCloudName(sp, body, id)
    const change = {
      ...readOptional(body),
      ...(name === undefined ? {} : { name }),
      ...(cloudName === undefined ? {} : { cloudName }),
    }
    res.json(environmentJson(sp.store.environments.update(id, change) ?? fail(404, 'not found')))
  })
  router.delete('/:id', (req, res) => {
    sp.store.environments.delete(existing(sp, req).id)
    res.json({ message: 'ok' })
  })
  return router
}

const existing = (sp: Sp, req: Request): Environment =>
  sp.store.environments.find(String(req.params['id'])) ?? fail(404, 'not found')

const list = (sp: Sp) => (req: Request, res: Response) => {
  const enabled = queryFlag(req, 'enabled')
  const ids = queryList(req, 'ids', 100)
  const cloudNames = queryList(req, 'cloud_names', 100)
  const prefix = queryText(req, 'prefix')
  res.json({
    sub_accounts: sp.store.environments
      .list()
      .filter(
        (one) =>
          (enabled === undefined || one.enabled === enabled) &&
          (ids?.includes(one.id) ?? true) &&
          (cloudNames?.includes(one.cloudName) ?? true) &&
          (prefix === undefined || one.name.startsWith(prefix)),
      )
      .map(environmentJson),
  })
}

const environmentJson = (environment: Environment): Record<string, unknown> => ({
  id: environment.id,
  name: environment.name,
  cloud_name: environment.cloudName,
  description: environment.description,
  enabled: environment.enabled,
  custom_attributes: environment.customAttributes,
  created_at: new Date(environment.createdAt).toISOString(),
})

const readCloudName = (sp: Sp, body: Body, except?: string): string | undefined => {
  const cloudName = bodyText(body, 'cloud_name')
  if (cloudName === undefined) return undefined
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(cloudName)) fail(400, 'cloud_name takes letters, digits, - and _ only')
  const other = sp.store.environments.list().find((one) => one.cloudName === cloudName)
  return other === undefined || other.id === except
    ? cloudName
    : fail(409, `A sub-account with the cloud name ${cloudName} already exists`)
}

/** A cloud name made from the name, as the real API makes one where none was given. */
const freeCloudName = (sp: Sp, name: string): string => {
  const base =
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'environment'
  const taken = new Set(sp.store.environments.list().map((one) => one.cloudName))
  let candidate = base
  for (let i = 2; taken.has(candidate); i += 1) candidate = `${base}-${i}`
  return candidate
}

const readOptional = (body: Body): Partial<NewEnvironment> => {
  const description = bodyText(body, 'description')
  const enabled = bodyFlag(body, 'enabled')
  const custom = body['custom_attributes']
  if (custom !== undefined && (typeof custom !== 'object' || custom === null || Array.isArray(custom)))
    fail(400, 'custom_attributes must be an object')
  return {
    ...(description === undefined ? {} : { description }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(custom === undefined ? {} : { customAttributes: custom as Record<string, unknown> }),
  }
}
