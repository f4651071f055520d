/**
 * A SCIM server that idpact did not write: scimmy-routers over two maps. `node examples/scimmy/server.ts` starts it; see
 * README.md beside it for how to certify it.
 */
import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { pathToFileURL } from 'node:url'
import express from 'express'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'

interface Stored {
  id: string
  [name: string]: unknown
}

/** Users or groups in memory, as scimmy wants to be given them. */
const keep = (all: Map<string, Stored>, unique: string) => ({
  egress: (resource: { id?: string | undefined; filter?: { match(values: Stored[]): Stored[] } | undefined }) => {
    // scimmy parses filters and leaves it to its user to apply them.
    const everything = [...all.values()]
    if (resource.id === undefined) return resource.filter?.match(everything) ?? everything
    const found = all.get(resource.id)
    if (found === undefined) throw new SCIMMY.Types.Error(404, '', `Resource ${resource.id} not found`)
    return found
  },
  ingress: (resource: { id?: string | undefined }, data: Record<string, unknown>) => {
    const value = String(data[unique]).toLowerCase()
    const other = [...all.values()].find((one) => String(one[unique]).toLowerCase() === value)
    if (other !== undefined && other.id !== resource.id)
      throw new SCIMMY.Types.Error(409, 'uniqueness', `${unique} ${JSON.stringify(data[unique])} is taken`)
    const stored = { ...data, id: resource.id ?? randomUUID() }
    all.set(stored.id, stored)
    return stored
  },
  degress: (resource: { id?: string | undefined }) => {
    if (resource.id === undefined || !all.delete(resource.id))
      throw new SCIMMY.Types.Error(404, '', `Resource ${resource.id} not found`)
  },
})

/** @param options.token what the `Authorization: Bearer` of every request must have */
export const startScimmy = async ({ port = 0, token = 'secret' }: { port?: number; token?: string } = {}) => {
  const users = new Map<string, Stored>()
  const groups = new Map<string, Stored>()
  // scimmy's types want its own classes back; it takes plain objects.
  const handlers = (all: Map<string, Stored>, unique: string) => keep(all, unique) as never
  SCIMMY.Resources.declare(SCIMMY.Resources.User, handlers(users, 'userName'))
  SCIMMY.Resources.declare(SCIMMY.Resources.Group, handlers(groups, 'displayName'))

  const app = express()
  app.use(
    '/scim/v2',
    new SCIMMYRouters({
      type: 'bearer',
      handler: (request) => {
        if (request.header('authorization') !== `Bearer ${token}`) throw new Error('The token is not the right one')
        return 'okta'
      },
    }),
  )
  const server = app.listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/v2`,
    users,
    groups,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { baseUrl } = await startScimmy({ port: 7300 })
  console.log(`SCIM at ${baseUrl}; Authorization: Bearer secret`)
}
