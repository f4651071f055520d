import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { packageRoot } from '../../src/core/package-root.ts'
import { reportSchema } from '../../src/report/model.ts'

const folder = mkdtempSync(join(tmpdir(), 'idpact-own-suite-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const report = () => reportSchema.parse(JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')))

/** QA's own cucumber-js with our steps and their features: a configuration of five lines, and nothing else. */
const cucumber = (...argv: string[]): Promise<{ code: number; text: string }> =>
  new Promise((resolve) => {
    const bin = join(packageRoot(), 'node_modules', '@cucumber', 'cucumber', 'bin', 'cucumber.js')
    const cwd = join(packageRoot(), 'test', 'steps', 'own-suite')
    const env = { ...process.env, NO_COLOR: '1', OWN_SUITE_OUT: folder }
    execFile(process.execPath, [bin, ...argv], { cwd, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: `${out}${err}` }),
    )
  })

describe('a suite of QA’s own', () => {
  it('runs with our steps, their steps and a mock IdP that starts by itself', async () => {
    const { code, text } = await cucumber()
    expect(text).toContain('2 scenarios (2 passed)')
    expect(text).toContain('left out, because they need other settings or choices: 1 scenarios')
    expect(code).toBe(0)
    expect(text).toContain('idpact: 1 not observable, 2 passed. The report is')
    const { verdict, scenarios, notObservable } = report()
    expect(verdict).toMatchObject({ word: 'partial', exitCode: 4 })
    expect(scenarios.map(({ outcome }) => outcome)).toEqual(['passed', 'passed', 'not-observable'])
    expect(scenarios[0]?.steps[1]).toBe('When the user logs in')
    expect(notObservable).toEqual([])
  })

  it('runs in parallel too', async () => {
    const { code, text } = await cucumber('--parallel', '2')
    expect(text).toContain('2 scenarios (2 passed)')
    expect(code).toBe(0)
  })

  it('fails as cucumber does, with what was expected and what was found', async () => {
    const { code, text } = await cucumber('--name', 'A newcomer', '--world-parameters', '{"title":"Nothing like it"}')
    expect(code).toBe(1)
    expect(text).toMatch(/expected: A page with "Nothing like it"\./)
    const { verdict } = report()
    expect(verdict).toMatchObject({ word: 'not-certified', sentence: '1 scenario failed.' })
  })

  it('reaches nothing and writes nothing in a dry run', async () => {
    rmSync(join(folder, 'report.json'), { force: true })
    const { code, text } = await cucumber('--dry-run')
    expect(code).toBe(0)
    expect(text).toContain('3 scenarios (3 skipped)')
    expect(existsSync(join(folder, 'report.json'))).toBe(false)
  })

  it('says what is missing when the steps run alone', async () => {
    const { code, text } = await cucumber('--config', 'without-plugin.json')
    expect(code).toBe(1)
    expect(text).toContain('The steps of idpact run without an identity provider and a target.')
    expect(text).toContain("Add plugin: ['idpact/cucumber']")
  })
})
