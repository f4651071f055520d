import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config/load.ts'
import { contracts } from '../src/contracts/index.ts'
import { openTarget } from '../src/target/target.ts'

const page = readFileSync(new URL('../docs/contracts.md', import.meta.url), 'utf8')
const blocks = new Map(
  [...page.matchAll(/^```yaml ([\w.-]+)(?: below=[\w.-]+)?\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [
    name,
    text,
  ]),
)
const env = { CLOUDSMITH_API_KEY: 'k', CLOUDSMITH_SCIM_TOKEN: 't', DIRECTORY_TOKEN: 'd', GLOBEX_API_KEY: 'g' }

describe('docs/contracts.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'idpact-contracts-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const load = async (text: string) => {
    const file = join(folder, 'idpact.yaml')
    writeFileSync(file, text)
    return loadConfig(file, { env, contracts })
  }

  it('counts the requirements as they are', () => {
    const [, counts = ''] = /^\| requirements \|(.*)$/m.exec(page) ?? []
    expect([...counts.matchAll(/ (\d+):/g)].map(([, count]) => Number(count))).toEqual(
      contracts.map(({ requirements }) => requirements.length),
    )
  })

  it('has targets that can be opened, with the verbs that it speaks of', async () => {
    const cloudsmith = await openTarget((await load(blocks.get('cloudsmith.yaml') ?? '')).target)
    for (const verb of ['accounts.manageGroups', 'groupSync.map', 'admin.groupSync', 'scim.call'] as const)
      expect(cloudsmith.has(verb), verb).toBe(true)
    expect(cloudsmith.has('admin.scim')).toBe(false)
    const imagekit = await openTarget((await load(blocks.get('imagekit.yaml') ?? '')).target)
    for (const verb of ['accounts.find', 'ssoSetup.save', 'start.login'] as const)
      expect(imagekit.has(verb), verb).toBe(true)
    expect(imagekit.has('tenantB.login')).toBe(false)
    await Promise.all([cloudsmith.close(), imagekit.close()])
  })

  it('has a second organisation to write below the first', async () => {
    const below = (blocks.get('cloudsmith.yaml') ?? '').replace(
      /^ {2}users:/m,
      `${blocks.get('tenant-b.yaml')}  users:`,
    )
    const target = await openTarget((await load(below)).target)
    for (const verb of ['tenantB.login', 'tenantB.start', 'tenantB.accounts'] as const)
      expect(target.has(verb), verb).toBe(true)
    await target.close()
  })
})
