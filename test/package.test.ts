import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'idpact-package-'))

const run = (command: string, args: readonly string[], cwd = folder): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 })

/** What a user gets: the tarball, installed into an empty folder. */
describe('the package', () => {
  beforeAll(() => {
    const [packed] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root)) as [
      { filename: string; files: { path: string }[] },
    ]
    writeFileSync(join(folder, 'files.json'), JSON.stringify(packed.files.map((file) => file.path)))
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }))
    run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${packed.filename}`])
  }, 240_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('carries JavaScript, declarations and features, and no sources, tests or secrets', () => {
    const files = JSON.parse(readFileSync(join(folder, 'files.json'), 'utf8')) as string[]
    expect(files).toContain('bin/idpact.js')
    expect(files).toContain('dist/mock-idp/index.d.ts')
    expect(files.some((file) => /^features\/cloudinary\/.*\.feature$/.test(file))).toBe(true)
    expect(files.filter((file) => /(^|\/)(test|\.idpact|bench)\/|(?<!\.d)\.ts$|\.pem$/.test(file))).toEqual([])
  })

  it('certifies the embedded reference SP with one command', () => {
    // One contract: all of them are certified from the sources.
    const out = run('npx', ['idpact', 'certify', '--contract', 'imagekit', '--json'])
    const last = JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as { verdict?: { word: string } }
    expect(last.verdict?.word).toBe('certified')
    expect(existsSync(join(folder, 'reports/latest/report.html'))).toBe(true)
  }, 120_000)

  it('lets QA write scenarios of their own, as docs/your-own-scenarios.md says', () => {
    const page = readFileSync(join(root, 'docs/your-own-scenarios.md'), 'utf8')
    const written = [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)]
    expect(written.map(([, file]) => file)).toEqual(['cucumber.js', 'features/welcome.feature', 'steps/welcome.js'])
    for (const [, file = '', text = ''] of written) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    const [, printed = ''] = /```text\n(.*)\n```/.exec(page) ?? []
    expect(printed).not.toBe('')
    expect(run('npx', ['cucumber-js'])).toContain(printed)
  }, 120_000)

  it('can be imported by a test: a mock IdP in two lines', () => {
    writeFileSync(
      join(folder, 'use.js'),
      `import { createMockIdp } from 'idpact'
       const idp = createMockIdp({ memory: true })
       await idp.start()
       const answer = await fetch(idp.url + '/_idpact/v1/health')
       console.log(answer.status)
       await idp.stop()`,
    )
    expect(run('node', ['use.js']).trim()).toBe('200')
  }, 60_000)
})
