/** The directory file as provisioning has it: attributes, application profiles, large files, and what is wrong with one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readDirectoryFile } from '../../../mock-idp/directory-file/read.ts'
import { createMockIdp } from '../../../mock-idp/index.ts'
import { everyAction } from '../provisioning/okta.ts'
import { startScimServer } from '../scim/scim-server.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idpact-directory-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const core = 'urn:ietf:params:scim:schemas:core:2.0:User'
const directory = (role: string) => ({
  attributes: { users: [{ name: 'cld_role', enum: [{ value: 'admin' }, { value: 'reports' }] }] },
  users: [{ login: 'ada@example.test', firstName: 'Ada', cld_role: role }],
  groups: [{ name: 'Dev', members: ['ada@example.test'] }],
  applications: [
    {
      label: 'App',
      saml: { ssoUrl: 'https://sp.example.test/acs', audience: 'urn:sp' },
      provisioning: {
        actions: everyAction,
        attributes: [{ name: 'role', externalNamespace: core }],
        mappings: [{ attribute: 'role', expression: 'user.cld_role' }],
      },
      assign: { groups: ['Dev'] },
    },
  ],
})

it('sets attributes and provisioning up, as JSON too, and a change of it is pushed', async () => {
  const file = join(folder, 'directory.json')
  writeFileSync(file, JSON.stringify(directory('reports')))
  const sp = await startScimServer()
  const idp = await createMockIdp({ memory: true, directoryFile: file }).start()
  try {
    const org = idp.org()
    await org.connection.set({ baseUrl: sp.baseUrl, auth: { type: 'header', value: 'Bearer abc' } })
    const [app] = await org.applications.list()
    const [ada] = await org.users.list('ada')
    expect(await org.attributes.ofUsers()).toMatchObject([{ name: 'cld_role' }])
    expect(await org.provisioning.profile(app?.id ?? '', ada?.id ?? '')).toContainEqual({
      ...{ attribute: 'role', value: 'reports', source: 'mapping user.cld_role' },
    })
    await org.provisioning.provisionAssigned(app?.id ?? '')
    await org.tasks.idle()
    expect([...sp.users.values()]).toMatchObject([{ userName: 'ada@example.test', role: 'reports' }])

    writeFileSync(file, JSON.stringify(directory('admin')))
    await expect.poll(() => [...sp.users.values()][0]?.['role'], { timeout: 5_000 }).toBe('admin')
    expect(await org.directoryYaml()).toMatch(/cld_role: admin[\s\S]*expression: user\.cld_role/)
  } finally {
    await idp.stop()
    await sp.close()
  }
})

describe('is refused with its place', () => {
  const wrong = (change: (good: ReturnType<typeof directory>) => unknown): string => {
    const text = JSON.stringify(change(directory('reports')), null, 1)
    try {
      readDirectoryFile('directory.json', text)
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
    return 'accepted'
  }
  const withProvisioning = (change: object) => (good: ReturnType<typeof directory>) => ({
    ...good,
    applications: good.applications.map((app) => ({ ...app, provisioning: { ...app.provisioning, ...change } })),
  })

  it.each([
    [
      'an expression that does not parse',
      withProvisioning({ mappings: [{ attribute: 'role', expression: 'user.' }] }),
      /^directory\.json:\d+:\d+ ?:? applications\.0\.provisioning: .*user\./,
    ],
    [
      'a mapping of an unknown attribute',
      withProvisioning({ mappings: [{ attribute: 'rolle', expression: 'user.cld_role' }] }),
      /applications\.0\.provisioning: .*rolle/,
    ],
    [
      'a wrong type',
      (good: ReturnType<typeof directory>) => ({ ...good, users: [{ login: 'ada@example.test', cld_role: 7 }] }),
      /users\.0\.cld_role: cld_role: expected text, found 7/,
    ],
    [
      'a value that the enumeration lacks',
      () => directory('superuser'),
      /users\.0\.cld_role: cld_role: expected one of "admin", "reports", found "superuser"/,
    ],
    [
      'an unknown key of an attribute',
      (good: ReturnType<typeof directory>) => ({ ...good, attributes: { users: [{ name: 'a', typ: 'string' }] } }),
      /unknown key "typ"; did you mean "type"\?/,
    ],
    ['an unknown persona', withProvisioning({ persona: 'entra' }), /applications\.0\.provisioning\.persona/],
  ] as const)('%s', (_name, change, message) => {
    expect(wrong(change as (good: ReturnType<typeof directory>) => unknown)).toMatch(message)
  })

  it('a cycle', () => {
    const cycle = 'users: &all\n  - login: ada@example.test\n    friends: *all\n'
    expect(() => readDirectoryFile('directory.yaml', cycle)).toThrow(/directory\.yaml:\d+:\d+: /)
  })
})
