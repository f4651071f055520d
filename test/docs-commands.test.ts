/** Every command of these pages is run, in the order of the page, as somebody would who reads it. */
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { freePort } from './certify/fixtures/small-sp.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'idpact-docs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Block {
  language: string
  file: string
  text: string
}
const blocksOf = (page: string): Block[] =>
  [...readFileSync(join(root, 'docs', page), 'utf8').matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', file = '', text = '']) => ({ language, file, text }),
  )

/** One of the requirements, so that each run is short: everything else is as the page has it. */
const onlyOne = ['--requirement', 'IK-SSO-04']

interface Ran {
  code: number
  text: string
}
const run = (line: string): Promise<Ran> => {
  const own = line.replace(/^npx idpact/, `"${process.execPath}" "${join(root, 'bin/idpact.js')}"`)
  const isRun = /^npx idpact certify(?!.*--(?:requirement|scenario|rerun|plan))/.test(line)
  const command = isRun ? `${own} ${onlyOne.join(' ')}` : own
  return new Promise((done) => {
    execFile('sh', ['-c', command], { cwd: folder, env: { ...process.env, NO_COLOR: '1' } }, (error, out, err) =>
      done({ code: error === null ? 0 : Number(error.code), text: `${out}${err}` }),
    )
  })
}

/** A service provider that keeps ImageKit's contract, with the idpact.yaml that its owner would have written. */
let stop = (): void => {}
beforeAll(async () => {
  const port = await freePort()
  const child = spawn(
    process.execPath,
    [join(root, 'bin/idpact.js'), 'sp', '--contract', 'imagekit', '--port', '0', '--json'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  stop = () => void child.kill()
  const text = await new Promise<string>((done) => {
    let all = ''
    child.stdout.on('data', (part: Buffer) => {
      all += String(part)
      if (/\n}\s*$/.test(all)) done(all)
    })
  })
  const { target, parameters } = JSON.parse(text) as { target: object; parameters?: object }
  writeFileSync(
    join(folder, 'idpact.yaml'),
    JSON.stringify({ contract: 'imagekit@1', target: { name: 'our SP', ...target }, parameters: parameters ?? {} }),
  )
  const { loadOrCreateIdentity, rememberAddress } = await import('../mock-idp/index.ts')
  loadOrCreateIdentity(join(folder, '.idpact'))
  rememberAddress(join(folder, '.idpact'), { port })
}, 30_000)
afterAll(() => stop())

/** What a command that fails on purpose ends with. */
const expected: Readonly<Record<string, number>> = {
  'npx idpact certify --contract saml --defect SAML-COR-01 --requirement SAML-COR-01': 1,
  'npx idpact certify --contract saml --defect SAML-COR-01 --rerun --fail-fast': 1,
}
/** A run of a part is partial at best. */
const codeOf = (line: string): number =>
  expected[line] ?? (/^npx idpact (?:certify|merge|verify)(?!.*--(?:accept-partial|plan))/.test(line) ? 4 : 0)

describe.each(['ci.md', 'release.md'])('docs/%s', (page) => {
  it('has commands that do what it says', async () => {
    for (const { language, file, text } of blocksOf(page)) {
      if (language === 'yaml' && file === 'waivers.yaml') writeFileSync(join(folder, file), text)
      if (language !== 'sh') continue
      for (const line of text.trim().split('\n')) {
        const { code, text: printed } = await run(line)
        expect({ line, code, printed: code === codeOf(line) ? '' : printed }).toEqual({
          line,
          code: codeOf(line),
          printed: '',
        })
      }
    }
  }, 120_000)
})

it('docs/debug-a-failure.md has commands that do what it says', async () => {
  // It breaks the embedded reference SP, so there is no idpact.yaml.
  rmSync(join(folder, 'idpact.yaml'))
  for (const { text } of blocksOf('debug-a-failure.md'))
    for (const line of text.trim().split('\n'))
      expect({ line, code: (await run(line)).code }).toEqual({ line, code: codeOf(line) })
}, 60_000)

describe('docs/ci.md', () => {
  it('has workflows that CI can read, with commands that there are', async () => {
    const yaml = blocksOf('ci.md').filter(({ language, file }) => language === 'yaml' && /\.ya?ml$/.test(file))
    expect(yaml.map(({ file }) => file)).toEqual(['.github/workflows/idpact.yml', '.gitlab-ci.yml', 'waivers.yaml'])
    const [github, gitlab] = yaml.map(({ text }) => parse(text) as Record<string, never>)
    const steps = (github as { jobs?: { certify?: { steps?: { run?: string }[] } } }).jobs?.certify?.steps ?? []
    const lines = [
      ...steps.flatMap((step) => step.run ?? []),
      ...((gitlab as { certify?: { script?: string[] } }).certify?.script ?? []),
    ].flatMap((line) => /npx idpact [\w -]+/.exec(line)?.[0].trim() ?? [])
    expect(lines).toHaveLength(4)
    for (const line of new Set(lines)) {
      const [command = '', ...options] = line.replace('npx idpact ', '').split(' ')
      const { text } = await run(`npx idpact ${command} --help`)
      for (const option of options) expect(text).toContain(option)
    }
  })
})
