import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadOrCreateIdentity, rememberAddress } from '../mock-idp/index.ts'
import { readFolderMetadata } from '../mock-idp/offline.ts'
import { certify } from '../src/certify/certify.ts'
import { type RunningReferenceSp, startReferenceSp } from '../src/reference-sp/index.ts'
import type { Report } from '../src/report/model.ts'
import { freePort } from './certify/fixtures/small-sp.ts'

const page = readFileSync(new URL('../docs/your-own-contract.md', import.meta.url), 'utf8')
const callback = /--redirect-uri http:\/\/127\.0\.0\.1:\d+(\S+)/.exec(page)?.[1] ?? ''
const files = [...page.matchAll(/^```yaml ([\w.-]+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => ({
  name,
  text,
}))

describe('docs/your-own-contract.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'idpact-own-'))
  let sp: RunningReferenceSp
  let env: Record<string, string>

  beforeAll(async () => {
    for (const { name, text } of files) writeFileSync(join(folder, name), text)
    const dataDir = join(folder, '.idpact')
    const port = await freePort()
    loadOrCreateIdentity(dataDir)
    rememberAddress(dataDir, { port })
    const { xml } = await readFolderMetadata({ dataDir })
    sp = await startReferenceSp({
      metadata: { mode: 'inline', xml },
      redirectUris: [`http://127.0.0.1:${port}${callback}`],
    })
    const { url, provisioningApi, oauth, masterAdmin } = sp.info
    env = {
      ...{
        SP: url,
        ACCOUNT: provisioningApi.accountId,
        API_KEY: provisioningApi.key,
        API_SECRET: provisioningApi.secret,
      },
      ...{ CLIENT_ID: oauth.clientId, CLIENT_SECRET: oauth.clientSecret },
      ...{ ADMIN: masterAdmin.email, ADMIN_PASSWORD: masterAdmin.password ?? '' },
    }
  })
  afterAll(async () => {
    await sp.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const run = async (defects: string[], requirements: string[] = []): Promise<Report> => {
    await sp.reset({ defects })
    const { admin } = sp.info
    await fetch(`${admin.baseUrl}/settings`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ provisioning: true }),
    })
    return certify({
      ...{ cwd: folder, env, defects: [], out: 'report', parallel: 3, seed: 1, acceptPartial: false },
      ...{ filter: { requirements, scenarios: [] }, command: 'idpact certify', onEvent: () => {} },
    })
  }
  const failed = ({ requirements }: Report): string[] =>
    requirements.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id)

  it('certifies a service provider that keeps it', async () => {
    const report = await run([])
    expect(failed(report)).toEqual([])
    expect(report.verdict.reasons).toEqual([])
    expect(report.verdict.word).toBe('certified')
    expect(report.contracts.map(({ id, version }) => `${id}@${version}`)).toEqual(['media-desk@1'])
    expect(report.requirements.length).toBeGreaterThan(30)
    expect(new Set(report.scenarios.map(({ uri }) => uri.replace(/[^/]*$/, '')))).toEqual(
      new Set(['.idpact/features/media-desk/']),
    )
  })

  it.each([
    ['CLD-PROV-12', 'MEDIA-DESK-ROLE-02'],
    ['CLD-SCIM-31', 'MEDIA-DESK-SCIM-06'],
  ])('does not certify one that breaks it: %s', async (defect, requirement) => {
    const report = await run([defect], [requirement])
    expect(failed(report)).toContain(requirement)
    expect(report.verdict.word).toBe('not-certified')
  })
})
