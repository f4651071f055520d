import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMockIdp, loadOrCreateIdentity } from '../../mock-idp/index.ts'
import { run as runCli } from '../cli/run.ts'
import { folderFor, type SmallSp, startSmallSp } from './fixtures/small-sp.ts'

const run = (cwd: string, ...args: string[]) => runCli(args, { cwd, env: process.env as Record<string, string> })

describe('idpact faults', () => {
  it('lists what the mock IdP can get wrong: for people, as data, as a table', async () => {
    expect((await run('.', 'faults')).stdout).toMatch(/^wrong-audience\s+\S/m)
    const data = JSON.parse((await run('.', 'faults', '--json')).stdout) as { id: string; basis: string[] }[]
    expect(data.find(({ id }) => id === 'wrong-audience')?.basis.length).toBeGreaterThan(0)
    const rows = (await run('.', 'faults', '--markdown')).stdout.trim().split('\n')
    expect(rows).toHaveLength(data.length + 2)
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(8)
  })
})

describe('idpact defects', () => {
  it('lists what the reference SP can get wrong', async () => {
    const data = JSON.parse((await run('.', 'defects', '--json')).stdout) as { id: string; title: string }[]
    expect(data.find(({ id }) => id === 'CLD-PROV-12')?.title).toMatch(/role/)
    expect((await run('.', 'defects', 'CLD-PROV-12')).stdout.split('\n')).toHaveLength(2)
  })

  it('says that there is none of a name, with the nearest', async () => {
    expect(await run('.', 'defects', 'CLD-PROV-122')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('CLD-PROV-12'),
    })
  })
})

describe('of a target', () => {
  let sp: SmallSp
  beforeEach(async () => {
    sp = await startSmallSp()
  })
  afterEach(() => sp.stop())

  it('idpact certify beside an idp of the folder says who has the port, and names no option that it lacks', async () => {
    const folder = await folderFor(sp.url)
    const { port } = loadOrCreateIdentity(join(folder, '.idpact')).address
    const other = await createMockIdp({ memory: true, port }).start()
    try {
      const { code, stderr } = await run(folder, 'certify')
      expect(code).toBe(2)
      expect(stderr).toContain(`Port ${port}`)
      expect(stderr).toContain('Stop `idpact idp`')
    } finally {
      await other.stop()
    }
  })

  it('idpact check says what can be observed, and changes nothing', async () => {
    const { code, stdout } = await run(await folderFor(sp.url), 'check')
    expect(code).toBe(0)
    expect(stdout).toMatch(/ok\s+session\s/)
    expect(stdout).toMatch(/not given\s+accounts\s/)
    expect(stdout).toMatch(/no {3}accounts\.find.*\n\s+→ Give target\.accounts/)
    expect(sp.seen.filter((one) => one.startsWith('PUT'))).toEqual([])
  })

  it('idpact check ends with 3 when something that is given cannot be used', async () => {
    const cwd = await folderFor(sp.url)
    sp.answer = (_request, response) => void response.writeHead(500).end()
    const { code, stdout } = await run(cwd, 'check', '--json')
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, target: 'a small SP' })
  })

  it('idpact cleanup puts settings back, and says what it cannot remove', async () => {
    const cwd = await folderFor(sp.url)
    const saved = { target: `${sp.url}/acs`, at: '2026-01-01T00:00:00.000Z', snapshot: {} }
    await writeFile(join(cwd, '.idpact', 'settings-before.json'), JSON.stringify(saved))
    const left = { op: 'made', kind: 'account', name: 'a@example.test', run: 'r1', target: `${sp.url}/acs`, at: 'then' }
    await writeFile(join(cwd, '.idpact', 'ledger.ndjson'), `${JSON.stringify(left)}\n`)
    const { code, stdout } = await run(cwd, 'cleanup')
    expect(sp.seen).toEqual(['PUT /admin'])
    expect(stdout).toContain('settings put back as they were at 2026-01-01T00:00:00.000Z')
    expect(stdout).toMatch(/LEFT {5}account a@example\.test: Give target\.accounts/)
    expect(code).toBe(3)
    expect((await run(cwd, 'cleanup')).stdout).not.toContain('settings put back')
  })

  it('idpact cleanup without a target has nothing to do', async () => {
    const { code, stderr } = await run(await mkdtemp(join(tmpdir(), 'idpact-test-')), 'cleanup')
    expect(code).toBe(0)
    expect(stderr).toContain('no idpact.yaml')
  })
})
