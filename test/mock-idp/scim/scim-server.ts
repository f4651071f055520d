import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Seen {
  method: string
  /** With its query, as it was sent. */
  url: string
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** JSON where it is JSON. */
  body: unknown
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  /** An object is sent as JSON, text as it is. */
  body?: unknown
}

type Resource = Record<string, unknown> & { id: string }

/**
 * A SCIM server in memory that does what it is told to, over real HTTP. It is so simple that one sees what it does: no
 * rules, `eq` filters only, PATCH as Okta sends it.
 */
export const startScimServer = async (
  /** Answers in place of the server where it returns something. */
  instead: (request: Seen) => Answer | 'hang' | 'reset' | undefined | Promise<Answer | undefined> = () => undefined,
) => {
  const users = new Map<string, Resource>()
  const groups = new Map<string, Resource>()
  const seen: Seen[] = []

  const answerTo = ({ method, url, body }: Seen): Answer => {
    const { pathname, searchParams } = new URL(url, 'http://server')
    const [, type = '', rawId] = pathname.replace(/^\/scim\/v2/, '').split('/')
    const all = type === 'Users' ? users : groups
    if (rawId === undefined) return method === 'POST' ? create(all, body) : list(all, searchParams)
    const id = decodeURIComponent(rawId)
    const old = all.get(id)
    if (old === undefined) return error(404, `no ${id}`)
    if (method === 'GET') return { status: 200, body: old }
    if (method === 'DELETE') {
      all.delete(id)
      return { status: 204 }
    }
    const after = method === 'PUT' ? { ...(body as object), id } : patched(old, body)
    all.set(id, after)
    return { status: 200, body: after }
  }

  const create = (all: Map<string, Resource>, body: unknown): Answer => {
    const resource = { ...(body as object), id: randomUUID() } as Resource
    delete resource['password']
    all.set(resource.id, resource)
    return { status: 201, body: resource }
  }

  const list = (all: Map<string, Resource>, query: URLSearchParams): Answer => {
    const [, field = '', value] = /^(\S+) eq "(.*)"$/.exec(query.get('filter') ?? '') ?? []
    const found = [...all.values()].filter((one) => value === undefined || one[field] === JSON.parse(`"${value}"`))
    const [start, count] = [Number(query.get('startIndex') ?? 1), Number(query.get('count') ?? 100)]
    return {
      status: 200,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: found.length,
        startIndex: start,
        Resources: found.slice(start - 1, start - 1 + count),
      },
    }
  }

  const handle = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const request: Seen = { method: req.method ?? '', url: req.url ?? '', headers: req.headers, body: parsed(text) }
    seen.push(request)
    const special = await instead(request)
    if (special === 'hang') return
    if (special === 'reset') {
      req.socket.resetAndDestroy()
      return
    }
    const { status, headers = {}, body } = special ?? answerTo(request)
    res.writeHead(status, { 'content-type': 'application/scim+json', ...headers })
    res.end(
      body === undefined ? undefined : typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body,
    )
  }

  const server = createServer((req, res) => void handle(req, res))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    baseUrl: `${origin}/scim/v2`,
    users,
    groups,
    seen,
    /** `GET /Users?…` of everything since the last look, and forgets it. */
    taken: (): Seen[] => seen.splice(0),
    userNamed: (userName: string): Resource | undefined =>
      [...users.values()].find((one) => one['userName'] === userName),
    groupNamed: (name: string): Resource | undefined => [...groups.values()].find((one) => one['displayName'] === name),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type ScimServer = Awaited<ReturnType<typeof startScimServer>>

/** A request in one line: `PUT /Users/1`. */
export const line = ({ method, url }: Seen): string => `${method} ${url.replace('/scim/v2', '')}`

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const error = (status: number, detail: string): Answer => ({
  status,
  body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail },
})

interface Operation {
  op: string
  path?: string
  value?: unknown
}

const patched = (old: Resource, body: unknown): Resource => {
  const { Operations } = body as { Operations: Operation[] }
  const at = structuredClone(old)
  for (const { op, path, value } of Operations) {
    const members = (at['members'] ?? []) as { value: string }[]
    const removed = /^members\[value eq "(.*)"\]$/.exec(path ?? '')?.[1]
    if (path === undefined) Object.assign(at, value)
    else if (op === 'remove') at['members'] = members.filter((one) => one.value !== removed)
    else at['members'] = op === 'add' ? [...members, ...(value as { value: string }[])] : value
  }
  return at
}
