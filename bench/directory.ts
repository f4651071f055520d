/**
 * A directory of 1,000, 10,000 and 100,000 users with a group for every hundred: read from a file and made, and the
 * effective profile of one user out of it. Each size in a process of its own.
 *
 *   node bench/directory.ts
 */
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { applyDirectoryFile } from '../mock-idp/directory-file/apply.ts'
import { createContext } from '../mock-idp/http/create-context.ts'
import { defaultJournalLimits } from '../mock-idp/journal/journal.ts'
import { ensureDefaultOrg } from '../mock-idp/org.ts'
import { personAt } from '../mock-idp/provisioning/person.ts'
import { openStore } from '../mock-idp/store/store.ts'
import { systemClock } from '../src/core/clock.ts'

interface Measured {
  users: number
  loadMs: number
  profileUs: number
}

const aims = { loadMs: 3_000, profileUs: 50 }

const directory = (users: number) => ({
  attributes: { users: [{ name: 'cld_role' }] },
  users: Array.from({ length: users }, (_, i) => ({
    ...{ login: `user${i}@example.test`, firstName: `First${i}`, lastName: `Last${i}`, cld_role: 'reports' },
  })),
  groups: Array.from({ length: users / 100 }, (_, g) => ({
    name: `Group ${g}`,
    members: Array.from({ length: 100 }, (_, i) => `user${g * 100 + i}@example.test`),
  })),
  applications: [
    {
      label: 'App',
      saml: { ssoUrl: 'https://sp.example.test/acs', audience: 'urn:sp' },
      provisioning: {
        attributes: [{ name: 'role', externalNamespace: 'urn:ietf:params:scim:schemas:core:2.0:User' }],
        mappings: [{ attribute: 'role', expression: 'user.cld_role' }],
      },
    },
  ],
})

const measure = (users: number): Measured => {
  const folder = mkdtempSync(join(tmpdir(), 'idpact-bench-'))
  try {
    const file = join(folder, 'directory.json')
    writeFileSync(file, JSON.stringify(directory(users)))
    const store = openStore()
    const org = 'default'
    const ctx = createContext({
      ...{ store, clock: systemClock, logger: { error: () => undefined }, keyFolder: undefined, inMemory: true },
      ...{ identities: [], baseUrl: () => 'http://127.0.0.1', host: '127.0.0.1', publicUrl: undefined },
      ...{ registration: 'refuse', journal: defaultJournalLimits },
    })
    ensureDefaultOrg(ctx, undefined)
    const begun = performance.now()
    applyDirectoryFile(ctx, org, file)
    const loadMs = performance.now() - begun
    const [app] = store.applications.list(org)
    const ids = store.users.list(org).map(({ id }) => id)
    const resolve = (count: number): number => {
      const start = performance.now()
      for (let i = 0; i < count; i++)
        if (personAt(ctx, org, app?.id ?? '', ids[(i * 7_919) % ids.length] ?? '')?.values['role'] !== 'reports')
          throw new Error('a profile lacks its role')
      return ((performance.now() - start) * 1_000) / count
    }
    resolve(2_000)
    return { users, loadMs, profileUs: resolve(20_000) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const inProcess = (users: number): Promise<Measured> =>
  new Promise((done, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [String(users)])
    child.once('message', (message) => done(message as Measured))
    child.once('exit', (code) => reject(new Error(`ended with ${code}`)))
  })

const [size] = process.argv.slice(2)
if (size !== undefined) process.send?.(measure(Number(size)))
else if (import.meta.main) {
  const all = [await inProcess(1_000), await inProcess(10_000), await inProcess(100_000)]
  console.log('A directory from a file (JSON), and one effective profile out of it\n')
  for (const { users, loadMs, profileUs } of all)
    console.log(
      `${String(users).padStart(7)} users  ${loadMs.toFixed(0).padStart(5)} ms  ${((loadMs * 1_000) / users).toFixed(1).padStart(5)} µs a user  ${profileUs.toFixed(1).padStart(5)} µs a profile`,
    )
  const [, , largest] = all
  const reached = (name: string, value: number, aim: number, unit: string): void =>
    console.log(
      `${value <= aim ? 'reached' : 'MISSED '}  ${name}: ${value.toFixed(0)} ${unit}, aimed at ${aim} or less`,
    )
  console.log()
  reached('load of 100,000 users and 1,000 groups', largest?.loadMs ?? Number.NaN, aims.loadMs, 'ms')
  reached('one effective profile among 100,000', largest?.profileUs ?? Number.NaN, aims.profileUs, 'µs')
}
