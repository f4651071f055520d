import express, { type NextFunction, type Request, type Response, Router } from 'express'
import { inviteIfDue } from '../invitations.ts'
import type { Sp } from '../sp.ts'
import { isJson, type Json } from './attribute-names.ts'
import { list, resourceTypes, schemas, serviceProviderConfig } from './describe.ts'
import { createGroup, deleteGroup, findGroup, patchGroup, writeGroup } from './groups.ts'
import { listing, selected } from './listing.ts'
import { groupResource, locationOf, tagOf, userResource } from './resource.ts'
import { refuse, sendScimError } from './scim-error.ts'
import { createUser, findUser, patchUser, writeUser } from './users.ts'

const media = 'application/scim+json'

/** The SCIM 2.0 server (RFC 7644) at `/scim/v2`, opened by a token of the OAuth 2 server. */
export const scimRoutes = (sp: Sp): Router => {
  const api = Router()
  api.use(mustBeOn(sp), authenticate(sp), scimApi(sp))
  api.use(sendScimError)
  return Router().use('/scim/v2', api)
}

/** What is below the base URL, for whoever has come so far. */
export const scimApi = (sp: Sp): Router => {
  const api = Router()
  api.use(refuseOtherMedia)
  api.use(express.json({ limit: '1mb', type: () => true }))
  api.get('/ServiceProviderConfig', (_req, res) => send(res, 200, serviceProviderConfig(sp)))
  api.use('/ResourceTypes', described(resourceTypes(sp)))
  api.use('/Schemas', described(schemas(sp)))
  api.use('/Users', users(sp))
  const groupsApi = groups(sp)
  api.use('/Groups', (req, res, next) => (sp.rules().scimHasGroups() ? groupsApi(req, res, next) : next()))
  api.use(() => refuse(404, 'There is nothing here.'))
  api.use(sendScimError)
  return api
}

const send = (res: Response, status: number, body: Json): void => {
  res.status(status).type(media).send(JSON.stringify(body))
}

/** What the server says of itself: all, or one by its id (RFC 7644 4). */
const described = (resources: readonly Json[]): Router => {
  const router = Router()
  router.get('/', (req, res) =>
    req.query['filter'] === undefined ? send(res, 200, list(resources)) : refuse(403, 'There are no filters here.'),
  )
  router.get('/:id', (req, res) => {
    const found = resources.find(({ id }) => id === idOf(req))
    send(res, 200, found ?? refuse(404, `There is no ${idOf(req).slice(0, 100)} here.`))
  })
  router.all(['/', '/:id'], refuseMethod('GET'))
  return router
}

const refuseMethod = (allowed: string) => (req: Request, res: Response) => {
  res.set('allow', allowed)
  refuse(405, `${req.method} is none of ${allowed}.`)
}

const mustBeOn = (sp: Sp) => (_req: Request, _res: Response, next: NextFunction) => {
  if (!sp.rules().scimIsOn(sp.store.settings.read())) refuse(403, 'SCIM is not a part of this account.')
  next()
}

/** A bearer token (RFC 6750) whose scope is SCIM. */
const authenticate = (sp: Sp) => async (req: Request, res: Response, next: NextFunction) => {
  const [scheme = '', token = ''] = (req.headers.authorization ?? '').split(' ')
  const rules = sp.rules()
  const found = scheme.toLowerCase() === 'bearer' && token !== '' ? await sp.tokens.verify(token) : undefined
  if (found === undefined) {
    if (!rules.scimNeedsToken() && token === '') return next()
    res.set('www-authenticate', `Bearer realm="scim"${token === '' ? '' : ', error="invalid_token"'}`)
    return refuse(401, token === '' ? 'A bearer token is needed.' : 'The token is not good, or not any more.')
  }
  if (!rules.scimScopeIsEnough(found.scopes)) {
    res.set('www-authenticate', 'Bearer realm="scim", error="insufficient_scope", scope="provision:scim"')
    return refuse(403, 'The token is not for SCIM: it lacks the scope provision:scim.')
  }
  return next()
}

/** RFC 7644 3.1: application/scim+json, and application/json for those who send that. */
const refuseOtherMedia = (req: Request, _res: Response, next: NextFunction): void => {
  const type = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  const hasBody = req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined
  const empty = req.headers['content-length'] === '0'
  if (hasBody && !empty && req.method !== 'DELETE' && type !== media && type !== 'application/json')
    refuse(415, `The body must be ${media}.`)
  next()
}

const maxDepth = 32

const bodyOf = (req: Request): Json => {
  const body: unknown = req.body
  if (!isJson(body)) return refuse(400, 'The body must be a JSON object.', 'invalidSyntax')
  if (isDeeper(body, maxDepth))
    return refuse(400, `The body is nested deeper than ${maxDepth} levels.`, 'invalidSyntax')
  return body
}

const isDeeper = (value: unknown, left: number): boolean => {
  if (typeof value !== 'object' || value === null) return false
  return left === 0 || Object.values(value).some((one) => isDeeper(one, left - 1))
}

/** If-Match: the version that the change was made for (RFC 7644 3.14). */
const refuseStale = (req: Request, resource: Json): void => {
  const wanted = req.headers['if-match']
  if (wanted === undefined || wanted.trim() === '*') return
  if (!wanted.split(',').some((tag) => tag.trim() === tagOf(resource)))
    refuse(412, 'The resource has changed since: its version is another one.')
}

const sendResource = (req: Request, res: Response, status: number, resource: Json): void => {
  const tag = tagOf(resource)
  res.set('etag', tag)
  if (req.method === 'GET' && req.headers['if-none-match'] === tag) res.status(304).end()
  else send(res, status, selected(resource, req))
}

const refuseOtherMethods = (router: Router): void => {
  router.all('/', refuseMethod('GET, POST'))
  router.all('/:id', refuseMethod('GET, PUT, PATCH, DELETE'))
}

const idOf = (req: Request): string => String(req.params['id'])

const users = (sp: Sp): Router => {
  const router = Router()
  const shown = (id: string) => {
    const user = findUser(sp, id)
    return sp.rules().scimListsUser(user) ? user : refuse(404, `There is no user ${id}.`)
  }
  router.get('/', (req, res) => {
    const list = listing(sp, 'Users', req)
    send(res, 200, sp.rules().scimWrapsLists() ? list : { users: list['Resources'] })
  })
  router.post('/', async (req, res) => {
    const body = bodyOf(req)
    const user = sp.store.transaction(() => createUser(sp, body))
    await inviteIfDue(sp, user, 'scim')
    res.location(locationOf(sp, 'Users', user.id))
    sendResource(req, res, 201, userResource(sp, user))
    if (!sp.rules().scimKeepsCreated()) sp.store.users.delete(user.id)
  })
  router.get('/:id', (req, res) => sendResource(req, res, 200, userResource(sp, shown(idOf(req)))))
  const change = (write: typeof writeUser) => (req: Request, res: Response) => {
    const body = bodyOf(req)
    const before = shown(idOf(req))
    // In one turn of the event loop: two changes at once come one after the other.
    const resource = sp.store.transaction(() => {
      refuseStale(req, userResource(sp, before))
      const user = write(sp, before, body)
      return userResource(sp, user ?? { ...before, enabled: false })
    })
    sendResource(req, res, 200, resource)
  }
  router.put('/:id', change(writeUser))
  router.patch('/:id', change(patchUser))
  router.delete('/:id', (req, res) => {
    const user = shown(idOf(req))
    refuseStale(req, userResource(sp, user))
    sp.store.users.delete(user.id)
    res.status(204).end()
  })
  refuseOtherMethods(router)
  return router
}

const groups = (sp: Sp): Router => {
  const router = Router()
  router.get('/', (req, res) => send(res, 200, listing(sp, 'Groups', req)))
  router.post('/', (req, res) => {
    const body = bodyOf(req)
    const group = sp.store.transaction(() => createGroup(sp, body))
    res.location(locationOf(sp, 'Groups', group.id))
    sendResource(req, res, 201, groupResource(sp, group))
  })
  router.get('/:id', (req, res) => sendResource(req, res, 200, groupResource(sp, findGroup(sp, idOf(req)))))
  const change = (write: typeof writeGroup) => (req: Request, res: Response) => {
    const body = bodyOf(req)
    const before = findGroup(sp, idOf(req))
    const resource = sp.store.transaction(() => {
      refuseStale(req, groupResource(sp, before))
      return groupResource(sp, write(sp, before, body))
    })
    sendResource(req, res, 200, resource)
  }
  router.put('/:id', change(writeGroup))
  router.patch('/:id', change(patchGroup))
  router.delete('/:id', (req, res) => {
    const group = findGroup(sp, idOf(req))
    refuseStale(req, groupResource(sp, group))
    sp.store.transaction(() => deleteGroup(sp, group))
    res.status(204).end()
  })
  refuseOtherMethods(router)
  return router
}
