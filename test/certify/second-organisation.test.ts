import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadOrCreateIdentity, rememberAddress } from '../../mock-idp/index.ts'
import { readFolderMetadata, secondOrg } from '../../mock-idp/offline.ts'
import { certify } from '../../src/certify/certify.ts'
import { startReferenceSp } from '../../src/reference-sp/index.ts'
import { freePort } from './fixtures/small-sp.ts'

/** As an administrator does it once, where idpact must not change the settings of the second organisation. */
it('certifies an SP whose second organisation was set up with the metadata of --tenant b', async () => {
  const sp = await startReferenceSp({ contract: 'imagekit' })
  const cwd = await mkdtemp(join(tmpdir(), 'idpact-test-'))
  try {
    const dataDir = join(cwd, '.idpact')
    loadOrCreateIdentity(dataDir)
    rememberAddress(dataDir, { port: await freePort() })
    const { xml } = await readFolderMetadata({ dataDir, org: secondOrg })
    expect(xml).not.toEqual((await readFolderMetadata({ dataDir })).xml)
    const { admin, target, parameters } = sp.info
    const answer = await fetch(`${admin.baseUrl}/organisations/globex/settings`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ saml: { enabled: true, metadata: { mode: 'inline', xml } } }),
    })
    expect(answer.status).toBe(200)
    const { tenants } = target as { tenants: { b: Record<string, unknown> } }
    const config = {
      contract: 'imagekit@1',
      target: {
        ...{ name: 'the reference SP', settleMs: 500 },
        ...target,
        tenants: { b: { ...tenants.b, admin: undefined } },
      },
      parameters,
    }
    await writeFile(join(cwd, 'idpact.yaml'), JSON.stringify(config))
    const report = await certify({
      ...{ cwd, env: {}, defects: [], out: 'report', parallel: 3, seed: 1, acceptPartial: false },
      ...{ filter: { requirements: [], scenarios: ['Two organisations have', 'One e-mail address in two'] } },
      ...{ command: 'idpact certify', onEvent: () => {} },
    })
    const outcomes = report.scenarios.map(({ name, outcome, reason }) => `${outcome} ${name} ${reason ?? ''}`)
    expect(outcomes.filter((one) => !one.startsWith('passed'))).toEqual([])
    expect(outcomes.length).toBe(2)
  } finally {
    await sp.stop()
    await rm(cwd, { recursive: true, force: true })
  }
}, 60_000)
