import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/bring-your-own-sp.md'), 'utf8')

interface Block {
  language: string
  file: string | undefined
  after: string | undefined
  text: string
}

const blocks: Block[] = [...page.matchAll(/^```(\w+)(?: ([\w.-]+))?(?: after="([^\n]*)")?\n([\s\S]*?)^```$/gm)].map(
  ([, language = '', file, after, text = '']) => ({ language, file, after, text }),
)

/** A reader who types what the page says, in one folder, with one terminal. */
class Reader {
  readonly folder = mkdtempSync(join(tmpdir(), 'idpact-docs-'))
  private app: ChildProcess | undefined
  output = ''

  constructor() {
    // What `npm install` would bring: the checkout itself and its dependencies. The packed tarball has a test of its own.
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'))
    writeFileSync(join(this.folder, 'package.json'), '{ "type": "module" }')
  }

  async follow(block: Block): Promise<void> {
    if (block.file !== undefined) this.write(block.file, block.text, block.after)
    else if (block.language === 'sh') for (const line of block.text.trim().split('\n')) await this.type(line)
    else if (block.language === 'text') this.compare(block.text)
  }

  private write(name: string, text: string, after: string | undefined): void {
    const file = join(this.folder, name)
    if (after === undefined) writeFileSync(file, text)
    else {
      const old = readFileSync(file, 'utf8')
      expect(old).toContain(after)
      writeFileSync(
        file,
        old.replace(`${after}\n`, () => `${after}\n${text}`),
      )
    }
  }

  private async type(line: string): Promise<void> {
    if (line === 'node app.js &') await this.startApp()
    else if (line === 'kill %1') await this.stop()
    else if (line.startsWith('npx idpact ')) this.idpact(line)
    else expect(line).toMatch(/^npm (init|pkg|install) /)
  }

  private idpact(line: string): void {
    const [command = '', file] = line.slice('npx idpact '.length).split(' > ')
    const args = [join(root, 'bin/idpact.js'), ...command.split(' ')]
    try {
      const out = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', process.execPath, ...args], {
        cwd: this.folder,
        encoding: 'utf8',
      })
      if (file !== undefined) writeFileSync(join(this.folder, file), out)
      this.output = out
    } catch (error) {
      this.output = String((error as { stdout?: string }).stdout)
    }
  }

  private async startApp(): Promise<void> {
    this.app = spawn(process.execPath, ['app.js'], { cwd: this.folder, stdio: ['ignore', 'inherit', 'inherit'] })
    for (let tries = 0; tries < 200; tries++) {
      if (await fetch('http://127.0.0.1:3000/').catch(() => undefined)) return
      await new Promise((done) => setTimeout(done, 50))
    }
    throw new Error('The app of the page does not answer.')
  }

  async stop(): Promise<void> {
    const ended = new Promise((done) => this.app?.once('exit', done))
    if (this.app?.kill()) await ended
    this.app = undefined
  }

  /** Every line that the page shows stands in what was printed last. */
  private compare(text: string): void {
    for (const line of text.trimEnd().split('\n')) expect(this.output).toContain(line.trim())
  }
}

describe('docs/bring-your-own-sp.md', () => {
  const reader = new Reader()
  afterAll(async () => {
    await reader.stop()
    rmSync(reader.folder, { recursive: true, force: true })
  })

  it('leads from nothing to a first verdict', async () => {
    expect(blocks.filter(({ language }) => language === 'sh').length).toBeGreaterThan(4)
    for (const block of blocks) await reader.follow(block)
    const report = (folder: string) =>
      JSON.parse(readFileSync(join(reader.folder, folder, 'report.json'), 'utf8')) as {
        verdict: { word?: string } | string
        requirements: { id: string; outcome: string }[]
      }
    const outcome = (folder: string) => report(folder).requirements.find(({ id }) => id === 'CLD-PROV-06')?.outcome
    expect(JSON.stringify(report('reports/latest').verdict)).toContain('not-certified')
    expect(outcome('reports/latest')).toBe('failed')
    expect(outcome('reports/mended')).not.toBe('failed')
  }, 120_000)
})
