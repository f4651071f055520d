/**
 * Pushing 10,000 users to the SCIM server of the reference SP, with the tasks in a file, against a bare undici Pool that
 * sends the same requests to the same server at the same concurrency. Each in a process of its own, turn by turn; medians
 * and ratios. Then the same against a server that does next to nothing, which no service provider is: it shows what a task
 * costs beside its requests. The mock IdP is the built one, started with the flags of `idpact idp`.
 *
 *   node bench/scim-push.ts [rounds] [users]
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { baseAttributes } from '../mock-idp/directory/base-attributes.ts'
import { oktaScim } from '../mock-idp/personas/okta-scim.ts'
import { concurrency } from '../mock-idp/provisioning/engine.ts'
import { newUserResource } from '../mock-idp/scim/user-resource.ts'
import { spawnReferenceSp } from '../src/reference-sp/spawn.ts'

type Role = 'server' | 'prepare' | 'bare' | 'idpact'

/** A SCIM server for a turn, empty. */
interface Server {
  title: string
  /** Empties it; gives where it is and what opens it. */
  reset(): Promise<{ url: string; token: string }>
  count(): Promise<number>
  stop(): Promise<void>
}
interface Turn {
  ms: number
  megabytes: number
}

const aims = { ratio: 0.7, megabytes: 200 }

/** Users in a map: a lookup by userName, and a create. `/reset` empties it, `/count` says how many there are. */
const serve = async (): Promise<string> => {
  const users = new Map<string, string>()
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const url = new URL(req.url ?? '', 'http://server')
      const answer = (status: number, body: unknown): void =>
        void res.writeHead(status, { 'content-type': 'application/scim+json' }).end(JSON.stringify(body))
      if (url.pathname === '/reset') users.clear()
      if (url.pathname === '/reset' || url.pathname === '/count') answer(200, { count: users.size })
      else if (req.method === 'POST') {
        const user = { ...(JSON.parse(Buffer.concat(chunks).toString()) as { userName: string }), id: randomUUID() }
        users.set(user.userName, user.id)
        answer(201, user)
      } else {
        const name = /"(.*)"/.exec(url.searchParams.get('filter') ?? '')?.[1] ?? ''
        const found = users.has(name) ? [{ id: users.get(name), userName: name }] : []
        answer(200, { totalResults: found.length, startIndex: 1, itemsPerPage: found.length, Resources: found })
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const profileOf = (i: number) => ({
  ...{ login: `user${i}@example.test`, email: `user${i}@example.test`, firstName: `First${i}`, lastName: `Last${i}` },
})

const label = 'App'
const groupName = 'All'

/** What `npm run build` makes. */
const builtIdp = async (): Promise<typeof import('../mock-idp/index.ts')> =>
  import(new URL('../dist/mock-idp/index.js', import.meta.url).href)

/** A directory in a file, made by another process than the one that is measured. */
const prepare = async (url: string, users: number, folder: string, token: string): Promise<void> => {
  const { createMockIdp } = await builtIdp()
  const idp = await createMockIdp({ dataDir: folder }).start()
  const org = idp.org()
  await org.connection.set({ baseUrl: `${url}/scim/v2`, auth: { type: 'header', value: `Bearer ${token}` } })
  const app = await org.applications.create({ label, saml: { ssoUrl: `${url}/acs`, audience: url } })
  await org.provisioning.set(app.id, { actions: { createUsers: true } })
  const group = await org.groups.create({ profile: { name: groupName } })
  for (let i = 0; i < users; i += 100)
    await Promise.all(
      Array.from({ length: Math.min(100, users - i) }, async (_, j) => {
        const { id } = await org.users.create({ profile: profileOf(i + j) })
        await org.groups.addMember(group.id, id)
      }),
    )
  await idp.stop()
}

const pushWithIdpact = async (_url: string, _users: number, folder: string): Promise<Turn> => {
  const { createMockIdp } = await builtIdp()
  const idp = await createMockIdp({ dataDir: folder }).start()
  const org = idp.org()
  const [app] = await org.applications.list()
  const [group] = (await org.groups.list()).filter(({ profile }) => profile.name === groupName)
  if (!app || !group) throw new Error('the directory is not there')
  const begun = performance.now()
  await org.applications.assignGroup(app.id, group.id)
  let counts = { busy: 1, failed: 0 }
  // The client's own limit for one call is shorter than a large push.
  while (counts.busy > 0) counts = await org.tasks.idle(app.id).catch(() => counts)
  const ms = performance.now() - begun
  if (counts.failed > 0) throw new Error(`${counts.failed} tasks failed`)
  await idp.stop()
  return { ms, megabytes: process.resourceUsage().maxRSS / 1_024 }
}

/** The same requests, made beforehand. */
const pushBare = async (url: string, users: number, _folder: string, token: string): Promise<Turn> => {
  const headers = { ...oktaScim.headers, Authorization: `Bearer ${token}` }
  const withBody = { ...headers, 'Content-Type': oktaScim.contentType }
  const requests = Array.from({ length: users }, (_, i) => {
    const { login, firstName, lastName } = profileOf(i)
    const values = {
      ...{ userName: login, givenName: firstName, familyName: lastName, email: login },
      ...{ displayName: `${firstName} ${lastName}`, locale: 'en-US' },
    }
    const resource = newUserResource({ attributes: baseAttributes, values }, { externalId: `00u${i}`.padEnd(20, 'x') })
    const filter = encodeURIComponent(`userName eq ${JSON.stringify(login)}`)
    return { find: `/scim/v2/Users?filter=${filter}&startIndex=1&count=100`, body: JSON.stringify(resource) }
  })
  const pool = new Pool(url, { connections: 16 })
  const begun = performance.now()
  let next = 0
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let request = requests[next++]; request; request = requests[next++]) {
        await (await pool.request({ method: 'GET', path: request.find, headers })).body.text()
        const made = await pool.request({
          method: 'POST',
          path: '/scim/v2/Users',
          headers: withBody,
          body: request.body,
        })
        await made.body.text()
      }
    }),
  )
  const ms = performance.now() - begun
  await pool.close()
  return { ms, megabytes: process.resourceUsage().maxRSS / 1_024 }
}

const self = fileURLToPath(import.meta.url)
const { memoryFlags }: { memoryFlags: string[] } = await import(new URL('../bin/memory-flags.js', import.meta.url).href)

const start = (role: Role, ...args: string[]): { process: ChildProcess; message: Promise<unknown> } => {
  const child = fork(self, [role, ...args], role === 'idpact' ? { execArgv: memoryFlags } : {})
  const message = new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('exit', (code) => reject(new Error(`${role} ended with ${code}`)))
  })
  return { process: child, message }
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const minimalServer = async (): Promise<Server> => {
  const { process: child, message } = start('server')
  const url = String(await message)
  const ask = async (path: string): Promise<number> =>
    ((await (await fetch(`${url}${path}`)).json()) as { count: number }).count
  return {
    title: 'a server that does next to nothing',
    reset: async () => {
      await ask('/reset')
      return { url, token: 'secret' }
    },
    count: () => ask('/count'),
    stop: async () => void child.kill(),
  }
}

const referenceServer = async (): Promise<Server> => {
  const sp = await spawnReferenceSp({})
  const { url, admin, masterAdmin, provisioningApi, scim } = sp.info
  let token = ''
  const json = async (address: string, authorization: string, method = 'GET', body?: unknown) => {
    const headers = { authorization, 'content-type': 'application/json' }
    const answer = await fetch(address, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })
    return (await answer.json()) as Record<string, never>
  }
  return {
    title: 'the reference SP',
    reset: async () => {
      await sp.reset()
      const basic = `Basic ${Buffer.from(`${provisioningApi.key}:${provisioningApi.secret}`).toString('base64')}`
      const { users } = await json(`${provisioningApi.baseUrl}/accounts/${provisioningApi.accountId}/users`, basic)
      const id = (users as unknown as { id: string; email: string }[]).find(
        ({ email }) => email === masterAdmin?.email,
      )?.id
      const issued = await json(`${admin.baseUrl}/users/${id}/tokens`, `Bearer ${admin.token}`, 'POST', {})
      token = String(issued['token'])
      return { url, token }
    },
    // The master_admin is there from the start.
    count: async () => Number((await json(`${scim.baseUrl}/Users?count=0`, `Bearer ${token}`))['totalResults']) - 1,
    stop: () => sp.stop(),
  }
}

const compare = async (server: Server, rounds: number, users: number) => {
  const turn = async (role: 'bare' | 'idpact'): Promise<Turn> => {
    const { url, token } = await server.reset()
    const folder = mkdtempSync(join(tmpdir(), 'idpact-bench-'))
    try {
      if (role === 'idpact') await start('prepare', url, String(users), folder, token).message
      const result = (await start(role, url, String(users), folder, token).message) as Turn
      const count = await server.count()
      if (count !== users) throw new Error(`${role}: expected ${users} users at the server, found ${count}`)
      return result
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  const ratios: number[] = []
  const rates = { bare: [] as number[], idpact: [] as number[] }
  const memory: number[] = []
  for (let round = 0; round < rounds; round++) {
    const bare = await turn('bare')
    const own = await turn('idpact')
    ratios.push(bare.ms / own.ms)
    rates.bare.push((users / bare.ms) * 1_000)
    rates.idpact.push((users / own.ms) * 1_000)
    memory.push(own.megabytes)
  }
  await server.stop()
  const ratio = median(ratios)
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  console.log(
    `${server.title}: a bare Pool ${median(rates.bare).toFixed(0)} users/s, idpact ${median(rates.idpact).toFixed(0)} users/s, ratio ${ratio.toFixed(2)} (${range})`,
  )
  return { ratio, megabytes: Math.max(...memory) }
}

const main = async (rounds: number, users: number): Promise<void> => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../scripts/build.ts', import.meta.url))], { stdio: 'inherit' })
  console.log(`Push of ${users} users, ${concurrency} at a time, tasks in a file (median of ${rounds} rounds)\n`)
  const { ratio, megabytes } = await compare(await referenceServer(), rounds, users)
  await compare(await minimalServer(), rounds, users)
  const reached = (good: boolean, what: string): void => console.log(`${good ? 'reached' : 'MISSED '}  ${what}`)
  console.log()
  reached(
    ratio >= aims.ratio,
    `rate at the reference SP, bare Pool = 1: ${ratio.toFixed(2)}, aimed at ${aims.ratio} or more`,
  )
  reached(
    megabytes <= aims.megabytes,
    `memory at its highest: ${megabytes.toFixed(0)} MB, aimed at ${aims.megabytes} or less`,
  )
}

const [role, ...args] = process.argv.slice(2)
if (role === 'server') process.send?.(await serve())
else if (role === 'prepare' || role === 'bare' || role === 'idpact') {
  const work = { prepare, bare: pushBare, idpact: pushWithIdpact }[role]
  const result = await work(args[0] ?? '', Number(args[1]), args[2] ?? '', args[3] ?? '')
  process.send?.(result ?? {}, () => process.exit(0))
} else if (import.meta.main) await main(Number(role ?? 3), Number(args[0] ?? 10_000))
