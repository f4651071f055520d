/** The process is killed in the middle of its work, again and again: nothing is lost, nothing is made twice. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMockIdpClient } from '../../../mock-idp/client.ts'
import { type ScimServer, type Seen, startScimServer } from '../scim/scim-server.ts'

const bin = fileURLToPath(new URL('../../../bin/idpact.js', import.meta.url))
const people = 1_000

let folder: string
let sp: ScimServer
let child: ChildProcess | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idpact-crash-'))
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await sp.close()
  rmSync(folder, { recursive: true, force: true })
})

const startIdp = async () => {
  const started = spawn(process.execPath, [bin, 'idp', '--json', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  child = started
  const url = await new Promise<string>((resolve, reject) => {
    let out = ''
    started.stdout.on('data', (chunk: Buffer) => {
      out += String(chunk)
      if (out.includes('\n')) resolve((JSON.parse(out) as { url: string }).url)
    })
    started.on('exit', () => reject(new Error(`idpact idp ended: ${out}`)))
  })
  return createMockIdpClient({ url, timeoutMs: 60_000 }).org('default')
}

const isCreate = ({ method, url }: Seen) => method === 'POST' && url.endsWith('/Users')

/** Kills the mock IdP with the next request that fits, before or after the server did what it asks for. */
interface Kill {
  at(request: Seen): boolean
  after: boolean
}

test('a thousand pushes survive being killed at many points', { timeout: 120_000 }, async () => {
  let kill: Kill | undefined
  let died: (() => void) | undefined
  // Names that this process has looked up: a create without one before it could make somebody twice.
  const lookedUp = new Set<string>()
  const notLookedUp: string[] = []
  sp = await startScimServer((request) => {
    const name = /filter=userName%20eq%20%22(p\d+)/.exec(request.url)?.[1]
    if (name !== undefined) lookedUp.add(name)
    const made = isCreate(request) ? String((request.body as { userName: string }).userName).split('@')[0] : undefined
    if (made !== undefined && !lookedUp.has(made)) notLookedUp.push(made)
    if (kill === undefined || !kill.at(request)) return undefined
    const { after } = kill
    kill = undefined
    const { pid } = child ?? {}
    child?.once('exit', () => died?.())
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    // Made, and the answer is lost; or nothing was made.
    if (after && request.method === 'POST') {
      const id = `lost-${request.url.length}-${sp.users.size}-${sp.groups.size}`
      ;(request.url.endsWith('/Users') ? sp.users : sp.groups).set(id, { ...(request.body as object), id })
    }
    return 'hang'
  })

  const first = await startIdp()
  const app = await first.applications.create({
    label: 'Cloud',
    saml: { ssoUrl: `${sp.origin}/acs`, audience: `${sp.origin}/sp` },
  })
  await first.connection.set({ baseUrl: sp.baseUrl, auth: { type: 'header', value: 'Bearer abc' } })
  await first.provisioning.set(app.id, { actions: { createUsers: true, pushGroups: true } })
  const group = await first.groups.create({ profile: { name: 'Everyone of us' } })
  for (let i = 0; i < people; i += 50)
    await Promise.all(
      Array.from({ length: 50 }, async (_, j) => {
        const login = `p${i + j}@example.test`
        const user = await first.users.create({ profile: { login, email: login } })
        await first.groups.addMember(group.id, user.id)
      }),
    )
  await first.pushedGroups.push(app.id, { groupId: group.id })
  await first.tasks.idle(app.id)

  const created = () => sp.users.size
  const kills: Kill[] = [
    { at: isCreate, after: false },
    { at: isCreate, after: true },
    { at: ({ method }) => method === 'GET' && created() > 120, after: false },
    { at: (request) => isCreate(request) && created() > 333, after: true },
    { at: (request) => isCreate(request) && created() > 500, after: false },
    { at: (request) => isCreate(request) && created() > 731, after: true },
    { at: ({ url }) => url.includes('/Groups'), after: false },
    { at: ({ method, url }) => method === 'PUT' && url.includes('/Groups/'), after: false },
  ]
  let org = first
  await Promise.all([
    new Promise<void>((resolve) => {
      died = resolve
      kill = kills.shift()
    }),
    org.applications.assignGroup(app.id, group.id).catch(() => undefined),
  ])
  for (;;) {
    const next = kills.shift()
    const dead = new Promise<void>((resolve) => {
      died = resolve
    })
    kill = next
    // What the dead process still had under way is not the new one's.
    await new Promise((resolve) => setImmediate(resolve))
    lookedUp.clear()
    org = await startIdp()
    if (next === undefined) break
    await dead
  }
  expect(await org.tasks.idle(app.id)).toEqual({ busy: 0, waiting: 0, blocked: 0, failed: 0 })

  const names = [...sp.users.values()].map(({ userName }) => userName)
  expect(new Set(names).size).toBe(people)
  expect(names).toHaveLength(people)
  const members = sp.groupNamed('Everyone of us')?.['members'] as { value: string }[] | undefined
  expect(sp.groups.size).toBe(1)
  expect(new Set(members?.map(({ value }) => value))).toEqual(new Set(sp.users.keys()))
  expect(notLookedUp).toEqual([])
})
