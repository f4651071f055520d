import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../cli/run.ts'
import { folderFor, type SmallSp, startSmallSp } from './fixtures/small-sp.ts'

let sp: SmallSp
beforeEach(async () => {
  sp = await startSmallSp()
})
afterEach(() => sp.stop())

const env = () => process.env as Record<string, string>

describe('certify --plan', () => {
  it('says what would be made, switched and left, and asks the target nothing', async () => {
    const cwd = await folderFor(sp.url)
    const { code, stdout } = await run(['certify', '--plan'], { cwd, env: env() })
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^What a run would do at a small SP, against cloudinary@1: \d+ scenarios in \d+ phases\. Nothing/,
    )
    for (const part of [
      /phase enforce=on: \d+ scenarios?; sets enforce=on/,
      /Settings are read first, and put back/,
      /log new people in, and a twin beside each/,
      /All addresses end in @example\.test/,
      /stay, because nothing is given that could delete them/,
      /Not run:\n +\d+ /,
    ])
      expect(stdout).toMatch(part)
    expect(sp.seen).toEqual([])
  })

  it('is data for programs, and narrowed down as a run is', async () => {
    const cwd = await folderFor(sp.url)
    const { stdout } = await run(['certify', '--plan', '--json', '--requirement', 'CLD-SAML-03'], { cwd, env: env() })
    const [plan] = JSON.parse(stdout) as [{ contract: string; phases: { scenarios: number }[]; putsBack: boolean }]
    expect(plan).toMatchObject({ contract: 'cloudinary@1', putsBack: true, embedded: false })
    expect(plan.phases.reduce((sum, { scenarios }) => sum + scenarios, 0)).toBeLessThan(20)
  })

  it('answers for a production environment, which neither certify nor cleanup touches without being told', async () => {
    const cwd = await folderFor(sp.url)
    await appendFile(join(cwd, 'idpact.yaml'), 'environment: production\n')
    expect((await run(['certify', '--plan'], { cwd, env: env() })).code).toBe(0)
    for (const command of ['certify', 'cleanup'])
      expect(await run([command], { cwd, env: env() })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('production environment'),
      })
    expect(sp.seen).toEqual([])
  })
})
