/** As much of Cloudinary's Provisioning API as the driver asks for, with its oddities. */
import { bodyOf, sendJson, serve } from './servers.ts'

type Json = Record<string, unknown>
export interface FakeApi {
  baseUrl: string
  users: Map<string, Json>
  groups: Map<string, Json & { members: string[] }>
  /** Path and query of each request. */
  asked: string[]
  /** Set to answer everything with this. */
  broken?: { status: number; body: string; type?: string } | undefined
  /** The API cuts pages down to this many, whatever was asked for. */
  largestPage: number
  /** The API does not know the parameter `emails`. */
  ignoresEmails: boolean
}

export const key = 'marker-key'
export const secret = 'marker-secret'

export const fakeProvisioningApi = async (): Promise<FakeApi> => {
  let ids = 0
  const api: FakeApi = {
    baseUrl: '',
    users: new Map(),
    groups: new Map(),
    asked: [],
    largestPage: 1000,
    ignoresEmails: false,
  }
  const environments = [
    { id: 'e1', name: 'Production', cloud_name: 'prod', enabled: true, created_at: 'x' },
    { id: 'e2', name: 'Staging', cloud_name: 'staging', enabled: true, created_at: 'x' },
  ]
  const url = await serve(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x')
    api.asked.push(`${request.method} ${request.url}`)
    if (api.broken !== undefined) {
      response
        .writeHead(api.broken.status, { 'content-type': api.broken.type ?? 'application/json' })
        .end(api.broken.body)
      return
    }
    const error = (status: number, message: string): void => sendJson(response, status, { error: { message } })
    if (request.headers.authorization !== `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`)
      return error(401, 'Invalid credentials')
    const [, , , , account, kind, id, inner] = pathname.split('/')
    if (account !== 'acc/1' && account !== 'acc%2F1') return error(403, 'forbidden')
    const text = await bodyOf(request)
    const body = text === '' ? {} : (JSON.parse(text) as Json)
    const route = `${request.method} ${kind}${id === undefined ? '' : '/id'}${inner === undefined ? '' : `/${inner}`}`
    const user = api.users.get(id ?? '')
    const group = api.groups.get(id ?? '')
    const routes: Record<string, () => void> = {
      'GET users': () => {
        const emails = api.ignoresEmails ? [] : searchParams.getAll('emails')
        const size = Math.min(Number(searchParams.get('page_size') ?? 1000), api.largestPage)
        const from = (Number(searchParams.get('page') ?? 1) - 1) * size
        const found = [...api.users.values()].filter(
          ({ email }) => emails.length === 0 || emails.some((one) => one.toLowerCase() === String(email).toLowerCase()),
        )
        sendJson(response, 200, { users: found.slice(from, from + size) })
      },
      'POST users': () => {
        if ([...api.users.values()].some(({ email }) => email === body['email'])) return error(409, 'already exists')
        const made = { id: `u${++ids}`, role: 'media_library_user', enabled: true, groups: [], ...body }
        api.users.set(made.id, { ...made, all_sub_accounts: body['sub_account_ids'] === undefined })
        sendJson(response, 200, api.users.get(made.id))
      },
      'GET users/id': () => (user === undefined ? error(404, 'not found') : sendJson(response, 200, user)),
      'PUT users/id': () => {
        if (user === undefined) return error(404, 'not found')
        if (body['password'] !== undefined) return error(400, 'Password cannot be set')
        Object.assign(user, body)
        sendJson(response, 200, user)
      },
      'DELETE users/id': () => {
        if (!api.users.delete(id ?? '')) return error(404, 'not found')
        sendJson(response, 200, { message: 'ok' })
      },
      'GET user_groups': () =>
        sendJson(response, 200, { user_groups: [...api.groups.values()].map(({ members: _, ...one }) => one) }),
      'POST user_groups': () => {
        const made = {
          id: `g${++ids}`,
          name: body['name'],
          created_at: 'x',
          users_count: 0,
          members: [],
          colour: 'red',
        }
        api.groups.set(made.id, made)
        sendJson(response, 200, made)
      },
      'GET user_groups/id/users': () =>
        sendJson(response, 200, { users: group?.members.map((email) => ({ id: email, name: 'x', email })) }),
      'DELETE user_groups/id': () => {
        if (!api.groups.delete(id ?? '')) return error(404, 'not found')
        sendJson(response, 200, { ok: true })
      },
      'GET sub_accounts': () => sendJson(response, 200, { sub_accounts: environments }),
    }
    const answer = routes[route]
    if (answer === undefined) error(404, `no route ${route}`)
    else answer()
  })
  api.baseUrl = `${url}/v1_1/provisioning`
  return api
}
