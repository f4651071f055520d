import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CliIo } from '../../src/cli/io.ts'
import { main } from '../../src/cli/main.ts'
import { contracts } from '../../src/contracts/index.ts'
import { sample } from '../report/sample.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idpact-requirements-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = async (...argv: string[]): Promise<{ code: number; out: string; err: string }> => {
  const text = { out: '', err: '' }
  const into = (name: 'out' | 'err') =>
    new Writable({
      write: (chunk, _encoding, done) => {
        text[name] += String(chunk)
        done()
      },
    })
  const io: CliIo = { stdout: into('out'), stderr: into('err'), stdin: process.stdin, env: {}, cwd: folder }
  return { code: await main(['requirements', ...argv], io), ...text }
}

const writeReport = (content: string, file = 'reports/latest/report.json'): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), content)
}

describe('idpact requirements', () => {
  it('lists each with its scenarios, its defect and what it needs, and says why others are not tested', async () => {
    const { code, out } = await run()
    expect(code).toBe(0)
    expect(out).toContain('CLD-PROV-12  MUST    User.CloudinaryRole is optional')
    expect(out).toContain('1 scenario: No role is sent')
    expect(out).toContain('defect: A new account without a role becomes an admin.')
    expect(out).toContain('needs: accounts.find, acs.post, session.whoAmI')
    const untested = contracts.flatMap((one) => one.requirements.filter((each) => each.notTestedBecause !== undefined))
    expect(out.match(/not tested: /g)).toHaveLength(untested.length)
    expect(out).not.toContain('last outcome')
  })

  it('as JSON, for one requirement or for a family', async () => {
    const one = JSON.parse((await run('--json', 'cld-prov-12')).out)
    expect(one).toMatchObject([
      { contract: 'cloudinary@1', id: 'CLD-PROV-12', defects: [{ id: 'CLD-PROV-12' }], lastOutcome: null },
    ])
    expect(one[0].scenarios[0].place).toMatch(/^features\/cloudinary\/just-in-time\.feature:\d+$/)
    expect(JSON.parse((await run('--json', 'CLD-SAML')).out)).toHaveLength(33)
    const others = JSON.parse((await run('--json', '--contract', 'cloudsmith')).out) as { contract: string }[]
    expect(new Set(others.map(({ contract }) => contract))).toEqual(new Set(['cloudsmith@1']))
  })

  it('as tables from the sentences of the documents to the last outcome', async () => {
    const report = sample()
    writeReport(JSON.stringify(report))
    const [known] = report.requirements
    const csv = (await run('--csv')).out.trimEnd().split('\r\n')
    expect(csv).toHaveLength(1 + contracts.flatMap(({ requirements }) => requirements).length)
    expect(csv[0]).toMatch(/^document,quote,requirement,.*,last outcome$/)
    expect(csv.find((row) => row.includes(`,${known?.id},`))).toMatch(new RegExp(`,${known?.outcome}$`))
    const markdown = (await run('--markdown')).out
    expect(markdown).toContain('## Cloudinary documentation: SAML SSO login and provisioning (Jun-04-2024)')
    expect(markdown).toMatch(new RegExp(`\\*\\*${known?.id}\\*\\*.*\\| ${known?.outcome} \\|`))
  })

  it('takes the outcomes from another report', async () => {
    writeReport(JSON.stringify(sample()), 'elsewhere.json')
    expect((await run('--report', 'elsewhere.json')).out).toContain('last outcome: ')
  })

  it.each([
    ['an id that does not exist', ['CLD-PROV-99'], 'There is no requirement CLD-PROV-99'],
    ['a contract that does not exist', ['--contract', 'clowdinary@1'], 'There is no contract "clowdinary@1"'],
    ['two formats at once', ['--json', '--csv'], 'cannot be used with'],
    ['a report that is not there', ['--report', 'none.json'], 'There is no file'],
  ])('refuses %s', async (_, argv, message) => {
    const { code, err, out } = await run(...argv)
    expect(code).toBe(2)
    expect(err).toContain(message)
    expect(out).toBe('')
  })

  it('refuses a report that it cannot read, and where nobody asked for it leaves the outcomes out', async () => {
    writeReport('{"schemaVersion": 1')
    const named = await run('--report', 'reports/latest')
    expect(named.code).toBe(2)
    expect(named.err).toContain('is cut off')
    const usual = await run()
    expect(usual.code).toBe(0)
    expect(usual.err).toContain('Outcomes are left out')
  })
})
