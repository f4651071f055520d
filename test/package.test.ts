import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import chromium from '@sparticuz/chromium'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { browserArgs } from './browser/chromium.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'idpact-package-'))

const run = (command: string, args: readonly string[], cwd = folder): string => {
  try {
    return execFileSync(command, args, {
      cwd,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 64 << 20,
    })
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`)
  }
}

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
    expect(files).toContain('dist/src/testing/index.d.ts')
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

  describe('lets QA write scenarios of their own', () => {
    const suite = join(folder, 'qa-suite')
    const cucumber = (...argv: string[]): string => run('npx', ['cucumber-js', ...argv], suite)

    beforeAll(() => cpSync(join(root, 'examples', 'qa-suite'), suite, { recursive: true }))

    it('as docs/your-own-scenarios.md and examples/qa-suite say', () => {
      const page = readFileSync(join(root, 'docs/your-own-scenarios.md'), 'utf8')
      const written = [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)]
      expect(written.map(([, file]) => file)).toEqual(['cucumber.js', 'features/welcome.feature', 'steps/welcome.js'])
      for (const [, file = '', text = ''] of written) expect(readFileSync(join(suite, file), 'utf8')).toBe(text)
      const [, printed = ''] = /```text\n(.*)\n```/.exec(page) ?? []
      expect(printed).not.toBe('')
      expect(cucumber()).toContain(printed)
      for (const file of ['cucumber.html', 'junit.xml', 'idpact/report.html'])
        expect(existsSync(join(suite, 'reports', file))).toBe(true)
      expect(readFileSync(join(suite, 'reports/junit.xml'), 'utf8')).toContain('A newcomer is welcomed')
    }, 120_000)

    it('in parallel, in parts, and again what failed', () => {
      expect(cucumber('--parallel', '2')).toContain('2 scenarios (2 passed)')
      expect(cucumber('--shard', '1/2')).toContain('1 scenario (1 passed)')
      const step = join(suite, 'steps/welcome.js')
      const good = readFileSync(step, 'utf8')
      writeFileSync(step, good.replace('.includes(title)', '.includes(title.repeat(2))'))
      expect(() => cucumber()).toThrowError(/expected: A page with “Welcome”/)
      expect(readFileSync(join(suite, '@rerun.txt'), 'utf8')).toBe('features/welcome.feature:3')
      writeFileSync(step, good)
      expect(cucumber('@rerun.txt')).toContain('1 scenario (1 passed)')
    }, 180_000)
  })

  describe('in tests without Gherkin, as examples/in-process has them', () => {
    const example = join(folder, 'in-process')

    beforeAll(() => {
      cpSync(join(root, 'examples', 'in-process'), example, { recursive: true })
      mkdirSync(join(folder, 'node_modules/@playwright'), { recursive: true })
      for (const name of ['vitest', '@playwright/test'])
        symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))
    })

    it('Vitest', () => {
      expect(
        run('node', [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', join(example, 'vitest')]),
      ).toMatch(/Test Files\s+2 passed/)
    }, 120_000)

    it('Playwright', async () => {
      const executablePath = await chromium.executablePath()
      writeFileSync(
        join(example, 'playwright', 'playwright.config.js'),
        `export default { use: { launchOptions: ${JSON.stringify({ executablePath, args: browserArgs })} } }`,
      )
      expect(
        run('node', [join(root, 'node_modules/@playwright/test/cli.js'), 'test'], join(example, 'playwright')),
      ).toContain('2 passed')
    }, 120_000)
  })

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
