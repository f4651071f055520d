import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadOrCreateIdentity, rememberAddress } from '../../mock-idp/index.ts'
import { main } from '../../src/cli/main.ts'
import { type RunningReferenceSp, startReferenceSp } from '../../src/reference-sp/index.ts'
import type { Report } from '../../src/report/model.ts'
import { freePort } from './fixtures/small-sp.ts'

/** A reference SP that somebody else started, named in idpact.yaml as any other target is. */
describe('a configured reference SP with a defect', () => {
  let sp: RunningReferenceSp
  let folder: string
  beforeEach(async () => {
    sp = await startReferenceSp({ defects: ['CLD-PROV-12'] })
    folder = await mkdtemp(join(tmpdir(), 'idpact-told-'))
    const { acsUrls, audiences, sessionUrl, provisioningApi, admin, productEnvironments } = sp.info
    const config = {
      contract: 'cloudinary@1',
      target: {
        saml: { acs: acsUrls[0], audience: audiences[0] },
        session: { url: sessionUrl, identity: '/email', role: '/role' },
        accounts: { driver: 'cloudinary-provisioning-api', ...provisioningApi },
        admin: { driver: 'reference', ...admin },
      },
      parameters: { accountId: provisioningApi.accountId, productEnvironments },
    }
    // Not the default port: other tests may have it.
    loadOrCreateIdentity(join(folder, '.idpact'))
    rememberAddress(join(folder, '.idpact'), { port: await freePort() })
    // JSON is YAML.
    await writeFile(join(folder, 'idpact.yaml'), JSON.stringify(config))
  })
  afterEach(async () => {
    await sp.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('is not certified, and the first failure of the report is of the sentence that it breaks', async () => {
    const quiet = { write: () => true } as never
    const io = { stdout: quiet, stderr: quiet, stdin: {} as never, env: {}, cwd: folder }
    expect(await main(['certify', '--requirement', 'CLD-PROV-12', 'CLD-PROV-14', 'CLD-PROV-32'], io)).toBe(1)
    const report = JSON.parse(await readFile(join(folder, 'reports/latest/report.json'), 'utf8')) as Report
    expect(report.subject.defects).toEqual(['CLD-PROV-12'])
    const first = report.scenarios.find(({ outcome }) => outcome === 'failed')
    expect(first?.requirements).toContain('CLD-PROV-12')
    expect(report.findings.filter(({ code }) => code === 'settings-assumed')).toEqual([])
  }, 60_000)
})
